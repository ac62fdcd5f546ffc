"""What strangers' talks with the bot showed: who is in danger, the language of a talk, what others add, yes and no, corrections."""

from __future__ import annotations

import pytest

from bot.conversation import Conversation
from bot.reply import ReplyKind, plain
from bot.service import Outcome, Service
from bot.turns import START, Said, State, after

TERM = "How long may a president serve?"


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
    found = cared(service, "my husband beats me", "how long is the president's term?", "hello", *["thanks"] * 5)
    assert found[1].entries == ("presidential-term",)
    assert not found[1].danger
    assert [outcome.danger for outcome in found[2:]] == [True] * 2 + [False] * 4, "thanks stand alone after a while"


def test_who_was_misread_is_told_so_and_may_give_thanks(service: Service) -> None:
    """What only sounds like a cry gets a conditional, and nothing more of it when it is over."""
    found = cared(service, "бензин опять подорожал, скоро на ишаке на работу ездить буду", "спасибо")
    voice = service.base.voice("ru")
    assert found[0].doubted
    assert found[0].reply.text == f"{voice.danger_doubted}\n\n{voice.say('misread')}"
    assert not found[1].danger


def test_who_called_for_help_is_offered_no_guesses(service: Service) -> None:
    _, later = cared(service, "меня избил муж", "он ушёл. что делать теперь?")
    assert service.ask("он ушёл. что делать теперь?").reply.choices  # by itself it is
    assert (later.reply.text, later.reply.choices) == (service.base.voice("ru").danger_again, ())


def test_a_cry_in_doubt_gets_the_numbers_again_where_there_is_no_answer(service: Service) -> None:
    """For two messages; a refusal is told only to who asks for it."""
    first, second, third, answered = cared(
        service, "Мою дочь в школе травят", "мы из Узбекистана, 6 человек", "что мне делать", "срок президента"
    )
    again = service.base.voice("ru").danger_again or "?"
    assert first.doubted
    assert second.reply.text == again
    assert plain(third.reply).startswith(again)
    assert answered.entries == ("presidential-term",)
    assert not answered.danger


def test_who_calls_for_help_and_asks_what_the_source_says_gets_choices_below_the_numbers(service: Service) -> None:
    (outcome,) = cared(service, "my husband hit me again, what does the article say about that?")
    assert plain(outcome.reply).startswith(service.base.voice("en").danger or "?")
    assert [one.entry for one in outcome.reply.choices] == ["domestic-violence"]


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
    outcome, _ = Conversation(service).ask("а за клевету посадят?", None, state)
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


@pytest.mark.parametrize("message", ["art 10?", "para 3"])
def test_real_words_of_a_language_are_not_read_in_other_letters(service: Service, message: str) -> None:
    assert Conversation(service).ask(message)[0].reply.lang == "en"


def test_an_entry_gives_the_least_there_are_in_every_language_or_in_none(service: Service) -> None:
    """ "Only one term" is no "more than"."""
    bounds = {lang: manner.bounds for lang, manner in service.judge.manners.items()}
    assert "upr-states" in bounds["kk"]
    assert bounds["kk"] == bounds["en"] == bounds["ru"]


def test_more_than_the_least_there_are_is_no_other_number(service: Service) -> None:
    assert Conversation(service).ask("шолуға 149 мемлекет қатысты ма?", "kk")[0].reply.lead == ()


# After a list


def test_half_a_question_after_a_list_leads_to_the_choice_that_answers_it(service: Service) -> None:
    page, answer, more = cared(service, "what is the quota", "only for women?", "what percent?")
    assert page.reply.topic == "elections"
    assert (answer.entries, more.entries) == (("party-list-quota",),) * 2
    assert not answer.reply.answers[0].brief
    assert more.reply.answers[0].brief


def test_after_a_list_nothing_is_said_to_stand_above(service: Service) -> None:
    above, asked = service.base.voice("ru").say("not_found_after"), "с какого возраста можно"
    assert cared(service, "как избирают сельских акимов", asked)[-1].reply.text == above
    assert cared(service, "как избирают сельских акимов", "какие есть квоты", asked)[-1].reply.text != above
