"""The templates of this room, and texts put into them as YAML."""

from __future__ import annotations

from pathlib import Path
from string import Template

from bot.workbench.editing.scalars import scalar

_FOLDER = Path(__file__).parent / "templates"


def filled(template: str, **texts: str) -> str:
    """A template with its $places filled in."""
    return Template((_FOLDER / template).read_text(encoding="utf-8")).substitute(texts)


def quoted(text: str, column: int = 0) -> str:
    """A text as it may stand behind a key: a word plain, a sentence in quotes, several lines as a block."""
    return scalar(text, None if " " not in text and "\n" not in text else '"', column)


def as_items(texts: tuple[str, ...]) -> str:
    return "".join(f"  - {scalar(text, chr(34), 4)}\n" for text in texts)
