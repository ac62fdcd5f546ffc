"""JSON lines in, JSON lines out: in order, one for each, and a bad line is named."""

from __future__ import annotations

import json

import pytest

from bot.errors import UsageError
from bot.workbench.batch import answer_lines, as_document
from tests.small_service import small_service

KEYS = ["id", "decision", "entries", "gap", "gaps", "suggestions", "score", "lang", "danger", "verdict", "text"]


def answered(*lines: str) -> list[dict[str, object]]:
    return [json.loads(line) for line in answer_lines(small_service(), lines)]


def test_every_line_gets_one_in_order_and_blank_ones_none() -> None:
    found = answered(
        '{"id": 2, "q": "hello"}', "", '{"id": "a", "q": "Is there a death penalty?"}', "  \n", '{"id": null, "q": ""}'
    )
    assert [one["id"] for one in found] == [2, "a", None]
    assert [one["decision"] for one in found] == ["small_talk", "answer", "decline"]
    assert all(list(one) == KEYS for one in found)


def test_an_answer_tells_entry_score_language_and_text() -> None:
    (found,) = answered('{"id": 1, "q": "Есть ли в Казахстане смертная казнь?"}')
    assert (found["entries"], found["lang"], found["gap"], found["suggestions"]) == (["death-penalty"], "ru", False, [])
    assert 0 < found["score"] <= 1
    assert "Euractiv" in found["text"]


def test_a_gap_is_told() -> None:
    (found,) = answered('{"id": 1, "q": "In what year did Kazakhstan end capital punishment?"}')
    assert found["gap"] is True
    assert found["gaps"] == ["death-penalty/year"]


def test_an_answer_that_asks_for_no_gap_names_none() -> None:
    (found,) = answered('{"id": 1, "q": "Is there a death penalty?"}')
    assert (found["gap"], found["gaps"], found["danger"]) == (False, [], False)


def test_danger_is_told_and_the_text_has_the_numbers_to_call() -> None:
    (found,) = answered('{"id": 1, "q": "My husband beats me and I am afraid"}')
    assert (found["danger"], found["decision"], found["entries"]) == (True, "small_talk", [])
    assert found["text"] == small_service().base.voice("en").danger


def test_a_question_that_leans_on_the_entry_before_is_read_with_it() -> None:
    """`previous` is the entry answered before; one that the base does not have is as none."""
    found = answered(
        '{"id": 1, "q": "And when?", "previous": "death-penalty"}',
        '{"id": 2, "q": "And when?"}',
        '{"id": 3, "q": "And when?", "previous": "no-such-entry"}',
        '{"id": 4, "q": "And when?", "previous": null}',
    )
    assert found[0]["gaps"] == ["death-penalty/year"]
    assert all("death-penalty" not in one["entries"] for one in found[1:])


def test_the_language_decides_where_the_question_leaves_it_open() -> None:
    found = answered(
        '{"id": 1, "q": "2022", "lang": "kk"}',
        '{"id": 2, "q": "2022", "lang": "ru"}',
        '{"id": 3, "q": "?", "lang": "xx"}',
    )
    assert [one["lang"] for one in found] == ["kk", "ru", "en"]


def test_a_reply_that_is_neither_counts_as_declined() -> None:
    assert as_document(small_service().ask("a" * 5000))["decision"] == "decline"


def test_texts_stay_readable() -> None:
    (line,) = answer_lines(small_service(), ['{"id": "é", "q": "Сколько лет может править президент?"}'])
    assert "президент" in line.casefold()
    assert "\\u" not in line


@pytest.mark.parametrize("line", ["x", "[]", "3", '{"id": 1}', '{"q": "x"}', '{"id": 1, "q": 5}', '{"id": 1, "q": null}', '{"id": 1, "q": "x", "lang": 3}', '{"id": 1, "q": "x", "previous": 3}'])  # fmt: skip
def test_a_bad_line_is_named_with_its_number_and_what_is_expected(line: str) -> None:
    with pytest.raises(UsageError, match=r'line 2: expected \{"id"') as caught:
        answered('{"id": 1, "q": "hello"}', line)
    assert caught.value.exit_code == 2


def test_lines_before_the_bad_one_are_answered() -> None:
    lines = answer_lines(small_service(), ['{"id": 1, "q": "hello"}', "x"])
    assert json.loads(next(lines))["id"] == 1
    with pytest.raises(UsageError):
        next(lines)
