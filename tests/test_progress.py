"""What is said while the base is learned: how far it is, and about how long it will take."""

from __future__ import annotations

import io

import pytest

from bot.cli.progress import Progress


class Screen(io.StringIO):
    def isatty(self) -> bool:
        return True


def told(out: io.StringIO, *steps: tuple[float, float]) -> str:
    """What is said of shares that are reached after so many seconds."""
    now = [0.0]
    progress = Progress(out, lambda: now[0])
    for seconds, share in steps:
        now[0] = seconds
        progress(share)
    return out.getvalue()


@pytest.mark.parametrize(
    ("seconds", "share", "left"),
    [(5, 0.25, "about 15 s left"), (60, 0.25, "about 3 min left"), (30, 0.99, "about 1 s left")],
)
def test_what_is_left_is_told_by_what_is_done(seconds: float, share: float, left: str) -> None:
    assert left in told(Screen(), (0, 0.0), (seconds, share))
    assert left in told(io.StringIO(), (0, 0.0), (seconds, share))


def test_before_anything_is_done_nothing_is_promised() -> None:
    assert "left" not in told(Screen(), (0, 0.0), (9, 0.01))
    assert told(io.StringIO(), (0, 0.0), (9, 0.01)) == ""


def test_where_nobody_watches_one_line_is_enough() -> None:
    said = told(io.StringIO(), (0, 0.0), (5, 0.5), (8, 0.8), (10, 1.0))
    assert said == "Learning the knowledge base, as far as it has changed: about 5 s left …\n"


def test_a_bar_ends_full_and_with_its_line() -> None:
    said = told(Screen(), (0, 0.0), (5, 0.5), (10, 1.0))
    assert said.rpartition("\r")[2].rstrip(" \n") == f"Learning the knowledge base [{'█' * 30}] 100%"
    assert said.endswith("\n")


def test_what_is_left_leaves_no_trace_of_a_longer_line() -> None:
    lines = told(Screen(), (0, 0.0), (60, 0.2), (70, 0.5), (100, 1.0)).split("\r")[1:]
    assert len({len(line.rstrip("\n")) for line in lines}) == 1
