"""Questions as JSON lines in, decisions as JSON lines out: for scripts and measurements."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator

from bot.errors import UsageError
from bot.reply import ReplyKind, plain
from bot.service import Outcome, Service


def answer_lines(service: Service, lines: Iterable[str]) -> Iterator[str]:
    """One line out for each line in, in order. UsageError names a line that is not {"id", "q", "lang"?}."""
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            item = json.loads(line)
            identity, question, lang = item["id"], item["q"], item.get("lang")
            if not isinstance(question, str) or not (lang is None or isinstance(lang, str)):
                raise TypeError("q and lang are texts")
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            text = f'line {number}: expected {{"id": …, "q": "…", "lang": "en"?}} ({type(error).__name__}: {error}).'
            raise UsageError(text) from None
        known = lang if lang in service.base.languages else None
        yield json.dumps({"id": identity} | as_document(service.ask(question, known)), ensure_ascii=False)


def as_document(outcome: Outcome) -> dict[str, object]:
    """decision, entries, gap, suggestions, score, lang, text."""
    reply = outcome.reply
    asked = not outcome.entries
    decision = ReplyKind.DECLINE if reply.kind is ReplyKind.INFO else reply.kind
    return {
        "decision": decision.value,
        "entries": list(outcome.entries),
        "gap": outcome.gap,
        "suggestions": [one.entry for one in reply.choices] if asked else [],
        "score": round(outcome.score, 4),
        "lang": reply.lang,
        "text": plain(reply),
    }
