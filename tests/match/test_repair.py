"""Words typed wrong become the closest word that the phrases know; what needs no repair gets none."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.match.words.repair import TRUST, Repairer

COUNTS = {
    "president": 9, "defamation": 5, "penalty": 6, "death": 8, "rally": 4, "rural": 4, "mayor": 4, "akim": 2, "term": 7,
    "human": 9, "rights": 9, "election": 5, "elections": 3, "1500": 3, "259": 4, "law": 5, "torture": 2, "fund": 3, "the": 50,
}  # fmt: skip
REPAIRER = Repairer(COUNTS, familiar=lambda word: word in {"italy", "presidents"})


def read(words: str) -> str:
    return " ".join(REPAIRER.repair(words.split())[0])


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("presidnt", "president"),  # a letter missing
        ("presiident", "president"),  # one too many
        ("prezident", "president"),  # another one
        ("presidetn", "president"),  # two that changed places
        ("prezidetn", "president"),  # two edits in a long word
        ("ralyl", "rally"),
        ("pnealty", "penalty"),
        ("akmi", "akim"),
    ],
)
def test_a_typing_error_is_mended(typed: str, meant: str) -> None:
    assert read(typed) == meant


def test_a_short_word_may_have_one_error_only() -> None:
    assert read("rlaly") == "rally"
    assert read("ryall") == "ryall"


def test_words_under_four_letters_stay() -> None:
    assert read("lwa teh") == "lwa teh"


def test_letters_that_changed_places_are_one_error_not_two() -> None:
    _, trust, _ = REPAIRER.repair(["mayro"])
    assert trust == [TRUST[1]]


def test_the_more_edits_the_less_trust() -> None:
    _, trust, _ = REPAIRER.repair(["president", "presidnt", "prezidnt"])
    assert trust == [1.0, TRUST[1], TRUST[2]]
    assert sorted(TRUST.values(), reverse=True) == list(TRUST.values())


@pytest.mark.parametrize("number", ["1501", "2022", "295", "25900000"])
def test_a_number_is_never_repaired(number: str) -> None:
    """1501 rallies is another question than 1500."""
    assert read(number) == number


def test_a_word_is_never_repaired_into_a_number() -> None:
    assert read("zzzz") == "zzzz"


@pytest.mark.parametrize("word", ["italy", "presidents"])
def test_names_and_other_forms_need_no_repair(word: str) -> None:
    assert REPAIRER.repair([word]) == ([word], [1.0], [])


def test_of_two_equally_close_words_the_one_with_the_same_first_letter_wins() -> None:
    assert Repairer({"rural": 1, "mural": 9}).repair(["rurel"])[0] == ["rural"]


def test_then_the_more_frequent_one_wins() -> None:
    assert Repairer({"elect": 2, "erect": 9}).repair(["ezect"])[0] == ["erect"]


def test_a_word_typed_without_its_space_is_split() -> None:
    assert read("humanrights") == "human rights"
    assert read("deathpenalty in italy") == "death penalty in italy"


def test_a_word_is_not_split_where_a_half_is_rare() -> None:
    """Any long word falls into two short ones that stood somewhere once."""
    assert Repairer({"car": 1, "pets": 9}).repair(["carpets"])[0] == ["carpets"]


def test_a_word_typed_with_a_space_is_joined() -> None:
    assert read("presi dent") == "president"


def test_two_known_words_are_not_joined() -> None:
    assert Repairer({"over": 3, "sight": 3, "oversight": 9}).repair(["over", "sight"])[0] == ["over", "sight"]


def test_every_repair_is_told() -> None:
    _, _, repairs = REPAIRER.repair(["deth", "penalty", "presi", "dent"])
    assert [(repair.typed, repair.read) for repair in repairs] == [("deth", "death"), ("presi dent", "president")]


def test_nothing_known_nothing_repaired() -> None:
    assert Repairer({}).repair(["anything", "42"]) == (["anything", "42"], [1.0, 1.0], [])


@given(st.lists(st.text(alphabet="abcdeilnprst", min_size=1, max_size=14), max_size=8))
def test_any_words_get_a_trust_each(words: list[str]) -> None:
    fixed, trust, repairs = REPAIRER.repair(words)
    assert len(fixed) == len(trust)
    assert all(0 < sure <= 1 for sure in trust)
    assert all(repair.typed != repair.read for repair in repairs)


@given(st.lists(st.sampled_from(sorted(COUNTS)), max_size=6))
def test_known_words_are_left_alone(words: list[str]) -> None:
    assert REPAIRER.repair(words) == (words, [1.0] * len(words), [])


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("humanrightselection", "human rights election"),
        ("thedeathpenaltylaw", "the death penalty law"),
        ("deathpenaltytorturefund", "death penalty torture fund"),
    ],
)
def test_several_words_typed_as_one_are_taken_apart(typed: str, meant: str) -> None:
    assert read(typed) == meant


def test_a_run_is_cut_into_the_likeliest_words() -> None:
    repairer = Repairer({"under": 9, "stand": 9, "understand": 2, "rules": 9, "the": 50})
    assert repairer.repair(["understandtherules"])[0] == ["understand", "the", "rules"]


@pytest.mark.parametrize(
    ("typed", "meant"),
    [("deathpenlty", "death penalty"), ("humnarights", "human rights"), ("electionpresidnt", "election president")],
)
def test_two_words_typed_as_one_may_have_a_typing_error(typed: str, meant: str) -> None:
    words, trust, repairs = REPAIRER.repair([typed])
    assert " ".join(words) == meant
    assert set(trust) == {TRUST[2]}
    assert [(repair.typed, repair.read) for repair in repairs] == [(typed, meant)]


@pytest.mark.parametrize("word", ["thethethethe", "gluconeogenesis", "deathzzzz", "lawlawlaw"])
def test_a_long_word_that_is_no_run_is_left_alone(word: str) -> None:
    assert read(word) == word


def test_a_real_word_is_not_taken_apart() -> None:
    repairer = Repairer(COUNTS, real=lambda word: word == "humanrightselection")
    assert repairer.repair(["humanrightselection"])[0] == ["humanrightselection"]
