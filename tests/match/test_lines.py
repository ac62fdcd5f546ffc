"""Texts that are read from a file one by one are those that were written."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from bot.match.learn import lines
from bot.match.learn.lines import Lines

TEXTS = ["how much", "", "сколько стоит", "қанша\nтұрады 🎟"]


def test_they_come_back_as_those_of_a_list(tmp_path: Path) -> None:
    Lines.of(TEXTS).write(tmp_path / "texts")
    found = lines.read(tmp_path / "texts")
    assert list(found) == TEXTS
    assert (found[-1], found[1:3], found[:-5], len(found)) == (TEXTS[-1], TEXTS[1:3], [], len(TEXTS))
    with pytest.raises(IndexError):
        found[len(TEXTS)]


def test_none_at_all_come_back(tmp_path: Path) -> None:
    Lines.of([]).write(tmp_path / "texts")
    assert list(lines.read(tmp_path / "texts")) == []


def test_ends_of_other_texts_are_no_lines(tmp_path: Path) -> None:
    Lines.of(TEXTS).write(tmp_path / "texts")
    np.save(tmp_path / "texts-ends.npy", np.array([3, 4]))
    with pytest.raises(ValueError, match="texts of 4 bytes"):
        lines.read(tmp_path / "texts")


def test_a_line_is_found_by_its_text(tmp_path: Path) -> None:
    """The first of equals, within what is looked at; half of a line is none."""
    found = Lines.of([*TEXTS, "how much"])
    assert [found.place_of(text, 0, 5) for text in TEXTS] == [0, 1, 2, 3]
    assert (found.place_of("how much", 1, 5), found.place_of("how much", 1, 4)) == (4, None)
    assert [found.place_of(text, 0, 5) for text in ("how", "сколько стоят", "how much ")] == [None] * 3
    assert Lines.of([]).place_of("how", 0, 0) is None
