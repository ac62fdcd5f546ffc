"""Files that fit together become the frozen knowledge base. Judges nothing: `lint_links` has said that they fit."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from bot.kb.files import SMALL_TALK, Files, LanguageFiles
from bot.kb.model import (
    Change,
    ChangeText,
    Contact,
    Context,
    Correction,
    CorrectionText,
    Entry,
    EntryText,
    FollowUps,
    Gap,
    KnowledgeBase,
    Refusal,
    RefusalText,
    SmallTalkText,
    Source,
    Topic,
    TopicText,
    Voice,
)
from bot.kb.places import Places
from bot.kb.shapes import ContextItem, NamesFile, TopicFile, TranslatedEntry, TranslatedHead
from bot.kb.source_file import File
from bot.kb.voice_keys import MAX_PROFILE
from bot.kb.voice_shapes import VoiceFile
from bot.languages.text import shortened
from bot.languages.traits import Traits

Lists = Mapping[str, list[str]]
_NONE = FollowUps()


def build(files: Files) -> KnowledgeBase:
    return KnowledgeBase(
        sources=_sources(files),
        topics={name: _topic(files, name, file) for name, file in files.topics.items()},
        entries={
            entry: _entry(files, name, file, entry)
            for name, file in files.topics.items()
            for entry in file.content.entries
        },
        refusals=_refusals(files),
        voices=_voices(files),
        synonyms={
            code: _frozen(language.synonyms.content) for code, language in files.languages.items() if language.synonyms
        },
        names={code: _names(one.names.content) for code, one in files.languages.items() if one.names},
        own={code: tuple(one.names.content.own) for code, one in files.languages.items() if one.names},
        traits={code: _traits(language) for code, language in files.languages.items()},
        changes=_changes(files),
        corrections=tuple(sorted(_corrections(files), key=lambda one: (one.date, one.id), reverse=True)),
        check_by=tuple(sorted(_check_by(files))),
        digest=files.digest,
    )


def _sources(files: Files) -> dict[str, Source]:
    assert files.sources
    return {
        key: Source(
            id=key,
            kind=item.kind,
            title=item.title,
            publisher=item.publisher,
            editor=item.editor,
            published=item.published,
            language=item.language,
            url=item.url,
            publishers=_publishers(files, key),
            read=item.read,
            copy=item.copy_,
        )
        for key, item in files.sources.content.items()
    }


def _publishers(files: Files, source: str) -> dict[str, str]:
    named = ((code, language.publishers) for code, language in files.languages.items())
    return {code: file.content[source].publisher for code, file in named if file and source in file.content}


def _topic(files: Files, name: str, file: File[TopicFile]) -> Topic:
    head = file.content.topic
    heads: dict[str, TranslatedHead] = {files.primary: head}
    for code, language in files.languages.items():
        if name in language.topics:
            heads[code] = language.topics[name].content.topic
    texts = {code: TopicText(title=one.title, command=one.command) for code, one in heads.items()}
    return Topic(id=name, emoji=head.emoji, entries=tuple(file.content.entries), texts=texts)


def _entry(files: Files, topic: str, file: File[TopicFile], name: str) -> Entry:
    item = file.content.entries[name]
    texts = {files.primary: _text(name, item, files.languages[files.primary], topic, item.context)}
    for code, language in files.languages.items():
        translation = language.topics.get(topic)
        if translation and name in translation.content.entries:
            texts[code] = _text(name, translation.content.entries[name], language, topic, item.context)
    return Entry(
        id=name,
        topic=topic,
        source=item.source,
        section=item.section,
        related=tuple(item.related),
        texts=texts,
        as_of=item.as_of,
        added=item.added,
    )


def _phrases(language: LanguageFiles, topic: str) -> Lists:
    file = language.phrases.get(topic)
    return file.content if file else {}


def _follow_ups(language: LanguageFiles, topic: str, entry: str) -> FollowUps:
    file = language.follow_ups.get(topic)
    found = file.content.get(entry) if file else None
    return FollowUps(tuple(found.within), tuple(found.towards), tuple(found.beyond)) if found else _NONE


def _text(
    name: str, item: TranslatedEntry, language: LanguageFiles, topic: str, context: list[ContextItem]
) -> EntryText:
    """`context` is the primary language's, which alone names the sources."""
    phrases = _phrases(language, topic)
    return EntryText(
        question=item.question,
        answer=item.answer,
        figures=tuple(item.figures),
        phrases=tuple(phrases.get(name, ())),
        gaps={
            gap: Gap(id=gap, ask=(*one.ask, *phrases.get(f"{name}/{gap}", ())), say=one.say)
            for gap, one in item.gaps.items()
        },
        context=tuple(
            Context(text=own.text, source=one.source, fills=tuple(one.fills))
            for own, one in zip(item.context, context, strict=False)
        ),
        short=item.short,
        follow_ups=_follow_ups(language, topic, name),
    )


def _changes(files: Files) -> dict[str, Change]:
    found = {}
    for key, item in files.changes.content.items() if files.changes else ():
        texts = {files.primary: ChangeText(item.text, tuple(item.ask))}
        for code, language in files.languages.items():
            if language.changes and key in language.changes.content:
                own = language.changes.content[key]
                texts[code] = ChangeText(own.text, tuple(own.ask))
        found[key] = Change(id=key, source=item.source, date=item.date, texts=texts)
    return found


def _corrections(files: Files) -> Iterator[Correction]:
    """Those of entries that are there; `check` names the others."""
    entries = {entry for file in files.topics.values() for entry in file.content.entries}
    for key, item in files.corrections.content.items() if files.corrections else ():
        texts = {files.primary: CorrectionText(item.old, item.new, item.why)}
        for code, language in files.languages.items():
            if language.corrections and (own := language.corrections.content.get(key)):
                texts[code] = CorrectionText(own.old, own.new, own.why)
        if item.entry in entries:
            yield Correction(id=key, entry=item.entry, date=item.date, texts=texts)


def _check_by(files: Files) -> Iterator[str]:
    for file in files.topics.values():
        for entry in file.content.entries.values():
            yield from (one.check_by for one in (entry, *entry.context) if one.check_by)
    yield from (one.check_by for one in (files.changes.content.values() if files.changes else ()) if one.check_by)


def _refusals(files: Files) -> dict[str, Refusal]:
    written = {code: language.refusals.content for code, language in files.languages.items() if language.refusals}
    places = {code: Places.of(files, files.languages[code]) for code in written}
    near = {key: item.near for items in reversed(written.values()) for key, item in items.items()}
    own = (
        keys
        for one in files.languages.values()
        if "refusals" in one.own and isinstance(keys := one.own["refusals"].raw, dict)
    )
    ids = [
        key for key in dict.fromkeys(itertools.chain(*own, *written.values())) if key in near
    ]  # the base's own come first
    return {
        key: Refusal(
            id=key,
            near=near[key],
            texts={
                code: RefusalText(
                    places[code].fill(items[key].say),
                    (*items[key].phrases, *items[key].more),
                    _general(files.languages[code].refusals, len(items[key].phrases), key, "phrases"),
                )
                for code, items in written.items()
                if key in items
            },
            person=any(items[key].person == "true" for items in written.values() if key in items),
        )
        for key in ids
    }


def _general(file: File[Any] | None, size: int, *path: str) -> int:
    """How many of the phrases there are the pack's, which stand before those that the base adds."""
    return sum(file.shipped_items(size, *path)) if file else 0


def _voices(files: Files) -> dict[str, Voice]:
    """Where a language has no sentence, that of the primary one is said."""
    found: dict[str, Voice] = {}
    names = {code: _traits(language).name for code, language in files.languages.items()}
    for code, language in files.languages.items():
        own = _voice(files, language, names)
        first = found.get(files.primary, own)
        found[code] = replace(
            own,
            sentences={**first.sentences, **own.sentences},
            sections={**first.sections, **own.sections},
            commands={**first.commands, **own.commands},
            profile={key: text or first.profile[key] for key, text in own.profile.items()},
            contact=own.contact or first.contact,
            operator=own.operator or first.operator,
        )
    return found


def _voice(files: Files, language: LanguageFiles, names: Mapping[str, str]) -> Voice:
    assert language.voice
    content: VoiceFile = language.voice.content
    places = Places.of(files, language)
    phrases = _phrases(language, SMALL_TALK)
    return Voice(
        lang=language.code,
        sentences={key: places.fill_sentence(key, text) for key, text in content.sentences.items()},
        sections=content.sections,
        commands=content.commands,
        profile={
            key: shortened(places.fill(text), MAX_PROFILE[key]) for key, text in content.profile.model_dump().items()
        },
        languages={**names, **content.languages},
        small_talk={
            kind: SmallTalkText(
                places.fill(item.say),
                tuple(phrases.get(kind, ())),
                item.may_lean == "true",
                item.person == "true",
                _general(language.phrases.get(SMALL_TALK), len(phrases.get(kind, ())), kind),
            )
            for kind, item in content.small_talk.items()
        },
        danger=places.fill(content.danger.say) if content.danger else None,
        danger_doubted=places.fill(content.danger.doubted or content.danger.say) if content.danger else None,
        danger_again=places.fill(content.danger.again or content.danger.say) if content.danger else None,
        locale=_traits(language).locale or language.code,
        contact=Contact(content.contact.text, content.contact.url) if content.contact else None,
        operator=content.operator.strip(),
    )


def _traits(language: LanguageFiles) -> Traits:
    assert language.traits
    return replace(language.traits.content, code=language.code)


def _names(content: NamesFile) -> dict[str, tuple[str, ...]]:
    """Without those that the base is about."""
    own = {name.casefold() for name in content.own}
    return {key: tuple(name for name in names if name.casefold() not in own) for key, names in content.groups.items()}


def _frozen(lists: Lists) -> dict[str, tuple[str, ...]]:
    return {key: tuple(words) for key, words in lists.items()}
