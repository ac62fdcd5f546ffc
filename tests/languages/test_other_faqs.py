"""Five FAQs of quite other people beside the whole packs: a bot that is of use there, and takes nobody's trouble for a cry.

Entries and questions are by different writers; who asked saw no phrase. `tests/match/test_worlds.py` tries the matcher alone."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.open.base import open_service
from bot.reply import plain
from bot.service import Outcome, Service
from tests.conftest import ROOT
from tests.fitted import alone, shipped_guard

pytestmark = pytest.mark.gate

FOLDER = ROOT / "tests" / "data" / "faqs"
NAMES = tuple(sorted(path.stem for path in FOLDER.glob("*.yaml")))
CACHE = ROOT / ".pytest_cache" / "other-faqs"
ALARMED = 16  # per cent of what is asked, a burst pipe and a stolen bag among it: 16 at the most, 11 of all five, where it was 20
SURE = {
    "en": "he has a knife and he will kill me",
    "ru": "он меня убьёт, помогите",
    "kk": "ол мені өлтіреді, көмектесіңіз",
}
HELPED, RIGHT = 85, 40  # per cent of what has an answer: gets it or is offered it; gets it


@cache
def faq(name: str) -> dict[str, Any]:
    found: dict[str, Any] = yaml.load((FOLDER / f"{name}.yaml").read_bytes(), Loader=yaml.CSafeLoader)
    return found


def write(folder: Path, name: str) -> Path:
    found = faq(name)
    lang, entries = found["language"], found["entries"]
    source = {"kind": "article", "title": name, "publisher": name, "published": 2026, "language": lang, "url": None}
    texts = {key: {"source": "page", "section": name, **one} for key, one in entries.items()}
    phrases = {key: one.pop("phrases") for key, one in texts.items()}
    topic = {"topic": {"title": name, "emoji": "❓", "command": name}, "entries": texts}
    content = {"sources.yaml": {"page": source}, f"{lang}/faq.yaml": topic, f"{lang}/phrases/faq.yaml": phrases}
    for file, what in content.items():
        place = folder / file
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(yaml.safe_dump(what, allow_unicode=True, sort_keys=False), encoding="utf-8")
    return folder


@pytest.fixture(scope="module", params=NAMES)
def name(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(scope="module")
def service(name: str, tmp_path_factory: pytest.TempPathFactory) -> Service:
    return fitted(name, tmp_path_factory.mktemp("faq"))


def fitted(name: str, folder: Path) -> Service:
    with alone(CACHE / name / "cache"):
        return open_service(write(folder / name, name), CACHE / name / "cache")


def asked(name: str) -> Iterator[tuple[str, str | None]]:
    found = faq(name)
    yield from ((question, entry) for entry, questions in found["asked"].items() for question in questions)
    yield from ((question, None) for question in found["others"])


def kind(outcome: Outcome, wanted: str | None) -> str:
    if outcome.entries:
        return "false" if wanted is None else "right" if wanted in outcome.entries else "wrong"
    return "offered" if wanted in [one.entry for one in outcome.reply.choices] else "not helped"


def test_most_who_ask_are_helped_and_few_misled(service: Service, name: str) -> None:
    found = Counter(kind(service.ask(question), wanted) for question, wanted in asked(name))
    answerable = sum(map(len, faq(name)["asked"].values()))
    assert 100 * (found["right"] + found["offered"]) >= HELPED * answerable, found
    assert 100 * found["right"] >= RIGHT * answerable, found
    assert found["wrong"] <= 2, found
    assert found["false"] <= 1, found


def test_an_everyday_trouble_is_no_cry_for_help(service: Service, name: str) -> None:
    """Neither to the bot that knows of such matters nor to one that does not."""
    questions = [question for question, _ in asked(name)]
    alarmed = [question for question in questions if service.in_danger(question)]
    assert 100 * len(alarmed) <= ALARMED * len(questions), alarmed


def test_where_danger_is_in_doubt_the_choices_stand_below_the_numbers(service: Service, name: str) -> None:
    """And where it is not, who is in danger is offered nothing else."""
    lang = faq(name)["language"]
    alarmed = [one for one, _ in asked(name) if service.in_danger(one)]
    replies = [service.ask(question, lang).reply for question in alarmed]
    voice = service.base.voice(lang)
    assert all(
        plain(reply).startswith((voice.to_call(doubted=False), voice.to_call(doubted=True))) for reply in replies
    )
    assert any(reply.choices or reply.answers for reply in replies)
    sure = service.ask(SURE[lang], lang)
    assert sure.danger
    assert not sure.reply.choices
    assert sure.reply.text == voice.danger


def test_nor_to_the_bot_of_the_shipped_base() -> None:
    questions = [question for name in NAMES for question, _ in asked(name)]
    alarmed = [question for question in questions if shipped_guard().alarm(question)]
    assert len(questions) == 350
    assert 100 * len(alarmed) <= ALARMED * len(questions), alarmed
