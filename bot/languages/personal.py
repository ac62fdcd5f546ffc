"""The words by which personal data are known, of all languages together: who writes may mix them. Read once."""

from __future__ import annotations

from functools import cache

import yaml

from bot.languages.packs import SHIPPED


@cache
def personal(kind: str) -> tuple[str, ...]:
    """The words of one kind in every language's `personal.yaml`, each once, the longest first."""
    files = [yaml.safe_load(path.read_bytes()) for path in sorted(SHIPPED.glob("*/personal.yaml"))]
    words = {word.casefold() for file in files for word in file.get(kind, ())}
    return tuple(sorted(words, key=lambda word: (-len(word), word)))
