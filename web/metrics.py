"""What Prometheus counts: turns by channel, action and mood, hand-overs, stages' times, models' calls and cost, and
today's trouble."""

from prometheus_client import Counter, Gauge, Histogram

from agent.models.cascade import Outcome, Tier
from agent.people.handing_over import category_of
from agent.turn import Turn

ALERTS = Counter("dime_trouble_alerts_total", "Alerts raised: many questions about one new thing within an hour")
ALERTS_GOING_ON = Gauge("dime_trouble_alerts_going_on", "Alerts that are neither over nor dismissed")
TURNS = Counter("dime_turns_total", "Turns answered", ["channel", "action"])
MOODS = Counter("dime_moods_total", "Turns by the customer's mood", ["channel", "mood"])
HANDOVERS = Counter("dime_handovers_total", "Turns that handed over to a person, by why", ["channel", "category"])
MODEL_CALLS = Counter(
    "dime_model_calls_total", "Calls of a language model by what became of them", ["model", "outcome"]
)
MODELS_DOWN = Gauge("dime_model_down", "1 while a model's circuit breaker is not closed", ["model"])
SPENT_TODAY = Gauge("dime_model_spend_today", "Cost of language models today, where there is a cap")
CAP_REACHED = Gauge("dime_model_day_cap_reached", "1 once the day's cap has kept a model from being called")
REFUSED_BY_CAP = Counter("dime_model_refused_total", "Times a cap kept a model from being called", ["cap"])
STAGE_SECONDS = Histogram(
    "dime_stage_seconds",
    "Time a stage of a turn took",
    ["stage"],
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.2, 0.3, 0.5, 0.8, 1.2, 2.0, 5.0),
)


def observe_call(tier: Tier, outcome: Outcome) -> None:
    MODEL_CALLS.labels(tier.name, outcome).inc()
    MODELS_DOWN.labels(tier.name).set(tier.breaker.state != "closed")


def observe(turn: Turn) -> None:
    TURNS.labels(turn.who.channel, turn.action or "none").inc()
    if turn.mood:
        MOODS.labels(turn.who.channel, turn.mood).inc()
    if turn.action == "handoff" and turn.reason:
        HANDOVERS.labels(turn.who.channel, category_of(turn.reason).value).inc()
    for stage, ms in turn.budget.spent_ms.items():
        STAGE_SECONDS.labels(stage).observe(ms / 1000)
