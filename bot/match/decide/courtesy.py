"""What people say around a question: greetings, thanks, who they are and why they ask, where they heard it. Pure.

It says nothing of what they ask, and is no part of any phrase; so a message that is not answered as it stands is decided on
without it. Of questions that are answered as they stand, put into 20 wrappings of each language that no list was made from, so
86 per cent are answered in English, 80 in Russian, 83 in Kazakh (73, 64, 74 by the whole alone)."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from bot.match.decide.decision import Answer, Decline, Judge, SmallTalk, Suggest, Verdict
from bot.match.words.frames import Frames
from bot.match.words.language import Language

_STOP = r"[;:.!?…]+(?=\s|$)|\n+|\s[-–—]+\s"  # of a sentence; none inside a number
_CLAUSE, _SENTENCE = re.compile(rf"(,(?!\d)|{_STOP})"), re.compile(_STOP)
_MOST = 5  # sentences of a message that are decided on one by one; of 7,612 labelled messages 11 have more
NODS = "nods"


class Courtesies:
    """`said` has the expressions by language, as a greeting may be in another one than the question. Those of the kind NODS
    ("great") count as a whole clause alone: beside other words they may be what is asked."""

    def __init__(self, said: Mapping[str, tuple[Language, Frames]]) -> None:
        self._said = dict(said)

    def cut(self, message: str, lang: str) -> str | None:
        """The message without the clauses that are but courtesies, and without those at both ends of the others, of which
        normalised words are left; None where there is none, or nothing else."""
        bare = message
        for language, frames in (self._said[lang], *(one for code, one in self._said.items() if code != lang)):
            bare = _cut(bare, language, frames)
        if bare == message or not any(map(str.isalnum, bare)):
            return None
        return f"{bare.rstrip(' ,')}?" if "?" in message and "?" not in bare else bare

    def alone(self, message: str) -> str | None:
        """The one clause of a message beside which all others are courtesies, if there is such a one: it may be one itself."""
        clauses = [one for one in _CLAUSE.split(message)[::2] if any(map(str.isalnum, one))]
        found = [one for one in clauses if not self._is_courtesy(one)] or clauses[-1:]
        return found[0].strip() if len(found) == 1 < len(clauses) else None

    def _is_courtesy(self, clause: str) -> bool:
        return any(_is_whole(language.words(clause), frames) for language, frames in self._said.values())


def _cut(message: str, language: Language, frames: Frames) -> str:
    parts = _CLAUSE.split(message)
    found, changed = [], False
    for clause, sign in zip(parts[::2], [*parts[1::2], ""], strict=True):
        words = language.words(clause)
        first, last = _ends(words, frames)
        if words and _is_whole(words, frames):
            changed = True
        elif last - first < len(words):
            changed = True
            found.append(" ".join(language.spelled_words(clause)[first:last]) + sign.rstrip())
        else:
            found.append(clause.strip() + sign.rstrip())
    return " ".join(filter(None, found)) if changed else message


def _is_whole(words: Sequence[str], frames: Frames) -> bool:
    """Whether the words are expressions and nothing else."""
    return not frames.without(words)


def _ends(words: Sequence[str], frames: Frames) -> tuple[int, int]:
    """The first word and the last, plus 1, between the expressions at both ends."""
    spans = [(start, end) for kind, start, end in frames.spans(words) if kind != NODS]
    first, last = 0, len(words)
    ends, starts = dict(spans), {end: start for start, end in reversed(spans)}
    while first in ends:
        first = ends[first]
    while last in starts and starts[last] >= first:
        last = starts[last]
    return first, last


def says_more(asked: Verdict, whole: Verdict) -> bool:
    """Whether the verdict on what is left of a message is to be taken for that on the whole, which has no answer."""
    match whole.decision, asked.decision:
        case (_, Answer()) | (Suggest(), _):
            return True
        case Decline(refusal=None) | SmallTalk(), Decline(refusal=group):
            return group is not None
        case Decline(refusal=None), Suggest():
            return True
    return False


def by_a_sentence(judge: Judge, heard: Callable[[str], Verdict], message: str, verdict: Verdict) -> Verdict:
    """The verdict on the one sentence of a message that is answered, in its own language: where that is as sure as a half of a
    message must be, its entry is the first of the whole message in that language, and no other sentence asks or is refused.
    The same verdict where there is none, and where the message wants no fact or sets something aside."""
    lang, words = verdict.ranking.lang, verdict.ranking.reading.words
    sentences = [one for one in _SENTENCE.split(message) if any(map(str.isalpha, one))]
    if (
        not 1 < len(sentences) <= _MOST
        or judge.sets_aside(message, lang)
        or judge.matchers[lang].index.wants.met(words)
    ):
        return verdict
    found = {one: heard(one) for one in sentences}
    answered = [one for one, told in found.items() if isinstance(told.decision, Answer)]
    if len(answered) != 1:
        return verdict
    answer = found.pop(answered[0])
    ranking = answer.ranking
    agrees = verdict.ranking.lang != ranking.lang or verdict.ranking.first == ranking.first
    sure = ranking.score >= judge.thresholds[ranking.lang].half
    if not (agrees and sure) or any(_counts(judge, sentence, told) for sentence, told in found.items()):
        return verdict
    return replace(answer, question=message, reason=f"by a sentence: {answer.reason}")


def _counts(judge: Judge, sentence: str, verdict: Verdict) -> bool:
    """Whether a sentence that is not answered says something besides."""
    ranking = verdict.ranking
    if judge.asks(sentence, ranking.lang):
        return True
    return ranking.refused and ranking.clear and not isinstance(verdict.decision, SmallTalk)
