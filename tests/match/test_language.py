"""What the matcher knows of a language: stems, groups of words that share a feature, names of other places."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.languages.packs import traits
from bot.match.words.language import Language

GROUPS = {"capital-punishment": ["death penalty", "execution"], "abolish": ["abolish", "do away with"]}


def found(language: Language, question: str) -> list[str]:
    return [name for name, _, _ in language.groups_of(language.words(question))]


def test_other_forms_of_a_word_share_a_stem() -> None:
    english, russian = Language(traits("en")), Language(traits("ru"))
    assert english.stem("recommendations") == english.stem("recommendation")
    assert russian.stem("рекомендации") == russian.stem("рекомендаций")


def test_a_language_without_a_stemmer_takes_the_first_letters() -> None:
    kazakh = Language(traits("kk"))
    assert kazakh.stem("президенттің") == kazakh.stem("президентке")


def test_a_group_is_met_in_every_form_of_its_words() -> None:
    language = Language(traits("en"), GROUPS)
    assert found(language, "Are there executions?") == ["capital-punishment"]
    assert found(language, "abolishing the death penalty") == ["abolish", "capital-punishment"]


def test_an_expression_is_met_as_a_whole_only() -> None:
    language = Language(traits("en"), GROUPS)
    assert found(language, "death of a penalty") == []
    assert found(language, "did they do away with it") == ["abolish"]


def test_a_group_says_where_it_was_met() -> None:
    language = Language(traits("en"), GROUPS)
    assert language.groups_of(["the", "death", "penalty"]) == (("capital-punishment", 1, 3),)


def test_names_are_groups_that_are_known_as_names() -> None:
    language = Language(traits("en"), GROUPS, {"foreign-place": ["Italy", "New York"]})
    assert language.names == {"foreign-place"}
    assert found(language, "Is there a death penalty in New York?") == ["capital-punishment", "foreign-place"]


@pytest.mark.parametrize(
    "form", ["Казахстан", "Казахстана", "Казахстане", "Казахстану", "Казахстаном", "Иране", "Ирана"]
)
def test_a_name_is_met_in_forms_of_which_the_stemmer_makes_several_stems(form: str) -> None:
    language = Language(traits("ru"), {}, {"place": ["Казахстан", "Иран"]})
    assert found(language, f"а что в {form}") == ["place"]


def test_kazakh_words_are_met_with_their_endings() -> None:
    """Endings pile up in Kazakh: a group's word is met as the beginning of a longer one."""
    language = Language(traits("kk"), names={"foreign-place": ["Италия", "Қытай"]})
    assert found(language, "Италияда өлім жазасы бар ма") == ["foreign-place"]
    assert found(language, "Қытайдағыдай ма") == ["foreign-place"]
    assert found(language, "итальян") == []


def test_kazakh_short_words_are_not_beginnings() -> None:
    """Of three letters, too much else begins with them."""
    assert found(Language(traits("kk"), {"g": ["сот"]}), "сотталған") == []
    assert found(Language(traits("kk"), {"g": ["сот"]}), "сот") == ["g"]


def test_kazakh_typed_without_its_letters_is_the_same() -> None:
    language = Language(traits("kk"), {"how": ["қалай"]})
    assert language.words("Қалай") == language.words("калай")
    assert found(language, "калай") == ["how"]


def test_a_member_without_words_is_no_member() -> None:
    assert found(Language(traits("en"), {"g": ["!!!", ""]}), "anything") == []


def test_group_keys_make_the_same_language_again() -> None:
    """So that a start from the cache stems nothing."""
    language = Language(traits("en"), GROUPS, {"foreign-place": ["Italy"]})
    again = Language.from_keys(traits("en"), language.group_keys, language.names)
    question = "Did Italy do away with executions?"
    assert found(again, question) == found(language, question) == ["foreign-place", "abolish", "capital-punishment"]
    assert again.names == language.names


@pytest.mark.parametrize(
    ("code", "sample", "answer"),
    [
        ("ru", "смерть", True),
        ("ru", "death", False),
        ("kk", "смерть ok", True),
        ("en", "death", True),
        ("en", "смерть ok", False),
        ("en", "123", False),
        ("en", "", False),
    ],
)
def test_the_script_of_a_text_is_that_of_most_letters(code: str, sample: str, answer: bool) -> None:
    assert Language(traits(code)).writes(sample) is answer


def test_a_language_may_be_known_by_its_letters() -> None:
    assert Language(traits("kk")).marked("Қалай")
    assert not Language(traits("kk")).marked("Как")
    assert not Language(traits("ru")).marked("Қалай")


@pytest.mark.parametrize(
    ("code", "typed", "meant"),
    [
        ("ru", "jv,elcvty", "омбудсмен"),
        ("kk", "cvthnyfz rfpym", "смертная казнь"),
        ("en", "вуфер зутфден", "death penalty"),
    ],
)
def test_the_same_keys_on_the_other_keyboard(code: str, typed: str, meant: str) -> None:
    assert Language(traits(code)).on_other_keyboards(typed) == [meant]


@given(st.text(alphabet="абвгдеёжзийклмнопрстуфхцчшщъыьэюя ", min_size=1, max_size=60))
def test_the_other_keyboard_and_back_is_the_same_text(sample: str) -> None:
    if sample.strip():
        (swapped,) = Language(traits("en")).on_other_keyboards(sample)
        assert sample in (Language(traits("ru")).on_other_keyboards(swapped) or [sample])


@pytest.mark.parametrize(
    ("code", "typed", "meant"),
    [
        ("ru", "smertnaya kazn", "смертная казн"),
        ("ru", "zhaza", "жаза"),
        ("ru", "shariat", "шариат"),
        ("ru", "yurist", "юрист"),
        ("kk", "jala jabu", "жала жабу"),
        ("kk", "jasady", "жасады"),
        ("kk", "qazir", "казир"),
        ("kk", "zhaqsy", "жаксы"),
        ("kk", "ءولىم جازاسى جويىلدى ما؟", "өлім жазасы жойылды ма?"),
        ("kk", "حالىقارالىق شارت", "халықаралық шарт"),
        ("kk", "كىم", "кім"),
        ("kk", "ادام قۇقىعى", "адам құқығы"),
    ],
)
def test_another_script_is_written_in_the_own(code: str, typed: str, meant: str) -> None:
    """In Kazakh a Latin j is one letter, in Russian a part of one."""
    assert Language(traits(code)).transcribed(typed) == [meant]


def test_a_language_in_one_script_alone_is_not_transcribed() -> None:
    assert Language(traits("en")).transcribed("смерть") == []
    assert Language(traits("ru")).transcribed("смерть") == []


@given(st.text(max_size=200), st.sampled_from(["en", "ru", "kk"]))
def test_no_text_breaks_it(sample: str, code: str) -> None:
    language = Language(traits(code))
    for change in (language.words, language.on_other_keyboards, language.transcribed, language.writes, language.marked):
        change(sample)


def test_a_kazakh_name_is_followed_by_an_ending_or_by_nothing() -> None:
    language = Language(traits("kk"), names={"foreign-place": ["Катар", "Баку"]})
    assert found(language, "Катардағы заң") == ["foreign-place"]
    assert found(language, "катарсис") == []
    assert found(language, "бакуринская") == []


def test_names_can_be_made_ordinary_words() -> None:
    language = Language(traits("en"), GROUPS, {"foreign-place": ["states", "Italy"]})
    met = language.names_in(language.words("Did the states and Italy abolish it?"))
    assert met == {("state",), ("itali",)}
    ordinary = language.without_names({("state",)})
    assert found(ordinary, "Did the states and Italy abolish it?") == ["foreign-place", "abolish"]
    assert ordinary.names == {"foreign-place"}


def test_all_forms_of_a_name_are_one_name() -> None:
    language = Language(traits("ru"), {}, {"place": ["Казахстан", "Иран"]})
    forms = ("Иран", "Ирана", "Иране", "Ираном")
    assert len({frozenset(language.names_in(language.words(form))) for form in forms}) == 1
    ordinary = language.without_names(language.names_in(language.words("Иране")))
    assert [form for form in forms if ordinary.names_in(ordinary.words(form))] == []
    assert ordinary.names_in(ordinary.words("в Казахстане"))
