"""Two bases asked the same: which questions get another answer, which texts are others; for a terminal and for a comment."""

from __future__ import annotations

import json
from dataclasses import replace
from functools import cache

from bot.kb.model import KnowledgeBase
from bot.service import Service
from bot.workbench.cases import Case
from bot.workbench.diff import Diff, as_lines, counts, difference
from bot.workbench.diff_markdown import MOST, as_markdown
from bot.workbench.runs import Came, CaseChange
from bot.workbench.texts import ChangedText, changed_phrases, changed_texts
from tests.small_service import small_base, small_service

PENALTY, TERM = "Is there a death penalty in Kazakhstan?", "How long may a president serve?"
CASES = (
    Case("p1", "en", PENALTY, ("death-penalty",), "plain"),
    Case("t1", "en", TERM, ("presidential-term",), "plain"),
    Case("n1", "en", "What is the death penalty in Kazakhstan?", (), "near"),
)


def with_answer(base: KnowledgeBase, entry: str, answer: str) -> KnowledgeBase:
    whole = base.entries[entry]
    texts = {**whole.texts, "en": replace(whole.texts["en"], answer=answer)}
    return replace(base, entries={**base.entries, entry: replace(whole, texts=texts)}, digest="0" * 64)


@cache
def strict() -> Service:
    """One that answers nothing: its thresholds are out of reach."""
    service = small_service().with_caution(1.0)
    service.judge.thresholds = {
        lang: replace(one, answer=2, offer=2, half=2, guess=2) for lang, one in service.judge.thresholds.items()
    }
    return service


def found(old: Service, new: Service, *logged: tuple[str, str]) -> Diff:
    return difference(("before", old), ("after", new), CASES, logged)


def test_the_same_base_twice_differs_in_nothing() -> None:
    same = found(small_service(), small_service(), ("en", TERM))
    assert (same.cases.better, same.cases.worse, same.cases.other, same.logged, same.texts, same.phrases) == ((),) * 6
    assert same.asked == 4
    assert "no outcome changed" in counts(same)


def test_answers_that_are_lost_are_worse_and_false_ones_that_are_lost_are_better() -> None:
    there = found(small_service(), strict())
    assert [change.id for change in there.cases.worse] == ["p1", "t1"]
    assert [change.id for change in there.cases.better] == ["n1"]
    back = found(strict(), small_service())
    assert [change.id for change in back.cases.better] == ["p1", "t1"]


def test_each_change_stands_with_its_old_and_new_answer_the_worst_first() -> None:
    lines = list(as_lines(found(small_service(), strict())))
    assert lines[0].startswith("old  before, digest ")
    at = lines.index(f"worse: p1 [en] {PENALTY}")
    assert lines[at + 1].startswith("    old  hit: answer death-penalty, ")
    assert lines[at + 2].startswith("    new  missed: decline")
    assert at < next(i for i, line in enumerate(lines) if line.startswith("better: n1"))


def test_what_gets_no_answer_before_and_after_is_counted_unless_all_is_wanted() -> None:
    there = found(small_service(), small_service())
    came = [Came("en", "quarks?", "None None", "held", 0, reply, 0.2) for reply in ("decline (sport)", "offer a, b")]
    gap = [
        Came("en", TERM, "a None None", "hit", 0, reply, 0.9) for reply in ("answer a", "numbers to call, answer a/b")
    ]
    other = (CaseChange("q1", *came), CaseChange("q2", *gap))
    there = replace(there, cases=replace(there.cases, other=other))
    lines = list(as_lines(there))
    assert [line for line in lines if line.startswith("other:")] == [
        f"other: q2 [en] {TERM}",
        "other: 1 more without an answer, as before, with another offer or refusal (--all lists them)",
    ]
    assert "other: q1 [en] quarks?" in list(as_lines(there, every=True))


def test_logged_questions_are_asked_once_each_in_their_language() -> None:
    there = found(strict(), small_service(), ("en", TERM), ("en", TERM), ("en", "zzz"), ("fr", PENALTY))
    assert there.logged_size == 3
    assert [(one.question, one.old, one.new) for one in there.logged] == [
        (TERM, "decline", "answer presidential-term"),
        (PENALTY, "decline", "answer death-penalty"),
    ]
    assert "3 logged ones: 2 get another reply, 2 are answered now." in counts(there)


def test_texts_that_changed_are_named_by_entry_language_and_part() -> None:
    base = small_base()
    new = with_answer(base, "death-penalty", "It is gone.")
    old = base.entries["death-penalty"].texts["en"].answer
    assert changed_texts(base, new) == [ChangedText("death-penalty", "en", "answer", old, "It is gone.")]
    assert changed_texts(base, base) == []


def test_an_entry_that_came_or_went_shows_all_its_texts() -> None:
    base = small_base()
    less = replace(base, entries={name: entry for name, entry in base.entries.items() if name != "court-access"})
    gone = changed_texts(base, less)
    assert {(one.what, one.new) for one in gone} == {("court-access", "")}
    assert {one.part for one in gone} >= {"question", "answer"}
    assert {(one.what, one.old) for one in changed_texts(less, base)} == {("court-access", "")}


def test_phrases_are_counted_by_entry_and_language() -> None:
    base = small_base()
    entry = base.entries["court-access"]
    text = replace(entry.texts["kk"], phrases=("жаңа", *entry.texts["kk"].phrases[2:]))
    new = replace(base, entries={**base.entries, entry.id: replace(entry, texts={**entry.texts, "kk": text})})
    (change,) = changed_phrases(base, new)
    assert (change.what, change.lang, change.added, change.removed) == ("court-access", "kk", 1, 2)


def test_the_document_holds_everything_as_json() -> None:
    document = json.loads(json.dumps(found(small_service(), strict(), ("en", TERM)).document()))
    assert [one["id"] for one in document["worse"]] == ["p1", "t1"]
    assert document["worse"][0]["before"]["reply"] == "answer death-penalty"
    assert document["asked"] == {"labelled": 3, "logged": 1}
    assert document["logged"][0]["new"].startswith("decline")


def test_a_comment_is_a_table_that_folds_and_what_people_wrote_is_only_text() -> None:
    evil = "death | penalty <img src=x> @team #1 [x](http://x) `code` **bold**\n| a |"
    case = Case("e|1", "en", f"{PENALTY} {evil}", ("death-penalty",), "plain")
    there = difference(("before", small_service()), ("after", strict()), [*CASES, case])
    text = as_markdown(there)
    row = next(line for line in text.splitlines() if "img" in line)
    for raw in ("<img", "@team", "#1", "](http://", "`code`", "**bold**"):
        assert raw not in row
    assert row.replace(r"\|", "").count("|") == 5
    assert "<details open><summary>3 worse</summary>" in text
    assert text.count("<details") == text.count("</details>")


def test_a_comment_stays_within_what_can_be_posted_and_says_what_is_left_out() -> None:
    there = found(small_service(), strict())
    many = replace(there, cases=replace(there.cases, worse=there.cases.worse * 400))
    text = as_markdown(many)
    assert MOST - 1000 < len(text) < 65_000
    assert "more rows: `reformbot diff` lists them." in text
    assert text.count("<details") == text.count("</details>")
