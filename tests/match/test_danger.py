"""Whether a message is a cry for help: a small pack of our own, since what is tested is the gate, not the sentences."""

from __future__ import annotations

import math
from dataclasses import replace
from functools import cache
from pathlib import Path

import numpy as np
import pytest

from bot.languages import DangerPack
from bot.languages.packs import traits
from bot.match.learn.danger import Detector, Examples, _threshold, learn
from bot.match.learn.guard import Guard
from bot.match.learn.guarding import _sample, calm_of, examples_of
from bot.match.words.language import Language
from bot.open.base import guard_of
from tests.small_service import small_base

CLASSES = {
    "kin": ["husband", "father", "brother", "stepfather", "boyfriend"],
    "harm": ["beats", "hits", "hurts", "chokes"],
}
CRIES = (
    "my husband beats me",
    "my father hits me every day",
    "my brother hurts me please help",
    "he beats me and i am afraid",
    "help me he hits me",
    "i want to die",
    "i do not want to live any more",
    "i am going to kill myself",
    "somebody please help me i am afraid",
    "my boyfriend chokes me i am scared",
    "they lock me up and hurt me",
    "i am in danger please help me",
)
OTHERS = (
    "what does the law say of a husband who beats his wife",
    "is there a law against those who hit children",
    "how many people die in accidents",
    "who helps those who are in danger",
    "when was the law on violence adopted",
    "where do people live longest",
    "who can lock up a suspect",
    "do fathers have a right to leave",
    "is suicide mentioned in the article",
    "how many brothers does he have",
    "what hurts the economy",
    "what does the article say of fear",
)
REST = (
    "how long may a president serve",
    "is there a death penalty",
    "how many rallies were there",
    "who appoints the judges",
    "may I take a dog with me",
    "what does a ticket cost",
)
MESSAGES = (
    "my stepfather beats me",
    "how many judges are there",
    "please help me",
    "",
    "xqz",
    "i am afraid of the law",
)


@cache
def detector() -> Detector:
    return learn(Language(traits("en"), CLASSES), Examples(CRIES, OTHERS, REST))


def margin(message: str, by: Detector | None = None) -> float:
    by = by or detector()
    return by.margin(by.language.words(message))


def guard(by: Detector | None = None) -> Guard:
    return Guard({"en": by or detector()})


@pytest.mark.parametrize("cry", CRIES)
def test_a_cry_of_the_pack_is_heard(cry: str) -> None:
    assert guard().alarm(cry) is not None


@pytest.mark.parametrize("other", OTHERS + REST)
def test_what_only_looks_like_a_cry_lies_below_all_cries(other: str) -> None:
    assert margin(other) < min(map(margin, CRIES))


@pytest.mark.parametrize(
    "cry", ["My stepfather hits me", "MY BOYFRIEND BEATS ME!!", "please help, he hurts me", "i want to die now"]
)
def test_a_cry_in_other_words_is_heard(cry: str) -> None:
    alarm = guard().alarm(cry)
    assert alarm is not None
    assert (alarm.lang, alarm.languages) == ("en", ("en",))
    assert 0 < alarm.probability <= 1


@pytest.mark.parametrize(
    "message", ["", "   ", "?!", "🙂", "how long may a president serve", "what does a ticket cost"]
)
def test_no_words_and_plain_questions_raise_no_alarm(message: str) -> None:
    assert guard().alarm(message) is None


def test_without_detectors_nobody_is_seen() -> None:
    assert Guard({}).alarm(CRIES[0]) is None


def test_a_class_of_words_stands_for_all_its_words() -> None:
    """No cry has `stepfather`: the detector knows it by the others of its class, and knows less without."""
    plain = learn(Language(traits("en")), Examples(CRIES, OTHERS, REST))
    assert margin("my stepfather beats me") > margin("my stepfather beats me", plain)


def test_learning_twice_gives_the_same() -> None:
    again = learn(Language(traits("en"), CLASSES), Examples(CRIES, OTHERS, REST))
    assert [margin(one, again) for one in MESSAGES] == [margin(one) for one in MESSAGES]
    assert (again.threshold, again.slope, again.offset) == (
        detector().threshold,
        detector().slope,
        detector().offset,
    )


def test_probability_rises_with_the_margin() -> None:
    found = [detector().probability(margin) for margin in np.linspace(-6, 6, 49)]
    assert found == sorted(found)
    assert found[0] < 0.5 < found[-1]
    assert all(0 < one < 1 for one in (detector().probability(-1e9), detector().probability(1e9)))
    assert detector().slope > 0


def test_at_the_threshold_there_is_alarm_and_below_it_none() -> None:
    level = margin(CRIES[0])
    assert guard(replace(detector(), threshold=level)).alarm(CRIES[0]) is not None
    assert guard(replace(detector(), threshold=np.nextafter(level, np.inf))).alarm(CRIES[0]) is None


STORY = "we have lived in this town for many years and the weather was fine all the time "


CRY = "my husband beats me and i am afraid please help me i want to die"


@pytest.mark.parametrize(("before", "after"), [(0, 8), (4, 4), (8, 0), (1, 30), (30, 1)])
def test_a_long_message_is_seen_in_pieces(before: int, after: int) -> None:
    """A story dilutes the few words that tell; wherever they stand, a piece holds them together."""
    message = STORY * before + CRY + " " + STORY * after
    strict = replace(detector(), threshold=0.5, slope=50.0)
    assert margin(message, strict) < strict.threshold
    assert guard(strict).alarm(message) is not None
    assert guard(strict).alarm(STORY * (before + after)) is None


def test_of_many_pieces_one_must_be_the_surer() -> None:
    """Each may err: where the margin tells little of the odds, a piece alone raises no alarm."""
    message = STORY * 20 + CRY
    assert guard(replace(detector(), threshold=0.5, slope=50.0)).alarm(message) is not None
    assert guard(replace(detector(), threshold=0.5, slope=0.5)).alarm(message) is None


def test_the_surest_language_leads_and_all_that_see_it_are_named() -> None:
    deaf = replace(detector(), threshold=1e9)
    timid = replace(detector(), offset=detector().offset - 2)
    alarm = Guard({"de": deaf, "fr": timid, "en": detector()}).alarm(CRIES[0])
    assert alarm is not None
    assert (alarm.lang, alarm.languages) == ("en", ("fr", "en"))


def test_the_other_keyboard_is_read_too() -> None:
    """Who is afraid does not look at the layout: `помоги` typed as `gjvjub`."""
    cries = ("помоги мне", "помогите меня бьют", "он меня бьёт", "я хочу умереть", "мне страшно помоги", "меня убивают")
    others = ("когда принят закон", "кто помогает людям", "сколько судей", "кого бьют", "где живут", "что такое закон")
    russian = learn(Language(traits("ru")), Examples(cries, others, ()))
    typed = "gjvjubnt vtyz ,m.n"
    assert Guard({"ru": russian}).alarm("помогите меня бьют") is not None
    assert Guard({"ru": russian}).alarm(typed) is not None


def test_what_is_plainly_in_one_language_is_not_read_in_the_letters_of_another() -> None:
    easily = replace(detector(), language=Language(traits("ru")), threshold=-math.inf)
    both = Guard({"en": replace(detector(), threshold=1e9), "ru": easily})
    for plain in ("how long may a president serve", "menu", "the help"):
        assert both.alarm(plain) is None
    for other in ("pomogite menya byut", "gjvjubnt vtyz ,m.n", "pomogite", "помогите меня бьют"):
        alarm = both.alarm(other)
        assert alarm is not None
        assert alarm.languages == ("ru",)


# The threshold, on margins made up


def test_as_large_a_part_is_missed_as_is_taken_wrongly() -> None:
    dice = np.random.default_rng(1)
    cries, others = dice.normal(1, 1, 400), dice.normal(-1, 1, 400)
    found = _threshold(cries, others)
    missed, false = np.mean(cries < found), np.mean(others >= found)
    assert abs(missed - false) <= 0.01
    assert abs(found) < 0.3


def test_where_cries_and_others_lie_apart_the_threshold_lies_between() -> None:
    found = _threshold(np.array([2.0, 3.0, 4.0]), np.array([-4.0, -3.0]))
    assert -3.0 < found <= 2.0


@pytest.mark.parametrize(("cries", "others"), [([], []), ([1.0], []), ([], [1.0])])
def test_without_either_the_threshold_is_nought(cries: list[float], others: list[float]) -> None:
    assert _threshold(np.array(cries), np.array(others)) == 0.0


# From a base


def test_a_base_whose_voice_has_no_numbers_to_call_never_looks_for_danger(tmp_path: Path) -> None:
    """Nor does it learn anything for it."""
    base = small_base()
    mute = replace(base, voices={lang: replace(voice, danger=None) for lang, voice in base.voices.items()})
    seen = guard_of(mute, tmp_path / "cache")
    assert [seen.alarm(cry) for cry in CRIES] == [None] * len(CRIES)
    assert not (tmp_path / "cache").exists()


def test_what_people_ask_the_base_is_learned_as_no_cry() -> None:
    """But for the groups whose answer gives the numbers to call: those hold cries themselves."""
    base = small_base()
    name, group = next(iter(base.refusals.items()))
    calls = replace(group, texts={lang: replace(text, say=f"{text.say} 112") for lang, text in group.texts.items()})
    pack = DangerPack({"a": CRIES[:2], "b": CRIES[2:]}, {"c": OTHERS}, CLASSES)
    language, examples = examples_of(base.traits["en"], pack, calm_of(base)["en"])
    _, without = examples_of(
        base.traits["en"], pack, calm_of(replace(base, refusals={**base.refusals, name: calls}))["en"]
    )
    assert (examples.cries, examples.others, language.code) == (CRIES, OTHERS, "en")
    phrases = set(group.text("en").phrases)
    assert phrases <= set(examples.rest)
    assert not phrases & set(without.rest)
    assert len(examples.texts) == len(CRIES) + len(OTHERS) + len(examples.rest)


def test_of_other_languages_a_sample_is_learned_that_no_other_phrase_changes() -> None:
    """Half as many as of the own one, where there are many."""
    asked = {"en": tuple(f"question {n}" for n in range(3000)), "ru": tuple(f"вопрос {n}" for n in range(4000))}
    before = set(_sample(asked, "en"))
    assert 1200 < len(before) < 1800
    assert before < set(asked["ru"])
    edited = asked | {"ru": ("другой вопрос", *asked["ru"][1:])}
    assert set(_sample(edited, "en")) - {"другой вопрос", "вопрос 0"} == before - {"вопрос 0"}
    few = {"en": asked["en"][:5], "ru": asked["ru"][:900]}
    assert tuple(_sample(few, "en")) == few["ru"]
