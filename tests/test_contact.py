"""A person to reach: under what only a person can help with and in /about, in each language, and nowhere if nobody is named."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest
import yaml

from bot.channels.telegram.looks import render
from bot.channels.telegram.looks.keyboards import Me
from bot.kb.load import load, read
from bot.kb.model import Contact
from bot.reply import Reply, plain
from bot.service import Service
from tests.fitted import shipped_base
from tests.kb_bases import MEMORY, check_small, rewrite, small_base
from tests.small_service import small_base as part_of_the_shipped
from tests.small_service import small_service

LANGUAGES = ("en", "ru", "kk")
URL = "https://example.org/ask?a=1&b=2"
CONTACTS = {
    "en": Contact("The editors answer at ask@example.org & by telephone.", URL),
    "ru": Contact("Редакция отвечает по адресу ask@example.org.", URL),
    "kk": Contact("Редакция мына мекенжайда жауап береді: ask@example.org.", URL),
}
OPERATOR = {"en": "the Example <Society>", "ru": "Общество «Пример»", "kk": "«Мысал» қоғамы"}
REFUSED = {"en": "how do I get a visa", "ru": "как получить визу", "kk": "визаны қалай аламын"}
UNKNOWN = {"en": "qqqq wwww zzzz", "ru": "почём сегодня малосольные огурцы", "kk": "ңңңң үүүү ғғғғ"}


@cache
def reachable() -> Service:
    """The small service of a base that names whom to ask."""
    base = part_of_the_shipped()
    voices = {
        lang: replace(voice, contact=CONTACTS[lang], operator=OPERATOR[lang]) for lang, voice in base.voices.items()
    }
    refusals = base.refusals | {"visas-and-travel": replace(base.refusals["visas-and-travel"], person=True)}
    return Service(replace(base, voices=voices, refusals=refusals), small_service().judge.matchers)


def html(service: Service, reply: Reply) -> str:
    return "".join(page.text for page in render.pages(reply, service.base, Me("faqbot", False)))


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("questions", [REFUSED, UNKNOWN], ids=["refused", "unknown"])
def test_what_only_a_person_can_help_with_says_where_one_is(lang: str, questions: dict[str, str]) -> None:
    reply = reachable().ask(questions[lang], lang).reply
    said = CONTACTS[lang]
    assert f"{said.text}\n  {URL}" in plain(reply)
    assert '<a href="https://example.org/ask?a=1&amp;b=2">' in html(reachable(), reply)
    assert small_service().ask(questions[lang], lang).reply == replace(reply, contact=None)


@pytest.mark.parametrize("question", ["How long may a president serve?", "hello"])
def test_who_has_an_answer_is_not_sent_to_a_person(question: str) -> None:
    assert reachable().ask(question, "en").reply.contact is None


@pytest.mark.parametrize("lang", LANGUAGES)
def test_about_says_that_it_is_a_program_who_runs_it_and_whom_to_ask(lang: str) -> None:
    service = reachable()
    voice = service.base.voice(lang)
    told = plain(service.about(lang))
    shown = "".join(page.text for page in render.about_pages(service.base, lang))
    for text in (told, shown.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")):
        assert voice.say("about_program") in text
        assert OPERATOR[lang] in text
        assert CONTACTS[lang].text in text
    assert "<Society>" not in shown


@pytest.mark.parametrize("lang", LANGUAGES)
def test_where_nobody_is_named_about_says_that_it_is_a_program_and_no_more(lang: str) -> None:
    service = small_service()
    voice = service.base.voice(lang)
    assert plain(service.about(lang)).endswith(voice.say("about_program"))
    assert render.about_pages(service.base, lang)[-1].text.endswith(voice.say("about_program"))


def test_the_shipped_base_names_nobody_and_knows_what_needs_a_person() -> None:
    base = shipped_base()
    assert {(voice.contact, voice.operator) for voice in base.voices.values()} == {(None, "")}
    assert base.refusals["my-own-case"].person
    assert all(voice.small_talk["talk-to-human"].person for voice in base.voices.values())


# In files


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    base = small_base(tmp_path)
    for lang in ("en", "ru"):
        written(base, lang, contact={"text": CONTACTS[lang].text, "url": URL}, operator=OPERATOR["ru"])
    return base


def written(base: Path, lang: str, **more: object) -> None:
    rewrite(base / lang / "voice.yaml", lambda content: content | more)


def rules(base: Path) -> Iterator[tuple[str, str]]:
    return ((one.file, one.rule) for one in check_small(base))


def test_it_is_read_from_the_files(folder: Path) -> None:
    assert list(rules(folder)) == []
    voices = load(folder, MEMORY).voices
    assert {lang: (one.contact, one.operator) for lang, one in voices.items()} == {
        lang: (CONTACTS[lang], OPERATOR["ru"]) for lang in ("en", "ru")
    }


def test_a_language_without_one_says_that_of_the_first(folder: Path) -> None:
    rewrite(folder / "ru" / "voice.yaml", lambda content: {k: v for k, v in content.items() if k != "contact"})
    assert set(rules(folder)) == {("ru/voice.yaml", "voice-differs")}
    base, _ = read(folder)
    assert base is not None
    assert base.voices["ru"].contact == CONTACTS["en"]


@pytest.mark.parametrize(
    ("contact", "rule"),
    [
        ({"text": "Write to us.", "url": "mailto:ask@example.org"}, "bad-url"),
        ({"text": "Write to us.", "url": "javascript:alert(1)"}, "bad-url"),
        ({"text": "", "url": URL}, "empty-text"),
        ({"url": URL}, "missing-key"),
        ({"text": "Write to us.", "phone": "1"}, "unknown-key"),
        ("Write to us.", "wrong-type"),
    ],
)
def test_check_names_what_leads_nowhere(folder: Path, contact: object, rule: str) -> None:
    written(folder, "en", contact=contact)
    assert ("en/voice.yaml", rule) in set(rules(folder))


def test_who_needs_a_person_is_told_by_true_and_false_alone(folder: Path) -> None:
    file = folder / "en" / "refusals.yaml"
    content = yaml.safe_load(file.read_text(encoding="utf-8"))
    group = next(iter(content))
    rewrite(file, lambda found: found | {group: found[group] | {"person": "perhaps"}})
    assert any(name == "en/refusals.yaml" for name, _ in rules(folder))
    rewrite(file, lambda found: found | {group: found[group] | {"person": True}})
    assert list(rules(folder)) == []
    assert load(folder, MEMORY).refusals[group].person
