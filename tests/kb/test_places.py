"""What the packs' sentences say of a base: its title, its publisher, and a date that is called what it is."""

from __future__ import annotations

import datetime
from pathlib import Path

import pytest

from bot.kb.load import load
from bot.kb.model import Voice
from bot.workbench.scaffolds.base import About, make_base

TODAY = datetime.date(2026, 11, 29)


def voice(folder: Path, lang: str, published: str = "") -> Voice:
    make_base(folder, About(lang, publisher="P", published=published), TODAY)
    return load(folder).voice(lang)


@pytest.mark.parametrize(
    ("lang", "read", "published"),
    [
        ("en", "(P, read 29 November 2026)", "(P, March 2026)"),
        ("ru", "(P, прочитано: 29 ноября 2026\u202fг.)", "(P, март 2026\u202fг.)"),
        ("kk", "(P, оқылды: 2026\u202fж. 29 қараша)", "(P, 2026\u202fж. наурыз)"),
    ],
)
def test_a_day_of_reading_is_not_given_for_one_of_publication(
    lang: str, read: str, published: str, tmp_path: Path
) -> None:
    """Of a page without a date only that day is known; the bot says what day it is, as below its answers."""
    one = voice(tmp_path / "read", lang)
    for said in (one.small_talk["who-are-you"].say, one.say("start"), one.say("about", sources="")):
        assert read in said
    assert read.removeprefix("(P, ") in one.small_talk["how-old-are-you"].say
    assert published in voice(tmp_path / "dated", lang, "2026-03").small_talk["who-are-you"].say


@pytest.mark.parametrize("lang", ["en", "ru", "kk"])
def test_the_state_that_a_page_describes_is_that_of_the_bare_day(lang: str, tmp_path: Path) -> None:
    one = voice(tmp_path / "read", lang)
    assert "29" in one.say("still")
    assert one.say("read_on", date="").strip() not in one.say("still")
