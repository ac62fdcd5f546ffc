"""Which topic a broad request names: "tell me about the president". Pure."""

from __future__ import annotations

from collections.abc import Sequence

from bot.kb.model import KnowledgeBase
from bot.match.words.language import Language

_MOST = 4  # words that name a topic; the longest title has six, and nobody says them all


def topic_asked_for(base: KnowledgeBase, language: Language, subject: Sequence[str], lang: str) -> str | None:
    """The one topic whose name has all the words of a subject, in any form or by a synonym; None where none or several do."""
    if not 0 < len(subject) <= _MOST:
        return None
    found = []
    for topic in base.topics.values():
        named = _features(language, language.words(f"{topic.text(lang).title} {topic.id}"))
        if all(_features(language, [word]) & named for word in _telling(language, subject, base, lang)):
            found.append(topic.id)
    return found[0] if len(found) == 1 else None


def _features(language: Language, words: Sequence[str]) -> set[str]:
    """The stems and the groups of synonyms."""
    groups = {f"g:{name}" for name, _, _ in language.groups_of(words) if name not in language.names}
    return {f"w:{language.stem(word)}" for word in words} | groups


def _telling(language: Language, subject: Sequence[str], base: KnowledgeBase, lang: str) -> list[str]:
    """The words but for articles and the like: those that stand in the questions of most topics."""
    topics = [
        {language.stem(word) for entry in base.entries_of(topic) for word in language.words(entry.text(lang).question)}
        for topic in base.topics
    ]
    common = {word for word in subject if 2 * sum(language.stem(word) in stems for stems in topics) > len(topics)}
    return [word for word in subject if word not in common] or list(subject)
