"""Whether the files fit together: every name that one of them uses must stand where it belongs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from bot import commands
from bot.kb.files import SMALL_TALK, SOURCES, Files, LanguageFiles
from bot.kb.ids import is_id, is_topic
from bot.kb.model import Problem
from bot.kb.shapes import FollowUpsFile, PrimaryEntry, TopicFile, WordLists
from bot.kb.source_file import File
from bot.kb.yaml_text import Map, Value
from bot.languages.packs import INSIDE


def links(files: Files) -> list[Problem]:
    """What keeps the files from becoming one base. Names from files that could not be read are not missed."""
    if files.primary not in files.languages:
        return list(_files(files))
    return [
        *_files(files),
        *_topics(files),
        *_changes(files),
        *(problem for language in files.languages.values() for problem in _language(files, language)),
    ]


def keys(value: Value, *path: str) -> list[str]:
    """The keys at `path` as they stand in the file, whether their content is right or not."""
    for step in path:
        value = value.get(step) if isinstance(value, Map) else None
    return list(value) if isinstance(value, Map) else []


def _files(files: Files) -> Iterator[Problem]:
    if files.languages and files.primary not in files.languages:
        text = f'no folder "{files.primary}"; the primary language owns the entries (sources.yaml may name it: primary: {next(iter(files.languages))})'
        yield Problem(".", 1, "missing-file", text)
    if files.languages and SOURCES not in files.names:
        yield Problem(SOURCES, 1, "missing-file", "there is no such file; write it")
    for code, language in files.languages.items():
        if not language.traits and not files.missed:
            text = f"the bot has no pack of this language; write {INSIDE}/{code} (README.md says how)"
            yield Problem(f"{INSIDE}/{code}/language.yaml", 1, "missing-file", text)
        elif not language.voice and not files.missed:
            yield Problem(f"{code}/voice.yaml", 1, "missing-file", "there is no such file; write it")
    if not files.missed and not any(file.content.entries for file in files.topics.values()):
        yield Problem(".", 1, "empty-base", f"not a single entry; write {files.primary}/<topic>.yaml")


def _topics(files: Files) -> Iterator[Problem]:
    seen: dict[str, str] = {}
    for name, file in files.topics.items():
        yield from _topic_name(file, name)
        for entry, item in file.content.entries.items():
            path = ("entries", entry)
            yield from bad_ids(file, [entry, *item.gaps], *path)
            if entry in seen:
                yield file.problem("repeated-entry", f'"{entry}" stands in {seen[entry]} already; rename one', *path)
            seen.setdefault(entry, file.place(*path))
            yield from _entry(files, file, entry, item)


def _topic_name(file: File[TopicFile], name: str) -> Iterator[Problem]:
    if not is_topic(name):
        yield file.problem("bad-topic-name", "a topic is a slash command: a to z, 0 to 9 and _, 32 at most; rename it")
    elif name in commands.ALL:
        yield file.problem("bad-topic-name", f"/{name} is a command of the bot; rename the topic")


def bad_ids(file: File[object], ids: Iterable[str], *path: str) -> Iterator[Problem]:
    for one in ids:
        if not is_id(one):
            yield file.problem("bad-id", f'"{one}": an id is a to z, 0 to 9 and -, 48 at most; rename it', *path)


def _entry(files: Files, file: File[TopicFile], entry: str, item: PrimaryEntry) -> Iterator[Problem]:
    path = ("entries", entry)
    yield from _source(files, file, item.source, *path, "source")
    for place, context in enumerate(item.context):
        yield from _source(files, file, context.source, *path, "context", place, "source")
        yield from _fills(file, item, context.fills, *path, "context", place, "fills")
    yield from _as_of(files, file, item, *path, "as_of")
    sections = _sections(files)
    if sections and item.section not in sections:
        yield file.problem(
            "unknown-section",
            f'no section "{item.section}" in voice.yaml; {_one_of(sections)}',
            *path,
            "section",
            about=f"section:{item.section}",
        )
    for place, other in enumerate(item.related):
        if other == entry:
            yield file.problem(
                "unknown-related", "an entry is not related to itself; take it out", *path, "related", place
            )
        elif complete(files) and not _has_entry(files, other):
            text = f'no entry "{other}"; write the id of an entry, or take it out'
            yield file.problem("unknown-related", text, *path, "related", place, about=f"entry:{other}")


def _fills(file: File[TopicFile], item: PrimaryEntry, fills: Iterable[str], *path: str | int) -> Iterator[Problem]:
    for place, gap in enumerate(fills):
        if gap not in item.gaps:
            yield file.problem(
                "unknown-gap",
                f'no gap "{gap}" in this entry; {_one_of(item.gaps)}',
                *path,
                place,
                about=f"gap:{path[1]}/{gap}",
            )


def _as_of(files: Files, file: File[TopicFile], item: PrimaryEntry, *path: str | int) -> Iterator[Problem]:
    known = keys(files.changes.raw) if files.changes else []
    name = f"{files.primary}/changes.yaml"
    if item.as_of is not None and item.as_of not in known and name not in files.missed:
        yield file.problem(
            "unknown-change", f'no "{item.as_of}" in {name}; {_one_of(known)}', *path, about=f"change:{item.as_of}"
        )


def _changes(files: Files) -> Iterator[Problem]:
    file = files.changes
    if file is None:
        return
    for change, item in file.content.items():
        yield from bad_ids(file, [change], change)
        yield from _source(files, file, item.source, change, "source")


def _source(files: Files, file: File[Any], source: str, *path: str | int) -> Iterator[Problem]:
    if files.sources and source not in keys(files.sources.raw):
        yield file.problem(
            "unknown-source",
            f'no "{source}" in sources.yaml; add it there, or correct the id',
            *path,
            about=f"source:{source}",
        )


def _sections(files: Files) -> list[str]:
    voice = files.languages[files.primary].voice
    return keys(voice.raw, "sections") if voice else []


def _one_of(names: Iterable[str]) -> str:
    return f"there is {', '.join(names) or 'none'}"


def complete(files: Files) -> bool:
    """Whether every topic file of the primary language could be read at all."""
    return all(
        name.removeprefix(f"{files.primary}/").removesuffix(".yaml") in files.topics
        for name in files.missed
        if name.startswith(f"{files.primary}/") and name.count("/") == 1
    )


def _has_entry(files: Files, entry: str) -> bool:
    return any(entry in keys(file.raw, "entries") for file in files.topics.values())


def _language(files: Files, language: LanguageFiles) -> Iterator[Problem]:
    yield from _translations(files, language)
    for name, phrases in language.phrases.items():
        yield from _small_talk(language, phrases) if name == SMALL_TALK else _phrases(files, name, phrases)
    for name, follow_ups in language.follow_ups.items():
        yield from _phrases(files, name, follow_ups)
    if language.refusals:
        for refusal, item in language.refusals.content.items():
            yield from bad_ids(language.refusals, [refusal], refusal)
            if item.near is not None and not _has_topic(files, item.near):
                text = f'no topic "{item.near}"; {_one_of(files.topics)}, or null'
                yield language.refusals.problem("unknown-topic", text, refusal, "near", about=f"topic:{item.near}")
    if language.changes:
        known = keys(files.changes.raw) if files.changes else []
        name = f"{files.primary}/changes.yaml"
        for change in language.changes.content:
            if change not in known and name not in files.missed:
                yield language.changes.problem(
                    "unknown-change", f'no "{change}" in {name}; take it out', change, about=f"change:{change}"
                )
    if language.publishers and files.sources:
        for source in language.publishers.content:
            if source not in keys(files.sources.raw):
                yield language.publishers.problem(
                    "unknown-source",
                    f'no "{source}" in sources.yaml; take it out',
                    source,
                    about=f"source:{source}",
                )


def _has_topic(files: Files, topic: str) -> bool:
    return topic in files.topics or f"{files.primary}/{topic}.yaml" in files.missed


def _translations(files: Files, language: LanguageFiles) -> Iterator[Problem]:
    for name, file in language.topics.items():
        if not _has_topic(files, name):
            yield file.problem(
                "unknown-topic",
                f"there is no {files.primary}/{name}.yaml; rename this file or take it out",
                about=f"topic:{name}",
            )
        elif name in files.topics:
            known = keys(files.topics[name].raw, "entries")
            for entry in file.content.entries:
                if entry not in known:
                    text = f'no entry "{entry}" in {files.primary}/{name}.yaml; add it there, or take it out'
                    yield file.problem("translation-without-entry", text, "entries", entry, about=f"entry:{entry}")


def _phrases(files: Files, topic: str, file: File[WordLists] | File[FollowUpsFile]) -> Iterator[Problem]:
    if not _has_topic(files, topic):
        yield file.problem(
            "unknown-topic",
            f"there is no {files.primary}/{topic}.yaml; rename this file or take it out",
            about=f"topic:{topic}",
        )
        return
    if topic not in files.topics:
        return
    raw = files.topics[topic].raw
    for key in file.content:
        entry, slash, gap = key.partition("/")
        if entry not in keys(raw, "entries"):
            yield file.problem(
                "unknown-entry",
                f'no entry "{entry}" in {files.primary}/{topic}.yaml; correct the id',
                key,
                about=f"entry:{entry}",
            )
        elif slash and gap not in keys(raw, "entries", entry, "gaps"):
            yield file.problem(
                "unknown-entry", f'no gap "{gap}" in the entry "{entry}"; correct the id', key, about=f"gap:{key}"
            )


def _small_talk(language: LanguageFiles, file: File[WordLists]) -> Iterator[Problem]:
    if not language.voice:
        return
    kinds = keys(language.voice.raw, "small_talk")
    for kind in file.content:
        if kind not in kinds:
            yield file.problem(
                "unknown-small-talk", f'no "{kind}" under small_talk in {language.voice.name}; add it there', kind
            )
