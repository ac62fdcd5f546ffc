"""The quality gates: what the shipped base makes of questions whose right answer is known. `reformbot eval` prints more."""

from __future__ import annotations

import json
import time
from collections import Counter
from collections.abc import Sequence
from functools import cache
from pathlib import Path

import pytest

from bot.service import Service
from bot.workbench.cases import Case, read_cases
from bot.workbench.evaluate import CaseResult, Report, evaluate, judge
from tests.conftest import ROOT, Base

CASES = ROOT / "tests" / "cases"
DATA = ROOT / "tests" / "data"
KNOWN_MISSES = CASES / "known-misses.jsonl"
LANGUAGES = ("en", "ru", "kk")
ENOUGH = 100  # cases of a group in a language: below that, a single one moves the share by more than a point
FAILED = ("missed", "wrong", "false")
SECONDS = 0.010  # of processor time a question; 0.007 was measured while others kept both cores busy

pytestmark = pytest.mark.gate

Results = Sequence[CaseResult]
_ABOUT_THE_FACT = ("plain", "paraphrase", "typo", "terse", "claim", "long")


def read(*paths: Path) -> list[Case]:
    return [
        case for path in paths for case in read_cases(path.read_text(encoding="utf-8").splitlines(), str(path.name))
    ]


MISSES = read(KNOWN_MISSES)


@cache
def labelled() -> list[Case]:
    return read(*(path for lang in LANGUAGES for path in sorted((CASES / lang).glob("*.jsonl"))))


@cache
def dev() -> list[Case]:
    return read(DATA / "questions-dev.jsonl")


@cache
def refused() -> list[Case]:
    return read(DATA / "must-refuse.jsonl")


class Everything:
    """All cases asked once, and how long each took on average."""

    def __init__(self, service: Service) -> None:
        started = time.process_time()
        self.report: Report = evaluate(service.ask, [*labelled(), *dev(), *refused()])
        self.seconds = (time.process_time() - started) / len(self.report.results)
        found = self.report.results
        self.labelled = found[: len(labelled())]
        self.dev = found[len(labelled()) :][: len(dev())]
        self.refused = found[len(labelled()) + len(dev()) :]


@pytest.fixture(scope="session")
def everything(service: Service) -> Everything:
    return Everything(service)


def of(results: Results, lang: str, group: str) -> Results:
    return [r for r in results if r.case.group == group and lang in ("all", r.case.lang)]


def percent(results: Results, *outcomes: str) -> float:
    return 100 * sum(r.outcome in outcomes for r in results) / max(1, len(results))


def told(results: Results, *outcomes: str) -> str:
    """Which cases count against a gate."""
    lines = [f"{r.outcome} {r.case.id} {r.case.question!r} -> {r.answered or '-'}" for r in results]
    return "\n".join(line for line in lines if line.startswith(outcomes))


# What the cases are


@pytest.mark.parametrize("group", ["in", "out"])
def test_there_are_enough_cases(group: str) -> None:
    """600 questions with an answer, 300 without, over three languages."""
    if group == "in":
        assert sum(bool(case.expect) for case in labelled()) >= 600
    else:
        assert sum(not case.expect for case in [*labelled(), *refused()]) >= 300


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_language_has_cases_of_every_group(lang: str) -> None:
    found = Counter(case.group for case in labelled() if case.lang == lang)
    assert found["in"] >= 200
    assert found["near"] >= 80
    assert found["far"] >= 25


def test_no_case_stands_twice() -> None:
    ids = Counter(case.id for case in [*labelled(), *dev(), *refused()])
    assert [name for name, count in ids.items() if count > 1] == []


def test_every_entry_that_is_expected_exists(service: Service) -> None:
    unknown = {entry for case in [*labelled(), *dev(), *refused()] for entry in case.expect} - set(service.base.entries)
    assert unknown == set()


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_entry_has_cases_in_every_language(service: Service, lang: str) -> None:
    asked = {entry for case in labelled() if case.lang == lang for entry in case.expect}
    assert set(service.base.entries) - asked == set()


# The bars


@pytest.mark.parametrize("lang", LANGUAGES)
def test_nine_of_ten_answerable_questions_get_their_answer(everything: Everything, lang: str) -> None:
    inside = of(everything.labelled, lang, "in")
    assert percent(inside, "hit") >= 90, told(inside, "offered", "missed", "wrong")


@pytest.mark.parametrize("lang", LANGUAGES)
def test_97_of_100_get_it_or_see_it_among_the_suggestions(everything: Everything, lang: str) -> None:
    inside = of(everything.labelled, lang, "in")
    assert percent(inside, "hit", "offered") >= 97, told(inside, "missed", "wrong")


@pytest.mark.parametrize("lang", LANGUAGES)
def test_two_of_a_hundred_at_most_get_a_wrong_answer(everything: Everything, lang: str) -> None:
    """Though a part of these questions is twisted on purpose ("not the Council but the Committee")."""
    inside = of(everything.labelled, lang, "in")
    assert percent(inside, "wrong") <= 2, told(inside, "wrong")


@pytest.mark.parametrize("lang", LANGUAGES)
def test_eight_of_a_hundred_near_misses_at_most_are_answered(everything: Everything, lang: str) -> None:
    near = of(everything.labelled, lang, "near")
    assert percent(near, "false") <= 8, told(near, "false")


@pytest.mark.parametrize("lang", LANGUAGES)
def test_three_of_a_hundred_far_questions_at_most_are_answered(everything: Everything, lang: str) -> None:
    far = of(everything.labelled, lang, "far")
    assert percent(far, "false") <= 3, told(far, "false")


def test_a_score_means_what_it_says(everything: Everything) -> None:
    """0.9 is right nine times of ten: the expected calibration error stays within 0.05."""
    assert everything.report.calibration_error <= 0.05


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_reply_comes_in_the_language_of_the_question(everything: Everything, lang: str) -> None:
    inside = of(everything.labelled, lang, "in")
    other = [f"{r.case.id} {r.case.question!r} in {r.lang}" for r in inside if r.lang != lang]
    assert len(other) <= 0.03 * len(inside), other


@pytest.mark.parametrize("lang", LANGUAGES)
def test_where_the_source_is_silent_the_bot_says_so(everything: Everything, lang: str) -> None:
    silent = [r for r in everything.labelled if r.case.gap and r.case.lang == lang]
    unsaid = [f"{r.case.id} {r.case.question!r}" for r in silent if not r.gap]
    assert len(unsaid) <= 0.2 * len(silent), unsaid


@pytest.mark.parametrize("lang", LANGUAGES)
def test_who_asks_for_what_the_source_says_is_not_told_that_it_is_silent(everything: Everything, lang: str) -> None:
    plain = [r for r in of(everything.labelled, lang, "in") if not r.case.gap and not r.case.both]
    silent = [f"{r.case.id} {r.case.question!r}" for r in plain if r.gap and r.case.kind in _ABOUT_THE_FACT]
    assert len(silent) <= 0.06 * len(plain), silent


@pytest.mark.parametrize("lang", LANGUAGES)
def test_two_questions_in_one_message_get_two_answers(everything: Everything, lang: str) -> None:
    both = [r for r in everything.labelled if r.case.both and r.case.lang == lang]
    half = [f"{r.case.id} {r.case.question!r} -> {r.answered}" for r in both if set(r.answered) != set(r.case.expect)]
    assert len(half) <= 0.4 * len(both), half


@pytest.mark.parametrize(
    ("group", "outcomes", "least"),
    [("in", ("hit",), 90), ("in", ("hit", "offered"), 97), ("near", ("held",), 92), ("far", ("held",), 94)],
)
def test_questions_of_other_authors_meet_the_same_bars(
    everything: Everything, group: str, outcomes: tuple[str, ...], least: int
) -> None:
    """Nobody saw these when the phrases were written. By language where there are enough of them, and all together."""
    for lang in (*LANGUAGES, "all"):
        found = of(everything.dev, lang, group)
        if lang == "all" or len(found) >= ENOUGH:
            assert percent(found, *outcomes) >= least, f"{lang}\n{told(found, *FAILED)}"


def test_questions_of_other_authors_are_answered_wrongly_as_seldom(everything: Everything) -> None:
    """In one language they are too few for a share: three of the 72 Kazakh ones are four per cent."""
    found = of(everything.dev, "all", "in")
    assert percent(found, "wrong") <= 2, told(found, "wrong")


def test_what_belongs_elsewhere_is_not_answered(everything: Everything) -> None:
    """The same matters in other countries, at the United Nations, in general, and what the article leaves out of this one;
    one in twenty at most gets an answer that is not one."""
    assert not any(case.expect for case in refused())
    assert percent(everything.refused, "false") <= 5, told(everything.refused, "false")


def test_everything_is_asked_within_the_time(everything: Everything) -> None:
    """Of processor time, so that busy neighbours do not count."""
    assert everything.seconds < SECONDS


# What is known to miss


@pytest.mark.parametrize("case", MISSES, ids=lambda case: case.id)
def test_a_known_miss_still_misses(service: Service, case: Case) -> None:
    """One that hits now is good news: take its line out of known-misses.jsonl."""
    outcome = judge(case, service.ask(case.question)).outcome
    assert outcome in FAILED, f"{case.id} is {outcome} now: take it out of {KNOWN_MISSES.relative_to(ROOT)}"


def test_known_misses_say_why_and_stand_among_the_cases_too() -> None:
    """Hiding them from the measure would make it look better than it is."""
    items = [json.loads(line) for line in KNOWN_MISSES.read_text(encoding="utf-8").splitlines()]
    assert all(item["why"] for item in items)
    known = {(case.id, case.question, case.expect) for case in labelled()}
    assert [case.id for case in MISSES if (case.id, case.question, case.expect) not in known] == []


# What the phrases themselves show


def test_a_phrase_left_out_of_training_is_found_by_the_others(shipped: Base) -> None:
    """Three of four at least: the phrases of an entry support each other, none stands for itself alone."""
    for lang, matcher in shipped[1].items():
        scored, found = matcher.index.unseen
        assert scored > 500, lang
        assert found >= 0.75 * scored, lang


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_entry_is_found_by_its_own_question(service: Service, lang: str) -> None:
    lost = [
        entry.id
        for entry in service.base.entries.values()
        if entry.id not in service.ask(entry.text(lang).question, lang).entries
    ]
    assert lost == []
