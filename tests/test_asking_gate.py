"""What a question asks, not only what it is about: cases of voices that saw neither phrases nor other cases, by kind."""

from __future__ import annotations

from collections import Counter

import pytest

from bot.service import Service
from bot.workbench.evaluate import CaseResult, evaluate
from tests.test_gates import CASES, read

# Replies as wanted, per cent of a kind in all languages together: what was measured, less three points.
AS_WANTED = {
    "chitchat": 95, "claim": 93, "compare": 89, "headline": 91, "injection": 82, "junk": 97, "long": 83,
    "mixed": 84, "multi": 91, "near": 87, "negated": 86, "oos-far": 91, "paraphrase": 88, "plain": 91, "silent": 84,
    "temporal": 92, "terse": 94, "typo": 93,
}  # fmt: skip
MOST_WRONG = 2.0  # per cent of all cases that get a wrong answer, or one where none is wanted
LANGUAGES = ("en", "ru", "kk")
pytestmark = pytest.mark.gate


@pytest.fixture(scope="module")
def results(service: Service) -> tuple[CaseResult, ...]:
    return evaluate(service.ask, read(*sorted((CASES / "asking").glob("*.jsonl")))).results


def told(found: list[CaseResult]) -> str:
    return "\n".join(f"{r.case.id} {r.case.question!r} -> {r.outcome} {r.answered}" for r in found)


@pytest.mark.parametrize("kind", AS_WANTED)
def test_most_replies_of_a_kind_are_as_wanted(results: tuple[CaseResult, ...], kind: str) -> None:
    of_kind = [r for r in results if r.case.kind == kind]
    unfit = [r for r in of_kind if not r.fits]
    assert 100 * (1 - len(unfit) / len(of_kind)) >= AS_WANTED[kind], told(unfit)


def test_there_are_sixty_of_each_kind_in_each_language() -> None:
    found = Counter((case.kind, case.lang) for case in read(*sorted(CASES.rglob("*/*.jsonl"))))
    assert {(kind, lang): found[kind, lang] for kind in AS_WANTED for lang in LANGUAGES if found[kind, lang] < 60} == {}


def test_every_kind_has_a_bar(results: tuple[CaseResult, ...]) -> None:
    assert {r.case.kind for r in results} == set(AS_WANTED)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_hardly_any_reply_is_wrong(results: tuple[CaseResult, ...], lang: str) -> None:
    own = [r for r in results if r.case.lang == lang]
    wrong = [r for r in own if r.outcome in ("wrong", "false")]
    assert 100 * len(wrong) / len(own) <= MOST_WRONG, told(wrong)
