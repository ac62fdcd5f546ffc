"""Real words are not repaired to look-alikes, slips are."""

from __future__ import annotations

from pathlib import Path

import pytest
from marisa_trie import Trie

from bot.languages.packs import traits
from bot.match.decide.matcher import Matcher
from bot.match.words import lexicon as module
from bot.match.words.lexicon import lexicon, table_of, words_in_use

BANK = [
    ("limit", "what is the maximum transfer"), ("limit", "maximum amount i can send"),
    ("close", "please activate my card"), ("close", "activate the new card"),
    ("peel", "where do the peoples meet"), ("peel", "meeting of the peoples"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("code", "word"), [("en", "minimum"), ("en", "dont"), ("en", "pimples"), ("ru", "свадебный"), ("ru", "кортежами")]
)
def test_real_words_are_known(code: str, word: str) -> None:
    assert lexicon(traits(code))(word)


@pytest.mark.parametrize(
    ("code", "word"), [("en", "recieve"), ("en", "penatly"), ("ru", "превинтивный"), ("kk", "ереже")]
)
def test_slips_and_languages_without_a_dictionary_are_not(code: str, word: str) -> None:
    assert not lexicon(traits(code))(word)


def test_a_table_holds_what_the_library_counts() -> None:
    assert set(Trie().mmap(str(table_of("en")))) == set(words_in_use("en"))


@pytest.mark.parametrize("damaged", [None, b"", b"no trie at all"])
def test_a_language_without_a_sound_table_reads_the_library(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, damaged: bytes | None
) -> None:
    if damaged is not None:
        (tmp_path / "en").write_bytes(damaged)
    monkeypatch.setattr(module, "table_of", lambda language: tmp_path / language)
    is_word = module._counted("en")
    assert is_word("minimum")
    assert not is_word("recieve")


def test_a_real_word_stays_as_typed_and_a_slip_is_repaired() -> None:
    matcher = Matcher.from_pairs(BANK, language=traits("en"))
    reading = matcher.rank("minimum pimples maxmum").reading
    assert reading.words == ("minimum", "pimples", "maximum")
    assert [repair.read for repair in reading.repairs] == ["maximum"]
    assert reading.missed == ("minimum", "pimples")
