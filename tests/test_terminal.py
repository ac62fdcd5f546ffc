"""The chat in a terminal: commands, numbers, languages."""

from __future__ import annotations

import io

from bot.channels.terminal import Terminal
from tests.small_service import small_service


def talk(*lines: str, paint: bool = False) -> str:
    out = io.StringIO()
    terminal = Terminal(small_service(), out, paint=paint)
    for line in lines:
        if not terminal.answer(line):
            break
    return out.getvalue()


def test_a_number_picks_one_of_the_choices() -> None:
    said = talk("/justice", "1")
    assert small_service().topic("justice", "en")[0].text in said
    assert "Source:" in said


def test_a_number_without_choices_is_a_question() -> None:
    assert talk("1")


def test_commands_are_understood_and_unknown_ones_get_help() -> None:
    base = small_service().base
    assert base.voice("en").say("help") in talk("/nonsense")
    assert base.voice("en").say("privacy") in talk("/privacy")
    assert base.topics["justice"].text("en").title in talk("/topics")


def test_the_language_can_be_chosen() -> None:
    assert small_service().base.voice("kk").say("language_set") in talk("/kk")
    assert small_service().base.topics["justice"].text("ru").title in talk("/ru", "/topics")


def test_quit_ends_and_nothing_after_it_is_read() -> None:
    assert talk("/quit", "/topics").count("\n\n") == 1


def test_an_empty_line_prints_nothing() -> None:
    assert talk("  ") == ""


def test_answers_are_bold_only_where_a_person_looks() -> None:
    question = "Is there a death penalty in Kazakhstan?"
    assert "\033[1m" in talk(question, paint=True)
    assert "\033[" not in talk(question)
