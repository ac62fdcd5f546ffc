"""What a page has and a text cannot hold (a tag of a template, a link that leads nowhere): a mark in its place, until it is
known whether the text is taken; then it is told, with its line. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

_MARK = re.compile("⸤(\\d+)⸥")  # half brackets of philologists, which no FAQ has

_GAP = re.compile(r"( *)⸤\d+⸥(?: *⸤\d+⸥)*( *)(?=(.?))")


@dataclass(slots=True)
class Losses:
    told: list[str] = field(default_factory=list)

    def mark(self, what: str) -> str:
        """Stands in the text where something was; `what` names it and its line."""
        self.told.append(what)
        return f"⸤{len(self.told) - 1}⸥"

    def of(self, text: str) -> list[str]:
        """What was lost in a text."""
        places = (int(found[1]) for found in _MARK.finditer(text))
        return [self.told[place] for place in places if place < len(self.told)]


def unmarked(text: str) -> str:
    """Without the marks, and without the gaps that they leave between words and lines."""
    if not _MARK.search(text):
        return text
    return re.sub(r"\n{3,}", "\n\n", _GAP.sub(_joined, text)).strip()


def _joined(found: re.Match[str]) -> str:
    return " " if (found[1] or found[2]) and found[3] not in (*".,;:!?…)", "") else ""
