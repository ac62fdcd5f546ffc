"""Where the pack of a language lies: shipped with the bot, or in the folder `languages` of a knowledge base."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import yaml

from bot.languages.traits import Traits, read_traits

SHIPPED = Path(__file__).parent
_APART = ("danger.yaml", "frames.yaml", "personal.yaml", "conversation.yaml", "start.yaml")  # read by whom they concern
INSIDE = "languages"  # the folder's name in a knowledge base


@dataclass(frozen=True, slots=True)
class Packs:
    """A base's own pack of a language takes the place of the shipped one, whole."""

    own: Path | None = None

    @classmethod
    def of_base(cls, folder: Path) -> Packs:
        return cls(folder / INSIDE)

    def folder(self, code: str) -> Path | None:
        places = [place / code for place in (self.own, SHIPPED) if place]
        return next((place for place in places if (place / "language.yaml").is_file()), None)

    def files(self, code: str) -> Iterator[Path]:
        """Those that say what readers see and ask, and what the language is; its danger is read apart."""
        folder = self.folder(code)
        if folder:
            yield from sorted(p for p in folder.rglob("*.yaml") if p.name not in _APART)


@cache
def traits(code: str) -> Traits:
    """Those of a shipped language. KeyError for another."""
    folder = Packs().folder(code)
    if folder is None:
        raise KeyError(code)
    return read_traits(yaml.safe_load((folder / "language.yaml").read_bytes()), code)
