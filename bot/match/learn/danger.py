"""Whether a message is a cry for help: a gate of its own beside the ranking, asked before anything else. Pure.

A linear learner tells the pack's cries from sentences that only look like them, and from what the base's phrases ask.
Its threshold comes from sentences that it did not learn from, and is set for recall."""

from __future__ import annotations

import itertools
import math
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from bot.languages.traits import script_of
from bot.match.learn.features import Floats
from bot.match.learn.traces import COLUMNS, Row, Traces
from bot.match.words import text
from bot.match.words.language import Language

_RATE, _EPOCHS, _BURN_IN = 4.0, 5, 1
_FOLDS, _FOLD_EPOCHS = 3, 3
_BIAS = 0.1  # of a weight's step: the bias is shared by all
_LONGEST = 40  # words: a longer sentence is looked at in pieces, as it dilutes the few words that tell
_MISSED = 2.0  # false alarms weigh as much as one cry missed: who is not in danger reads a line more
_FEWEST = 3  # words of a sentence that is looked at by itself beside others: fewer do not say who does what
_STEP = 20
# What a message may cost: 400 words that nobody has seen take 15 ms to stem. Who is in danger says so in the beginning or
# comes to it in the end; 400 words are 2,700 characters, of the 4,096 there can be. Who has the wrong keyboard soon sees it.
_BEGINNING, _END = 250, 150  # words of a longer message that are read
_IN_HAND = 64  # messages that are remembered: as many as may be in hand at a time, and their sentences
_OTHER_KEYS = 80  # words that are read as typed on the other keyboard

Margins = NDArray[np.float64]
_NOTHING: Row = np.zeros(0, np.int32), np.zeros(0, np.float32)


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
        return self.margin_of(Traces(self.language, words).row()) if words else -math.inf

    def margin_of(self, raw: Row) -> float:
        ids, values = _row(raw, self.idf)
        if not len(ids):
            return -math.inf
        return float(values @ self.weights[ids].astype(np.float32)) + self.bias

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
        scripts = set(map(script_of, text.clean(question))) - {""}
        found = {
            lang: _surest(detector, question, sentences)
            for lang, detector in self._detectors.items()
            if not scripts or _may_read(detector.language, scripts)
        }
        seen = {lang: p for lang, p in found.items() if p is not None}
        if not seen:
            return None
        lang = max(seen, key=lambda one: seen[one])
        return Alarm(lang, seen[lang], tuple(seen))


def _may_read(language: Language, scripts: Collection[str]) -> bool:
    """Whether a message in these scripts may be in the language: one of them is its own, or it is typed in others, too."""
    return bool(language.traits.transcriptions) or language.traits.script in scripts


def _surest(detector: Detector, question: str, sentences: Sequence[str]) -> float | None:
    """The probability of danger in one language, by the sentences as typed and the words as they are on its other
    keyboards; None below its threshold."""
    language = detector.language
    margins = [_best(detector, [written(language, one) for one in sentences])]
    if language.traits.transcriptions and not language.writes(question):
        swapped = map(language.words, language.on_other_keyboards(question))
        margins += [_best(detector, [words[:_OTHER_KEYS]]) for words in swapped if words]
    best = max(margins)
    return detector.probability(best) if best >= detector.threshold else None


def written(language: Language, message: str) -> list[str]:
    """The normalised words of a message in the script of the language, from whichever other it is typed in."""
    others = [] if language.writes(message) else language.transcribed(message)
    return language.words(others[0] if others else message)


def _best(detector: Detector, sentences: Sequence[Sequence[str]]) -> float:
    """The margin of a message, whole or by its surest piece. Of many pieces each may err, so that the odds of one must be
    as many times higher."""
    words, pieces = _cut(sentences)
    if not words:
        return -math.inf
    traces = Traces(detector.language, words)
    unsure = math.log(len(pieces)) / detector.slope if pieces else 0.0
    surest = (detector.margin_of(traces.row(first, last)) - unsure for first, last in pieces)
    return max([detector.margin_of(traces.row()), *surest])


def _cut(sentences: Sequence[Sequence[str]]) -> tuple[list[str], list[tuple[int, int]]]:
    """The words of a message, without the middle of one that is very long, and first and last word of its pieces: its
    sentences, where there are several, and parts of those that are long."""
    words = list(itertools.chain.from_iterable(sentences))
    ends = list(itertools.accumulate(map(len, sentences)))
    if len(words) > _BEGINNING + _END:
        words = [*words[:_BEGINNING], *words[-_END:]]
        ends = [*(end for end in ends if end < _BEGINNING), _BEGINNING, _BEGINNING + _END]
    spans = [(first, last) for first, last in itertools.pairwise([0, *ends]) if last - first >= _FEWEST]
    pieces = [piece for span in spans for piece in _pieces(*span)]
    return words, [piece for piece in pieces if piece != (0, len(words))]


def _pieces(first: int, last: int) -> Iterator[tuple[int, int]]:
    """A sentence, or, where it has many words, overlapping pieces of it."""
    for start in range(first, max(first + 1, last - _STEP), _STEP):
        yield start, min(start + _LONGEST, last)


def _row(raw: Row, idf: Floats) -> Row:
    """A unit vector; what only one sentence has, or none, counts in its length alone (its `idf` is negative)."""
    ids, values = raw
    weight = idf[ids].astype(np.float32)
    scaled = values * np.abs(weight)
    length = float(np.sqrt(scaled @ scaled))
    known = weight > 0
    return ids[known], scaled[known] / np.float32(length or 1.0)


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
    raw = [
        Traces(language, words).row() if words else _NOTHING
        for words in (written(language, one) for one in examples.texts)
    ]
    target = np.repeat(np.array([1.0, -1.0], np.float32), [len(examples.cries), len(raw) - len(examples.cries)])
    fold = np.random.default_rng(0).integers(0, _FOLDS, len(raw))
    held = np.zeros(len(raw))
    for number in range(_FOLDS):
        kept = [row for row, at in zip(raw, fold, strict=True) if at != number]
        part = _fit(kept, target[fold != number], _FOLD_EPOCHS)
        held[fold == number] = [_margin(row, part) for row, at in zip(raw, fold, strict=True) if at == number]
    told = held[: len(examples.cries) + len(examples.others)]
    is_cry = np.arange(len(told)) < len(examples.cries)
    weights, idf, bias = _fit(raw, target)
    threshold = max(bias, _threshold(told[is_cry], told[~is_cry]))
    slope, offset = _calibrated(told, is_cry)
    return Detector(language, idf.astype(np.float16), weights.astype(np.float16), bias, threshold, slope, offset)


Fit = tuple[Floats, Floats, float]


def _fit(raw: Sequence[Row], target: Floats, epochs: int = _EPOCHS) -> Fit:
    """Weights, idf and bias: logistic regression by averaged stochastic gradient descent, as in `linear`."""
    idf = _idf(raw)
    rows = [_row(one, idf) for one in raw]
    weights, total = np.zeros(COLUMNS, np.float32), np.zeros(COLUMNS, np.float32)
    bias = summed = 0.0
    order = np.random.default_rng(0)
    for epoch in range(epochs):
        rate = _RATE / math.sqrt(1 + epoch)
        for at in order.permutation(len(rows)):
            ids, values = rows[at]
            margin = float(target[at]) * (float(values @ weights[ids]) + bias)
            step = rate * float(target[at]) / (1 + math.exp(min(margin, 30)))
            weights[ids] += np.float32(step) * values
            bias += _BIAS * step
        if epoch >= _BURN_IN:
            total += weights
            summed += bias
    return (total / np.float32(epochs - _BURN_IN)).astype(np.float32), idf, summed / (epochs - _BURN_IN)


def _idf(raw: Sequence[Row]) -> Floats:
    """The root of the logarithm of how few sentences have a column, negative where it is one or none."""
    uses = np.zeros(COLUMNS, np.int32)
    for ids, _ in raw:
        uses[ids] += 1
    weight = np.sqrt(np.log(1 + len(raw) / np.maximum(uses, 1)))
    return np.where(uses > 1, weight, -weight).astype(np.float32)


def _margin(row: Row, fitted: Fit) -> float:
    weights, idf, bias = fitted
    ids, values = _row(row, idf)
    return float(values @ weights[ids]) + bias


def _threshold(cries: Margins, others: Margins) -> float:
    """The held-out margin at which half as large a part of the cries is missed as of the others is taken for one. They
    were written to be hard to tell apart: of what people really write, both parts are much smaller."""
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
