"""From knowledge to training data: which phrase leads where, in each language."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest

from bot.kb.load import load
from bot.kb.model import KnowledgeBase
from bot.languages.packs import traits
from bot.match.learn.asked import labelled
from bot.match.learn.labels import Kind, Label
from bot.match.learn.phrases import Phrases
from bot.match.learn.training import lesson_of, phrases_of
from bot.match.words.language import Language
from tests.kb_bases import SMALL_BASE

LANGUAGES = ("en", "ru")


@cache
def base() -> KnowledgeBase:
    return load(SMALL_BASE)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_questions_phrases_and_gaps_of_every_entry_are_training_data(lang: str) -> None:
    pairs = set(labelled(base(), lang))
    for entry in base().entries.values():
        text = entry.texts[lang]
        assert {(Label(entry.id), phrase) for phrase in (text.question, *text.phrases)} <= pairs
        for gap in text.gaps.values():
            assert {(Label(entry.id, gap.id), phrase) for phrase in gap.ask} <= pairs


@pytest.mark.parametrize("lang", LANGUAGES)
def test_refusals_and_small_talk_are_too_with_kinds_of_their_own(lang: str) -> None:
    found = {label for label, _ in labelled(base(), lang) if label.kind is not Kind.ENTRY}
    refusals = {Label(name, kind=Kind.REFUSAL) for name, one in base().refusals.items() if lang in one.texts}
    talk = {Label(n, kind=Kind.SMALL_TALK) for n, one in base().voice(lang).small_talk.items() if one.phrases}
    assert found == refusals | talk


def test_every_language_of_the_base_has_its_phrases() -> None:
    assert tuple(phrases_of(base())) == base().languages == LANGUAGES


@pytest.mark.parametrize("lang", LANGUAGES)
def test_synonyms_and_names_of_the_language_come_along(lang: str) -> None:
    language = lesson_of(base(), lang).language
    assert language.code == lang
    assert language.names == {*base().names.get(lang, {}), "elsewhere"}


def test_phrases_are_sorted_by_class_and_an_entry_needs_no_phrase_of_its_own() -> None:
    pairs = [(Label("b"), "two words"), (Label("a"), "one word"), (Label("b"), "three small words")]
    found = Phrases.of(Language(traits("en")), pairs)
    assert found.labels.tolist() == [0, 1, 1]
    assert found.texts[0] == "one word"


def test_a_phrase_without_words_is_left_out_and_a_repeated_one_counts_once() -> None:
    pairs = [(Label("a"), "one"), (Label("a"), " one "), (Label("a"), "?!"), (Label("b"), "one")]
    assert Phrases.of(Language(traits("en")), pairs).texts == ("one", "one")


def test_a_phrase_that_leads_to_an_entry_leads_to_no_refusal_and_no_small_talk_besides() -> None:
    pairs = [
        (Label("ebooks"), "What is it?"),
        (Label("talk", kind=Kind.SMALL_TALK), "what is it"),
        (Label("general", kind=Kind.REFUSAL), "what is it"),
        (Label("general", kind=Kind.REFUSAL), "what is that"),
    ]
    found = Phrases.of(Language(traits("en")), pairs)
    kept = [(found.label_set.labels[label].owner, text) for label, text in zip(found.labels, found.texts, strict=True)]
    assert sorted(kept) == [("ebooks", "What is it?"), ("general", "what is that")]


def test_the_small_base_lies_where_the_tests_look_for_it() -> None:
    assert Path(SMALL_BASE).is_dir()
