"""What people say around a question: greetings, thanks, who they are and why they ask, where they heard it. Pure.

It says nothing of what they ask, and is no part of any phrase; so a message that is not answered as it stands is decided on
without it. Of questions that are answered as they stand, put into 60 wrappings that no list was made from, so 86 per cent are
answered in English, 80 in Russian, 83 in Kazakh (73, 64, 74 by the whole alone); of other questions as few as before."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import replace

from bot.match.decide.decision import Answer, Judge, SmallTalk, Verdict
from bot.match.words.frames import Frames
from bot.match.words.language import Language

_STOP = r"[;:.!?…\n]+|\s[-–—]+\s"  # a comma may part a question from its subject
_CLAUSE, _SENTENCE = re.compile(rf"(,|{_STOP})"), re.compile(_STOP)

_MOST = 5  # sentences of a message that are decided on one by one; of 7,612 labelled messages 11 have more


class Courtesies:
    """`said` has the expressions by language: a greeting may be in another one than the question."""

    def __init__(self, said: Mapping[str, tuple[Language, Frames]]) -> None:
        self._said = dict(said)

    def cut(self, message: str, lang: str) -> str | None:
        """The message without those of its expressions that stand at the beginning or end of a clause; None where there is
        none, or nothing else."""
        bare = message
        for language, frames in (self._said[lang], *(one for code, one in self._said.items() if code != lang)):
            bare = _cut(bare, language, frames)
        return bare if bare != message and any(map(str.isalnum, bare)) else None


def _cut(message: str, language: Language, frames: Frames) -> str:
    parts = _CLAUSE.split(message)
    clauses, signs = parts[::2], [*parts[1::2], ""]
    found = []
    for clause, sign in zip(clauses, signs, strict=True):
        words = language.words(clause)
        first, last = _ends(words, frames)
        if first == last and words:
            continue
        bare = clause if last - first == len(words) else " ".join(language.spelled_words(clause)[first:last])
        found += [bare, sign]
    return "".join(found)


def _ends(words: list[str], frames: Frames) -> tuple[int, int]:
    """The first word and the last, plus 1, between the expressions at both ends."""
    spans = [(start, end) for _, start, end in frames.spans(words)]
    first, last = 0, len(words)
    ends = dict(spans)
    while first in ends:
        first = ends[first]
    starts = {end: start for start, end in reversed(spans)}
    while last in starts and starts[last] >= first:
        last = starts[last]
    return min(first, last), last


def by_a_clause(judge: Judge, heard: Callable[[str], Verdict], message: str, verdict: Verdict) -> Verdict:
    """The verdict on the one clause of a message that is answered: as surely as a half of a message must be, and where
    nothing in the others asks or is refused. Else the verdict on the whole, as where it wants no fact or sets something
    aside."""
    lang, words = verdict.ranking.lang, verdict.ranking.reading.words
    clauses = [clause for clause in _SENTENCE.split(message) if any(map(str.isalpha, clause))]
    if not 1 < len(clauses) <= _MOST or judge.sets_aside(message, lang) or judge.matchers[lang].index.wants.met(words):
        return verdict
    found = {clause: heard(clause) for clause in clauses}
    answered = [clause for clause, one in found.items() if isinstance(one.decision, Answer)]
    if len(answered) != 1:
        return verdict
    answer = found.pop(answered[0])
    if answer.ranking.score < judge.thresholds[answer.ranking.lang].half or any(
        judge.asks(clause, one.ranking.lang) or _is_refused(one) for clause, one in found.items()
    ):
        return verdict
    return replace(answer, question=message, reason=f"by a clause: {answer.reason}")


def _is_refused(verdict: Verdict) -> bool:
    ranking = verdict.ranking
    return ranking.refused and ranking.clear and not isinstance(verdict.decision, SmallTalk)
