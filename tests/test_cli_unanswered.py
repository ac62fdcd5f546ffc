"""The command `unanswered` from the list to the end of each question, over a store and a base of its own."""

from __future__ import annotations

import asyncio
import io
import sys
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from bot.cli import main
from bot.store.base import MissKind, Records
from bot.store.connect import open_store
from tests.fitted import PLACE, alone
from tests.workbench.bases import library, library_service


@dataclass(frozen=True, slots=True)
class Place:
    """A base, and a database beside it; the cache is the one that the tests of the library share."""

    folder: Path
    database: str

    def run(self, *args: str, given: str = "") -> tuple[int, str, str]:
        out, err, code = io.StringIO(), io.StringIO(), 0
        with pytest.MonkeyPatch.context() as patch, alone(PLACE / "library" / "cache"):
            for name, value in {
                "STATE_DIR": str(PLACE / "library"),
                "KNOWLEDGE_DIR": str(self.folder),
                "DATABASE_URL": self.database,
            }.items():
                patch.setenv(name, value)
            for name, new in {
                "argv": ["reformbot", *args],
                "stdin": io.StringIO(given),
                "stdout": out,
                "stderr": err,
            }.items():
                patch.setattr(sys, name, new)
            try:
                main()
            except SystemExit as ended:
                code = int(ended.code or 0)
        return code, out.getvalue(), err.getvalue()

    def stored(self, work: Callable[[Records], Awaitable[object]]) -> object:
        async def run() -> object:
            store = await open_store(self.database, self.folder)
            try:
                return await work(store)
            finally:
                await store.close()

        return asyncio.run(run())

    def ask(self, *texts: str, kind: MissKind = MissKind.NONE, lang: str = "en") -> None:
        async def work(store: Records) -> None:
            for text in texts:
                await store.add_unanswered(text, lang, None, "somebody", kind=kind)

        self.stored(work)


@pytest.fixture
def place(tmp_path: Path) -> Place:
    folder = library(tmp_path)
    library_service(folder)
    return Place(folder, f"sqlite:///{tmp_path / 'bot.sqlite3'}")


def test_a_question_is_listed_becomes_a_phrase_and_is_gone(place: Place) -> None:
    place.ask("is there wifi in the hall", "until when are you open")
    code, out, err = place.run("unanswered")
    assert code == 0
    assert "1  1 × en" in out
    assert "until when" not in out  # the base answers it now
    assert "  reformbot unanswered add 1 " in err
    phrases = place.folder / "en/phrases/library.yaml"
    before = phrases.read_text("utf-8")
    code, out, err = place.run("unanswered", "add", "1", "printing", "--diff")
    assert (code, phrases.read_text("utf-8")) == (0, before)
    assert '+  - "is there wifi in the hall"' in out
    code, out, err = place.run("unanswered", "add", "1", "printing")
    assert code == 0, err
    assert '  - "is there wifi in the hall"\n' in phrases.read_text("utf-8")
    assert "1 wording(s) now lead to printing" in err
    assert place.run("unanswered")[1:] == ("", "Nothing was asked in vain.\n")


def test_a_question_becomes_an_entry_that_answers_it_in_one_step(place: Place) -> None:
    place.ask("is there wifi in the hall")
    said = ["--topic", "library", "--entry", "wifi", "--answer", "It is free in all rooms."]
    code, out, _ = place.run("unanswered", "new", "1", *said, "--diff")
    assert code == 0
    assert out.startswith("--- a/knowledge/en/library.yaml\n")
    code, out, err = place.run("unanswered", "new", "1", *said)
    assert code == 0, err
    assert '+    question: "Is there wifi in the hall?"' in out
    assert "now lead to wifi. --cases DIR would try labelled ones, too." in err
    assert place.run("unanswered")[2] == "Nothing was asked in vain.\n"
    assert "It is free in all rooms." in place.run("ask", "is there wifi in the hall")[1]


def test_an_entry_that_is_only_begun_says_what_stands_still_until_it_is_written(place: Place) -> None:
    place.ask("is there wifi in the hall")
    code, out, err = place.run("unanswered", "new", "1", "--topic", "library", "--entry", "wifi")
    assert (code, out) == (0, "wifi begun in en/library.yaml, ru/library.yaml, en/phrases/library.yaml.\n")
    assert "until then check, unanswered and a bot that reloads refuse" in err


def test_an_answer_in_the_first_language_is_for_what_was_asked_in_it(place: Place) -> None:
    place.ask("кварки и зебры", lang="ru")
    code, _, err = place.run("unanswered", "new", "1", "--topic", "library", "--answer", "It is free in all rooms.")
    assert (code, err) == (2, "Nobody asked it in en, the base's first language: begin it without --answer.\n")


def test_what_to_do_next_names_the_base_that_was_named(place: Place) -> None:
    place.ask("quarks and zebras")
    err = place.run("unanswered", "--knowledge", str(place.folder))[2]
    lines = [line for line in err.splitlines() if "reformbot unanswered" in line]
    assert len(lines) == 4
    assert all(f" --knowledge {place.folder}  " in line for line in lines)


def test_what_was_set_aside_stays_away(place: Place) -> None:
    place.ask("quarks and zebras")
    assert place.run("unanswered", "dismiss", "1")[0] == 0
    place.ask("zebras and quarks?")
    assert place.run("unanswered")[2] == "Nothing was asked in vain.\n"


def test_a_change_that_clashes_is_taken_back_and_the_reason_named(place: Place) -> None:
    place.ask("quarks and zebras")
    phrases = place.folder / "en/phrases/library.yaml"
    before = phrases.read_text("utf-8")
    code, _, err = place.run("unanswered", "add", "1", "printing", "--phrase", "is there a fine")
    assert (code, phrases.read_text("utf-8")) == (1, before)
    assert "Taken back" in err
    assert "[phrase-clash]" in err
    assert place.run("unanswered")[1].startswith("Asked in vain (1)")


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (["add", "9", "printing"], "No question has the number 9"),
        (["add", "1", "printin"], "perhaps printing"),
        (["refuse", "1", "other-library"], "perhaps other-libraries"),
        (["new", "1", "--topic", "libary"], "libary is no topic; give --topic"),
        (["--kind", "all"], "one of vain, wrong, reported, refused"),
    ],
)
def test_wrong_words_are_two_and_named(place: Place, args: list[str], said: str) -> None:
    place.ask("quarks and zebras")
    code, _, err = place.run("unanswered", *args)
    assert code == 2
    assert said in err


def test_the_terminal_and_ask_keep_what_they_are_told_to(place: Place) -> None:
    place.run("ask", "quarks and zebras", "--keep")
    place.run("ask", "quarks and gnus")
    place.run("chat", "--keep", given="is there a fine\n/wrong\n/quit\n")
    code, out, _ = place.run("unanswered", "--json")
    assert code == 0
    assert '"quarks and zebras"' in out
    assert "gnus" not in out
    assert '"kinds": {"not-meant": 1}' in out
    assert place.run("ask", "--batch", "--keep")[0] == 2
