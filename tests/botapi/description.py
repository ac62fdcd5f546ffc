"""The Bot API as aiogram's models have it: methods and types with their fields. Another library than the one that the bot
sends with is the judge of what it sends. Checks nothing; what stands in prose only is in `limits`."""

from __future__ import annotations

import hashlib
import pickle
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from importlib.metadata import version
from pathlib import Path

from bot.atomic import new_file

_KEPT = Path(__file__).parents[2] / ".state" / "test"


@dataclass(frozen=True, slots=True)
class Array:
    """An array of one of these types."""

    of: Types

    def __str__(self) -> str:
        return f"Array of {' or '.join(map(str, self.of))}"


Types = tuple["str | Array", ...]
"""One of these: Integer, Float, Boolean, String, InputFile, the name of a described type, or an array."""


@dataclass(frozen=True, slots=True)
class Field:
    """One field; `const` is the only value it may have (the discriminator of a union), or None."""

    name: str
    types: Types
    required: bool
    const: str | int | None = None


@dataclass(frozen=True, slots=True)
class Shape:
    """A method or a type; `subtypes` is non-empty for a union that has a name."""

    name: str
    fields: Mapping[str, Field]
    subtypes: Types = ()


@dataclass(frozen=True, slots=True)
class Api:
    """The whole description: all methods, and every type that a method takes or gives or that an update may hold."""

    version: str
    methods: Mapping[str, Shape]
    types: Mapping[str, Shape]


@cache
def load() -> Api:
    """The Bot API of the installed aiogram, read once for each version of it: its import takes 3 s of processor time."""
    kept = _KEPT / f"bot-api-{version('aiogram')}-{_code()}.pickle"
    with suppress(OSError, EOFError):
        found: Api = pickle.loads(kept.read_bytes())
        return found
    from tests.botapi import models

    api = models.read()
    with new_file(kept) as file:
        pickle.dump(api, file)
    return api


def _code() -> str:
    """Changes with the two files that make what is kept."""
    here = Path(__file__)
    return hashlib.sha256(b"".join(path.read_bytes() for path in (here, here.with_name("models.py")))).hexdigest()[:12]
