"""The matcher as a library: pairs in, ranked candidates with calibrated scores out. The toy museum serves other tests too."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.languages.packs import traits
from bot.match.decide.matcher import Matcher
from bot.match.learn.gaps import Put
from bot.match.learn.labels import Kind, Label
from bot.match.learn.signals import NAMES

MUSEUM = {
    "hours": [
        "when do you open", "opening times", "at what time do you open", "are you open on sunday", "closing time",
        "until when are you open", "opening hours on monday", "when does the museum close",
    ],
    "price": [
        "how much is it", "what does a ticket cost", "price of a ticket", "is it expensive", "entrance fee",
        "how much do i pay for the museum", "ticket prices", "what do you charge",
    ],
    "price/children": ["do children pay", "is it free for kids", "price for children", "how much for a child"],
    "place": [
        "where are you", "address of the museum", "how do i get there", "which street is it", "directions please",
        "where is the museum", "nearest bus stop", "what is the address",
    ],
    "dogs": [
        "may i bring my dog", "are dogs allowed", "can i enter with a pet", "is my puppy welcome", "animals inside",
        "do you let dogs in", "pets allowed", "dogs in the museum",
    ],
    "weather": [
        "will it rain", "weather tomorrow", "how cold is it", "is the sun shining", "weather forecast",
        "is it snowing", "temperature outside", "do i need an umbrella",
    ],
    "cooking": [
        "how do i bake bread", "recipe for soup", "how long to boil an egg", "best pasta sauce", "cook rice",
        "recipe for a cake", "how much salt for soup", "oven temperature for bread",
    ],
}  # fmt: skip
REFUSALS = ("weather", "cooking")


@cache
def museum() -> Matcher:
    pairs = [(label, phrase) for label, phrases in MUSEUM.items() for phrase in phrases]
    names = {"other-place": ["Louvre", "Paris", "Italy"]}
    return Matcher.from_pairs(
        pairs, refusals=REFUSALS, groups={"animal": ["dog", "cat", "puppy", "pet"]}, names=names, language=traits("en")
    )


def best(question: str) -> str:
    return str(museum().rank(question).candidates[0].label)


@pytest.mark.parametrize(
    ("question", "label"),
    [
        ("when do you open", "hours"),
        ("at which time does it open?", "hours"),
        ("ticket price", "price"),
        ("tikcet prcie", "price"),
        ("do childern pay", "price/children"),
        ("are cats allowed", "dogs"),
        ("addres", "place"),
    ],
)
def test_the_best_candidate_is_the_entry_or_its_gap_that_was_asked_for(question: str, label: str) -> None:
    assert best(question) == label


def test_the_example_of_the_docstring_holds() -> None:
    matcher = Matcher.from_pairs(
        [("hours", "when do you open"), ("hours", "opening times"), ("price", "how much is it")],
        language=traits("en"),
    )
    assert matcher.rank("when are you opne?").candidates[0].label.owner == "hours"


def test_candidates_come_best_first_one_an_entry_and_no_refusal_among_them() -> None:
    candidates = museum().rank("what does a ticket cost", limit=10).candidates
    assert [c.score for c in candidates] == sorted((c.score for c in candidates), reverse=True)
    owners = [c.label.owner for c in candidates]
    assert len(owners) == len(set(owners)) == 4
    assert not set(owners) & set(REFUSALS)


def test_limit_cuts_the_list() -> None:
    assert len(museum().rank("ticket", limit=2).candidates) == 2


def test_a_phrase_scores_high_and_a_refused_question_low() -> None:
    assert museum().rank("what does a ticket cost").score > 0.7
    assert museum().rank("weather forecast").score < 0.5


def test_a_question_of_a_refusal_group_is_known_as_such() -> None:
    ranking = museum().rank("will it rain tomorrow")
    assert ranking.refused
    assert ranking.refusal is not None
    assert ranking.refusal.label == Label("weather", kind=Kind.REFUSAL)
    assert 0 < ranking.refusal.score <= 1


def test_an_answerable_question_is_not_refused() -> None:
    assert not museum().rank("are dogs allowed").refused


def test_a_foreign_name_makes_an_answer_less_probable() -> None:
    """The rule learns what names are worth from the base; here no phrase has one, so at least it must not help."""
    assert museum().rank("ticket price louvre").score <= museum().rank("ticket price").score


def test_unknown_words_make_an_answer_less_probable() -> None:
    assert museum().rank("ticket price zebra quantum okapi").score < museum().rank("ticket price").score


def test_words_known_and_missed_are_told() -> None:
    reading = museum().rank("ticket zebra prcie").reading
    assert reading.missed == ("zebra",)
    assert reading.known == ("ticket", "price")


def test_the_winning_phrase_is_told_on_demand() -> None:
    ranking = museum().rank("what does the ticket cost", phrases=True)
    assert ranking.candidates[0].phrase == "what does a ticket cost"
    assert ranking.refusal is not None
    assert ranking.refusal.phrase in MUSEUM[ranking.refusal.label.owner]
    assert museum().rank("what does the ticket cost").candidates[0].phrase == ""


@pytest.mark.parametrize("question", ["", "?!", "xqz", "🙂", "中文問題"])
def test_where_nothing_is_known_there_is_no_candidate(question: str) -> None:
    ranking = museum().rank(question)
    assert (ranking.candidates, ranking.score, ranking.refusal, ranking.refused) == ((), 0.0, None, False)


def test_ranking_twice_gives_the_same() -> None:
    assert museum().rank("ticket price") == museum().rank("ticket price")


def test_a_base_without_refusals_never_refuses() -> None:
    pairs = [(label, phrase) for label in ("hours", "price", "dogs") for phrase in MUSEUM[label]]
    ranking = Matcher.from_pairs(pairs, language=traits("en")).rank("will it rain")
    assert (ranking.refusal, ranking.refused) == (None, False)


def test_a_base_of_refusals_only_has_no_candidate() -> None:
    pairs = [(label, phrase) for label in REFUSALS for phrase in MUSEUM[label]]
    ranking = Matcher.from_pairs(pairs, refusals=REFUSALS, language=traits("en")).rank("will it rain")
    assert ranking.candidates == ()
    assert ranking.refusal is not None


def test_phrases_without_words_and_repeated_ones_are_no_phrases() -> None:
    pairs = [(label, phrase) for label in ("hours", "price", "dogs") for phrase in MUSEUM[label]]
    odd = Matcher.from_pairs([*pairs, *pairs, ("hours", "?!"), ("price", "")], language=traits("en"))
    plain = Matcher.from_pairs(pairs, language=traits("en"))
    assert odd.rank("ticket price").score == pytest.approx(plain.rank("ticket price").score)


def test_familiar_words_are_likelier_than_unknown_ones() -> None:
    assert museum().familiarity(["ticket"]) > museum().familiarity(["zebra"])


@given(st.text(max_size=300))
@settings(max_examples=60, deadline=None)
def test_any_text_is_ranked_with_scores_from_0_to_1(question: str) -> None:
    for candidate in museum().rank(question, limit=10).candidates:
        assert 0.0 <= candidate.score <= 1.0


@pytest.mark.parametrize("question", ["a" * 20_000, "ticket " * 5_000, "🙂" * 9_000, "1 " * 5_000])
def test_a_question_of_any_length_is_ranked(question: str) -> None:
    museum().rank(question)


def test_a_foreign_name_says_less_in_a_long_story() -> None:
    """What the weight of a name takes from the log odds, for a question and for the same one behind forty words."""
    pairs = [(entry, text) for entry, texts in MUSEUM.items() for text in texts]
    pairs.append(("weather", "will it rain in paris"))
    matcher = Matcher.from_pairs(pairs, refusals=REFUSALS, names={"foreign-place": ["Paris"]}, language=traits("en"))
    weights = matcher.index.rule.weights

    def log_odds(question: str, weight: float) -> float:
        weights[NAMES.index("named")] = weight
        score = matcher.rank(question).score
        return float(np.log(score / (1 - score)))

    question = "what does a ticket cost in paris"
    story = "please i ask " * 13 + question
    scale = matcher.index.rule.scale[NAMES.index("named")]
    drops = [log_odds(text, 0.0) - log_odds(text, -scale) for text in (question, story)]
    assert drops[0] - drops[1] == pytest.approx(1 - 20 / len(story.split()), abs=0.01)


def test_short_questions_ask_for_the_whole_and_long_ones_lean_to_a_gap() -> None:
    """The same scores, so that only the length tells."""
    matcher = museum()
    owner = matcher._labels.position(Kind.ENTRY, "price")
    level = np.zeros(len(matcher._labels), np.float32)
    put = [Put(size, matcher.index.likely_for(["word"] * size), 0.0) for size in (1, 3, 5, 9)]
    labels = [matcher._label(owner, level, one) for one in put]
    assert [label.gap is not None for label in labels] == [False, False, True, True]


def test_words_are_shown_with_the_letters_that_matching_folds() -> None:
    matcher = Matcher.from_pairs(
        [("a", "өлім жазасы"), ("a", "қалай сайланады"), ("b", "ауыл әкімі")], language=traits("kk")
    )
    reading = matcher.rank("olim zhazasy kalay").reading
    assert matcher.spelled(reading.words) == "өлім жазасы қалай"


def test_a_word_that_stands_anywhere_by_chance_is_no_question() -> None:
    """`still` stands in too few entries to be shared by most; `ferry` is used as often, but of one thing."""
    pairs = [(f"e{i}", f"{name}{end}") for i, name in enumerate(TOPICS) for end in (" hours", " price", " place")]
    pairs += [(f"e{i}", f"still {name} now") for i, name in enumerate(TOPICS[:12])]
    pairs += [("e0", f"ferry {word}") for word in TOPICS[20:32]]
    matcher = Matcher.from_pairs(pairs, language=traits("en"))
    assert matcher.is_empty(["still"])
    assert not matcher.is_empty(["ferry"])
    assert not matcher.is_empty(["still", "ferry"])


TOPICS = [
    a + b for a in ("bar", "cul", "dom", "fen", "gor", "hul", "jat", "kip") for b in ("mon", "tas", "wick", "zel")
]
