"""What the last turns mean for a message. The state is handed in and handed back; it holds nothing of what was asked."""

from __future__ import annotations

from dataclasses import fields
from functools import cache

import pytest

from bot.conversation import Conversation
from bot.reply import ReplyKind, plain
from bot.service import Outcome, Service
from bot.turns import START, Said, State, after, known
from tests.small_service import small_base, small_service

TERM = "How long may a president serve?"


@cache
def conversation() -> Conversation:
    return Conversation(small_service())


def talk(*messages: str, preferred: str | None = "en") -> tuple[Outcome, State]:
    """The last outcome of a talk from its beginning, and the state after it."""
    state = START
    for message in messages:
        outcome, state = conversation().ask(message, preferred, state)
    return outcome, state


def test_the_state_is_the_answers_what_was_offered_and_the_language() -> None:
    outcome, state = talk(TERM)
    assert state.said == (Said("presidential-term"),)
    assert state.offered == tuple(one.entry for one in outcome.reply.choices)
    assert state.lang == "en"
    assert {field.name for field in fields(State)} == {"said", "offered", "lang", "cared", "asks"}


def test_a_few_answers_are_kept_each_once_the_latest_last() -> None:
    state = START
    for entry in [*small_base().entries, "presidential-term"]:
        state = after(state, small_service().entry(entry, "en"))
    assert len(state.said) == 5
    assert state.entry == "presidential-term"
    assert len({said.entry for said in state.said}) == 5


def test_a_refusal_or_small_talk_leaves_the_answer_before_where_it_was() -> None:
    visa = "How do I get a Kazakh visa?"
    assert talk(TERM, visa)[0].entries == ()
    assert talk(TERM, visa)[1].entry == talk(TERM, "thanks")[1].entry == "presidential-term"


def test_what_the_base_has_no_more_is_not_followed_up() -> None:
    state = State((Said("presidential-term"), Said("gone")), ("gone", "death-penalty"), "en")
    assert known(state, small_base()) == State((Said("presidential-term"),), ("death-penalty",), "en")


@pytest.mark.parametrize("message", ["more", "simpler", "go back", "none of these"])
def test_with_nothing_before_nothing_is_answered(message: str) -> None:
    assert talk(message)[0].entries == ()


@pytest.mark.parametrize(("message", "lang"), [("since when?", "en"), ("с каких пор?", "ru"), ("қашаннан бері?", "kk")])
def test_a_bare_question_with_nothing_before_is_asked_back(message: str, lang: str) -> None:
    reply = talk(message)[0].reply
    assert (reply.kind, reply.text) == (ReplyKind.DECLINE, small_base().voice(lang).say("about_what"))


def test_a_number_beyond_what_was_offered_gets_the_list_again() -> None:
    reply = talk(TERM, "number 9")[0].reply
    assert reply.title == small_base().voice("en").say("no_such_choice")
    assert [one.entry for one in reply.choices] == [one.entry for one in talk(TERM)[0].reply.choices]


def test_the_last_of_what_was_offered_can_be_picked() -> None:
    assert talk(TERM, "the last one")[0].entries == (talk(TERM)[1].offered[-1],)


def test_a_bare_number_that_was_not_offered_is_a_question() -> None:
    assert talk("7")[0].verdicts
    assert talk(TERM, "259")[0].verdicts
    assert talk(TERM, "1")[0].entries == (talk(TERM)[1].offered[0],)


def test_back_from_the_only_answer_says_that_there_is_no_more() -> None:
    assert talk(TERM, "go back")[0].reply.text == small_base().voice("en").say("no_more")


def test_back_twice_is_two_answers_back() -> None:
    first, second, third = TERM, "Is there a death penalty in Kazakhstan?", "Have the courts become more independent?"
    assert talk(first, second, third, "go back", "go back")[0].entries == ("presidential-term",)


def test_the_same_text_is_never_said_twice_by_a_follow_up() -> None:
    """Once more in short, as all that there is; then that there is no more."""
    state = after(START, small_service().entry("death-penalty", "en"))
    said = []
    for _ in range(3):
        outcome, state = conversation().ask("and when exactly?", "en", state)
        said.append(plain(outcome.reply))
    assert small_base().entries["death-penalty"].text("en").answer not in "".join(said)
    assert said[1].startswith(small_base().voice("en").say("no_other"))


def test_a_whole_question_gets_its_whole_answer_again() -> None:
    assert talk(TERM, TERM)[0].reply == talk(TERM)[0].reply


def test_simpler_is_the_first_sentence_and_nothing_beyond() -> None:
    (part,) = talk(TERM, "in short")[0].reply.answers
    whole = small_base().entries["presidential-term"].text("en").answer
    assert whole.startswith(part.answer)
    assert len(part.answer) < len(whole)
    assert (part.context, part.as_of, part.brief) == ((), None, True)


@pytest.mark.parametrize(
    ("message", "topic"),
    [
        ("tell me about elections", "elections"),
        ("расскажи про выборы", "elections"),
        ("сайлау туралы айтшы", "elections"),
    ],
)
def test_a_topic_named_in_any_wording_opens_its_page(service: Service, message: str, topic: str) -> None:
    outcome, state = Conversation(service).ask(message)
    assert outcome.reply.topic == topic
    assert state.offered == service.base.topics[topic].entries


def test_a_broad_request_is_no_follow_up(service: Service) -> None:
    state = State((Said("parliament-oversight"),), (), "en")
    outcome, _ = Conversation(service).ask("tell me about elections", "en", state)
    assert outcome.reply.topic == "elections"


@pytest.mark.parametrize("message", ["what?", "so what", "huh"])
def test_who_is_puzzled_gets_no_page_of_another_topic(service: Service, message: str) -> None:
    for entry in service.base.entries:
        outcome, _ = Conversation(service).ask(message, "en", State((Said(entry),), (), "en"))
        assert outcome.reply.topic in ("", service.base.entries[entry].topic)


def test_who_is_in_danger_is_heard_before_all_else() -> None:
    outcome, _ = talk(TERM, "My husband beats me and I am afraid")
    assert outcome.danger


@pytest.mark.parametrize(
    ("message", "bare"),
    [
        ("ok thanks, more please", "more"),
        ("thanks, in simple words", "in simple words"),
        ("рахмет, қысқаша", "қысқаша"),
        ("Thank you! Shorter", "shorter"),
        ("понятно, спасибо, подробнее", "подробнее"),
        ("рақмет, қысқарақ айтшы", "қысқарақ айтшы"),
        ("thanks! and since when?", "and since when?"),
        ("спасибо, а с какого года?", "а с какого года?"),
    ],
)
def test_thanks_hide_nothing_of_what_a_message_wants(message: str, bare: str) -> None:
    found, wanted = talk(TERM, message)[0].reply, talk(TERM, bare)[0].reply
    assert (found.kind, plain(found)) == (wanted.kind, plain(wanted))
    assert found.kind in (ReplyKind.INFO, ReplyKind.ANSWER)


def test_a_move_behind_courtesies_is_none_of_who_seems_in_danger(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Service, "in_danger", lambda _self, _question: True)
    assert talk(TERM, "ok thanks, in short")[0].reply.lead != talk(TERM, "in short")[0].reply.lead


def test_a_choice_behind_courtesies_is_taken() -> None:
    second = talk(TERM, "number 2")[0].entries
    assert second
    assert talk(TERM, "hmm ok, the second please")[0].entries == second


# After a cry for help


def cared(service: Service, *messages: str) -> list[Outcome]:
    state, found = START, []
    for message in messages:
        outcome, state = Conversation(service).ask(message, None, state)
        found.append(outcome)
    return found


@pytest.mark.parametrize(
    ("lang", "messages"),
    [
        ("en", ("my husband beats me", "who can I talk to", "thank you", "is anybody there")),
        ("ru", ("муж избивает меня", "какой номер?", "спасибо", "а ночью они отвечают?")),
        ("kk", ("күйеуім мені ұрады", "қайда қоңырау шаламын", "рахмет", "түнде жауап бере ме")),
    ],
)
def test_what_has_no_answer_after_a_cry_for_help_gets_the_numbers_again(
    service: Service, lang: str, messages: tuple[str, ...]
) -> None:
    first, *later = cared(service, *messages)
    assert plain(first.reply).startswith(service.base.voice(lang).danger or "?")
    for outcome in later:
        assert plain(outcome.reply).startswith(service.base.voice(lang).danger_again or "?")


def test_who_called_for_help_and_asks_something_that_has_an_answer_gets_it(service: Service) -> None:
    found = cared(service, "my husband beats me", TERM, "hello", *["thanks"] * 5)
    assert found[1].entries == ("presidential-term",)
    assert not found[1].danger
    assert [outcome.danger for outcome in found[2:]] == [True] * 4 + [False] * 2


# In the language of the talk


@pytest.mark.parametrize(
    ("before", "message", "lang"),
    [
        ("президенттің мерзімі қанша жыл", "рахмет", "kk"),
        ("сколько лет длится срок президента", "рахмет", "ru"),
        ("сколько лет длится срок президента", "рипатриация", "ru"),
        ("омбудсменнің өкілеттігі кеңейді ме", "омбудсмен", "kk"),
    ],
)
def test_a_word_of_several_languages_is_one_of_the_talk(service: Service, before: str, message: str, lang: str) -> None:
    assert cared(service, before, message)[1].reply.lang == lang


def test_what_is_said_of_the_talk_is_understood_in_other_letters_too(service: Service) -> None:
    said = cared(service, "сколько лет длится срок президента", "podrobnee")[1].reply
    assert said.text == service.base.voice("ru").say("no_more")


# What stands beside the source


def test_a_follow_up_to_what_others_add_gets_that(service: Service) -> None:
    state = after(START, service.entry("repatriation", "ru"))
    outcome, _ = Conversation(service).ask("а что такое Жусан?", None, state)
    (part,) = outcome.reply.answers
    assert part.brief
    assert any("Жусан" in item.text for item in part.context)
    assert len(part.context) < len(service.base.entries["repatriation"].text("ru").context)


def test_a_follow_up_that_is_told_all_is_told_where_the_rest_stands(service: Service) -> None:
    state = after(START, service.entry("defamation", "ru"))
    outcome, _ = Conversation(service).ask("точно не сажают?", None, state)
    assert outcome.reply.lead == (service.base.voice("ru").say("all_said_above"),)


def test_a_list_is_not_said_twice(service: Service) -> None:
    state = after(START, service.entry("words-explained", "ru"))
    outcome, _ = Conversation(service).ask("а УПО?", None, state)
    assert outcome.reply.text == service.base.voice("ru").say("no_other")


# Yes and no


@pytest.mark.parametrize(("lang", "yes", "no"), [("en", "yes please", "no"), ("ru", "да", "нет"), ("kk", "иә", "жоқ")])
def test_yes_to_the_only_choice_takes_it_and_no_asks_anew(service: Service, lang: str, yes: str, no: str) -> None:
    state = State(offered=("presidential-term",), lang=lang, asks=True)
    talk = Conversation(service)
    assert talk.ask(yes, None, state)[0].entries == ("presidential-term",)
    assert talk.ask(no, None, state)[0].reply.text == service.base.voice(lang).say("ask_anew")
    assert talk.ask(no, None, state)[0].none


def test_yes_to_several_choices_is_no_choice(service: Service) -> None:
    state = State(offered=("presidential-term", "death-penalty"), lang="en", asks=True)
    outcome, later = Conversation(service).ask("yes", None, state)
    assert [one.entry for one in outcome.reply.choices] == list(state.offered)
    assert later.asks


def test_yes_to_an_answer_is_small_talk(service: Service) -> None:
    state = after(START, service.entry("presidential-term", "en"))
    assert state.offered
    assert Conversation(service).ask("yes", None, state)[0].reply.kind is ReplyKind.SMALL_TALK


def test_more_of_the_only_choice_is_that_one(service: Service) -> None:
    state = State(offered=("presidential-term",), lang="ru", asks=True)
    assert Conversation(service).ask("подробнее", None, state)[0].entries == ("presidential-term",)


@pytest.mark.parametrize("lang", ["en", "ru", "kk"])
def test_which_asks_for_the_choices_again(service: Service, lang: str) -> None:
    state = State(offered=("presidential-term", "death-penalty"), lang=lang, asks=True)
    word = {"en": "which?", "ru": "какое?", "kk": "қайсысы?"}[lang]
    outcome, _ = Conversation(service).ask(word, None, state)
    assert [one.entry for one in outcome.reply.choices] == list(state.offered)


# What is meant


@pytest.mark.parametrize(
    ("before", "message", "entry"),
    [
        ("torture-fund", "no, I meant trafficking", "human-trafficking"),
        ("torture-fund", "нет, я про торговлю людьми", "human-trafficking"),
        ("torture-fund", "жоқ, мен адам саудасы туралы сұрап едім", "human-trafficking"),
        ("upr-recommendations", "who is the author of the article", "source-kind"),
    ],
)
def test_what_puts_right_or_stands_for_itself_leads_away(
    service: Service, before: str, message: str, entry: str
) -> None:
    state = State((Said(before),))
    assert Conversation(service).ask(message, None, state)[0].entries == (entry,)


@pytest.mark.parametrize(
    ("lang", "message"),
    [
        ("en", "I want to walk in a march, is notifying enough"),
        ("ru", "а пройти колонной тоже хватит уведомления?"),
        ("kk", "шеруге шықсақ та хабарлама жете ме"),
    ],
)
def test_who_plans_a_march_is_told_what_others_say_of_it_first(service: Service, lang: str, message: str) -> None:
    (part,) = Conversation(service).ask(message, lang)[0].reply.answers
    assert (part.entry, part.gap_id) == ("peaceful-assembly", "marches")
    assert part.filled
