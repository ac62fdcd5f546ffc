"""The chat in a terminal: commands, numbers, languages."""

from __future__ import annotations

import io
import sys
from pathlib import Path

import pytest

from bot import commands
from bot.channels.terminal import Missed, Terminal, chat
from bot.store.base import MissKind
from tests.small_service import hesitant_service, small_service


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


@pytest.mark.parametrize("name", sorted(commands.EVERYBODY - {"help", commands.NEWS}))
def test_every_command_that_telegram_lists_is_known_here_too(name: str) -> None:
    unknown = talk("/nonsense")
    assert talk(f"/{name}") != unknown


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


def test_a_number_out_of_the_list_is_a_question_and_picks_nothing() -> None:
    shown = len(small_service().topic("justice", "en"))
    assert talk("/justice", str(shown + 1)) != talk("/justice", str(shown))


def test_what_was_picked_offers_choices_of_its_own() -> None:
    """The numbers always belong to the last list on the screen."""
    service = small_service()
    first = service.topic("justice", "en")[0].entry
    then = service.entry(first, "en").choices[0]
    assert service.base.entries[then.entry].text("en").answer in talk("/justice", "1", "1")


def test_commands_speak_the_language_of_the_last_reply() -> None:
    assert small_service().base.voice("ru").say("help") in talk("Есть ли в Казахстане смертная казнь?", "/help")


def test_a_chosen_language_holds_where_the_question_leaves_it_open() -> None:
    assert small_service().base.voice("kk").say("empty") in talk("/kk", "?!")


@pytest.mark.parametrize("line", ["/", "/ ", "//", "/justice@some_bot", "/JUSTICE", "/start now", "/random", "/about"])
def test_every_command_line_gets_some_reply(line: str) -> None:
    assert talk(line).strip()


def test_a_command_may_carry_the_name_of_the_bot_and_capitals() -> None:
    assert talk("/JUSTICE@some_bot") == talk("/justice")


@pytest.mark.parametrize("line", ["/quit", "/exit", "/q"])
def test_there_are_three_words_for_leaving(line: str) -> None:
    assert talk(line) == small_service().base.voice("en").say("terminal_bye") + "\n\n"


def test_the_welcome_names_the_commands() -> None:
    out = io.StringIO()
    Terminal(small_service(), out).welcome()
    assert "/topics" in out.getvalue()
    assert "/quit" in out.getvalue()


def test_piped_questions_get_replies_and_no_prompt_welcome_colour_or_history(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO("Is there a death penalty in Kazakhstan?\n\n/quit\nhello\n"))
    chat(small_service(), tmp_path / "history")
    said = capsys.readouterr().out
    voice = small_service().base.voice("en")
    assert said.startswith("According to the article, the death penalty")
    assert said.rstrip().endswith(voice.say("terminal_bye"))
    assert voice.small_talk["greeting"].say not in said
    assert "\033" not in said
    assert not (tmp_path / "history").exists()


def kept(*lines: str, hesitant: bool = False) -> list[Missed]:
    found: list[Missed] = []
    terminal = Terminal(hesitant_service() if hesitant else small_service(), io.StringIO(), keep=found.append)
    for line in lines:
        terminal.answer(line)
    terminal.close()
    return found


TERM = "How long may a president serve?"


def test_wrong_shows_the_next_best_two_and_keeps_the_question() -> None:
    said = talk(TERM, "/wrong").split("\n\n")
    others = "\n\n".join(said)
    assert small_service().base.voice("en").say("not_this_others") in others
    assert [(one.question, one.kind, one.nearest) for one in kept(TERM, "/wrong")] == [
        (TERM, MissKind.NOT_MEANT, "presidential-term")
    ]
    assert small_service().base.voice("en").say("none_forgotten") in talk("/wrong")


def test_a_number_after_wrong_picks_one_of_the_two() -> None:
    offered = small_service().others(TERM, "en", "presidential-term")
    assert len(offered) == 2
    assert small_service().entry(offered[1].entry, "en").answers[0].answer in talk(TERM, "/wrong", "2")


def test_a_choice_of_which_nothing_is_taken_is_kept_once() -> None:
    question = "judges or president"
    assert kept(question, "1", hesitant=True) == []
    for after in ("/quit", "thank you"):
        assert [one.kind for one in kept(question, after, hesitant=True)] == [MissKind.OFFERED]
    assert [one.kind for one in kept(question, "none of these", hesitant=True)] == [MissKind.NONE]


def test_an_error_is_reported_behind_the_command() -> None:
    [miss] = kept(TERM, "/wrong it is ten years now")
    assert (miss.kind, miss.note, miss.nearest) == (MissKind.REPORTED, "it is ten years now", "presidential-term")
    assert kept("/wrong something") == []


def test_what_is_answered_is_kept_by_nobody() -> None:
    assert kept(TERM, "hello") == []
