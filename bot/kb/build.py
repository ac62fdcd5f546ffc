"""Files that fit together become the frozen knowledge base. Judges nothing: `lint_links` has said that they fit."""

from __future__ import annotations

from collections.abc import Mapping

from bot.kb.files import SMALL_TALK, File, Files, Language
from bot.kb.model import (
    PRIMARY,
    Change,
    ChangeText,
    Context,
    Entry,
    EntryText,
    Gap,
    KnowledgeBase,
    Refusal,
    RefusalText,
    SmallTalk,
    Source,
    Topic,
    TopicText,
    Voice,
)
from bot.kb.schema import ContextItem, TopicFile, TranslatedEntry, TranslatedHead, VoiceFile

Lists = Mapping[str, list[str]]


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
        voices={code: _voice(language) for code, language in files.languages.items()},
        synonyms={
            code: _frozen(language.synonyms.content) for code, language in files.languages.items() if language.synonyms
        },
        names={code: _frozen(one.names.content.groups) for code, one in files.languages.items() if one.names},
        changes=_changes(files),
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
    heads: dict[str, TranslatedHead] = {PRIMARY: head}
    for code, language in files.languages.items():
        if name in language.topics:
            heads[code] = language.topics[name].content.topic
    texts = {code: TopicText(title=one.title, command=one.command) for code, one in heads.items()}
    return Topic(id=name, emoji=head.emoji, entries=tuple(file.content.entries), texts=texts)


def _entry(files: Files, topic: str, file: File[TopicFile], name: str) -> Entry:
    item = file.content.entries[name]
    texts = {PRIMARY: _text(name, item, _phrases(files.languages[PRIMARY], topic), item.context)}
    for code, language in files.languages.items():
        translation = language.topics.get(topic)
        if translation and name in translation.content.entries:
            texts[code] = _text(name, translation.content.entries[name], _phrases(language, topic), item.context)
    return Entry(
        id=name,
        topic=topic,
        source=item.source,
        section=item.section,
        related=tuple(item.related),
        texts=texts,
        as_of=item.as_of,
    )


def _phrases(language: Language, topic: str) -> Lists:
    file = language.phrases.get(topic)
    return file.content if file else {}


def _text(name: str, item: TranslatedEntry, phrases: Lists, context: list[ContextItem]) -> EntryText:
    """`context` is the primary language's, which alone names the sources."""
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
    )


def _changes(files: Files) -> dict[str, Change]:
    found = {}
    for key, item in files.changes.content.items() if files.changes else ():
        texts = {PRIMARY: ChangeText(item.text, tuple(item.ask))}
        for code, language in files.languages.items():
            if language.changes and key in language.changes.content:
                own = language.changes.content[key]
                texts[code] = ChangeText(own.text, tuple(own.ask))
        found[key] = Change(id=key, source=item.source, date=item.date, texts=texts)
    return found


def _refusals(files: Files) -> dict[str, Refusal]:
    written = {code: language.refusals.content for code, language in files.languages.items() if language.refusals}
    near = {key: item.near for items in reversed(written.values()) for key, item in items.items()}
    ids = dict.fromkeys(key for items in written.values() for key in items)
    return {
        key: Refusal(
            id=key,
            near=near[key],
            texts={
                code: RefusalText(say=items[key].say, phrases=tuple(items[key].phrases))
                for code, items in written.items()
                if key in items
            },
        )
        for key in ids
    }


def _voice(language: Language) -> Voice:
    assert language.voice
    content: VoiceFile = language.voice.content
    phrases = _phrases(language, SMALL_TALK)
    return Voice(
        lang=language.code,
        sentences=content.sentences,
        plurals=content.plurals,
        sections=content.sections,
        commands=content.commands,
        profile=content.profile.model_dump(),
        languages=content.languages,
        small_talk={
            kind: SmallTalk(say=item.say, phrases=tuple(phrases.get(kind, ())))
            for kind, item in content.small_talk.items()
        },
        danger=content.danger.say if content.danger else None,
    )


def _frozen(lists: Lists) -> dict[str, tuple[str, ...]]:
    return {key: tuple(words) for key, words in lists.items()}
