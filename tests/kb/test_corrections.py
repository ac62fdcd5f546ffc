"""What was corrected: checked against the entry, told under the answer and by /news; a base without says nothing of it."""

from __future__ import annotations

import io
from pathlib import Path

import pytest

from bot.channels.telegram.looks import render
from bot.channels.terminal import Terminal
from bot.kb.load import load, obstacles
from bot.kb.model import KnowledgeBase
from bot.news import SHOWN, has_news, news
from bot.reply import Reply, ReplyKind, answer_part, plain
from bot.service import Service
from tests.kb_bases import check_small, edit, small_base

ENGLISH = """\
term-of-five:
  date: 2026-08-03
  entry: presidential-term
  old: a single term of five years
  new: a single term of seven years
  why: The term was copied wrongly.
rallies:
  date: 2026-09-01
  entry: rallies-held
  old: over 1,000
  new: over 1,500
  why: The source was read again.
"""
RUSSIAN = """\
term-of-five: {old: один срок в пять лет, new: один срок в семь лет, why: Срок был переписан неверно.}
rallies: {old: более 1000, new: более 1500, why: Источник прочитан заново.}
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    base = small_base(tmp_path)
    (base / "en/corrections.yaml").write_text(ENGLISH, encoding="utf-8")
    (base / "ru/corrections.yaml").write_text(RUSSIAN, encoding="utf-8")
    say(base)
    return base


def say(base: Path) -> None:
    """What the small base leaves to the languages' packs."""
    sentences = {
        "corrected": ("Corrected on {date}: {text}", "Исправлено {date}: {text}"),
        "news_corrected": ("Corrected answers", "Исправленные ответы"),
        "news_added": ("New questions", "Новые вопросы"),
    }
    for key, texts in sentences.items():
        names = "{date} {text}" if key == "corrected" else ""
        for lang, text in zip(("en", "ru"), texts, strict=True):
            edit(base, f"{lang}/voice.yaml", f"  {key}: {key} {names}".rstrip() + "\n", f'  {key}: "{text}"\n')


def rules(folder: Path) -> list[str]:
    return [f"{one.file}:{one.line} {one.rule}" for one in check_small(folder)]


def test_a_base_with_corrections_is_in_order(folder: Path) -> None:
    assert obstacles(folder) == []
    base = load(folder)
    assert [one.id for one in base.corrections] == ["rallies", "term-of-five"]  # the newest first
    assert base.corrections[1].text("ru").new == "один срок в семь лет"
    assert base.check_by == ("2027-02-20", "2027-02-20")


@pytest.mark.parametrize(
    ("name", "old", "new", "wanted"),
    [
        ("en", "2026-08-03", "August 2026", "en/corrections.yaml:2 bad-date"),
        ("en", "entry: presidential-term", "entry: presidential-terms", "en/corrections.yaml:3 unknown-entry"),
        ("en", "term of five years", "term of seven years", "en/corrections.yaml:4 correction-of-nothing"),
        ("en", "a single term of five years", "serves a single term", "en/corrections.yaml:4 correction-not-made"),
        ("en", "The term was copied wrongly.", '"…"', "en/corrections.yaml:6 empty-text"),
        ("en", "  why: The term was copied wrongly.\n", "", "en/corrections.yaml:1 missing-key"),
        ("en", "term-of-five:", "Term of five:", "en/corrections.yaml:1 bad-id"),
        ("ru", "один срок в пять лет", "избирается на один срок", "ru/corrections.yaml:1 correction-not-made"),
        ("ru", "более 1000", "более 1100", "ru/corrections.yaml:2 numbers-differ"),
        ("ru", "rallies:", "rally:", "ru/corrections.yaml:2 unknown-correction"),
        ("ru", "rallies:", "rally:", "ru/corrections.yaml:1 untranslated"),
    ],
)
def test_what_is_wrong_with_a_correction_is_named(folder: Path, name: str, old: str, new: str, wanted: str) -> None:
    edit(folder, f"{name}/corrections.yaml", old, new)
    assert wanted in rules(folder)


def test_what_is_new_may_hold_what_was_old(folder: Path) -> None:
    edit(folder, "en/corrections.yaml", "a single term of five years", "a single term")
    assert rules(folder) == []


def test_a_correction_of_an_entry_that_is_gone_keeps_no_base_from_working(folder: Path) -> None:
    edit(folder, "en/corrections.yaml", "entry: rallies-held", "entry: rallies-gone")
    assert [one.id for one in load(folder).corrections] == ["term-of-five"]


def test_corrections_cannot_be_judged_where_they_cannot_be_read(folder: Path) -> None:
    (folder / "en/corrections.yaml").write_text("a: [", encoding="utf-8")
    assert rules(folder) == ["en/corrections.yaml:2 yaml-syntax"]


@pytest.mark.parametrize(
    ("lang", "line"),
    [
        ("en", "Corrected on 3 August 2026: The term was copied wrongly."),
        ("ru", "Исправлено 3 августа 2026\u202fг.: Срок был переписан неверно."),
    ],
)
def test_the_last_correction_stands_below_the_answer_and_its_source(folder: Path, lang: str, line: str) -> None:
    base = load(folder)
    part = answer_part(base, base.entries["presidential-term"], lang)
    reply = Reply(lang, ReplyKind.ANSWER, answers=(part,))
    assert plain(reply).endswith(line)
    assert render.answer(part).endswith(f"<i>{line}</i>")


def test_the_newest_of_several_is_the_last(folder: Path) -> None:
    edit(folder, "en/corrections.yaml", "entry: rallies-held", "entry: presidential-term")
    base = load(folder)
    assert "read again" in str(answer_part(base, base.entries["presidential-term"], "en").corrected)
    assert answer_part(base, base.entries["rallies-held"], "en").corrected is None


def test_news_are_the_last_corrections_and_the_newest_entries(folder: Path) -> None:
    edit(folder, "en/liberties.yaml", "    as_of: new-law", "    as_of: new-law\n    added: 2026-10-02")
    base = load(folder)
    text = news(base, "en").text
    assert text.index("Corrected answers") < text.index("over 1,000") < text.index("five years")
    assert text.index("five years") < text.index("New questions") < text.rindex("How many rallies were there?")


def test_news_are_a_few(folder: Path) -> None:
    more = "".join(ENGLISH.replace("term-of-five:", f"term-{n}:").split("rallies:")[0] for n in range(9))
    (folder / "en/corrections.yaml").write_text(more, encoding="utf-8")
    assert news(load(folder), "en").text.count("five years") == SHOWN


def test_the_day_on_which_an_entry_was_added_is_a_day(folder: Path) -> None:
    edit(folder, "en/liberties.yaml", "    as_of: new-law", "    as_of: new-law\n    added: last week")
    assert rules(folder) == ["en/liberties.yaml:15 bad-date"]


def said(base: KnowledgeBase, *lines: str) -> str:
    out = io.StringIO()
    terminal = Terminal(Service(base, {}), out)
    for line in lines:
        terminal.answer(line)
    return out.getvalue()


def test_a_base_without_says_nothing_of_it(tmp_path: Path) -> None:
    base = load(small_base(tmp_path))
    assert not has_news(base)
    assert answer_part(base, base.entries["presidential-term"], "en").corrected is None
    assert "news" not in said(base, "/help")
    assert said(base, "/news") == said(base, "/help")


def test_a_base_with_corrections_names_the_command_and_has_it(folder: Path) -> None:
    base = load(folder)
    assert "help_news" in said(base, "/help")
    assert "Corrected answers" in said(base, "/news")
