"""What becomes of a question in vain: a change of the base that holds new lines only, tried before it stays."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.errors import UsageError
from bot.kb.load import BrokenBase, check
from bot.service import Service
from bot.store.base import MissKind, UnansweredQuestion
from bot.workbench import chosen
from bot.workbench.asked_again import AskedAgain
from bot.workbench.cases import Case
from bot.workbench.chosen import Patch
from bot.workbench.trial import Expected, reader, root_of, tried, undo, write
from bot.workbench.unanswered import Section, Wording, look
from tests.workbench.bases import library, library_service

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return library(tmp_path)


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Service:
    return library_service(library(tmp_path_factory.mktemp("library")))


def content(folder: Path) -> dict[str, str]:
    return {str(path.relative_to(folder)): path.read_text("utf-8") for path in folder.rglob("*.yaml")}


def changed(patch: Patch) -> list[str]:
    """The lines of the diff that are not context."""
    lines = chosen.as_diff(patch).splitlines()
    return [one for one in lines if one[:1] in "+-" and one[:3] not in ("+++", "---")]


def never() -> Service:
    raise AssertionError("nothing is fitted where check has found something")


WIFI = (Wording("en", "is there wifi in the hall"), Wording("ru", "есть ли вайфай"))


def test_a_phrase_is_one_new_line_in_the_file_of_its_language(folder: Path, service: Service) -> None:
    patch = chosen.adding(service.base, reader(folder), "printing", WIFI)
    assert [one.path for one in patch] == ["en/phrases/library.yaml", "ru/phrases/library.yaml"]
    assert changed(patch) == ['+  - "is there wifi in the hall"', '+  - "есть ли вайфай"']
    assert chosen.added(patch) == 2


def test_the_diff_is_a_patch_that_git_applies(folder: Path, service: Service, tmp_path: Path) -> None:
    copy = Path(shutil.copytree(folder, tmp_path / "elsewhere" / "knowledge"))
    patch = chosen.adding(service.base, reader(folder), "printing", WIFI)
    diff = chosen.as_diff(patch).encode()
    subprocess.run(["git", "apply", "--unsafe-paths", "-"], cwd=copy.parent, input=diff, check=True)
    write(folder, patch)
    assert content(copy) == content(folder)


def test_a_patch_names_the_folder_that_the_base_stands_in(tmp_path: Path) -> None:
    assert [root_of(tmp_path / name) for name in ("my-faq", "knowledge", "shipped")] == [
        "my-faq",
        "knowledge",
        "knowledge",
    ]


def test_a_gap_and_a_group_of_a_pack_get_their_phrases_too(folder: Path, service: Service) -> None:
    read, one = reader(folder), WIFI[:1]
    gap = chosen.adding(service.base, read, "presidential-term/first-bound", one)
    assert changed(gap) == ["+  - is there wifi in the hall"]  # without quotes, as its neighbours
    own = chosen.refusing(service.base, read, "other-libraries", one)
    assert changed(own) == ['+    - "is there wifi in the hall"']
    of_pack = chosen.refusing(service.base, read, "jokes-and-small-games", one)
    english = ["+jokes-and-small-games:", "+  more:", '+    - "is there wifi in the hall"']
    assert changed(of_pack) == [*english, "+jokes-and-small-games:", "+  more: []"]
    for patch in (gap, own, of_pack):
        write(folder, patch)
        assert wrong(folder) == set()
        undo(folder, patch)


def test_a_new_entry_begins_in_every_language_and_check_asks_for_its_answers(folder: Path, service: Service) -> None:
    [group] = look([miss("is there wifi in the hall", 1)], AskedAgain(service)).groups
    patch = chosen.beginning(service.base, reader(folder), group, "library", "wifi")
    assert changed(patch)[2:5] == [
        "+    section: agenda",
        '+    question: "Is there wifi in the hall?"',
        '+    answer: ""',
    ]
    assert all(line.startswith("+") for line in changed(patch))
    assert chosen.new_entry(patch) == "wifi"
    write(folder, patch)
    blank = {("en/library.yaml", "empty-answer"), ("ru/library.yaml", "empty-answer")}
    assert wrong(folder) == {*blank, ("ru/library.yaml", "wrong-language")}
    assert ("ru/library.yaml", "no-phrases") in {(one.file, one.rule) for one in check(folder)}


def wrong(folder: Path) -> set[tuple[str, str]]:
    """What keeps the base from being taken: file and rule."""
    return {(one.file, one.rule) for one in check(folder) if not one.warning}


@pytest.mark.parametrize(
    ("choose", "said"),
    [
        (lambda base, read: chosen.adding(base, read, "printin", WIFI), "perhaps printing"),
        (lambda base, read: chosen.adding(base, read, "printing/colour", WIFI), "colour is no gap of printing"),
        (lambda base, read: chosen.refusing(base, read, "other-library", WIFI), "perhaps other-libraries"),
        (lambda base, read: chosen.adding(base, read, "fee", [Wording("de", "Gebühr")]), "give one with --phrase"),
    ],
)  # fmt: skip
def test_what_is_not_there_is_named(folder: Path, service: Service, choose: Callable[..., Patch], said: str) -> None:
    with pytest.raises(UsageError, match=said):
        choose(service.base, reader(folder))


def test_a_change_that_check_refuses_is_taken_back_to_the_letter(folder: Path, service: Service) -> None:
    before, wording = content(folder), (Wording("en", "is there a fine"),)
    patch = chosen.adding(service.base, reader(folder), "printing", wording)
    found = tried(folder, patch, never, service, Expected(wording, entry="printing"))
    assert len(found.troubles) == 1
    assert "[phrase-clash]" in found.troubles[0]
    assert "fines" in found.troubles[0]
    assert content(folder) == before


def test_a_change_by_which_a_case_becomes_worse_is_taken_back_and_the_case_named(
    folder: Path, service: Service
) -> None:
    """The service after the change stands in for one that has learnt too much: it answers nothing any more."""
    before, wording = content(folder), WIFI[:1]
    patch = chosen.adding(service.base, reader(folder), "printing", wording)
    cases = [
        Case("c-1", "en", "is there a fine", ("fines",), "plain"),
        Case("c-2", "ru", "есть ли штраф", ("fines",), "plain"),  # of another language than the change
        Case("c-3", "en", "quarks and zebras", (), "oos-far"),
    ]
    silent = Service(service.base, service.judge.matchers, 1.0)
    silent.judge.thresholds = {
        lang: type(one)(answer=1.01, offer=1.0) for lang, one in service.judge.thresholds.items()
    }
    found = tried(folder, patch, lambda: silent, service, Expected(wording, entry="printing"), cases)
    assert found.asked == 2
    assert [one for one in found.troubles if one.startswith("c-")] == ["c-1 'is there a fine': hit before, missed now"]
    assert any("is not yet for printing" in one for one in found.troubles)
    assert content(folder) == before


def test_whatever_breaks_on_the_way_the_files_are_put_back(folder: Path, service: Service) -> None:
    before = content(folder)
    patch = chosen.adding(service.base, reader(folder), "printing", WIFI)

    def interrupted() -> Service:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        tried(folder, patch, interrupted, service, Expected(WIFI, entry="printing"))
    assert content(folder) == before


def test_an_old_problem_of_the_base_keeps_nobody_from_adding(folder: Path, service: Service) -> None:
    phrases = folder / "en/phrases/library.yaml"
    phrases.write_text(phrases.read_text("utf-8").replace('"membership fee"', '"overdue books"'), "utf-8")
    assert check(folder) != []
    patch = chosen.adding(service.base, reader(folder), "opening-hours", (Wording("en", "is there a fine"),))
    found = tried(folder, patch, never, service, Expected((), entry="opening-hours"))
    assert ["is there a fine" in one for one in found.troubles] == [True]


# Twenty questions from asked in vain to answered

ADDED = {
    "until which hour may one sit here": "opening-hours",
    "на какой час вы запираете двери": "opening-hours",
    "does joining empty my wallet": "fee",
    "бесплатен ли вход для пенсионеров": "fee",
    "how long till I bring the novel back": "loan-period",
    "можно ли продержать том месяц": "loan-period",
    "punishment for forgetting": "fines",
    "сдал поздно что теперь": "fines",
    "toddler without adults": "children",
    "первоклассник сам": "children",
    "colour laser output": "printing",
    "где сделать копию паспорта": "printing",
}
REFUSED = ["museum round the corner", "galleries of the capital", "сколько музеев в Париже", "театр напротив"]
BEGUN = {"wifi password": "wifi", "lockers for bags": "lockers"}
SET_ASIDE = ["asdf qwerty", "йцукен фыва"]


def lang_of(text: str) -> str:
    return "en" if text.isascii() else "ru"


def miss(text: str, number: int) -> UnansweredQuestion:
    return UnansweredQuestion(text, lang_of(text), None, NOW, MissKind.NONE, "", number)


def test_twenty_questions_end_in_one_step_each_and_a_second_look_is_empty(folder: Path, service: Service) -> None:
    texts = [*ADDED, *REFUSED, *BEGUN, *SET_ASIDE]
    assert len(texts) == 20
    before, read = content(folder), reader(folder)
    questions = [miss(text, number) for number, text in enumerate(texts, 1)]
    first = look(questions, silent(AskedAgain(service)))
    marks: set[str] = set()
    for text in texts:
        group = first.find(texts.index(text) + 1)
        assert group is not None
        if text in SET_ASIDE:
            marks |= set(group.marks)
            continue
        wordings = (Wording(lang_of(text), text),)
        if text in ADDED:
            patch = chosen.adding(service.base, read, ADDED[text], wordings)
        elif text in REFUSED:
            patch = chosen.refusing(service.base, read, "other-libraries", wordings)
        else:
            patch = chosen.beginning(service.base, read, group, "library", BEGUN[text])
        assert all(line.startswith("+") for line in changed(patch))
        write(folder, patch)
    for lang, said in {"en": "This is at the desk.", "ru": "Это у стойки."}.items():
        file = folder / lang / "library.yaml"
        file.write_text(file.read_text("utf-8").replace('answer: ""', f"answer: {said}"), "utf-8")
    with (folder / "ru/phrases/library.yaml").open("a", encoding="utf-8") as file:
        file.write("wifi:\n  - пароль от вайфая\nlockers:\n  - шкафчики для сумок\n")
    assert wrong(folder) == set()
    assert only_grown(before, content(folder))
    after = library_service(folder)
    second = look(questions, AskedAgain(after), frozenset(marks))
    answered = {text: after.ask(text, lang_of(text)).entries for text in (*ADDED, *BEGUN)}
    assert answered == {text: (entry,) for text, entry in {**ADDED, **BEGUN}.items()}
    assert second.of(Section.VAIN, Section.WRONG, Section.REPORTED) == ()
    assert right(service) - right(after) == set()


def silent(again: AskedAgain) -> Callable[..., object]:
    """As if the base had answered none of them: what so small a base answers by chance is not the point."""
    return lambda lang, text: replace(again(lang, text), kind=MissKind.DECLINED, entries=())


def right(service: Service) -> set[str]:
    """The labelled questions that are answered as they should: here, those that the base began with."""
    from tests.workbench.bases import ENTRIES

    asked = {(name, lang, texts[lang][0]) for name, texts in ENTRIES.items() for lang in texts}
    return {question for name, lang, question in asked if service.ask(question, lang).entries == (name,)}


def only_grown(before: dict[str, str], after: dict[str, str]) -> bool:
    """Whether each file holds all its old lines, in their order."""
    for name, text in before.items():
        lines = iter(after[name].splitlines())
        if not all(line in lines for line in text.splitlines()):
            return False
    return before.keys() == after.keys()


def test_no_base_is_taken_with_a_skeleton_in_it(folder: Path, service: Service) -> None:
    [group] = look([miss("wifi password", 1)], AskedAgain(service)).groups
    write(folder, chosen.beginning(service.base, reader(folder), group, "library", "wifi"))
    with pytest.raises(BrokenBase, match="empty-answer"):
        library_service(folder)
