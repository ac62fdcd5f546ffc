"""Meanings: similar words are near; a table survives being written; a question in other words finds its phrase."""

from __future__ import annotations

import pickle
from pathlib import Path

import numpy as np
import pytest

from bot.languages.packs import traits
from bot.match.decide.matcher import Matcher
from bot.match.learn import meanings as module
from bot.match.learn.features import Vocabulary, features
from bot.match.learn.meanings import NOTHING, Meanings, meanings, write
from bot.match.learn.space import Space
from bot.match.words.language import Language

ENGLISH = Language(traits("en"))
PHRASES = [
    ("pay", "what is my salary"),
    ("pay", "wages of the staff"),
    ("leave", "may I take a holiday"),
    ("leave", "days off work"),
    ("ill", "I have a fever"),
    ("ill", "sick today"),
]


def closeness(code: str, left: str, right: str) -> float:
    table, stem = meanings(code), Language(traits(code)).stem
    return float(table.vector([stem(left)]) @ table.vector([stem(right)]))


@pytest.mark.parametrize(
    ("code", "word", "like", "unlike"),
    [
        ("en", "abolish", "scrap", "village"),
        ("en", "torture", "cruelty", "vote"),
        ("en", "salary", "pay", "rain"),
        ("en", "ballot", "vote", "soup"),
        ("ru", "отменить", "упразднить", "деревня"),
        ("ru", "пытка", "жестокость", "голос"),
        ("ru", "зарплата", "заработок", "дождь"),
        ("ru", "выборы", "голосование", "суп"),
    ],
)
def test_words_of_similar_meaning_are_nearer(code: str, word: str, like: str, unlike: str) -> None:
    assert closeness(code, word, like) > closeness(code, word, unlike) + 0.1


def test_both_spellings_are_there() -> None:
    table = meanings("en")
    assert all(ENGLISH.stem(word) in table for word in ("organisation", "organization", "labour", "labor", "programme"))


def test_frequent_words_weigh_little() -> None:
    table, stem = meanings("en"), ENGLISH.stem
    both = table.vector([stem("the"), stem("torture")])
    assert both @ table.vector([stem("torture")]) > 0.95


def test_trust_lowers_a_word() -> None:
    table, pair = meanings("en"), [ENGLISH.stem("torture"), ENGLISH.stem("village")]
    sure, unsure = table.vector(pair), table.vector(pair, [1.0, 0.2])
    torture = table.vector(pair[:1])
    assert unsure @ torture > sure @ torture + 0.1


def test_words_without_meaning_give_nought() -> None:
    assert not meanings("en").vector(["qqqq"]).any()
    assert not meanings("en").vector([]).any()


def test_a_language_without_a_table_has_no_dimension() -> None:
    assert meanings("kk") is NOTHING
    assert NOTHING.vector(["сөз"]).shape == (0,)


def test_what_is_written_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_TABLES", tmp_path / "tables")
    write(module.path_of("xx"), {"b": np.array([1.0, -2.0]), "a": np.array([0.5, 0.25]), "none": np.zeros(2)})
    table = meanings("xx")
    assert "none" not in table
    assert table.dimensions == 2
    assert table.vector(["b"]) == pytest.approx(np.array([1, -2]) / np.sqrt(5), abs=0.01)
    assert table.vector(["a", "b"]) == pytest.approx(np.array([1.5, -1.75]) / np.hypot(1.5, 1.75), abs=0.02)


def test_a_question_in_other_words_finds_its_entry() -> None:
    matcher = Matcher.from_pairs(PHRASES, language=traits("en"))
    for question, entry in (("the income", "pay"), ("what is a vacation", "leave"), ("flu and cough", "ill")):
        assert matcher.rank(question).candidates[0].label.owner == entry
    assert not matcher.rank("xqzw wqxz").candidates


class TestSpace:
    def space(self, share: float, code: str = "en") -> Space:
        language = Language(traits(code))
        rows = [features(language, text.split()) for _, text in PHRASES]
        return Space(language, Vocabulary.learn(rows, range(len(PHRASES))), share)

    def test_both_parts_have_their_share(self) -> None:
        space = self.space(0.4)
        ids, values = space.vector(["what", "is", "my", "salary"])
        meant = values[ids >= len(space.vocabulary)]
        assert meant @ meant == pytest.approx(0.4, abs=1e-4)
        assert values @ values == pytest.approx(1.0, abs=1e-4)

    def test_known_is_of_the_vocabulary_alone(self) -> None:
        for share in (0.1, 0.4):
            assert self.space(share).known(*self.space(share).vector(["salary"])) == pytest.approx(1.0, abs=1e-4)
            half = self.space(share).known(*self.space(share).vector(["salary", "qqqqqq"]))
            assert 0.3 < half < 0.9

    def test_nothing_known_is_nothing(self) -> None:
        ids, values = self.space(0.4).vector(["zzzqq"])
        assert (len(ids), len(values)) == (0, 0)

    def test_without_a_table_the_vocabulary_has_it_all(self) -> None:
        space = self.space(0.4, "kk")
        ids, values = space.vector(["what", "is", "my", "salary"])
        assert space.columns == len(space.vocabulary)
        assert values @ values == pytest.approx(1.0, abs=1e-4)
        assert ids.max() < space.columns

    def test_it_travels_without_its_table(self) -> None:
        space = self.space(0.4)
        packed = pickle.dumps(space)
        assert len(packed) < 100_000
        again = pickle.loads(packed)
        assert np.array_equal(again.vector(["salary"])[1], space.vector(["salary"])[1])


def test_the_table_is_small() -> None:
    assert module.path_of("en").stat().st_size < 2_000_000
    assert isinstance(meanings("en"), Meanings)
