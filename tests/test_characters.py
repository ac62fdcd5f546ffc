"""Each set of characters has one meaning, and what holds between them."""

from __future__ import annotations

import sys
import unicodedata
from functools import cache

import pytest

from bot.characters import NOT_YAML, TRAP, is_seen, readable

EMOJI = ["👩\u200d👩\u200d👧", "❤\ufe0f", "1\ufe0f\u20e3", "🏴\U000e0067\U000e0062\U000e007f"]


@cache
def all_there_are() -> list[str]:
    return [chr(code) for code in range(sys.maxunicode + 1)]


def test_what_is_read_has_no_end_of_line_and_nothing_that_hides() -> None:
    left = {character for character in all_there_are() if readable(character) == character}
    assert {c for c in left if unicodedata.category(c) in ("Cc", "Cf", "Cs", "Co", "Zl", "Zp")} == set()
    assert readable("8\u20337\ue0007\n7\u200b7\u115f7\u20e37") == "8\u203377 7777"


def test_an_editor_is_told_of_all_that_is_not_read_but_ends_of_lines_and_emoji() -> None:
    hidden = {character for character in all_there_are() if not readable(character).strip() and not character.isspace()}
    assert {c for c in hidden if not TRAP.search(c)} == set("\u200d\u20e3") | {
        c for c in hidden if "\ufe00" <= c <= "\ufe0f"
    } | {c for c in hidden if "\U000e0000" <= c <= "\U000e007f"}
    assert TRAP.search("a\u200db")


@pytest.mark.parametrize("emoji", EMOJI)
def test_emoji_are_no_trap(emoji: str) -> None:
    assert not TRAP.search(f"so {emoji} it is")


def test_what_yaml_forbids_is_shown_to_nobody() -> None:
    assert [c for c in all_there_are() if NOT_YAML.fullmatch(c) and is_seen(c)] == []


@pytest.mark.parametrize(
    ("character", "seen"),
    [("a", True), (" ", True), ("·", True), ("\x1b", False), ("\u202e", False), ("\u2028", False)],
)
def test_what_may_be_shown(character: str, seen: bool) -> None:
    assert is_seen(character) is seen
