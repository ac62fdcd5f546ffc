"""Turns of a talk that ask for no fact: for the whole, for an opinion, to report a mistake. By voices of whom other lines are
phrases, and short lines of a stranger's talk that are no cries for help."""

from __future__ import annotations

import json
from collections import Counter

import pytest

from bot.service import Service
from bot.workbench.evaluate import evaluate
from tests.conftest import ROOT
from tests.test_gates import read

DATA = ROOT / "tests" / "data"
# Replies as wanted, per cent of a kind in all languages together: what was measured, less three points. What wants an
# opinion is mostly offered something where the base has a word of it.
AS_WANTED = {"overview": 53, "opinion": 58, "report": 47}
MOST_ALARMED = 20  # of 45 short lines, of which 33 rang before the packs had any such
pytestmark = pytest.mark.gate


def test_turns_that_ask_for_no_fact_get_what_they_want(service: Service) -> None:
    found = evaluate(service.ask, read(DATA / "turns.jsonl")).results
    shares = Counter[str]()
    for kind in AS_WANTED:
        of_kind = [one for one in found if one.case.kind == kind]
        shares[kind] = round(100 * sum(one.fits for one in of_kind) / len(of_kind))
    assert {kind: share for kind, share in shares.items() if share < AS_WANTED[kind]} == {}, shares


def test_hardly_any_is_answered_with_another_fact(service: Service) -> None:
    found = evaluate(service.ask, read(DATA / "turns.jsonl")).results
    wrong = [one.case.question for one in found if one.outcome in ("wrong", "false")]
    assert len(wrong) <= 0.15 * len(found), wrong


def test_short_lines_of_a_talk_are_no_cries_for_help(service: Service) -> None:
    lines = json.loads((DATA / "short-lines.json").read_text(encoding="utf-8"))
    alarmed = [line for line in lines if service.in_danger(line)]
    assert len(alarmed) <= MOST_ALARMED, alarmed
