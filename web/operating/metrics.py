"""What Prometheus counts: turns by channel, action and mood, hand-overs, stages' times, models' calls and cost, and
today's trouble."""

from prometheus_client import Counter, Gauge, Histogram

from agent.ahead import Fate
from agent.models.cascade import Outcome, Tier
from agent.people.handing_over import category_of
from agent.turn import Turn
from voice.pool import Told

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
REFUSED_BY_CAP = Counter("dime_model_refused_total", "Turns in which a cap kept a model from being called", ["cap"])
LOOKED_UP_AHEAD = Counter("dime_lookups_ahead_total", "Lookups before a caller had finished: used or wasted", ["fate"])
WASTED_SECONDS = Counter("dime_lookups_ahead_wasted_cpu_seconds_total", "CPU seconds of those that were wasted")
CALLS_LIVE = Gauge("dime_calls_live", "Calls going on", ["door"])
CALLS_REFUSED = Counter("dime_calls_refused_total", "Telephone calls turned away: lines taken or no engines", ["door"])
CALLS_ENDED = Counter("dime_calls_ended_total", "Calls that are over, by why", ["door", "ending"])
FRAMES_LOST = Counter(
    "dime_call_frames_lost_total", "Frames of 20 ms that came late (silence stood in) or were dropped", ["door", "how"]
)
RECORDINGS = Counter("dime_recordings_total", "Calls that were to be recorded, by what became of it", ["outcome"])
ENGINE_JOBS = Counter("dime_engine_jobs_total", "Jobs of speech engines by what became of them", ["engine", "outcome"])
ENGINE_WAITING = Histogram(
    "dime_engine_waiting_seconds",
    "Time a job of a speech engine waited for others",
    ["engine"],
    buckets=(0.005, 0.02, 0.05, 0.1, 0.2, 0.4, 0.8, 1.5, 3.0, 6.0),
)
CLAUSES_WANTED = Gauge("dime_clauses_wanted", "Clauses of fixed text whose speech is rendered ahead")
CLAUSES_RENDERED = Gauge("dime_clauses_rendered", "Of these, on disk")
STAGE_SECONDS = Histogram(
    "dime_stage_seconds",
    "Time a stage of a turn took",
    ["stage"],
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.2, 0.3, 0.5, 0.8, 1.2, 2.0, 5.0),
)


def observe_call(tier: Tier, outcome: Outcome) -> None:
    MODEL_CALLS.labels(tier.name, outcome).inc()
    MODELS_DOWN.labels(tier.name).set(tier.breaker.state != "closed")


def observe_ahead(fate: Fate, cpu_seconds: float) -> None:
    LOOKED_UP_AHEAD.labels(fate).inc()
    if fate == "wasted":
        WASTED_SECONDS.inc(cpu_seconds)


def observe_engine(told: Told) -> None:
    ENGINE_JOBS.labels(told.engine, told.outcome).inc()
    ENGINE_WAITING.labels(told.engine).observe(told.waited_s)


def observe(turn: Turn) -> None:
    TURNS.labels(turn.who.channel, turn.action or "none").inc()
    if turn.refused_by:
        REFUSED_BY_CAP.labels(turn.refused_by).inc()
    if turn.mood:
        MOODS.labels(turn.who.channel, turn.mood).inc()
    if turn.action == "handoff" and turn.reason:
        HANDOVERS.labels(turn.who.channel, category_of(turn.reason).value).inc()
    for stage, ms in turn.budget.spent_ms.items():
        STAGE_SECONDS.labels(stage).observe(ms / 1000)
