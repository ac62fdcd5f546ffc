"""People seldom send the bare question: they greet, say who they are and where they heard it, and thank.

The wrappings were written by two voices that had seen neither the packs' courtesies nor any question. Some words of the first
voice's came into the courtesies; of the second's (`unseen`) no list was made."""

from __future__ import annotations

import itertools
import random
from collections.abc import Iterator, Sequence

import pytest

from bot.service import Service
from bot.workbench.cases import Case
from tests.test_gates import CASES, read

pytestmark = pytest.mark.gate

# Of 30 right answers of each language, per cent in 30 wrappings and in the 20 unseen ones: 89 and 86, 83 and 80, 82 and 83; as
# the messages stand, without what is cut and without sentences, 71 and 73, 57 and 64, 68 and 74.
STILL_RIGHT = {"en": 85, "en-unseen": 83, "ru": 80, "ru-unseen": 77, "kk": 79, "kk-unseen": 80}
STILL_UNANSWERED = 97  # per cent; 97.7 to 99.8, and 98.3 to 99.8 as the messages stand


def wrapped(name: str, asked: Sequence[Case]) -> Iterator[tuple[Case, str]]:
    """Each question in every other wrapping, by turns those at even and at odd places."""
    templates = (CASES / "wrappings" / f"{name}.txt").read_text(encoding="utf-8").splitlines()
    for number, case in enumerate(asked):
        for template in templates[number % 2 :: 2]:
            yield case, template.replace("{}", case.question.rstrip("?.! "))


def cases(lang: str, kinds: Sequence[str]) -> list[Case]:
    found = [case for case in read(*sorted((CASES / "asking").glob("*.jsonl"))) if case.lang == lang]
    random.Random(3).shuffle(found)
    return [case for case in found if case.kind in kinds]


@pytest.mark.parametrize("name", STILL_RIGHT)
def test_what_is_answered_bare_is_mostly_answered_wrapped(service: Service, name: str) -> None:
    found = (case for case in cases(name[:2], ("plain", "claim", "terse", "typo")) if hit(service, case, case.question))
    told = list(wrapped(name, list(itertools.islice(found, 30))))
    missed = [message for case, message in told if not hit(service, case, message)]
    assert 100 * (1 - len(missed) / len(told)) >= STILL_RIGHT[name], missed[:20]


@pytest.mark.parametrize("name", STILL_RIGHT)
def test_what_has_no_answer_gets_none_for_being_wrapped(service: Service, name: str) -> None:
    found = (case for case in cases(name[:2], ("oos-far", "near")) if not service.ask(case.question).entries)
    told = list(wrapped(name, list(itertools.islice(found, 15))))
    false = [message for _, message in told if service.ask(message).entries]
    assert 100 * (1 - len(false) / len(told)) >= STILL_UNANSWERED, false[:20]


def hit(service: Service, case: Case, message: str) -> bool:
    return bool(set(service.ask(message).entries) & set(case.expect))


@pytest.mark.parametrize(
    "message",
    [
        "I read this: 145 deputies sit in parliament. My cat disagrees",  # the entry of the second is not the whole's first
        "Is the constitution perfect?",  # praise is no courtesy beside other words
        "Президент супер",
        "Конституция жақсы",
        "Здравствуйте, какая завтра погода",
    ],
)
def test_what_is_left_of_a_message_is_not_answered_for_its_own_sake(service: Service, message: str) -> None:
    assert service.ask(message).entries == ()


def test_a_sentence_beside_others_that_ask_nothing_is_answered(service: Service) -> None:
    message = (
        "My grandson set this up for me. Who led the delegation of Kazakhstan to the UN committee? My eyes are bad"
    )
    assert service.ask(message).entries == ("report-delegation",)


def test_a_refusal_of_the_whole_is_not_lost_to_what_is_left(service: Service) -> None:
    message = "Помогите, пожалуйста, племянника осудили ни за что, дали четыре года. Как его вызволить?"
    whole = service.judge._heard(message, None)
    assert service.judge.decide(message).decision == whole.decision
