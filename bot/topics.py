"""Which topic a broad request names: "tell me about the president". Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from bot.kb.model import KnowledgeBase
from bot.match.words.language import Language

_MOST = 4  # words that name a topic; the longest title has six, and nobody says them all


class TopicNames:
    """What the topics of a base are called in one language: the words of their titles, their forms and synonyms."""

    def __init__(self, base: KnowledgeBase, language: Language, lang: str) -> None:
        self._language = language
        titles = {topic.id: f"{topic.text(lang).title} {topic.id}" for topic in base.topics.values()}
        self._names = {topic: self._features(language.words(title)) for topic, title in titles.items()}
        asked = ([entry.text(lang).question for entry in base.entries_of(topic)] for topic in base.topics)
        stems = Counter(stem for one in asked for stem in set(map(language.stem, language.words(" ".join(one)))))
        self._common = {stem for stem, topics in stems.items() if 2 * topics > len(titles)}

    def asked_for(self, subject: Sequence[str]) -> str | None:
        """The one topic whose name has all the words of a subject but for articles and the like; None where none or several
        do."""
        if not 0 < len(subject) <= _MOST:
            return None
        telling = [word for word in subject if self._language.stem(word) not in self._common] or subject
        words = [self._features([word]) for word in telling]
        found = [topic for topic, name in self._names.items() if all(word & name for word in words)]
        return found[0] if len(found) == 1 else None

    def _features(self, words: Sequence[str]) -> set[str]:
        """The stems and the groups of synonyms."""
        groups = {f"g:{name}" for name, _, _ in self._language.groups_of(words) if name not in self._language.names}
        return {f"w:{self._language.stem(word)}" for word in words} | groups
