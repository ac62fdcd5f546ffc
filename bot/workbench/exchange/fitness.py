"""What of a question with its answer keeps it out of any base, and what leaves a doubt. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.kb.ids import is_id
from bot.kb.lint.text import is_blank
from bot.kb.lint.tongue import foreign
from bot.kb.shapes import MAX_ANSWER
from bot.languages.start import start
from bot.workbench.exchange.records import Record

_ENDED = re.compile(r"[.!?…:]\s|\n")  # more than one sentence, or what is listed or shown below it


def unfit(record: Record, lang: str) -> str:
    """Why it cannot be taken; empty where it can."""
    if record.id and not is_id(record.id):
        return f'"{record.id}" is no id; an id is a to z, 0 to 9 and -, 48 at most'
    if is_blank(record.question):
        return "the question has no word; write it"
    asked = f'"{record.question[:60]}"'
    if is_blank(record.answer):
        return f"{asked}: the answer has no word; write it"
    if len(record.answer) > MAX_ANSWER:
        size = f"{len(record.answer):,} characters"
        return f"{asked}: the answer has {size}, {MAX_ANSWER:,} at most; shorten it or make two of it"
    return next((f"{asked}: {text}" for text, certain in _tongues(record, lang) if certain), "")


def doubts(record: Record, lang: str) -> Iterator[str]:
    """What a maintainer should look at in a record that is taken."""
    asked = f'"{record.question[:60]}"'
    yield from (f"{asked}: {text}" for text, certain in _tongues(record, lang) if not certain)
    if points_elsewhere(record.answer, lang):
        yield f'{asked}: "{record.answer[:40]}" points to another place of the page, which who asks does not see; write it out'


def points_elsewhere(answer: str, lang: str) -> bool:
    """Whether it is one sentence that speaks of what stands above or below it."""
    said, pack = answer.strip(), start(lang)
    if pack is None or _ENDED.search(said):
        return False
    return any(re.search(rf"\b{re.escape(one)}\b", said, re.IGNORECASE) for one in pack.elsewhere)


def _tongues(record: Record, lang: str) -> Iterator[tuple[str, bool]]:
    for what, text in (("the question", record.question), ("the answer", record.answer)):
        wrong, certain = foreign(text, lang)
        if wrong:
            yield f"{what} {wrong}", certain
