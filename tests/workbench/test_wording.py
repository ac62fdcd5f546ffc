"""What an import words anew: a bare yes gets its question, a button a short question, where there is a sensible one."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.kb.lint.phrases import MAX_PHRASE
from bot.kb.load import check, load
from bot.workbench.editing.draft import Draft
from bot.workbench.exchange.records import FaqFile, Record
from bot.workbench.exchange.wording import label, self_contained
from bot.workbench.scaffolds.parts import Adding, EntryWords, add_entry
from tests.kb_bases import edit
from tests.workbench.test_import import CARD, base, faq, imported, plan_of

__all__ = ["base"]  # the fixture


@pytest.mark.parametrize(
    ("question", "answer", "wanted"),
    [
        ("Is it free?", "Yes.", "Is it free? Yes."),
        ("Это бесплатно?", "Да, конечно.", "Это бесплатно? Да, конечно."),
        ("Тегін бе?", "Иә, тегін.", "Тегін бе? Иә, тегін."),
        ("Стоимость", "Бесплатно.", "Стоимость: Бесплатно."),
        ("Is it free?", "– Yes", "Is it free? Yes"),
        ("How is it begun?", "./start.sh", "How is it begun?\n\n./start.sh"),
        ("How is it begun?", "make --all", "How is it begun?\n\nmake --all"),
        ("When are you open?", "9–18, Mon-Fri", "When are you open? 9–18, Mon-Fri"),
        ("Is it free?", "Yes, for every reader.", "Yes, for every reader."),
    ],
)
def test_an_answer_of_a_few_words_says_what_it_answers(question: str, answer: str, wanted: str) -> None:
    assert self_contained(question, answer) == wanted


def test_a_bare_yes_is_taken_with_its_question_and_is_the_same_the_second_time(base: Path) -> None:
    """Whoever gets it for a question that was misread must see which one was answered."""
    short = faq(("Is it free?", "Yes."), ("What does it cost?", "Nothing."), ("IS IT FREE?", "Yes."))
    plan = imported(base, short)
    assert plan.left_out == plan.clashing == []
    assert [str(one) for one in check(base) if not one.warning] == []
    assert load(base).entries["is-it-free"].texts["en"].answer == "Is it free? Yes."
    assert 'row 2: "Yes." is given with its question before it' in plan.notes[1]
    again = plan_of(base, faq(*((one.question, one.answer) for one in short.records[:2])))
    assert (len(again.new), len(again.changed), len(again.same)) == (0, 0, 2)


def test_an_answer_that_somebody_wrote_short_is_no_change(base: Path) -> None:
    imported(base, faq(CARD))
    edit(base, "en/faq.yaml", CARD[1], "It varies.")
    assert len(plan_of(base, faq((CARD[0], "It varies."))).same) == 1


@pytest.mark.parametrize(
    ("question", "wanted"),
    [
        ("May I pay by card?", ""),
        ("May I pay by card (Visa, Mastercard, Maestro and others)?", "May I pay by card?"),
        ("Сколько стоят ваши услуги? Это действительно бесплатно?", "Сколько стоят ваши услуги?"),
        ("I renewed it in time. Why am I asked to pay a fine nevertheless?", ""),
        ("Why? Because somebody said that it is not allowed to enter?", ""),
        ("How does the library tell me that my books are overdue?", ""),
        ("Банктер (реттеушілер, қорлар және басқалары) қалай қосыла алады?", "Банктер қалай қосыла алады?"),
    ],
)
def test_a_button_gets_a_whole_question_or_none(question: str, wanted: str) -> None:
    assert label(question) == wanted


def test_a_label_is_made_where_no_other_entry_is_called_so_and_the_others_are_named(base: Path) -> None:
    long = "May I pay at the desk by card (Visa, Mastercard and others)?"
    plan = imported(
        base,
        faq(
            (long, "You may, at any time."), (CARD[0] + " And what does it cost those who live abroad?", CARD[1]), CARD
        ),
    )
    assert [one.record.short for one in plan.new] == ["May I pay at the desk by card?", "", ""]
    assert plan.notes[-1].startswith("on a button the end of 1 question(s) is cut; write `short` for how-much-is-a-re")
    assert [one.rule for one in check(base)] == ["button-too-long"]


def test_no_question_of_a_file_is_a_phrase_of_the_question_before_it(base: Path) -> None:
    plan = plan_of(base, faq((CARD[0] + " And what does it cost those who live abroad?", CARD[1]), CARD))
    assert len(plan.new) == 2
    assert plan.clashing == []


def test_a_phrase_that_was_given_is_kept_or_the_reason_is_said(base: Path) -> None:
    given = ("Card price", "contact details", "???", "word " * 80, "card price!", CARD[0])
    found = FaqFile((Record(*CARD, "row 2", phrases=given),), (), "")
    plan = imported(base, found)
    (new,) = plan.new
    assert new.phrases[0] == "Card price"
    assert [note.removeprefix("row 2: ").replace(f" is no phrase of {new.id}", "") for note in plan.notes] == [
        '"contact details": it leads to contact already; take it out there, or reword this',
        '"???": it has no word',
        f'"{("word " * 80)[:60]}": 399 characters, {MAX_PHRASE} at most',
        '"card price!": it is there already',
        f'"{CARD[0]}": it is the question, which is learnt as it stands',
    ]
    again = plan_of(base, FaqFile((Record(*CARD, "row 2", phrases=("full text", "fee")),), (), ""))
    assert again.changed[0].phrases == ("fee",)
    assert '"full text" is no phrase of how-much-is-a-readers-card: it leads to original already' in again.notes[0]


def test_a_new_entry_says_which_phrase_it_did_not_take(base: Path) -> None:
    adding = Adding(load(base), Draft(base), "2026-11-29")
    entry = add_entry(adding, EntryWords("", "", *CARD, ("card price", "full text")))
    assert [one for one in adding.left if "full text" in one] == [
        f'en/phrases/faq.yaml: "full text" is no phrase of {entry}: it leads to original already; '
        "take it out there, or reword this"
    ]
    adding.draft.write()
    assert "card price" in load(base).entries[entry].texts["en"].phrases
