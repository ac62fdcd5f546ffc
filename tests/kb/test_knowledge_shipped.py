"""The base that ships: every fact of the article is there, in every language, and nothing is wrong with it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from rapidfuzz import fuzz, process

from bot.kb.load import check
from bot.kb.model import EntryText
from bot.kb.voice_keys import SENTENCES
from tests.fitted import memory, shipped_base
from tests.kb_bases import SHIPPED

DATA = Path(__file__).parents[1] / "data"
FACTS: list[dict[str, Any]] = json.loads((DATA / "facts.json").read_text(encoding="utf-8"))
ADDED = {  # entries that are no facts of their own: they gather facts, or tell what the article leaves out
    "concerns": "report",
    "article-summary": "source",
    "article-figures": "source",
    "words-explained": "source",
}
LANGUAGES = ("en", "kk", "ru")


shipped = shipped_base


def texts() -> Iterator[tuple[str, str, EntryText]]:
    for name, entry in shipped().entries.items():
        for lang, text in entry.texts.items():
            yield name, lang, text


def test_check_finds_nothing() -> None:
    assert [str(problem) for problem in check(SHIPPED, memory=memory())] == []


def test_there_is_one_entry_for_each_fact_under_its_topic_and_those_that_were_added() -> None:
    assert len(FACTS) == 45
    facts = {fact["id"]: fact["topic"] for fact in FACTS}
    assert {name: entry.topic for name, entry in shipped().entries.items()} == facts | ADDED
    assert not facts.keys() & ADDED


@pytest.mark.parametrize("fact", FACTS, ids=lambda fact: str(fact["id"]))
def test_an_answer_carries_the_figures_of_its_fact(fact: dict[str, Any]) -> None:
    """A number as it stands; a word also with another ending (`direct` in `directly`)."""
    answer = " ".join(shipped().entries[fact["id"]].text("en").answer.casefold().split())
    missing = [figure for figure in fact["figures"] if not _stands(figure.casefold(), answer)]
    assert missing == []


def _stands(figure: str, answer: str) -> bool:
    end = r"(?![\d.,]*\d)" if figure[-1].isdigit() else ""
    return re.search(rf"(?<![\w,.]){re.escape(figure)}{end}", answer) is not None


def test_every_entry_and_topic_stands_in_three_languages() -> None:
    assert shipped().languages == LANGUAGES
    for parts in (shipped().entries, shipped().topics, shipped().refusals):
        assert {key for key, part in parts.items() if set(part.texts) != set(LANGUAGES)} == set()


def test_every_gap_has_eight_ways_to_ask() -> None:
    few = [
        (lang, name, gap.id, len(gap.ask))
        for name, lang, text in texts()
        for gap in text.gaps.values()
        if len(gap.ask) < 8
    ]
    assert few == []


def test_context_comes_from_sources_of_its_own() -> None:
    for name, _, text in texts():
        for context in text.context:
            assert shipped().sources[context.source].kind == "context", name


def test_there_is_one_article_and_its_address_is_not_invented() -> None:
    (article,) = [source for source in shipped().sources.values() if source.kind == "article"]
    assert article.url is None
    assert {entry.source for entry in shipped().entries.values()} == {article.id}


@pytest.mark.parametrize("lang", LANGUAGES)
def test_no_phrase_copies_a_question_of_the_evaluation(lang: str) -> None:
    """The evaluation would measure memory instead of understanding. Questions under four words may well coincide."""
    names = ("questions-dev", "questions-dev-2", "followups-dev")
    lines = [line for name in names for line in (DATA / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()]
    questions = [
        case["q"].casefold() for case in map(json.loads, lines) if case["lang"] == lang and len(case["q"].split()) >= 4
    ]
    phrases = [phrase.casefold() for phrase in _phrases(lang)]
    scores = process.cdist(questions, phrases, scorer=fuzz.ratio, score_cutoff=90.01, workers=-1)
    assert [(questions[row], phrases[column]) for row, column in zip(*scores.nonzero(), strict=True)] == []


def _phrases(lang: str) -> Iterator[str]:
    for entry in shipped().entries.values():
        text = entry.text(lang)
        yield from (text.question, *text.phrases, *(ask for gap in text.gaps.values() for ask in gap.ask))
        yield from (*text.follow_ups.within, *text.follow_ups.towards, *text.follow_ups.beyond)
    for refusal in shipped().refusals.values():
        yield from refusal.text(lang).phrases
    for talk in shipped().voice(lang).small_talk.values():
        yield from talk.phrases


def test_every_sentence_that_the_bot_must_have_is_said_somewhere() -> None:
    """In the code each key stands as a literal, but for the counts of /stats and the kinds of what was asked in vain, which are put together."""
    code = "\n".join(
        path.read_text(encoding="utf-8")
        for path in (SHIPPED.parent / "bot").rglob("*.py")
        if path.name != "voice_keys.py"
    )
    unsaid = [
        key
        for key in SENTENCES
        if f'"{key}"' not in code and f"'{key}'" not in code and not key.startswith(("stats_", "miss_"))
    ]
    assert unsaid == []
    voice = shipped().voice("en")
    assert set(voice.sentences) == set(SENTENCES)
