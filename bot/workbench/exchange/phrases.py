"""Ways to ask made from a question: what is left of it without the words that any question has. Pure."""

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
_CLAUSE = re.compile(r"[?？؟!;…/()\[\]«»“”\"]+|[.:,](?:\s|$)|\s[–—-]\s")


class Asking:
    """The ways to ask that a base has in a language, and those that are made for it."""

    def __init__(self, base: KnowledgeBase, lang: str) -> None:
        self.rules = Rules.of(base.traits[lang])
        self._owners: dict[str, str] = {}
        groups = [one.text(lang).phrases for one in base.refusals.values() if lang in one.texts]
        groups += [talk.phrases for talk in base.voice(lang).small_talk.values()]
        spread = Counter(word for group in groups for word in {w for p in group for w in words(p, self.rules)})
        self.common = {word for word, n in spread.items() if n >= max(2, _EVERYWHERE * len(groups))}
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

    def _candidates(self, question: str) -> Iterator[str]:
        whole = words(question, self.rules)
        yield " ".join(self._telling(question))
        clauses = [part.strip() for part in _CLAUSE.split(question) if len(words(part, self.rules)) >= 3]
        for clause in clauses if len(clauses) > 1 else ():
            yield clause
            yield " ".join(self._telling(clause))
        yield question.rstrip(" ?!.？؟") if whole else ""

    def _telling(self, text: str) -> list[str]:
        """Its words without those that any question has; all of them where less than two would stay."""
        written = re.findall(r"[\w'’-]+", text)
        kept = [word for word in written if not set(words(word, self.rules)) <= self.common]
        return [word if word.isupper() else word.casefold() for word in (kept if len(kept) > 1 else written)]


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
