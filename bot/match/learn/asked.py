"""What people ask a base, and what it answers: each text with what it belongs to. Pure."""

from __future__ import annotations

from collections.abc import Iterator

from bot.kb.model import KnowledgeBase
from bot.match.learn.labels import Kind, Label


def answers(base: KnowledgeBase, lang: str) -> Iterator[tuple[Label, str]]:
    """What each entry says."""
    return ((Label(entry.id), entry.texts[lang].answer) for entry in base.entries.values() if lang in entry.texts)


def labelled(base: KnowledgeBase, lang: str) -> Iterator[tuple[Label, str]]:
    for entry in base.entries.values():
        if lang not in entry.texts:
            continue
        said = entry.texts[lang]
        yield from ((Label(entry.id), phrase) for phrase in (said.question, *said.phrases))
        for gap in said.gaps.values():
            yield from ((Label(entry.id, gap.id), phrase) for phrase in gap.ask)
    for refusal in base.refusals.values():
        if lang in refusal.texts:
            yield from ((Label(refusal.id, kind=Kind.REFUSAL), phrase) for phrase in refusal.texts[lang].phrases)
    for kind, talk in base.voice(lang).small_talk.items():
        yield from ((Label(kind, kind=Kind.SMALL_TALK), phrase) for phrase in talk.phrases)
