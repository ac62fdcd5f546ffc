"""What the frames do in bases that have nothing of the shipped one: no refusals, no cases, one language each."""

from __future__ import annotations

from functools import cache

import pytest
import yaml

from bot.languages.packs import traits
from bot.match.decide.decision import Answer, Judge
from bot.match.decide.matcher import Matcher
from bot.match.learn.fit import fit
from bot.match.learn.labels import Label
from bot.match.learn.phrases import Phrases
from bot.match.learn.training import ways_of
from bot.match.learn.ways import Ways
from bot.match.words.language import Language
from tests.conftest import ROOT

LANGUAGES = ("en", "ru")


@cache
def given(lang: str) -> tuple[dict[str, dict[str, list[str]]], list[str]]:
    found = yaml.safe_load((ROOT / "tests" / "data" / "foreign" / f"{lang}.yaml").read_text(encoding="utf-8"))
    return found["entries"], found["others"]


@cache
def judge(lang: str, *, frames: bool) -> Judge:
    pairs = [(Label(entry), phrase) for entry, texts in given(lang)[0].items() for phrase in texts["phrases"]]
    phrases = Phrases.of(Language(traits(lang)), pairs, ways_of(lang) if frames else Ways.none())
    return Judge({lang: Matcher(fit({lang: phrases})[lang])})


def hits(lang: str, *, frames: bool) -> int:
    asked = [(entry, question) for entry, texts in given(lang)[0].items() for question in texts["asked"]]
    return sum(answered(lang, question, frames=frames) == entry for entry, question in asked)


def answered(lang: str, question: str, *, frames: bool) -> str | None:
    decision = judge(lang, frames=frames).decide(question).decision
    return decision.chosen.label.owner if isinstance(decision, Answer) else None


def false(lang: str, *, frames: bool) -> list[str]:
    return [question for question in given(lang)[1] if answered(lang, question, frames=frames)]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_foreign_base_keeps_what_it_answers(lang: str) -> None:
    assert hits(lang, frames=True) >= hits(lang, frames=False)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_what_wants_something_else_than_a_fact_is_answered_less(lang: str) -> None:
    with_frames = false(lang, frames=True)
    assert len(with_frames) <= len(false(lang, frames=False)), with_frames
