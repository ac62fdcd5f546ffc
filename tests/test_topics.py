"""A topic is asked for by the words of its name, in any form and by a synonym."""

from __future__ import annotations

import pytest

from bot.kb.model import KnowledgeBase
from bot.topics import TopicNames
from tests.small_service import small_base, small_service


def names(lang: str) -> TopicNames:
    base: KnowledgeBase = small_base()
    return TopicNames(base, small_service().judge.matchers[lang].language, lang)


@pytest.mark.parametrize(
    ("lang", "subject", "topic"),
    [
        ("en", ["the", "president"], "presidency"),
        ("en", ["courts"], "justice"),
        ("ru", ["президенте"], "presidency"),
        ("ru", ["судах"], "justice"),
        ("kk", ["парламент"], "presidency"),
    ],
)
def test_a_topic_is_known_by_a_part_of_its_name(lang: str, subject: list[str], topic: str) -> None:
    assert names(lang).asked_for(subject) == topic


@pytest.mark.parametrize("subject", [[], ["weather"], ["president", "weather"], ["courts"] * 5])
def test_words_that_are_not_all_of_its_name_ask_for_no_topic(subject: list[str]) -> None:
    assert names("en").asked_for(subject) is None
