"""The sentence encoder: it counts beside the words where it is wanted, where it knows the language, and where phrases are few."""

from __future__ import annotations

import pickle
from pathlib import Path

import numpy as np
import pytest

from bot.errors import SettingsError
from bot.languages.packs import traits
from bot.match.decide.matcher import Matcher
from bot.match.learn import archive, encoder, index
from bot.match.learn.fit import fit
from bot.match.learn.index import Index
from bot.match.learn.labels import Kind, Label
from bot.match.learn.phrases import Phrases
from bot.match.words.language import Language
from bot.open.base import is_learned, open_service
from tests.workbench.bases import library

PHRASES = {
    "hours": ("when do you open", "opening times", "are you open on sunday", "what time does it close"),
    "price": ("how much is a ticket", "ticket prices", "what does it cost to come in", "is it free for children"),
    "parking": ("where can I park", "is there a car park", "parking spaces", "can we leave the car somewhere"),
}
OTHERWISE = {
    "what is the latest I could turn up this evening": "hours",
    "will we have to pay anything for my daughter": "price",
    "we are driving, is there room for our vehicle": "parking",
}


def pairs() -> list[tuple[Label, str]]:
    return [(Label(owner, None, Kind.ENTRY), text) for owner, texts in PHRASES.items() for text in texts]


def fitted(*, encoded: bool) -> Index:
    return fit({"en": Phrases.of(Language(traits("en")), pairs(), encoded=encoded)})["en"]


def lead(found: Index, question: str, owner: str) -> float:
    """How much nearer, as a cosine, a question is to its entry's nearest phrase than to any other's."""
    nearest = {name: max(cosine(found, question, text) for text in texts) for name, texts in PHRASES.items()}
    return nearest.pop(owner) - max(nearest.values())


def cosine(found: Index, one: str, other: str) -> float:
    rows = np.zeros((2, found.space.columns), np.float32)
    for row, text in zip(rows, (one, other), strict=True):
        ids, values = found.space.vector(found.language.words(text))
        row[ids] = values
    return float(rows[0] @ rows[1])


def test_a_question_in_other_words_is_nearer_to_its_entry() -> None:
    found = {encoded: fitted(encoded=encoded) for encoded in (True, False)}
    leads = {encoded: sum(lead(one, *asked) for asked in OTHERWISE.items()) for encoded, one in found.items()}
    assert leads[True] > leads[False]


def test_what_was_learnt_with_it_is_kept_with_it(tmp_path: Path) -> None:
    found = fitted(encoded=True)
    archive.save(found, tmp_path / "kept")
    kept = archive.load(tmp_path / "kept", traits("en"))
    assert kept is not None
    assert kept.space.encoder is not None
    for question in OTHERWISE:
        scores = [[one.score for one in Matcher(which).rank(question).candidates] for which in (found, kept)]
        assert scores[0] == pytest.approx(scores[1], abs=1e-5)


def test_another_process_has_an_encoder_of_its_own() -> None:
    assert pickle.loads(pickle.dumps(encoder.encoder())) is encoder.encoder()


def test_a_vector_has_the_shares_it_is_said_to_have() -> None:
    space = fitted(encoded=True).space
    ids, values = space.vector(["opening", "times"])
    said = values[ids >= space.columns - encoder.Encoder.dimensions]
    assert float(said @ said) == pytest.approx(0.3, abs=1e-3)
    assert float(values @ values) == pytest.approx(1.0, abs=1e-3)


def test_many_are_encoded_as_one_is() -> None:
    found = encoder.encoder().vectors([["hello", "there"], ["where", "to", "park"]])
    np.testing.assert_allclose(found[1], encoder.encoder().vector(["where", "to", "park"]), atol=1e-3)


def test_where_phrases_are_many_it_is_not_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(index, "KERNEL_UP_TO", 5)
    assert fitted(encoded=True).space.encoder is None


def test_without_its_package_it_is_said_what_to_install(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(encoder, "find_spec", lambda name: None)
    with pytest.raises(SettingsError, match=r"pip install 'reformbot\[encoder\]'"):
        open_service(tmp_path, tmp_path / "cache", encoded=True)


def test_a_base_is_learnt_anew_when_it_is_switched_on(tmp_path: Path) -> None:
    folder, cache = library(tmp_path), tmp_path / "cache"
    service = open_service(folder, cache)
    assert is_learned(folder, cache)
    assert not is_learned(folder, cache, encoded=True)
    encoded = open_service(folder, cache, encoded=True)
    assert is_learned(folder, cache)
    assert is_learned(folder, cache, encoded=True)
    for one, wanted in ((service, False), (encoded, True)):
        spaces = {lang: matcher.index.space for lang, matcher in one.judge.matchers.items()}
        known = {lang for lang in spaces if one.base.traits[lang].encoder}
        assert {lang for lang, space in spaces.items() if space.encoder} == (known if wanted else set())
