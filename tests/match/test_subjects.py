"""A question that is but a name asks for what is called so."""

from __future__ import annotations

from bot.match.decide.subjects import Subject, Subjects


def stems(text: str) -> list[str]:
    return [word for word in text.split() if word not in ("the", "and")]


SUBJECTS = Subjects(
    stems,
    {
        "quota": Subject(("what is the quota", "quota"), ("30", "women")),
        "school": Subject(("what do schools do", ""), ("bullying",)),
        "help": Subject(("who can help women",), ()),
    },
    {"elections": "the elections", "people": "women and school"},
)


def test_what_a_thing_is_called_comes_before_what_its_answer_names() -> None:
    assert SUBJECTS.holders(frozenset({"women"})) == ("help",)
    assert SUBJECTS.holders(frozenset({"bullying"})) == ("school",)


def test_all_of_the_words_must_be_its_own() -> None:
    assert SUBJECTS.holders(frozenset({"quota", "women"})) == ("quota",)
    assert SUBJECTS.holders(frozenset({"quota", "bullying"})) == ()


def test_a_topic_is_asked_for_by_all_of_its_name() -> None:
    assert SUBJECTS.topic(frozenset({"elections"})) == "elections"
    assert SUBJECTS.topic(frozenset({"women"})) is None
    assert SUBJECTS.topic(frozenset()) is None
