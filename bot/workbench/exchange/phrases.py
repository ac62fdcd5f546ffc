"""Ways to ask made from a question: whole questions alone, since readers see them, and few words of one are learnt worse. Pure."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterator

from rapidfuzz import fuzz, process

from bot.kb.lint.memory import NEAR
from bot.kb.lint.phrases import MAX_PHRASE
from bot.kb.model import KnowledgeBase
from bot.languages.text import Rules, words

# Of the language's own groups (refusals, small talk), the part that must hold a word for it to say nothing of a question: at
# 0.15 these are "how", "do", "you", "is" in each language, but not "visa", which is frequent in one group alone.
_EVERYWHERE = 0.15
IN_BRACKETS = re.compile(r"\s*\([^()]*\)|\s*\[[^\[\]]*\]")
_FIRST = re.compile(r"[^.!?？؟…]*[?？؟](?=\s+\S)")
_ENDS = " ?!.？؟"
_WORDS = 3  # with fewer, what was cut off is no question


class Asking:
    """The ways to ask that a base has in a language, and those that are made for it."""

    def __init__(self, base: KnowledgeBase, lang: str) -> None:
        self.rules = Rules.of(base.traits[lang])
        self._owners: dict[str, str] = {}
        groups = [one.text(lang).phrases for one in base.refusals.values() if lang in one.texts]
        groups += [talk.phrases for talk in base.voice(lang).small_talk.values()]
        spread = Counter(word for group in groups for word in {w for p in group for w in words(p, self.rules)})
        self.common = {word for word, n in spread.items() if n >= max(2, _EVERYWHERE * len(groups))}
        self.light = self.common.union(*(words(one, self.rules) for one in base.traits[lang].joining))
        for owner, phrase in _all(base, lang):
            self._owners.setdefault(self.heard(phrase), owner)

    def heard(self, phrase: str) -> str:
        return " ".join(words(phrase, self.rules))

    def owner(self, phrase: str) -> tuple[str, str] | None:
        """Where a phrase leads already, and the phrase that is the same, or nearly so, as `check` sees it."""
        heard = self.heard(phrase)
        if heard in self._owners:
            return self._owners[heard], heard
        numbers = re.findall(r"\d+", heard)
        for near, _, _ in process.extract(heard, list(self._owners), scorer=fuzz.ratio, score_cutoff=NEAR, limit=5):
            if re.findall(r"\d+", near) == numbers:
                return self._owners[near], near
        return None

    def take(self, phrase: str, owner: str) -> None:
        self._owners.setdefault(self.heard(phrase), owner)

    def made(self, question: str, owner: str, besides: Collection[str] = ()) -> tuple[str, ...]:
        """Phrases for a question, which lead to nothing else: at the least the question itself."""
        found: dict[str, str] = {}
        for phrase in (*besides, *self._candidates(question)):
            heard = self.heard(phrase)
            other = self.owner(phrase)
            if heard and len(heard) <= MAX_PHRASE and heard not in found and (other is None or other[0] == owner):
                found[heard] = phrase
        if len(found) > 1:
            found.pop(self.heard(question), None)  # it is learnt from as it stands
        for phrase in found.values():
            self.take(phrase, owner)
        return tuple(found.values()) or (question,)

    def gist(self, question: str) -> str:
        """The shortest question that is made of it."""
        return next(self._candidates(question), question)

    def _candidates(self, question: str) -> Iterator[str]:
        """Of several questions the first, which cannot lean on another; all without what stands in brackets; all as it is."""
        short = " ".join(IN_BRACKETS.sub("", question).split())
        first = _FIRST.match(short)
        for part in dict.fromkeys((first[0] if first else "", short)):
            if part != question and len(words(part, self.rules)) >= _WORDS and self._tells(part):
                yield part.rstrip(_ENDS)
        yield question.rstrip(_ENDS) if words(question, self.rules) else ""

    def _tells(self, text: str) -> bool:
        """Whether more than one of its words is none that any question has."""
        return len({*words(text, self.rules)} - self.common) > 1


def _all(base: KnowledgeBase, lang: str) -> Iterator[tuple[str, str]]:
    """Owners and phrases, without those of the language pack, which give way."""
    for entry in base.entries.values():
        if lang in entry.texts:
            said = entry.texts[lang]
            yield entry.id, said.question
            yield from ((entry.id, phrase) for phrase in said.phrases)
            yield from ((f"{entry.id}/{gap.id}", phrase) for gap in said.gaps.values() for phrase in gap.ask)
    for group in base.refusals.values():
        if lang in group.texts:
            own = group.texts[lang].phrases[group.texts[lang].general :]
            yield from ((f"refusal {group.id}", phrase) for phrase in own)
    for kind, talk in base.voice(lang).small_talk.items():
        yield from ((f"small talk {kind}", phrase) for phrase in talk.phrases[talk.general :])
