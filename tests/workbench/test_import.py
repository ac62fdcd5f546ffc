"""What an import would change: new, changed, as they were, clashing, left out; and what it makes of a question."""

from __future__ import annotations

import datetime
from pathlib import Path

import pytest

from bot.errors import UsageError
from bot.kb.load import check, load
from bot.workbench.editing.draft import Draft
from bot.workbench.exchange.naming import entry_id, topic_id
from bot.workbench.exchange.phrases import Asking
from bot.workbench.exchange.plan import Plan, Wishes, planned, put_into
from bot.workbench.exchange.reading import read_any
from bot.workbench.exchange.records import FaqFile, Misfit, Record
from bot.workbench.scaffolds.base import About, make_base
from tests.kb_bases import small_base

TODAY = datetime.date(2026, 11, 29)


@pytest.fixture
def base(tmp_path: Path) -> Path:
    make_base(tmp_path / "base", About("en", "Library", "Town library"), TODAY)
    return tmp_path / "base"


def faq(*pairs: tuple[str, str], group: str = "") -> FaqFile:
    records = tuple(Record(question, answer, f"row {row}", group) for row, (question, answer) in enumerate(pairs, 2))
    return FaqFile(records, (), "")


def plan_of(folder: Path, found: FaqFile, **wishes: str) -> Plan:
    return planned(load(folder), found, Wishes(**wishes))


def imported(folder: Path, found: FaqFile, **wishes: str) -> Plan:
    plan = plan_of(folder, found, **wishes)
    draft = Draft(folder)
    put_into(draft, load(folder), plan, Wishes(**wishes))
    draft.write()
    return plan


CARD = ("How much is a reader's card?", "It costs 5 pounds a year.")
LOAN = ("How long may I keep a book?", "You may keep it for three weeks.")


def test_what_is_new_answers_and_has_no_problem(base: Path) -> None:
    plan = imported(base, faq(CARD, LOAN), today="2026-11-29")
    assert [one.id for one in plan.new] == ["how-much-is-a-readers-card", "how-long-may-i-keep-a-book"]
    assert [str(one) for one in check(base)] == []
    entry = load(base).entries["how-long-may-i-keep-a-book"]
    assert (entry.topic, entry.source, entry.section) == ("faq", "source", "Questions and answers")
    assert entry.texts["en"].answer == LOAN[1]


def test_a_second_time_nothing_is_new(base: Path) -> None:
    imported(base, faq(CARD, LOAN))
    plan = plan_of(base, faq(CARD, (LOAN[0].upper().rstrip("?"), LOAN[1])))
    assert (len(plan.new), len(plan.changed), len(plan.same)) == (0, 1, 1)  # the wording of the question


def test_another_answer_is_a_change_of_one_text(base: Path) -> None:
    imported(base, faq(CARD, LOAN))
    before = (base / "en" / "faq.yaml").read_text(encoding="utf-8")
    plan = imported(base, faq(CARD, (LOAN[0], "You may keep it for four weeks.")))
    assert [(one.entry.id, one.texts) for one in plan.changed] == [
        ("how-long-may-i-keep-a-book", (("answer", LOAN[1], "You may keep it for four weeks."),))
    ]
    assert (base / "en" / "faq.yaml").read_text(encoding="utf-8") == before.replace("three weeks", "four weeks")


def test_one_question_with_two_answers_clashes_and_with_one_is_taken_once(base: Path) -> None:
    plan = plan_of(base, faq(CARD, (CARD[0], "It is free of charge."), CARD))
    assert len(plan.new) == 1
    assert [str(one) for one in plan.clashing] == [
        f'row 3: "{CARD[0]}" is asked at row 2 too, with another answer; keep one'
    ]
    assert plan.notes == ["row 4: the same as row 2, taken once"]


def test_what_leads_elsewhere_already_clashes(base: Path) -> None:
    plan = plan_of(base, faq(("Can I download the document", "You cannot do that.")))
    assert plan.new == []
    assert "which leads to original" in plan.clashing[0].text


@pytest.mark.parametrize(
    ("question", "answer", "why"),
    [
        ("Why is it so?", "…", "the answer has no word"),
        ("Why is it so?", "word " * 400, "2,000 characters, 1,500 at most"),
        ("???", "It is so.", "the question has no word"),
    ],
)
def test_what_cannot_be_an_entry_is_left_out_and_named(base: Path, question: str, answer: str, why: str) -> None:
    plan = plan_of(base, faq((question, answer), CARD))
    assert len(plan.new) == 1
    assert plan.left_out[0].place == "row 2"
    assert why in plan.left_out[0].text


def test_headings_become_topics_and_a_flag_puts_all_into_one(base: Path) -> None:
    found = faq(CARD, LOAN, group="Карты и сроки")
    plan = imported(base, found)
    assert {(one.topic, one.section) for one in plan.new} == {("karty_i_sroki", "Карты и сроки")}
    assert [str(one) for one in check(base)] == []
    assert load(base).topics["karty_i_sroki"].texts["en"].title == "Карты и сроки"
    assert {one.topic for one in plan_of(base, faq(("Is it far?", "It is near."), group="X"), topic="faq").new} == {
        "faq"
    }


def test_new_topics_stand_in_the_order_of_the_page(base: Path) -> None:
    first = faq(("May I pay by card?", "Yes, at any desk."), group="Zebra crossing")
    both = FaqFile((*first.records, *faq(("Is there a lift?", "Yes, to all floors."), group="Access").records), (), "x")
    assert "en/zebra_crossing.yaml: a new topic, “Zebra crossing”; its emoji" in imported(base, both).notes[0]
    imported(base, faq(("Is it warm?", "Yes, in all rooms."), group="Air"))
    assert list(load(base).topics) == ["zebra_crossing", "access", "air", "faq"]
    assert "  order: 3\n" in (base / "en" / "air.yaml").read_text(encoding="utf-8")


def test_a_base_of_several_topics_wants_one_named(base: Path) -> None:
    imported(base, faq(CARD, group="Cards"))
    with pytest.raises(UsageError, match=r"row 2: .*--topic \(cards, faq\)"):
        plan_of(base, faq(LOAN))


def test_sources_and_sections_are_those_of_the_base(tmp_path: Path) -> None:
    folder = small_base(tmp_path)
    new = faq(("Where is the town hall?", "It is by the river."))
    with pytest.raises(UsageError, match="--section is needed: the base knows agenda"):
        plan_of(folder, new, topic="presidency")
    with pytest.raises(UsageError, match=r"--source nowhere: sources\.yaml has gazette"):
        plan_of(folder, new, topic="presidency", section="agenda", source="nowhere")
    assert plan_of(folder, new, topic="presidency", section="agenda").new[0].source == "gazette-2025-07-10"


def test_another_language_changes_what_it_knows_and_begins_nothing(tmp_path: Path) -> None:
    folder = small_base(tmp_path)
    known = load(folder).entries["presidential-term"].texts["ru"]
    found = faq((known.question, "Другой ответ, на 7 лет."), ("Где ратуша города?", "Она у самой реки."))
    plan = plan_of(folder, found, language="ru")
    assert [one.entry.id for one in plan.changed] == ["presidential-term"]
    assert "a new one comes in en first" in plan.left_out[0].text
    assert plan.notes == ["presidential-term: see whether en still says the same"]
    with pytest.raises(UsageError, match="the base has en, ru"):
        plan_of(folder, found, language="kk")


def test_a_page_in_a_language_that_the_base_has_not_is_not_taken_for_another(base: Path) -> None:
    found = FaqFile((Record(*CARD, "line 1"),), (), "", "de")
    with pytest.raises(UsageError, match="The page is in de, the base has en"):
        plan_of(base, found)
    assert len(plan_of(base, found, language="en").new) == 1


@pytest.mark.parametrize(
    ("question", "phrases"),
    [
        ("How do I return a damaged book?", ["How do I return a damaged book"]),
        ("Prices", ["Prices"]),
        ("May I bring guests (friends, children)?", ["May I bring guests"]),
        ("Where do I moor my boat(s)?", ["Where do I moor my boat"]),
        ("How much is a reader's ticket? Is it really free?", ["How much is a reader's ticket"]),
        # What was cut off would be no question, or lean on the rest
        ("I lost my ticket. How is that possible?", None),
        ("Is the shop fit for phishing / bad software / fraud/..., what to do?", None),
        ("I renewed the loan - but it was not shown, why?", None),
        ("Does it work with A/B tests: or is it for one sheet (PDF)?", ["Does it work with A/B tests: or is it for one sheet"]),
        ("What is it? How does it work with a scanner?", None),
        ("Why (on earth)?", None),
    ],
)  # fmt: skip
def test_phrases_are_whole_questions(base: Path, question: str, phrases: list[str] | None) -> None:
    assert list(Asking(load(base), "en").made(question, "x")) == (phrases or [question.rstrip("?")])


def test_a_phrase_leads_to_one_entry_alone(base: Path) -> None:
    asking = Asking(load(base), "en")
    assert asking.made("How do I extend a loan (of a book)?", "a") == ("How do I extend a loan",)
    assert asking.made("How do I extend a loan (of a film)?", "b") == ("How do I extend a loan (of a film)",)


@pytest.mark.parametrize(
    ("question", "wanted"),
    [
        ("How do I moor and unload the boats we own?", "how-do-i-moor-and-unload-the-boats-we-own"),
        ("Can I moor a boat with an unpaid bill on an old account?", "moor-boat-unpaid-bill-old-account"),
        ("How does it inform me about books that I ordered?", "how-does-it-inform-me-about-books-that-i-ordered"),
        ("How much is a reader's ticket (for a year)? Is it really free of all charges?", "how-much-is-a-readers-ticket"),
        (
            "Somebody uses the reading room for parties - and never for any reading of books, why is that?",
            "somebody-uses-the-reading-room-for-parties",
        ),
    ],
)  # fmt: skip
def test_where_not_all_fits_into_an_id_the_words_go_first_that_any_question_has(
    base: Path, question: str, wanted: str
) -> None:
    asking = Asking(load(base), "en")
    assert entry_id(asking.gist(question), (), asking.light) == wanted
    assert topic_id("All that you may ask about your loans", (), asking.light) == "loans"


def test_a_question_that_any_bot_is_asked_is_imported_all_the_same(base: Path) -> None:
    """The language's pack has phrases for both; what the base answers comes before."""
    plan = plan_of(base, faq(("Is this free?", "Yes, all of it is."), ("Who are you?", "We lend bikes.")))
    assert [one.record.question for one in plan.new] == ["Is this free?", "Who are you?"]


@pytest.mark.parametrize(
    ("question", "wanted"),
    [
        ("Қалай тіркелемін?", "qalay-tirkelemin"),
        ("Сколько стоит билет?", "skolko-stoit-bilet"),
        ("What's new — today?", "whats-new-today"),
        ("How do I get a new card when the old one was stolen abroad?", "how-do-i-get-a-new-card-when-the-old-one-was"),
        ("?", "entry"),
        ("x" * 80, "x" * 48),
    ],
)
def test_ids_are_short_and_plain_and_the_same_each_time(question: str, wanted: str) -> None:
    assert entry_id(question, ()) == wanted
    assert entry_id(question, {wanted}) == f"{wanted[:46].rstrip('-')}-2"


def test_no_topic_takes_the_name_of_a_command() -> None:
    assert topic_id("Help", {"faq"}) == "help_2"


# Tables of questions


def table(folder: Path, text: str, name: str = "faq.csv", **columns: str) -> FaqFile:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    found = read_any(path, columns=columns)
    assert isinstance(found, FaqFile)
    return found


def test_columns_are_known_by_their_names_in_each_language(tmp_path: Path) -> None:
    for head in ("Question,Answer,Topic", "вопрос,Ответ:,Раздел", "СҰРАҚ,жауап,бөлім"):
        found = table(tmp_path, f"{head}\nWhy is it?,It is so.,Reasons\n")
        assert [(one.question, one.answer, one.group) for one in found.records] == [
            ("Why is it?", "It is so.", "Reasons")
        ]


def test_columns_may_be_named_and_must_be_there(tmp_path: Path) -> None:
    found = table(tmp_path, "Frage,Antwort\nWarum?,Es ist so.\n", question="Frage", answer="antwort")
    assert found.records[0].question == "Warum?"
    with pytest.raises(
        UsageError,
        match=r"faq.csv: row 1: no column for question and answer among: Frage, Antwort \(read as CSV, utf-8.*\)\. Name it: --col",
    ):
        table(tmp_path, "Frage,Antwort\nWarum?,Es ist so.\n")


def test_an_empty_cell_is_named_by_row_and_column(tmp_path: Path) -> None:
    found = table(tmp_path, "id,question,answer\n,Why?,\n,,\n,,So it is.\n")
    assert [str(one) for one in found.misfits] == [
        "row 2, column C (answer): empty; write it, or take the row out",
        "row 4, column B (question): empty; write it, or take the row out",
    ]


def test_ids_and_phrases_of_a_table_are_taken(base: Path, tmp_path: Path) -> None:
    found = table(
        tmp_path,
        "id,question,answer,phrases\nhours,When do you open?,We open at nine.,opening times; closed yet\nBad Id,Why is it?,It is so.,\n",
    )
    plan = imported(base, found)
    assert plan.new[0].phrases[:2] == ("opening times", "closed yet")
    assert plan.left_out[0] == Misfit("row 3", '"Bad Id" is no id; an id is a to z, 0 to 9 and -, 48 at most')
    again = table(
        tmp_path, "id,question,answer,phrases\nhours,When are you open?,We open at nine.,opening times; your hours\n"
    )
    change = imported(base, again).changed[0]
    assert (change.texts, change.phrases) == (
        (("question", "When do you open?", "When are you open?"),),
        ("your hours",),
    )
    assert [str(one) for one in check(base)] == []


@pytest.mark.parametrize(
    ("name", "text", "why"), [("faq.pdf", "x", "no kind of file"), ("faq.csv", "", "an empty table")]
)
def test_other_files_are_refused_by_name(tmp_path: Path, name: str, text: str, why: str) -> None:
    with pytest.raises(UsageError, match=why):
        table(tmp_path, text, name)
    with pytest.raises(UsageError, match="cannot be read"):
        read_any(tmp_path / "none.csv")
