"""The week's counts: added up by day, and drawn for a phone, with every letter of the three languages."""

from __future__ import annotations

from datetime import date, timedelta
from io import BytesIO

import pytest
from PIL import Image

from bot.channels.telegram.looks.reports import labels
from bot.channels.telegram.looks.stats import KINDS, Stats, first_day, stats_of
from bot.channels.telegram.looks.stats_picture import COLOURS, DOWN, HEIGHT, UP, WIDTH, draw
from tests.fitted import shipped_base
from tests.telegram_desk import LANGUAGES

TODAY = date(2025, 11, 24)


def week(n: int = 100) -> Stats:
    rows = []
    for ago in range(7):
        day = TODAY - timedelta(days=ago)
        rows += [(day, "asked", None, n + ago), (day, "answered", "presidential-term", n // 2 + ago)]
        rows += [(day, "offered", None, n // 4), (day, "declined", None, n // 8), (day, "small_talk", None, n // 8)]
    return stats_of(rows, {"presidential-term": (64, 9)}, TODAY)


def test_counts_are_added_up_by_day() -> None:
    stats = stats_of(
        [
            (TODAY, "asked", None, 4),
            (TODAY, "answered", "one", 2),
            (TODAY, "answered", "two", 1),
            (TODAY - timedelta(days=1), "declined", None, 3),
        ],
        {"one": (2, 1), "two": (1, 0)},
        TODAY,
    )
    assert stats.days[0] == first_day(TODAY) == date(2025, 11, 18)
    assert stats.asked == (0, 0, 0, 0, 0, 0, 4)
    assert stats.by_kind["answered"] == (0, 0, 0, 0, 0, 0, 3)
    assert stats.by_kind["declined"] == (0, 0, 0, 0, 0, 3, 0)
    assert (stats.thumbs_up, stats.thumbs_down) == (3, 1)
    assert stats.share("answered") == 0.5


def test_the_top_holds_what_was_answered_or_chosen_at_most_ten_the_first_by_name_where_they_are_even() -> None:
    rows = [(TODAY, "answered", f"entry-{n:02}", 1) for n in range(12)] + [(TODAY, "chosen", "entry-11", 1)]
    rows += [(TODAY, "offered", "entry-03", 9)]
    top = stats_of([*rows], {}, TODAY).top
    assert top[0] == ("entry-11", 2)
    assert [entry for entry, _ in top[1:]] == [f"entry-{n:02}" for n in range(9)]


def test_nothing_is_empty() -> None:
    assert stats_of([], {}, TODAY).empty
    assert not week().empty


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_picture_is_drawn_without_a_missing_letter(lang: str, recwarn: pytest.WarningsRecorder) -> None:
    picture = draw(week(), labels(shipped_base().voice(lang)))
    image = Image.open(BytesIO(picture))
    assert (image.format, image.size) == ("PNG", (WIDTH, HEIGHT))
    assert [str(warning.message) for warning in recwarn if "Glyph" in str(warning.message)] == []
    assert len(picture) < 200_000


def test_every_kind_and_both_votes_have_their_colour() -> None:
    image = Image.open(BytesIO(draw(week(), labels(shipped_base().voice("en"))))).convert("RGB")
    pixels = image.tobytes()
    seen = {f"#{pixels[place : place + 3].hex()}" for place in range(0, len(pixels), 3)}
    assert {*COLOURS.values(), UP, DOWN} <= seen
    assert set(COLOURS) == set(KINDS)


@pytest.mark.parametrize("n", [0, 1, 1_234_567])
def test_few_and_many_can_be_drawn(n: int) -> None:
    assert draw(week(n), labels(shipped_base().voice("ru")))
