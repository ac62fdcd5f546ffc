"""What people say about the talk itself ("more", "the second one"): a pack's `conversation.yaml`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any

import yaml

from bot.languages.packs import Packs

SHIPPED = Packs()
FILE = "conversation.yaml"
Lists = Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class TalkPack:
    """Expressions, each a whole message. `moves`: by what is wanted; `languages`: by the language asked for; `ordinals`: by
    the place in what was offered, -1 the last; `pick`: the same, with {n} for the number; `broad` leads in to a topic,
    `onwards` to what is asked next; `whom` asks who is to be told of what was answered. `polite` says nothing."""

    moves: Lists = field(default_factory=dict)
    languages: Lists = field(default_factory=dict)
    ordinals: Mapping[int, tuple[str, ...]] = field(default_factory=dict)
    pick: tuple[str, ...] = ()
    broad: tuple[str, ...] = ()
    onwards: tuple[str, ...] = ()
    whom: tuple[str, ...] = ()
    polite: tuple[str, ...] = ()


@cache
def talk_pack(code: str, packs: Packs = SHIPPED) -> TalkPack:
    """The pack of a language; an empty one where it has none."""
    folder = packs.folder(code)
    if folder is None or not (folder / FILE).is_file():
        return TalkPack()
    found = yaml.load((folder / FILE).read_bytes(), Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader)) or {}
    lists = {name: _lists(found.pop(name, {})) for name in ("languages", "ordinals")}
    more = {name: tuple(found.pop(name, ())) for name in ("pick", "broad", "onwards", "whom", "polite")}
    ordinals = {int(place): members for place, members in lists["ordinals"].items()}
    return TalkPack(_lists(found), lists["languages"], ordinals, **more)


def _lists(found: Mapping[Any, Sequence[str]]) -> dict[str, tuple[str, ...]]:
    return {str(name): tuple(members) for name, members in found.items()}
