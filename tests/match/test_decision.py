"""What the judge makes of rankings: answer, suggest, decline or small talk, and in which language."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import pytest

from bot.languages.packs import traits
from bot.match.decide.decision import SUGGESTIONS, Answer, Decline, Judge, SmallTalk, Suggest, Thresholds
from bot.match.decide.matcher import Candidate, Matcher, Ranking
from bot.match.learn.fit import fit
from bot.match.learn.index import Index
from bot.match.learn.labels import Kind, Label
from bot.match.learn.phrases import Phrases
from bot.match.words.language import Language
from bot.match.words.reading import How, Reading
from tests.match.test_matcher import MUSEUM, REFUSALS

RUSSIAN = {
    "hours": ["когда вы открываетесь", "часы работы", "до скольки открыто", "во сколько закрываетесь", "работаете в воскресенье"],
    "price": ["сколько стоит билет", "цена билета", "почем вход", "дорого ли", "плата за вход", "стоимость 300"],
    "price/children": ["платят ли дети", "бесплатно ли детям", "цена для ребенка", "детский билет"],
    "place": ["где вы находитесь", "адрес музея", "как доехать", "какая улица", "остановка автобуса"],
    "dogs": ["можно ли с собакой", "пускаете собак", "вход с животными", "можно с щенком", "собаки в музее"],
    "weather": ["будет ли дождь", "погода завтра", "холодно ли", "прогноз погоды", "идет ли снег"],
    "cooking": ["как испечь хлеб", "рецепт супа", "сколько варить яйцо", "соус для пасты", "как сварить рис"],
}  # fmt: skip
TALK = {"greeting": ["hello", "hi there", "good morning", "hey"], "cry": ["help me he is beating me", "i want to die", "save me please"]}  # fmt: skip


def labelled(phrases: dict[str, list[str]]) -> list[tuple[Label, str]]:
    found = []
    for name, texts in phrases.items():
        owner, _, gap = name.partition("/")
        kind = Kind.REFUSAL if name in REFUSALS else Kind.SMALL_TALK if name in TALK else Kind.ENTRY
        found += [(Label(owner, gap or None, kind), text) for text in texts]
    return found


@cache
def indexes() -> dict[str, Index]:
    english = {**MUSEUM, "price": [*MUSEUM["price"], "is it 300"], **TALK}
    phrases = {
        "en": Phrases.of(Language(traits("en")), labelled(english)),
        "ru": Phrases.of(Language(traits("ru")), labelled(RUSSIAN)),
    }
    return fit(phrases)


@cache
def judge(caution: float = 0.35) -> Judge:
    return Judge({lang: Matcher(index) for lang, index in indexes().items()}, caution)


def ranking(score: float, *, refusal: Candidate | None = None, refused: bool = False, lang: str = "en") -> Ranking:
    """As a matcher would give it, with scores of our own."""
    reading = Reading(How.TYPED, ("w",), (1.0,), (), ("w",), (), 1.0)
    others = (Candidate(Label("price"), score / 2), Candidate(Label("place"), score / 4), Candidate(Label("dogs"), 0.0))
    return Ranking(lang, reading, (Candidate(Label("hours"), score), *others), refusal, refused)


class Fixed(Matcher):
    """A matcher whose ranking is given: real in all else."""

    def __init__(self, index: Index, given: Ranking) -> None:
        super().__init__(index)
        self.given = given

    def rank(self, question: str, limit: int = 5, *, phrases: bool = False) -> Ranking:
        return self.given


def limits() -> Thresholds:
    return judge().thresholds["en"]


def between() -> float:
    return (limits().answer + limits().offer) / 2


def decided(given: Ranking) -> Answer | Suggest | Decline | SmallTalk:
    return Judge({"en": Fixed(indexes()["en"], given)}).decide("any words").decision


TALKING = Candidate(Label("greeting", kind=Kind.SMALL_TALK), 0.9)
GROUP = Candidate(Label("weather", kind=Kind.REFUSAL), 0.9)


def test_at_the_answer_threshold_it_answers() -> None:
    decision = decided(ranking(limits().answer))
    assert isinstance(decision, Answer)
    assert decision.chosen.label.owner == "hours"


def test_below_it_offers_three_at_most_and_none_without_any_chance() -> None:
    decision = decided(ranking(between()))
    assert isinstance(decision, Suggest)
    assert 1 <= len(decision.choices) <= SUGGESTIONS
    assert Label("dogs") not in [c.label for c in decision.choices]


def test_what_is_likelier_than_a_guess_is_offered_even_where_the_own_phrases_score_more() -> None:
    """Of a hundred entries one has a hundredth by chance."""
    one = Judge({"en": Fixed(indexes()["en"], ranking(0.02))})
    one.thresholds["en"] = replace(limits(), offer=0.1, guess=0.01)
    assert isinstance(one.decide("any words").decision, Suggest)
    one.thresholds["en"] = replace(limits(), offer=0.1, guess=0.03)
    assert isinstance(one.decide("any words").decision, Decline)


def test_with_a_stronger_refusal_that_leads_little_it_offers_and_keeps_the_group() -> None:
    unclear = replace(ranking(between(), refusal=GROUP, refused=True), clear=False)
    decision = decided(unclear)
    assert isinstance(decision, Suggest)
    assert decision.refusal == GROUP


def test_with_a_refusal_likelier_than_not_nothing_is_offered_that_is_not() -> None:
    assert between() < 0.5
    assert isinstance(decided(ranking(between(), refusal=GROUP, refused=True)), Decline)


def test_a_group_that_leads_little_gives_no_words() -> None:
    decision = decided(replace(ranking(limits().alone / 2, refusal=GROUP, refused=True), clear=False))
    assert isinstance(decision, Decline)
    assert decision.refusal is None


def test_at_the_bottom_it_declines() -> None:
    decision = decided(ranking(limits().alone / 2))
    assert isinstance(decision, Decline)
    assert decision.refusal is None
    assert decision.nearest


def test_at_the_bottom_a_refusal_group_gives_the_words() -> None:
    decision = decided(ranking(limits().alone / 2, refusal=GROUP, refused=True))
    assert isinstance(decision, Decline)
    assert decision.refusal == GROUP


def test_a_refusal_that_is_weaker_than_the_entry_is_not_mentioned() -> None:
    decision = decided(ranking(limits().alone / 2, refusal=GROUP, refused=False))
    assert isinstance(decision, Decline)
    assert decision.refusal is None


def test_sure_small_talk_is_small_talk() -> None:
    assert decided(ranking(limits().alone / 2, refusal=TALKING, refused=True)) == SmallTalk("en", "greeting")
    assert decided(ranking(between(), refusal=TALKING, refused=True)) == SmallTalk("en", "greeting")


def test_unsure_small_talk_is_declined_without_a_group() -> None:
    unsure = replace(TALKING, score=0.2)
    decision = decided(ranking(limits().alone / 2, refusal=unsure, refused=True))
    assert isinstance(decision, Decline)
    assert decision.refusal is None


def test_an_answer_beats_small_talk() -> None:
    assert isinstance(decided(ranking(limits().answer, refusal=TALKING, refused=False)), Answer)


def test_a_question_without_known_words_is_declined() -> None:
    reading = Reading(How.TYPED, ("xqz",), (1.0,), (), (), ("xqz",), 0.0)
    decision = decided(Ranking("en", reading, (), None, False))
    assert decision == Decline("en", None, ())


@pytest.mark.parametrize("score", [0.0, 0.2, 0.5, 0.9])
def test_every_verdict_gives_its_reason_with_the_threshold(score: float) -> None:
    verdict = Judge({"en": Fixed(indexes()["en"], ranking(score))}).decide("any words")
    assert "threshold" in verdict.reason
    assert verdict.question == "any words"


def test_more_caution_asks_more_of_an_answer() -> None:
    assert judge(0.0).thresholds["en"].answer <= judge(1.0).thresholds["en"].answer
    assert judge(0.0).thresholds["en"].offer == judge(1.0).thresholds["en"].offer


@pytest.mark.parametrize(
    ("question", "lang"),
    [
        ("what does a ticket cost", "en"),
        ("сколько стоит билет", "ru"),
        ("ticket", "en"),
        ("билет", "ru"),
        ("skolko stoit bilet", "ru"),
        ("crjkmrj cnjbn ,bktn", "ru"),
        ("црфе вщуы ф ешслуе сщые", "en"),
    ],
)
@pytest.mark.parametrize("preferred", [None, "en", "ru"])
def test_the_answer_comes_in_the_language_of_the_question(question: str, lang: str, preferred: str | None) -> None:
    verdict = judge().decide(question, preferred)
    assert verdict.decision.lang == lang
    assert isinstance(verdict.decision, Answer | Suggest)


@pytest.mark.parametrize(("preferred", "lang"), [(None, "en"), ("ru", "ru"), ("en", "en"), ("xx", "en")])
@pytest.mark.parametrize("question", ["300", "?", "🙂"])
def test_where_the_question_leaves_it_open_the_person_decides(question: str, preferred: str | None, lang: str) -> None:
    assert judge().decide(question, preferred).decision.lang == lang


def test_a_number_that_one_language_knows_leaves_the_language_to_the_person() -> None:
    english = Matcher.from_pairs([("a", "item 77"), ("b", "the price"), ("c", "where is it")], language=traits("en"))
    russian = Matcher.from_pairs([("a", "вещь"), ("b", "цена"), ("c", "где это")], language=traits("ru"))
    assert Judge({"en": english, "ru": russian}).decide("77", "ru").decision.lang == "ru"


def test_with_nothing_to_offer_it_declines() -> None:
    """A tiny base may have an offer threshold of 0; that is no reason to offer an empty list."""
    english = Matcher.from_pairs([("a", "item 77"), ("b", "the price"), ("c", "where is it")], language=traits("en"))
    assert isinstance(Judge({"en": english}).decide("zebra okapi").decision, Decline)


def test_words_that_most_entries_share_are_not_answered_unless_somebody_asks_just_so() -> None:
    topics = ("tickets", "parking", "dogs", "opening", "guides", "lockers")
    pairs = [(topic, f"what is it of the {topic} to you") for topic in topics]
    pairs += [(topic, f"the {topic}") for topic in topics] + [("guides", "what is it to you")]
    english = Judge({"en": Matcher.from_pairs(pairs, language=traits("en"))})
    english.thresholds["en"] = Thresholds(answer=0.0, offer=0.0, strict=1.0)  # whatever the score
    assert isinstance(english.decide("what is it to you").decision, Answer)
    assert isinstance(english.decide("the of it to lockers").decision, Answer)
    verdict = english.decide("the of it to")
    assert isinstance(verdict.decision, Suggest)
    assert "most entries share" in verdict.reason


def test_a_base_with_one_phrase_an_entry_refuses_what_is_refused() -> None:
    pairs = [
        (f"e{i}", f"how does the {word} work")
        for i, word in enumerate(("lift", "till", "gate", "desk", "tram", "bell"))
    ]
    pairs += [("w", f"will it {verb} tomorrow") for verb in ("rain", "snow", "storm", "thaw", "freeze", "hail")]
    english = Judge({"en": Matcher.from_pairs(pairs, refusals=["w"], language=traits("en"))})
    assert isinstance(english.decide("will it rain tomorrow").decision, Decline)
    assert isinstance(english.decide("how does the gate work").decision, Answer)


def test_a_phrase_of_the_base_is_answered_whatever_its_score() -> None:
    """What a maintainer wrote as a way to ask must find its entry, also where the learner is in doubt."""
    strict = Judge({lang: Matcher(index) for lang, index in indexes().items()})
    strict.thresholds = {lang: Thresholds(1.1, 0.0) for lang in strict.thresholds}
    phrase = MUSEUM["price"][0]
    verdict = strict.decide(phrase, "en")
    assert isinstance(verdict.decision, Answer)
    assert verdict.decision.chosen.label.owner == "price"
    assert verdict.reason == "a phrase of the entry, word for word"
    assert isinstance(strict.decide(f"{phrase} zzz", "en").decision, Suggest)


def test_words_that_only_read_like_a_phrase_are_not_taken_for_it() -> None:
    strict = Judge({lang: Matcher(index) for lang, index in indexes().items()})
    strict.thresholds = {lang: Thresholds(1.1, 0.0) for lang in strict.thresholds}
    verdict = strict.decide("adress of the museum", "en")
    assert verdict.ranking.reading.repairs
    assert not isinstance(verdict.decision, Answer)
