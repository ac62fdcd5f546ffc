"""Questions and answers of a page: schema.org's JSON-LD or microdata, else what stands in drawers, below headings that ask, below
lines in bold or with letters. Markdown and plain text are read as the page that they would become."""

from __future__ import annotations

from dataclasses import replace

from bs4 import BeautifulSoup, UnicodeDammit

from bot.workbench.exchange import lettered, markdown
from bot.workbench.exchange.labels import code_to_answers, items_to_headings, open_drawers
from bot.workbench.exchange.lettered import ASKS, split_paragraphs
from bot.workbench.exchange.losses import Losses, unmarked
from bot.workbench.exchange.markup import parsed
from bot.workbench.exchange.origin import in_language, language_of, resolve
from bot.workbench.exchange.outline import NO_ANSWER, outline
from bot.workbench.exchange.records import FaqFile, Misfit, Origin
from bot.workbench.exchange.schema_org import json_ld, microdata
from bot.workbench.exchange.templates import without_code_of_servers, without_templates

_NOWHERE = Origin()


def from_markdown(text: str, origin: Origin = _NOWHERE, *, jsx: bool = False) -> FaqFile:
    losses = Losses()
    page = markdown.page_of(text, losses, jsx=jsx)
    in_language(page, origin.language)
    return _outlined(page, origin, losses, "Markdown")


def from_text(text: str, origin: Origin = _NOWHERE) -> FaqFile:
    """A plain text with letters before its questions, or questions on lines of their own."""
    return _outlined(lettered.page_of(text), origin, Losses(), "plain text")


def from_page(html: bytes, origin: Origin = _NOWHERE) -> FaqFile:
    losses = Losses()
    text = UnicodeDammit(html, is_html=True).unicode_markup or ""
    page = parsed(without_templates(without_code_of_servers(text, losses), losses, ASKS).replace("\x0b", ""))
    language = language_of(page)
    in_language(page, origin.language or language)
    broken: list[Misfit] = []
    for how, (records, misfits) in (
        ("schema.org FAQPage (JSON-LD)", json_ld(page, broken, lambda piece: resolve(piece, origin, losses))),
        ("schema.org questions (microdata)", microdata(_resolved(page, origin, losses))),
    ):
        if records or misfits:
            groups = {one.group for one in records}
            heading = groups.pop() if len(groups) == 1 else ""  # above all of them, it names no topic
            records = tuple(replace(one, group="") for one in records) if heading else records
            return _whole(FaqFile(records, (*broken, *misfits), how, language, heading), losses)
    found = _outlined(page, origin, losses, "a page", drawers_alone=True)
    return replace(found, misfits=(*broken, *found.misfits), language=language)


def _resolved(page: BeautifulSoup, origin: Origin, losses: Losses) -> BeautifulSoup:
    resolve(page, origin, losses)
    return page


def _outlined(page: BeautifulSoup, origin: Origin, losses: Losses, how: str, *, drawers_alone: bool = False) -> FaqFile:
    open_drawers(page)
    code_to_answers(page)
    split_paragraphs(page)
    resolve(page, origin, losses)
    found = outline(page, drawers_alone=drawers_alone)
    if not (found.records or found.misfits):
        items_to_headings(page)
        found = outline(page, drawers_alone=drawers_alone)
    file = FaqFile(tuple(found.records), tuple(found.misfits), how, "", found.heading, tuple(found.notes))
    return _whole(file, losses)


def _whole(found: FaqFile, losses: Losses) -> FaqFile:
    """Without the marks of what was lost, which is told instead."""
    told: dict[str, None] = {}
    records, misfits = [], [replace(one, text=unmarked(one.text)) for one in found.misfits]
    for one in found.records:
        told |= dict.fromkeys(what for text in (one.question, one.answer) for what in losses.of(text))
        question, answer = unmarked(one.question), unmarked(one.answer)
        if question and answer:
            records.append(replace(one, question=question, answer=answer, group=unmarked(one.group)))
        else:
            misfits.append(Misfit(one.place, f'"{question}": {NO_ANSWER}'))
    notes = (*map(unmarked, found.notes), *told)
    return replace(found, records=tuple(records), misfits=tuple(misfits), heading=unmarked(found.heading), notes=notes)
