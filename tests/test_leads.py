"""What only leads in to a subject ("what does the article say about …") is not what is asked: on the shipped base."""

from __future__ import annotations

import pytest

from bot.reply import ReplyKind
from bot.service import Service

LEADS = {
    "en": ("what does the article say about {}", "what is written in the article about {}"),
    "ru": ("что в статье сказано о {}", "что статья говорит о {}"),
    "kk": ("мақалада {} туралы не айтылған", "мақала {} туралы не дейді"),
}
SUBJECTS = {
    "en": {"defamation": "defamation", "the death penalty": "death-penalty", "schools": "school-safety"},
    "ru": {"клевете": "defamation", "смертной казни": "death-penalty", "школах": "school-safety"},
    "kk": {"жала": "defamation", "өлім жазасы": "death-penalty", "мектеп": "school-safety"},
}
ELSEWHERE = {"en": ("taxes", "football"), "ru": ("налогах",), "kk": ("салық", "футбол")}
ASKED = [(lang, lead) for lang, leads in LEADS.items() for lead in leads]


@pytest.mark.parametrize(("lang", "lead"), ASKED)
def test_what_it_leads_in_to_is_answered(service: Service, lang: str, lead: str) -> None:
    found = {subject: service.ask(lead.format(subject), lang).entries for subject in SUBJECTS[lang]}
    assert found == {subject: (entry,) for subject, entry in SUBJECTS[lang].items()}


@pytest.mark.parametrize(("lang", "lead"), ASKED)
def test_of_what_nothing_is_known_nothing_is_answered(service: Service, lang: str, lead: str) -> None:
    assert [service.ask(lead.format(subject), lang).entries for subject in ELSEWHERE[lang]] == [()] * len(
        ELSEWHERE[lang]
    )


@pytest.mark.parametrize("question", ["what does the article say about it", "что в статье сказано об этом"])
def test_a_lead_to_nothing_asks_for_the_whole(service: Service, question: str) -> None:
    outcome = service.ask(question)
    offered = tuple(one.entry for one in outcome.reply.choices) if outcome.reply.kind is ReplyKind.SUGGEST else ()
    assert "article-summary" in (*outcome.entries, *offered)
