"""The gate of the conversation: short questions after an answer, whose right answer is known, by where they lead."""

from __future__ import annotations

import json
from collections import Counter
from functools import cache
from pathlib import Path

import pytest

from bot.conversation import START, Conversation, after
from bot.service import Outcome, Service

CASES = Path(__file__).parent / "data" / "followups-dev.jsonl"
# Right of all of a kind: to a gap of the entry, to the entry itself, to a neighbour, to nothing that the source says.
BARS = {"gap": 0.85, "same": 0.8, "neighbour": 0.85, "none": 0.65}
pytestmark = pytest.mark.gate


@cache
def cases() -> list[dict[str, object]]:
    return [json.loads(line) for line in CASES.read_text(encoding="utf-8").splitlines()]


def right(outcome: Outcome, expected: list[str]) -> bool:
    asked = {gap.partition("/")[0] for gap in outcome.gaps}
    got = {*outcome.gaps, *(entry for entry in outcome.entries if entry not in asked)}
    return bool(got & set(expected)) if expected else not got


@pytest.fixture(scope="module")
def results(service: Service) -> Counter[tuple[str, bool]]:
    conversation, found = Conversation(service), Counter[tuple[str, bool]]()
    for case in cases():
        state = after(START, service.entry(str(case["prev"]), str(case["lang"])))
        outcome, _ = conversation.ask(str(case["q"]), None, state)
        found[str(case["kind"]), right(outcome, case["expect"])] += 1  # type: ignore[arg-type]
    return found


@pytest.mark.parametrize("kind", BARS)
def test_follow_ups_lead_where_they_should(results: Counter[tuple[str, bool]], kind: str) -> None:
    all_of_it = results[kind, True] + results[kind, False]
    assert results[kind, True] >= BARS[kind] * all_of_it
