"""Draws docs/architecture.svg: the floors of the import contract in pyproject.toml, with the words of docs/architecture.md.

`python -m tools.make_map` writes it; `tests/test_house.py` holds that it is the picture of the house as it is."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PAGE, PICTURE = ROOT / "docs" / "architecture.md", ROOT / "docs" / "architecture.svg"

WIDTH, GAP, HEAD, LINE, LETTER = 1000, 8, 26, 15, 6.1  # LETTER: the mean width of one, by which lines are broken
FILLS = ("#ffffff", "#f2f5f9", "#e3eaf2")  # by depth
QUESTION, PHRASE = "#1f5fa8", "#2f7d4f"
_ROW = re.compile(r"^\| `bot/([\w/]+?)(?:\.py)?` \| (.+?) \| ([\d ]*)\| ([a-z ]*)\|$", re.MULTILINE)

Floors = Mapping[str, Sequence[Sequence[str]]]
"""Room -> its floors from the top, each a list of rooms (`match` -> [["match/decide"], ["match/learn"], …])."""


@dataclass(frozen=True, slots=True)
class Room:
    """What the table says of a room; `question` and `phrase` are its places on the two ways."""

    says: str
    question: tuple[str, ...]
    phrase: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Box:
    """A place in the picture."""

    x: float
    y: float
    width: float
    depth: int


def rooms() -> dict[str, Room]:
    found = _ROW.findall(PAGE.read_text(encoding="utf-8"))
    return {name: Room(says, tuple(question.split()), tuple(phrase.split())) for name, says, question, phrase in found}


def floors(known: Mapping[str, Room]) -> Floors:
    """The layers of the import contracts, of rooms that the table knows."""
    config = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    found: dict[str, list[list[str]]] = {}
    for contract in config["tool"]["importlinter"]["contracts"]:
        for container in contract.get("containers", ()):
            inside = container.replace(".", "/").removeprefix("bot").strip("/")
            rows = [[f"{inside}/{name.strip()}".strip("/") for name in row.split("|")] for row in contract["layers"]]
            found[inside] = [kept for row in rows if (kept := [name for name in row if name in known])]
    return found


def draw() -> str:
    known = rooms()
    parts, height = _inside("", floors(known), known, Box(GAP, GAP, WIDTH - 2 * GAP, 0))
    legend, more = _legend(height + 2 * GAP)
    head = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height + more:.0f}" font-family="sans-serif" font-size="12">'
    title = "<title>The rooms of the bot, floor by floor: each imports from lower floors only</title>"
    paper = f'<rect width="{WIDTH}" height="{height + more:.0f}" fill="#ffffff"/>'
    return "\n".join([head, title, paper, *parts, *legend, "</svg>"]) + "\n"


def _inside(name: str, plan: Floors, known: Mapping[str, Room], place: Box) -> tuple[list[str], float]:
    """The floors of a room below each other, and how high they are together."""
    parts, y = [], place.y
    for row in plan.get(name, ()):
        width = (place.width - GAP * (len(row) - 1)) / len(row)
        boxes = [Box(place.x + i * (width + GAP), y, width, place.depth) for i in range(len(row))]
        height = max(_height(one, plan, known, box) for one, box in zip(row, boxes, strict=True))
        for one, box in zip(row, boxes, strict=True):
            parts += _room(one, plan, known, box, height)
        y += height + GAP
    return parts, y - place.y


def _height(name: str, plan: Floors, known: Mapping[str, Room], box: Box) -> float:
    own = HEAD + LINE * len(_lines(known[name].says, box.width)) + GAP
    return own + (_inside(name, plan, known, _within(box, own))[1] if name in plan else 0)


def _room(name: str, plan: Floors, known: Mapping[str, Room], box: Box, height: float) -> list[str]:
    room = known[name]
    lines = _lines(room.says, box.width)
    parts = [
        f'<rect x="{box.x:.0f}" y="{box.y:.0f}" width="{box.width:.0f}" height="{height:.0f}" rx="5" '
        f'fill="{FILLS[box.depth % len(FILLS)]}" stroke="#8795a8"/>',
        _text(box.x + 10, box.y + 18, name.rpartition("/")[2], 'font-weight="bold" font-size="13" fill="#16202c"'),
    ]
    parts += [_text(box.x + 10, box.y + HEAD + 10 + LINE * i, line, 'fill="#44505f"') for i, line in enumerate(lines)]
    badges = [*((mark, QUESTION) for mark in room.question), *((mark, PHRASE) for mark in room.phrase)]
    for i, (mark, colour) in enumerate(reversed(badges)):
        parts += _badge(box.x + box.width - 16 - 24 * i, box.y + 15, mark, colour)
    if name in plan:
        parts += _inside(name, plan, known, _within(box, HEAD + LINE * len(lines) + GAP))[0]
    return parts


def _within(box: Box, below: float) -> Box:
    return Box(box.x + GAP, box.y + below, box.width - 2 * GAP, box.depth + 1)


def _lines(says: str, width: float) -> list[str]:
    """The words broken into lines that fit a box."""
    lines = [""]
    for word in says.replace("`", "").split():
        longer = f"{lines[-1]} {word}".strip()
        lines[-1:] = [longer] if len(longer) * LETTER <= width - 20 or not lines[-1] else [lines[-1], word]
    return lines


def _badge(x: float, y: float, mark: str, colour: str) -> list[str]:
    circle = f'<circle cx="{x:.0f}" cy="{y:.0f}" r="10" fill="{colour}"/>'
    return [circle, _text(x, y + 4, mark, 'fill="#ffffff" font-weight="bold" text-anchor="middle"')]


def _text(x: float, y: float, words: str, how: str) -> str:
    return f'<text x="{x:.0f}" y="{y:.0f}" {how}>{escape(words)}</text>'


def _legend(y: float) -> tuple[list[str], float]:
    """What the badges mean, and how high that is."""
    parts = [*_badge(20, y + 8, "1", QUESTION), _text(36, y + 12, "the way of a question", 'fill="#16202c"')]
    parts += [*_badge(200, y + 8, "a", PHRASE), _text(216, y + 12, "the way of a phrase", 'fill="#16202c"')]
    parts.append(_text(WIDTH - 18, y + 12, "a room imports from lower floors only", 'fill="#44505f" text-anchor="end"'))
    return parts, 3 * GAP + 24


if __name__ == "__main__":
    PICTURE.write_text(draw(), encoding="utf-8")
