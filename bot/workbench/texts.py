"""Which texts of a base became others in another: of entries, refusal groups and the bot's own sentences. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from bot.kb.model import EntryText, KnowledgeBase, Voice

_NONE = ""


@dataclass(frozen=True, slots=True)
class ChangedText:
    """`what` is an entry, `refusal NAME` or `voice`; `part` says which text of it. Empty where there was none, or is none."""

    what: str
    lang: str
    part: str
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class PhraseChange:
    """How many ways to ask came and went, those of gaps among them."""

    what: str
    lang: str
    added: int
    removed: int


def changed_texts(old: KnowledgeBase, new: KnowledgeBase) -> list[ChangedText]:
    """In the order of the new base; what is gone stands last."""
    before, after = dict(_texts(old)), dict(_texts(new))
    keys = dict.fromkeys([*after, *before])
    return [
        ChangedText(*key, before.get(key, _NONE), after.get(key, _NONE))
        for key in keys
        if before.get(key, _NONE) != after.get(key, _NONE)
    ]


def changed_phrases(old: KnowledgeBase, new: KnowledgeBase) -> list[PhraseChange]:
    before, after = dict(_phrases(old)), dict(_phrases(new))
    found = []
    for key in dict.fromkeys([*after, *before]):
        one, two = before.get(key, frozenset()), after.get(key, frozenset())
        if one != two:
            found.append(PhraseChange(*key, len(two - one), len(one - two)))
    return found


def _texts(base: KnowledgeBase) -> Iterator[tuple[tuple[str, str, str], str]]:
    for entry in base.entries.values():
        for lang, text in entry.texts.items():
            for part, said in _parts(text).items():
                yield (entry.id, lang, part), said
    for change in base.changes.values():
        for lang, of_change in change.texts.items():
            yield (f"change {change.id}", lang, "say"), of_change.say
    for refusal in base.refusals.values():
        for lang, of_group in refusal.texts.items():
            yield (f"refusal {refusal.id}", lang, "say"), of_group.say
    for lang, voice in base.voices.items():
        said_by_talk = {f"small talk {kind}": talk.say for kind, talk in voice.small_talk.items()}
        us = {"danger": voice.danger or _NONE, "contact": _contact(voice), "operator": voice.operator or _NONE}
        for part, said in {**voice.sentences, **said_by_talk, **us}.items():
            yield ("voice", lang, part), said


def _contact(voice: Voice) -> str:
    return " ".join(filter(None, (voice.contact.text, voice.contact.url))) if voice.contact else _NONE


def _parts(text: EntryText) -> Mapping[str, str]:
    context = "\n".join(one.text for one in text.context)
    found = {"question": text.question, "button": text.short, "answer": text.answer, "context": context}
    return found | {f"gap {gap.id}": gap.say for gap in text.gaps.values()}


def _phrases(base: KnowledgeBase) -> Iterator[tuple[tuple[str, str], frozenset[str]]]:
    for entry in base.entries.values():
        for lang, text in entry.texts.items():
            yield (entry.id, lang), frozenset([*text.phrases, *(ask for gap in text.gaps.values() for ask in gap.ask)])
    for refusal in base.refusals.values():
        for lang, group in refusal.texts.items():
            yield (f"refusal {refusal.id}", lang), frozenset(group.phrases)
