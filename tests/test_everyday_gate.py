"""Everyday chat, grumbling and small talk of voices that saw nothing of the packs: nobody in danger is among them."""

from __future__ import annotations

import json

import pytest

from bot.service import Service
from tests.conftest import ROOT

pytestmark = pytest.mark.gate
EVERYDAY = ROOT / "tests" / "data" / "everyday-blind.jsonl"
RINGS, SURE = 19, 3  # per cent of 450 lines that get numbers to call (measured: 17.6), and those with "call now" (2.2)


def test_everyday_chat_rings_with_a_conditional_at_most(service: Service) -> None:
    """With 660 such lines in the packs 69 ring and not 79, but of 320 veiled cries 269 are heard and not 276; at one share of
    false alarms there is no difference, so they were left out."""
    found = map(json.loads, EVERYDAY.read_text(encoding="utf-8").splitlines())
    told = [service.ask(one["q"], one["lang"]) for one in found]
    sure = [outcome for outcome in told if outcome.danger and not outcome.doubted]
    assert 100 * sum(outcome.danger for outcome in told) <= RINGS * len(told)
    assert 100 * len(sure) <= SURE * len(told)
