"""What is counted while the bot runs, for whoever measures it. Nothing in it leads to a person or to what one wrote.

The names end as Prometheus wants them: `_total` is added to counters, times are in seconds."""

from __future__ import annotations

from prometheus_client import CollectorRegistry, Counter, Histogram, disable_created_metrics

disable_created_metrics()  # type: ignore[no-untyped-call]  # a line more for each, which says when its counting began

REGISTRY = CollectorRegistry()

QUESTIONS = Counter(
    "reformbot_questions", "Questions, by language and by what became of them.", ["lang", "decision"], registry=REGISTRY
)
DANGER = Counter("reformbot_danger", "Messages whose reply began with numbers to call.", ["lang"], registry=REGISTRY)
CALLS = Counter(
    "reformbot_telegram_calls",
    "Calls of Telegram's methods, each try, by outcome: ok or the kind of error.",
    ["method", "outcome"],
    registry=REGISTRY,
)
DECIDING = Histogram(
    "reformbot_deciding_seconds", "From the question's words to what is said.",
    buckets=(0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25), registry=REGISTRY,
)  # fmt: skip
ANSWERING = Histogram(
    "reformbot_answering_seconds", "From the message's own date, which has no fractions, to Telegram's word that the reply is there.",
    buckets=(1, 2, 3, 5, 10, 30, 60, 300, 3600, 86400), registry=REGISTRY,
)  # fmt: skip
