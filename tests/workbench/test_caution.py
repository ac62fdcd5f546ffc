"""The advised caution is the lowest that keeps near questions unanswered, says what it stands on, or that it cannot say."""

from __future__ import annotations

from functools import cache

import pytest

from bot.match.decide.decision import Thresholds
from bot.reply import Choice, Reply, ReplyKind
from bot.service import Outcome, Service
from bot.workbench.cases import Case
from bot.workbench.caution import Advice, Ask, advise, as_text, enough_for, interval
from bot.workbench.evaluate import evaluate
from tests.small_service import small_base, small_service

SILENT = Outcome(Reply("en", ReplyKind.DECLINE, choices=(Choice("a", "b"),)))


@cache
def answered() -> Outcome:
    return small_service().ask("Is there a death penalty in Kazakhstan?")


def ask_with(caution: float) -> Ask:
    """A question is the caution from which on it gets no answer, in hundredths."""
    return lambda question: SILENT if caution >= int(question) / 100 else answered()


def cases(*until: int, inside: int = 0) -> list[Case]:
    near = [Case(f"n{i}", "en", str(at), (), "oos-near") for i, at in enumerate(until)]
    return near + [Case(f"i{i}", "en", str(60 + i), ("death-penalty",), "plain") for i in range(inside)]


def advice(bar: float, *until: int, inside: int = 0) -> Advice:
    return advise(ask_with, evaluate(ask_with(0.35), cases(*until, inside=inside)), bar, 0.35)


def test_the_lowest_caution_below_the_bar_is_named_with_what_it_stands_on() -> None:
    found = advice(5, *[0] * 96, 20, 40, 70, 90, inside=20)
    assert (found.caution, found.false, found.near, found.false_now) == (0.0, 4, 100, 3)
    found = advice(3, *[0] * 96, 20, 40, 70, 90, inside=20)
    assert (found.caution, found.false) == (0.2, 3)
    found = advice(3, *[0] * 196, 20, 40, 60, 70, 80, 90, 95, inside=20)
    assert (found.caution, found.false, found.hits, found.hits_now) == (0.2, 6, 20, 20)
    said = as_text(advice(2, *[0] * 196, 20, 40, 60, 70, 80, 90, 95, inside=20))
    assert "0.6. It stands on 203 near questions, of which 4 (2.0 %) are answered then" in said


def test_more_caution_costs_right_answers_and_the_advice_says_how_many() -> None:
    found = advice(2, *[0] * 196, *[65] * 10, inside=20)
    assert (found.caution, found.hits_now, found.hits) == (0.65, 20, 14)


@pytest.mark.parametrize(("bar", "enough"), [(5, 59), (2, 149), (1, 299), (50, 5)])
def test_too_few_are_fewer_than_would_show_it_if_none_were_answered(bar: float, enough: int) -> None:
    assert enough_for(bar) == enough
    assert advice(bar, *[0] * (enough - 1)).caution is None
    assert "too few to say" in as_text(advice(bar, *[0] * (enough - 1)))
    assert advice(bar, *[0] * enough).caution == 0


def test_where_no_caution_will_do_it_says_so() -> None:
    found = advice(5, *[0] * 90, *[200] * 10)
    assert (found.caution, found.false) == (None, 10)
    assert "none. With the highest 10 of 100 are still answered" in as_text(found)


def test_the_interval_is_wilsons() -> None:
    assert interval(0, 59) == pytest.approx((0.0, 0.0611), abs=0.001)
    assert interval(5, 100) == pytest.approx((0.0215, 0.1118), abs=0.001)


def test_a_service_with_another_caution_is_the_same_but_for_its_thresholds() -> None:
    bold, strict = (small_service().with_caution(caution) for caution in (0.0, 1.0))
    assert isinstance(strict, Service)
    assert bold.base is strict.base is small_base()
    pairs = [(bold.judge.thresholds[lang], strict.judge.thresholds[lang]) for lang in small_base().languages]
    assert all(isinstance(one, Thresholds) and one.answer < two.answer for one, two in pairs)
