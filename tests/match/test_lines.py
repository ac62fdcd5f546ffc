"""Texts that are read from a file one by one are those that were written."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from bot.match.learn import lines

TEXTS = ["how much", "", "сколько стоит", "қанша\nтұрады 🎟"]


def test_they_come_back_as_those_of_a_list(tmp_path: Path) -> None:
    lines.write(TEXTS, tmp_path / "texts")
    found = lines.read(tmp_path / "texts")
    assert list(found) == TEXTS
    assert (found[-1], found[1:3], found[:-5], len(found)) == (TEXTS[-1], TEXTS[1:3], [], len(TEXTS))
    with pytest.raises(IndexError):
        found[len(TEXTS)]


def test_none_at_all_come_back(tmp_path: Path) -> None:
    lines.write([], tmp_path / "texts")
    assert list(lines.read(tmp_path / "texts")) == []


def test_ends_of_other_texts_are_no_lines(tmp_path: Path) -> None:
    lines.write(TEXTS, tmp_path / "texts")
    np.save(tmp_path / "texts-ends.npy", np.array([3, 4]))
    with pytest.raises(ValueError, match="texts of 4 bytes"):
        lines.read(tmp_path / "texts")
