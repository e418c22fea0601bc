"""What Prometheus counts: turns by channel and action, how long each stage took, and today's trouble."""

from prometheus_client import Counter, Gauge, Histogram

from agent.turn import Turn

ALERTS = Counter("dime_trouble_alerts_total", "Alerts raised: many questions about one new thing within an hour")
ALERTS_GOING_ON = Gauge("dime_trouble_alerts_going_on", "Alerts that are neither over nor dismissed")
TURNS = Counter("dime_turns_total", "Turns answered", ["channel", "action"])
STAGE_SECONDS = Histogram(
    "dime_stage_seconds",
    "Time a stage of a turn took",
    ["stage"],
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.2, 0.3, 0.5, 0.8, 1.2, 2.0, 5.0),
)


def observe(turn: Turn) -> None:
    TURNS.labels(turn.who.channel, turn.action or "none").inc()
    for stage, ms in turn.budget.spent_ms.items():
        STAGE_SECONDS.labels(stage).observe(ms / 1000)
