"""What is to be looked at again: a warning where its day has passed, a list of what comes next, and no clock below the edge."""

from __future__ import annotations

import datetime
from pathlib import Path

import pytest

from bot.kb.load import check, due, load
from bot.open.trial import main
from tests.kb_bases import edit, fitted_soon, small_base
from tests.test_cli import here

CHANGE = "new-law"  # of the small base: like the entry `rallies-held`, to be looked at by 20 February 2027
DAY = datetime.date(2027, 2, 20)
LATER = DAY + datetime.timedelta(days=1)


@pytest.fixture
def base(tmp_path: Path) -> Path:
    return small_base(tmp_path)


def with_context(base: Path, dates: str) -> Path:
    edit(base, "en/presidency.yaml", "      - source: almanac\n", f"      - source: almanac\n        {dates}\n")
    return base


def test_what_is_overdue_is_a_warning_with_file_and_line(base: Path) -> None:
    assert [str(one) for one in check(base, LATER)] == [
        "en/changes.yaml:1 [overdue] warning: new-law was to be looked at by 2027-02-20, last checked on 2026-11-20; "
        "hold it against its sources, and set the dates",
        "en/liberties.yaml:7 [overdue] warning: rallies-held was to be looked at by 2027-02-20, last checked on "
        "2026-11-20; hold it against its sources, and set the dates",
    ]


def test_on_its_day_nothing_is_late_yet(base: Path) -> None:
    assert check(base, DAY) == []


def test_without_a_day_there_is_no_lateness(base: Path) -> None:
    """What `check` finds by itself is the same on every day."""
    edit(base, "en/changes.yaml", "check_by: 2027-02-20", "check_by: 2026-11-21")
    assert check(base) == []


def test_context_without_a_check_of_its_own_counts_from_the_day_its_source_was_read(base: Path) -> None:
    with_context(base, "check_by: 2026-12-01")
    [one] = due(base, datetime.date(2026, 12, 1))
    assert (one.name, one.checked) == ("presidential-term > context > almanac", "2026-11-20")
    assert (one.file, one.line) == ("en/presidency.yaml", 21)


def test_a_check_of_its_own_goes_before_the_day_of_reading(base: Path) -> None:
    with_context(base, "checked: 2026-11-25\n        check_by: 2026-12-01")
    assert [one.checked for one in due(base, datetime.date(2026, 12, 1))] == ["2026-11-25"]


def test_what_was_never_checked_is_due_all_the_same(base: Path) -> None:
    edit(base, "en/liberties.yaml", "    checked: 2026-11-20\n", "")
    [_, entry] = due(base, DAY)
    assert (entry.name, entry.checked) == ("rallies-held", None)
    assert "last checked" not in check(base, LATER)[1].text


def test_the_oldest_comes_first(base: Path) -> None:
    with_context(base, "check_by: 2026-12-01")
    edit(base, "en/changes.yaml", "check_by: 2027-02-20", "check_by: 2026-12-24")
    names = [one.name for one in due(base, DAY)]
    assert names == ["presidential-term > context > almanac", CHANGE, "rallies-held"]
    assert [one.name for one in due(base, datetime.date(2026, 12, 24))] == names[:2]
    assert due(base, datetime.date(2026, 11, 30)) == []


def test_what_is_overdue_keeps_no_base_from_working(base: Path) -> None:
    """Nor a reload: the editors are told elsewhere."""
    edit(
        base,
        "en/changes.yaml",
        "checked: 2026-11-20\n  check_by: 2027-02-20",
        "checked: 2020-01-01\n  check_by: 2020-02-01",
    )
    assert load(base).changes[CHANGE].source == "almanac"
    assert '"problems": []' in main(fitted_soon(base), base.parent / "cache", base.parent)


def late(base: Path, day: str = "2020-02-01") -> Path:
    """The same, with a change that is overdue on any day on which this runs."""
    edit(
        base,
        "en/changes.yaml",
        "checked: 2026-11-20\n  check_by: 2027-02-20",
        f"checked: 2020-01-01\n  check_by: {day}",
    )
    edit(base, "en/liberties.yaml", "    check_by: 2027-02-20\n", "")
    return base


def test_check_prints_the_warning_and_ends_well(base: Path) -> None:
    done = here("check", "--knowledge", str(late(base)))
    assert done.returncode == 0
    assert done.stdout.startswith(
        f"{base}/en/changes.yaml:1 [overdue] warning: new-law was to be looked at by 2020-02-01"
    )
    assert "No problem" in done.stderr
    assert "1 warning(s)" in done.stderr


def test_a_problem_beside_a_warning_is_counted_alone(base: Path) -> None:
    edit(late(base), "en/presidency.yaml", "section: agenda", "section: opening")
    done = here("check", "--knowledge", str(base))
    assert done.returncode == 1
    assert len(done.stdout.splitlines()) == 2
    assert "1 problem(s)" in done.stderr


def test_due_lists_the_oldest_first_with_file_line_and_day(base: Path) -> None:
    """Overdue or still to come; what was never checked says so."""
    today = datetime.date.today()
    soon, far = (today + datetime.timedelta(days=days) for days in (10, 60))
    edit(late(base), "en/liberties.yaml", "    checked: 2026-11-20\n", f"    check_by: {soon}\n")
    with_context(base, f"check_by: {far}")
    change = f"{base}/en/changes.yaml:1 new-law: overdue since 2020-02-01, last checked on 2020-01-01"
    entry = f"{base}/en/liberties.yaml:7 rallies-held: due by {soon}, never checked"
    context = (
        f"{base}/en/presidency.yaml:21 presidential-term > context > almanac: due by {far}, last checked on 2026-11-20"
    )
    for within, wanted in (("0", [change]), ("30", [change, entry]), ("60", [change, entry, context])):
        done = here("due", "--within", within, "--knowledge", str(base))
        assert (done.returncode, done.stdout.splitlines()) == (0, wanted)
        assert f"{len(wanted)} part(s)" in done.stderr


def test_days_backwards_are_wrong_usage(base: Path) -> None:
    assert here("due", "--within", "-1", "--knowledge", str(base)).returncode == 2


def test_a_button_too_long_for_a_phone_is_a_warning_and_no_obstacle(base: Path) -> None:
    edit(base, "en/liberties.yaml", "How many rallies were there?", "How many rallies were there in that country?")
    [one] = check(base)
    assert (one.rule, one.warning, one.file) == ("button-too-long", True, "en/liberties.yaml")
    assert load(base).entries["rallies-held"].text("en").label == "How many rallies were there in that country?"
