"""Questions as JSON lines in, decisions as JSON lines out: for scripts and measurements."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator

from bot.conversation import Conversation
from bot.errors import UsageError
from bot.reply import ReplyKind, plain
from bot.service import Outcome, Service
from bot.turns import START, Said, State


def answer_lines(service: Service, lines: Iterable[str]) -> Iterator[str]:
    """One line out for each line in, in order. UsageError names a line that is not {"id", "q", "lang"?, "previous"?}."""
    conversation = Conversation(service)
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            item = json.loads(line)
            identity, question, lang, previous = item["id"], item["q"], item.get("lang"), item.get("previous")
            if not isinstance(question, str) or not all(
                one is None or isinstance(one, str) for one in (lang, previous)
            ):
                raise TypeError("q, lang and previous are texts")
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            text = f'line {number}: expected {{"id": …, "q": "…", "lang": "en"?, "previous": "entry"?}} ({type(error).__name__}: {error}).'
            raise UsageError(text) from None
        known = lang if lang in service.base.languages else None
        state = State((Said(previous),), lang=known) if previous else START
        outcome, _ = conversation.ask(question, known, state)
        yield json.dumps({"id": identity} | as_document(outcome), ensure_ascii=False)


def as_document(outcome: Outcome) -> dict[str, object]:
    """decision, entries, gap, gaps, suggestions, score, lang, danger, verdict, text."""
    reply = outcome.reply
    asked = not outcome.entries
    decision = ReplyKind.DECLINE if reply.kind is ReplyKind.INFO else reply.kind
    return {
        "decision": decision.value,
        "entries": list(outcome.entries),
        "gap": outcome.gap,
        "gaps": list(outcome.gaps),
        "suggestions": [one.entry for one in reply.choices] if asked else [],
        "score": round(outcome.score, 4),
        "lang": reply.lang,
        "danger": outcome.danger,
        "verdict": outcome.claim.stance.value if outcome.claim else None,
        "text": plain(reply),
    }
