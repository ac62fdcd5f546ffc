"""Whether a message is a cry for help: a gate of its own beside the ranking, asked before anything else. Pure.

A linear learner tells the pack's cries from sentences that only look like them, and from what the base's phrases ask.
Its threshold comes from sentences that it did not learn from, and is set for recall."""

from __future__ import annotations

import itertools
import math
import operator
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from bot.languages import text
from bot.match.learn.features import Floats, Rows
from bot.match.learn.logistic import Logistic, fit_logistic, row_sums
from bot.match.learn.traces import COLUMNS, Keys, Traces, all_keys, summed
from bot.match.words.language import Language
from bot.match.words.lexicon import lexicon

_EPOCHS = 5  # of 600 cries by others 6 are missed, with three 8
_FOLDS, _FOLD_EPOCHS = 3, 3  # with five of each one cry more of 600 is missed, one alarm fewer of 935 is false
_LONGEST = 40  # words: a longer sentence is looked at in pieces, as it dilutes the few words that tell
_FEWEST = 3  # words of a sentence that is looked at by itself beside others: fewer do not say who does what
_STEP = 20  # words from piece to piece, half of the longest: with ten no cry more is heard
# What a message may cost: 400 words that nobody has seen take 15 ms to stem. Who is in danger says so in the beginning or
# comes to it in the end; 400 words are 2,700 characters, of the 4,096 there can be. Who has the wrong keyboard soon sees it.
_BEGINNING, _END = 250, 150  # words of a longer message that are read
_IN_HAND = 64  # messages that are remembered: as many as may be in hand at a time, and their sentences
# A message of which a dictionary knows so many words, with this share of the letters, is not read as if it were typed in
# other letters. Of 20,290 sentences in Russian and Kazakh, put into Latin letters in three ways, it knows as much of four, none
# of them a cry; of the English questions of 78 in 100.
_PLAIN_WORDS, _PLAIN = 3, 0.75
_MISSED = 1.3  # false alarms that a missed cry weighs, as below
_AT_ONCE = 8192  # sentences whose features are summed up together
_OTHER_KEYS = 80  # words that are read as typed on the other keyboard

Margins = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Alarm:
    """Somebody is in danger. `probability` is that of the surest language `lang`, 0 to 1; `languages` are all that see it."""

    lang: str
    probability: float
    languages: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Detector:
    """Tells cries for help in one language. `idf` and `weights` by column; a margin at or above `threshold` is a cry, and
    `slope` and `offset` make a probability of it."""

    language: Language
    idf: Floats
    weights: Floats
    bias: float
    threshold: float
    slope: float
    offset: float

    def margin(self, words: Sequence[str]) -> float:
        """How surely the normalised words of a message are a cry: above nought rather than not."""
        return self.margins([Traces(self.language, words).keys()])[0] if words else -math.inf

    def margins(self, pieces: Sequence[Sequence[Keys]]) -> list[float]:
        """Those of pieces of messages, each given by its keys; minus infinity for one of which nothing is known."""
        begin, columns, values = summed(pieces)
        idf = self.idf[columns].astype(np.float32)
        values *= np.abs(idf)
        lengths = np.sqrt(np.add.reduceat(values * values, begin))
        sums = np.add.reduceat(values * self.weights[columns], begin)  # nought for what is not known
        known = np.maximum.reduceat(idf, begin) > 0
        found: list[float] = np.where(known, sums / lengths + self.bias, -math.inf).tolist()
        return found

    def probability(self, margin: float) -> float:
        return float(1.0 / (1.0 + np.exp(-np.clip(self.slope * margin + self.offset, -30, 30))))


class Guard:
    """Asks the detectors of all languages."""

    def __init__(self, detectors: Mapping[str, Detector]) -> None:
        self._detectors = dict(detectors)
        self._seen = lru_cache(_IN_HAND)(self._look)  # one message is asked about more than once

    def alarm(self, question: str) -> Alarm | None:
        """None where nobody seems to be in danger. Reads a message of any length, as typed and as it may be meant."""
        return self._seen(question)

    def _look(self, question: str) -> Alarm | None:
        sentences = text.sentences(question)
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


def _surest(detector: Detector, question: str, sentences: Sequence[str]) -> float | None:
    """The probability of danger in one language, by the sentences as typed and the words as they are on its other
    keyboards; None below its threshold."""
    language = detector.language
    readings = [[written(language, one) for one in sentences]]
    if language.traits.transcriptions and not language.writes(question):
        swapped = map(language.words, language.on_other_keyboards(question))
        readings += [[words[:_OTHER_KEYS]] for words in swapped]
    best = _best(detector, readings)
    return detector.probability(best) if best >= detector.threshold else None


def written(language: Language, message: str) -> list[str]:
    """The normalised words of a message in the script of the language, from whichever other it is typed in."""
    others = [] if language.writes(message) else language.transcribed(message)
    return language.words(others[0] if others else message)


def _best(detector: Detector, readings: Sequence[Sequence[Sequence[str]]]) -> float:
    """The margin of a message in the surest of its readings, each given by sentences, whole or by its surest piece. Of many
    pieces each may err, so that the odds of one must be as many times higher."""
    keys, unsure = [], []
    for words, pieces in map(_cut, readings):
        if words:
            traces = Traces(detector.language, words)
            keys += [traces.keys(), *(traces.keys(*piece) for piece in pieces)]
            unsure += [0.0, *[math.log(len(pieces) or 1) / detector.slope] * len(pieces)]
    margins = detector.margins(keys) if keys else ()
    return max(map(operator.sub, margins, unsure), default=-math.inf)


def _cut(sentences: Sequence[Sequence[str]]) -> tuple[list[str], list[tuple[int, int]]]:
    """The words of a message, without the middle of one that is very long, and first and last word of its pieces: its
    sentences, where there are several, and parts of those that are long."""
    words = list(itertools.chain.from_iterable(sentences))
    ends = list(itertools.accumulate(map(len, sentences)))
    if len(words) > _BEGINNING + _END:
        left_out = len(words) - _BEGINNING - _END
        words = [*words[:_BEGINNING], *words[-_END:]]
        later = (end - left_out for end in ends if end - left_out > _BEGINNING)
        ends = [*(end for end in ends if end < _BEGINNING), _BEGINNING, *later]
    spans = [(first, last) for first, last in itertools.pairwise([0, *ends]) if last - first >= _FEWEST]
    pieces = [piece for span in spans for piece in _pieces(*span)]
    return words, [piece for piece in pieces if piece != (0, len(words))]


def _pieces(first: int, last: int) -> Iterator[tuple[int, int]]:
    """A sentence, or, where it has many words, overlapping pieces of it."""
    for start in range(first, max(first + 1, last - _STEP), _STEP):
        yield start, min(start + _LONGEST, last)


@dataclass(frozen=True, slots=True)
class Examples:
    """What a detector learns from: `cries`, `others` that look like one, and `rest`: what people ask the base."""

    cries: tuple[str, ...]
    others: tuple[str, ...]
    rest: tuple[str, ...]

    @property
    def texts(self) -> tuple[str, ...]:
        return (*self.cries, *self.others, *self.rest)


def learn(language: Language, examples: Examples) -> Detector:
    """`language` has the classes of words as its groups. Deterministic."""
    rows = _rows(language, examples.texts)
    target = np.repeat(np.array([1.0, -1.0], np.float32), [len(examples.cries), len(rows) - len(examples.cries)])
    told = _held_out(rows, target)[: len(examples.cries) + len(examples.others)]
    is_cry = np.arange(len(told)) < len(examples.cries)
    idf, fitted = _fit(rows, target, _EPOCHS)
    threshold = max(fitted.bias, _threshold(told[is_cry], told[~is_cry]))
    slope, offset = _calibrated(told, is_cry)
    weights: Floats = fitted.weights.astype(np.float16)
    return Detector(language, idf.astype(np.float16), weights, fitted.bias, threshold, slope, offset)


def _rows(language: Language, texts: Sequence[str]) -> Rows:
    """One for each text; many are summed up at once."""
    sizes, ids, values = np.zeros(len(texts), np.int32), [np.zeros(0, np.int32)], [np.zeros(0, np.float32)]
    for first in range(0, len(texts), _AT_ONCE):
        read = [written(language, one) for one in texts[first : first + _AT_ONCE]]
        filled = [at for at, words in enumerate(read) if words]
        if filled:
            begin, columns, found = summed(all_keys(language, [read[at] for at in filled]))
            sizes[[first + at for at in filled]] = np.diff([*begin, len(columns)])
            ids.append(columns.astype(np.int32))
            values.append(found)
    starts = np.concatenate([[0], np.cumsum(sizes)]).astype(np.int32)
    return Rows(starts, np.concatenate(ids), np.concatenate(values))


def _held_out(rows: Rows, target: Floats) -> Margins:
    """The margin of each row by what was learnt without it."""
    fold = np.random.default_rng(0).integers(0, _FOLDS, len(rows))
    held = np.zeros(len(rows))
    for number in range(_FOLDS):
        kept, out = np.flatnonzero(fold != number), np.flatnonzero(fold == number)
        idf, fitted = _fit(rows.take(kept), target[kept], _FOLD_EPOCHS)
        held[out] = fitted.margins(_weighted(rows.take(out), idf))
    return held


def _fit(rows: Rows, target: Floats, epochs: int) -> tuple[Floats, Logistic]:
    idf = _idf(rows)
    return idf, fit_logistic(_weighted(rows, idf), target, COLUMNS, epochs)


def _idf(rows: Rows) -> Floats:
    """The root of the logarithm of how few sentences have a column, negative where it is one or none."""
    uses = np.bincount(rows.ids, minlength=COLUMNS)
    weight = np.sqrt(np.log(1 + len(rows) / np.maximum(uses, 1)))
    return np.where(uses > 1, weight, -weight).astype(np.float32)


def _weighted(rows: Rows, idf: Floats) -> Rows:
    """Unit vectors; what only one sentence has, or none, counts in the length alone (its `idf` is negative)."""
    weight = idf[rows.ids]
    scaled = rows.values * np.abs(weight)
    lengths = np.sqrt(row_sums(scaled * scaled, rows.starts))
    scaled /= np.repeat(np.where(lengths > 0, lengths, 1), np.diff(rows.starts))
    known = weight > 0
    starts = np.concatenate([[0], np.cumsum(known)])[rows.starts]
    return Rows(starts.astype(np.int32), rows.ids[known], scaled[known])


def _threshold(cries: Margins, others: Margins) -> float:
    """The held-out margin at which half as large a part of the cries is missed as of the others is taken for one: a missed cry
    weighs `_MISSED` false alarms. They were written to be hard to tell apart: of what people really write, both parts are much
    smaller. With one, 1.4 and two of 320 veiled cries 269, 282, 292 are heard, and of 600 others 586, 589, 591; of 9,073
    labelled questions 140, 156, 184 ring, of 800 everyday requests to anybody 37, 54, 70."""
    if not len(cries) or not len(others):
        return 0.0
    steps = np.sort(cries)
    missed, false = np.arange(len(steps)) / len(steps), 1 - np.searchsorted(np.sort(others), steps) / len(others)
    return float(steps[int(np.argmin(np.abs(_MISSED * missed - false)))])


def _calibrated(margins: Margins, is_cry: NDArray[np.bool_]) -> tuple[float, float]:
    """Slope and offset of the logistic function from margin to probability (Platt 1999), by Newton's method."""
    design = np.c_[margins, np.ones(len(margins))]
    found = np.array([1.0, 0.0])
    for _ in range(20):
        p = 1 / (1 + np.exp(-np.clip(design @ found, -30, 30)))
        slope = design.T @ (is_cry - p) - 1e-3 * found
        found += np.linalg.solve((design * (p * (1 - p))[:, None]).T @ design + 1e-3 * np.eye(2), slope)
    return float(found[0]), float(found[1])
