"""Asks whether a message is a cry for help, before anything else: whole, by its sentences, and by their clauses. Pure."""

from __future__ import annotations

import itertools
import math
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from bot.languages import text
from bot.match.learn.danger import Detector, written
from bot.match.learn.traces import Traces
from bot.match.words.language import Language
from bot.match.words.lexicon import lexicon

_LONGEST = 40  # words: a longer sentence is looked at in pieces, as it dilutes the few words that tell
_FEWEST = 3  # words of a sentence that is looked at by itself beside others: fewer do not say who does what
_FEWEST_OF_CLAUSE = 2  # "I want to die" has two in some languages
# The probability that a clause must have by itself. Of 23 cries with a question behind a comma by a stranger 22 are heard, 17 with
# .92, and of 148 made up so 128, 118; of 9,073 labelled questions 153 ring, 137. Without clauses 101 of the 148 were heard.
_OF_CLAUSE = 0.8
_STEP = 20  # words from piece to piece, half of the longest: with ten no cry more is heard
# What a message may cost: 400 words that nobody has seen take 15 ms to stem. Who is in danger says so in the beginning or
# comes to it in the end; 400 words are 2,700 characters, of the 4,096 there can be. Who has the wrong keyboard soon sees it.
_BEGINNING, _END = 250, 150  # words of a longer message that are read
# Clauses of a message that are looked at one by one, the first and the last; those between them as one. A message of so many
# is a list; of 4,096 signs in clauses of one word each it halves what the guard takes.
_FIRST, _LAST = 50, 30
_IN_HAND = 64  # messages that are remembered: as many as may be in hand at a time, and their sentences
# A message of which a dictionary knows so many words, with this share of the letters, is not read as if it were typed in
# other letters, nor is one of which it knows every word ("menu"). Of 20,290 sentences in Russian and Kazakh, put into Latin
# letters in three ways, it knows as much of four, none of them a cry, and of 9,341 cries every word of one, "SOS"; of the
# English questions of 78 in 100.
_PLAIN_WORDS, _PLAIN = 3, 0.75
_OTHER_KEYS = 80  # words that are read as typed on the other keyboard
# The probability of danger below which the message may be an ordinary one: of 591 cries by others 521 are above it, of 35
# false alarms among 350 questions to five other FAQs one is.
_DOUBTED = 0.92

Piece = tuple[int, int]
"""First word of a piece of a message, and the one behind its last."""


@dataclass(frozen=True, slots=True)
class Alarm:
    """Somebody is in danger. `probability` is that of the surest language `lang`, 0 to 1; `languages` are all that see it."""

    lang: str
    probability: float
    languages: tuple[str, ...]

    @property
    def doubted(self) -> bool:
        """Whether the message may be an ordinary one."""
        return self.probability < _DOUBTED


class Guard:
    """Asks the detectors of all languages."""

    def __init__(self, detectors: Mapping[str, Detector]) -> None:
        self._detectors = dict(detectors)
        self._seen = lru_cache(_IN_HAND)(self._look)  # one message is asked about more than once

    def alarm(self, question: str) -> Alarm | None:
        """None where nobody seems to be in danger. Reads a message of any length, as typed and as it may be meant."""
        return self._seen(question)

    def _look(self, question: str) -> Alarm | None:
        sentences = _few([text.clauses(one) for one in text.sentences(question)])
        scripts = text.scripts(text.clean(question))
        found = {
            lang: _surest(detector, question, sentences)
            for lang, detector in self._detectors.items()
            if not scripts or self._may_read(detector.language, question, scripts)
        }
        seen = {lang: p for lang, p in found.items() if p is not None}
        if not seen:
            return None
        lang = max(seen, key=lambda one: seen[one])
        return Alarm(lang, seen[lang], tuple(seen))

    def _may_read(self, language: Language, question: str, scripts: Collection[str]) -> bool:
        """Whether a message in these scripts may be in the language: one of them is its own, or it is typed in others, too,
        and the message is not plainly in another language."""
        if language.traits.script in scripts:
            return True
        others = (detector.language for detector in self._detectors.values())
        return bool(language.traits.transcriptions) and not any(_knows(other, question) for other in others)


def _knows(language: Language, message: str) -> bool:
    """Whether a message in the language's script is one of it for sure, by its dictionary."""
    if not language.writes(message):
        return False
    is_word, words = lexicon(language.traits), [word for word in language.words(message) if word.isalpha()]
    known = [word for word in words if is_word(word)]
    plain = len(known) >= _PLAIN_WORDS and sum(map(len, known)) >= _PLAIN * sum(map(len, words))
    return plain or 0 < len(known) == len(words)


def _surest(detector: Detector, question: str, sentences: Sequence[Sequence[str]]) -> float | None:
    """The probability of danger in one language, by the clauses of each sentence as typed and the words as they are on its
    other keyboards; None below its threshold."""
    language = detector.language
    readings = [[[part for one in clauses for part in _apart(language, one)] for clauses in sentences]]
    if language.traits.transcriptions and not language.writes(question):
        swapped = map(language.words, language.on_other_keyboards(question))
        readings += [[[words[:_OTHER_KEYS]]] for words in swapped]
    best = _best(detector, readings)
    return detector.probability(best) if best >= detector.threshold else None


def _few(sentences: Sequence[Sequence[str]]) -> list[list[str]]:
    """The clauses of each sentence; of very many all but the first and the last as one."""
    each = [(place, clause) for place, clauses in enumerate(sentences) for clause in clauses]
    if len(each) > _FIRST + _LAST:
        between = ", ".join(clause for _, clause in each[_FIRST:-_LAST])
        each = [*each[:_FIRST], (each[-_LAST - 1][0], between), *each[-_LAST:]]
    return [[clause for _, clause in group] for _, group in itertools.groupby(each, key=lambda one: one[0])]


def _apart(language: Language, clause: str) -> list[list[str]]:
    """The normalised words of a clause, in parts that each begin with a joining word but for the first."""
    words, joining = written(language, clause), _joining(language)
    cuts = [at for at, word in enumerate(words) if at and word in joining]
    return [words[first:last] for first, last in itertools.pairwise([0, *cuts, len(words)])] if words else []


@lru_cache(16)
def _joining(language: Language) -> frozenset[str]:
    return frozenset(word for one in language.traits.joining for word in language.words(one)[:1])


def _best(detector: Detector, readings: Sequence[Sequence[Sequence[Sequence[str]]]]) -> float:
    """The margin of a message in the surest of its readings, each given by the clauses of its sentences: whole or by its
    surest piece. Of many pieces each may err, so that the odds of one must be as many times higher; and a clause alone, which
    says little, must be a cry rather surely."""
    keys, unsure, least = [], [], []
    for words, sentences, clauses in map(_cut, readings):
        if words:
            traces, pieces = Traces(detector.language, words), [*sentences, *clauses]
            keys += [traces.keys(), *(traces.keys(*piece) for piece in pieces)]
            unsure += [0.0, *[math.log(len(pieces) or 1) / detector.slope] * len(pieces)]
            least += [-math.inf] * (1 + len(sentences)) + [detector.margin_of(_OF_CLAUSE)] * len(clauses)
    margins = detector.margins(keys) if keys else []
    found = (margin - lost for margin, lost, bar in zip(margins, unsure, least, strict=True) if margin >= bar)
    return max(found, default=-math.inf)


def _cut(sentences: Sequence[Sequence[Sequence[str]]]) -> tuple[list[str], list[Piece], list[Piece]]:
    """The words of a message, without the middle of one that is very long, and first and last word of its pieces: its
    sentences, and their clauses ("…, and one more question"), where there are several, and parts of those that are long."""
    words = [word for clauses in sentences for clause in clauses for word in clause]
    clauses_end = list(itertools.accumulate(len(clause) for clauses in sentences for clause in clauses))
    sentences_end = list(itertools.accumulate(sum(map(len, clauses)) for clauses in sentences))
    if len(words) > _BEGINNING + _END:
        left_out = len(words) - _BEGINNING - _END
        words = [*words[:_BEGINNING], *words[-_END:]]
        clauses_end, sentences_end = (_without(left_out, ends) for ends in (clauses_end, sentences_end))
    whole = (0, len(words))
    of_sentences = [piece for piece in _spans(sentences_end, _FEWEST) if piece != whole]
    return (
        words,
        of_sentences,
        [piece for piece in _spans(clauses_end, _FEWEST_OF_CLAUSE) if piece not in (whole, *of_sentences)],
    )


def _without(left_out: int, ends: Sequence[int]) -> list[int]:
    """Where parts of a message end whose middle is left out."""
    later = (end - left_out for end in ends if end - left_out > _BEGINNING)
    return [*(end for end in ends if end < _BEGINNING), _BEGINNING, *later]


def _spans(ends: Sequence[int], fewest: int) -> list[Piece]:
    spans = ((first, last) for first, last in itertools.pairwise([0, *ends]) if last - first >= fewest)
    return [piece for span in spans for piece in _pieces(*span)]


def _pieces(first: int, last: int) -> Iterator[Piece]:
    """A sentence, or, where it has many words, overlapping pieces of it."""
    for start in range(first, max(first + 1, last - _STEP), _STEP):
        yield start, min(start + _LONGEST, last)
