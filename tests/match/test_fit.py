"""Fitting: the same result on one core and on many, in this process and in workers; steps are told; small bases too."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from bot.languages.packs import traits
from bot.match.decide.matcher import Matcher
from bot.match.learn import crew as crews
from bot.match.learn.features import Floats
from bot.match.learn.fit import fit
from bot.match.learn.index import KERNEL_UP_TO, Index
from bot.match.learn.kernel import KernelLearner
from bot.match.learn.labels import Label
from bot.match.learn.linear import LinearLearner
from bot.match.learn.phrases import Phrases
from bot.match.words.language import Language
from tests.match.test_decision import RUSSIAN, labelled
from tests.match.test_matcher import MUSEUM

VERBS = ("show", "tell", "give", "find", "name", "list", "count", "read", "send", "draw")


def large(entries: int = 40) -> Phrases:
    """More phrases than the kernel learner takes: each entry has a word of its own, and a hundred ways to say it."""
    words = [f"{a}{b}o" for a in ("ba", "ke", "li", "mu", "po", "ra", "se") for b in "bdfgklmn"][:entries]
    pairs = [
        (Label(f"entry-{word}"), f"{verb} me {word} number {i}")
        for word in words
        for verb in VERBS
        for i in range(1 + KERNEL_UP_TO // (entries * len(VERBS)))
    ]
    return Phrases.of(Language(traits("en")), pairs)


@pytest.fixture(scope="module")
def phrases() -> Phrases:
    return large()


@pytest.fixture(scope="module")
def fitted(phrases: Phrases) -> Index:
    """On one core."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(crews, "_workers", lambda: 1)
        return fit({"en": phrases})["en"]


def weights_of(index: Index) -> Floats:
    assert isinstance(index.learner, LinearLearner)
    return index.learner.weights


def test_one_core_and_many_give_the_same(phrases: Phrases, fitted: Index, monkeypatch: pytest.MonkeyPatch) -> None:
    """With one core all is done here, with more in workers of their own."""
    monkeypatch.setattr(crews, "_workers", lambda: 3)
    found = fit({"en": phrases})["en"]
    assert weights_of(fitted).tobytes() == weights_of(found).tobytes()
    assert fitted.rule.threshold() == found.rule.threshold()
    ranking = Matcher(found).rank("draw me bafo please")
    assert ranking.candidates[0].label.owner == "entry-bafo"


def test_no_more_cores_are_taken_than_the_operator_grants(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LOKY_MAX_CPU_COUNT", "1")
    with crews.Crew(10**6, lambda share: None, 1) as crew:
        assert crew.start(Telling())() == os.getpid()


def test_a_large_base_takes_the_linear_learner_and_a_small_one_the_kernel(phrases: Phrases) -> None:
    assert len(phrases.texts) > KERNEL_UP_TO
    assert fit({"en": Phrases.of(Language(traits("en")), labelled(MUSEUM))})["en"].learner.__class__ is KernelLearner


def test_every_language_gets_an_index_of_its_own() -> None:
    found = fit(
        {
            "en": Phrases.of(Language(traits("en")), labelled(MUSEUM)),
            "ru": Phrases.of(Language(traits("ru")), labelled(RUSSIAN)),
        }
    )
    assert {lang: index.language.code for lang, index in found.items()} == {"en": "en", "ru": "ru"}


def test_steps_rise_from_nought_to_one() -> None:
    steps: list[float] = []
    fit({"en": Phrases.of(Language(traits("en")), labelled(MUSEUM))}, steps.append)
    assert steps == sorted(steps)
    assert (steps[0], steps[-1]) == (0.0, 1.0)
    assert len(steps) > 2


class Telling:
    def run(self) -> int:
        return os.getpid()


class Dying:
    def run(self) -> None:
        os.kill(os.getpid(), signal.SIGKILL)


def test_a_worker_that_dies_is_an_error_and_no_result(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(crews, "_workers", lambda: 2)
    with crews.Crew(10**6, lambda share: None, 1) as crew, pytest.raises(BrokenProcessPool, match="worker"):
        crew.start(Dying())()


class Lasting:
    """Says who it is, then goes on for longer than any test."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def run(self) -> None:
        (self.folder / str(os.getpid())).touch()
        time.sleep(600)


def learner_to_be_killed(folder: Path) -> None:
    with crews.Crew(10**6, lambda share: None, 2) as crew:
        for wait in [crew.start(Lasting(folder)) for _ in range(2)]:
            wait()


@pytest.mark.skipif(not Path("/proc/self").exists(), reason="looks at processes in /proc")
def test_workers_end_with_a_learner_that_is_killed(tmp_path: Path) -> None:
    code = f"from pathlib import Path; from tests.match.test_fit import learner_to_be_killed as go; go(Path({str(tmp_path)!r}))"
    with subprocess.Popen([sys.executable, "-c", code], env={**os.environ, "LOKY_MAX_CPU_COUNT": "2"}) as learner:
        workers = in_time(lambda: [int(path.name) for path in tmp_path.iterdir()])
        learner.kill()
    assert in_time(lambda: not any(map(works, workers)))


def works(pid: int) -> bool:
    """Of a process that has ended and that nobody has looked after, its number stays."""
    try:
        return bool(Path(f"/proc/{pid}/cmdline").read_bytes())
    except OSError:
        return False


def in_time(found: Callable[[], Any]) -> Any:
    """What comes in the end; nothing where it never does."""
    for _ in range(600):
        if result := found():
            return result
        time.sleep(0.1)
    return None


def test_weights_are_finite(fitted: Index) -> None:
    assert np.isfinite(weights_of(fitted)).all()


@pytest.mark.parametrize("pairs", [[("a", "when do you open")], [("a", "one"), ("a", "two"), ("a", "three")]])
def test_a_base_of_one_entry_answers(pairs: list[tuple[str, str]]) -> None:
    assert Matcher.from_pairs(pairs, language=traits("en")).rank(pairs[0][1]).candidates[0].label.owner == "a"


def test_a_base_without_phrases_ranks_nothing() -> None:
    assert Matcher.from_pairs([], language=traits("en")).rank("anything").candidates == ()


def test_a_name_that_the_entries_use_themselves_is_not_foreign() -> None:
    pairs = [(f"entry-{i}", f"what do the states say of number {i}") for i in range(4)]
    pairs += [("away", "the law of italy"), ("away", "is it so in italy")]
    matcher = Matcher.from_pairs(
        pairs, refusals=["away"], names={"foreign-place": ["states", "italy"]}, language=traits("en")
    )
    assert matcher.language.names_in(["states"]) == set()
    assert matcher.language.names_in(["italy"]) == {("itali",)}


def test_a_slip_in_a_phrase_is_mended_and_a_name_is_not() -> None:
    pairs = [(f"e{i}", f"penalty number {word}") for i, word in enumerate(["one", "two", "three", "four", "five"] * 3)]
    pairs += [
        ("e0", "penatly abolished"),
        ("e1", "sixteen zebras"),
        ("e2", "penalte"),
        ("away", "is it so in Penaltia"),
    ]
    texts = Matcher.from_pairs(
        pairs, refusals=["away"], names={"foreign-place": ["Penaltia"]}, language=traits("en")
    ).index.counts
    assert "penatly" not in texts
    assert "penalte" not in texts
    assert {"zebras", "penaltia"} <= set(texts)


def test_without_a_dictionary_the_phrases_stay_as_they_are() -> None:
    pairs = [(f"e{i % 3}", f"жаза туралы {i}") for i in range(15)] + [("e0", "жазо туралы")]
    assert "жазо" in Matcher.from_pairs(pairs, language=traits("kk")).index.counts
