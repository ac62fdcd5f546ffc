"""The files of a knowledge folder, read and parsed: typed content that still knows its lines."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from pathlib import Path, PurePosixPath
from typing import Any

from bot.kb.layers import Layered, merged
from bot.kb.listing import read_folder
from bot.kb.model import Problem
from bot.kb.schema import (
    ChangesFile,
    ChangesTranslation,
    Kind,
    NamesFile,
    PublishersFile,
    RefusalsFile,
    SourcesFile,
    TopicFile,
    TranslationFile,
    VoiceFile,
    WordLists,
    shape,
)
from bot.kb.source_file import File
from bot.kb.yaml_text import Map, read_yaml
from bot.languages.traits import Traits

SMALL_TALK = "smalltalk"
SOURCES = "sources.yaml"
PRIMARY = "primary"  # the key of sources.yaml that names the primary language
FIRST = "en"  # the primary language of a base of several that names none
_BROKEN: Any = object()
# Files that may stand over a pack's, and where `Language` has both as one.
_LAYERED = {"language": "traits", "voice": "voice", "refusals": "refusals", "synonyms": "synonyms", "names": "names"}
_FIXED = {
    "language": Kind.LANGUAGE,
    "voice": Kind.VOICE,
    "refusals": Kind.REFUSALS,
    "synonyms": Kind.SYNONYMS,
    "names": Kind.NAMES,
    "sources": Kind.PUBLISHERS,
    "changes": Kind.CHANGES_TRANSLATION,
}


@dataclass(slots=True)
class Language:
    """The files of one language, those of its pack below the base's; `topics` and `changes` of the primary language are in
    `Files`. `own` has what the base itself wrote, by the name of the field."""

    code: str
    traits: File[Traits] | None = None
    own: dict[str, File[Any]] = field(default_factory=dict)
    topics: dict[str, File[TranslationFile]] = field(default_factory=dict)
    phrases: dict[str, File[WordLists]] = field(default_factory=dict)
    voice: File[VoiceFile] | None = None
    refusals: File[RefusalsFile] | None = None
    synonyms: File[WordLists] | None = None
    names: File[NamesFile] | None = None
    publishers: File[PublishersFile] | None = None
    changes: File[ChangesTranslation] | None = None

    @property
    def written(self) -> bool:
        """Whether the base has a folder of it: else there is but a pack."""
        return bool(self.own or self.topics or self.phrases.keys() - {SMALL_TALK} or self.publishers or self.changes)


@dataclass(slots=True)
class Files:
    """A whole folder. `missed` names the files of which something could not be read: what hangs on them is not judged."""

    primary: str = FIRST
    languages: dict[str, Language] = field(default_factory=dict)
    topics: dict[str, File[TopicFile]] = field(default_factory=dict)
    sources: File[SourcesFile] | None = None
    changes: File[ChangesFile] | None = None
    problems: list[Problem] = field(default_factory=list)
    missed: set[str] = field(default_factory=set)
    names: set[str] = field(default_factory=set)
    digest: str = ""


def read_files(folder: Path) -> Files:
    """Everything in the folder that belongs to a knowledge base, and the problems of reading it."""
    found = read_folder(folder)
    files = Files(
        languages={code: Language(code) for code in sorted(found.languages)},
        problems=found.problems,
        missed=found.missed,
        names=found.names,
        digest=found.digest,
    )
    values = {
        name: value for name, data in found.contents.items() if (value := _value(files, name, data)) is not _BROKEN
    }
    files.primary = _primary(files, values)
    for name, value in values.items() if files.primary in files.languages else ():
        _take(files, _kind(name, files.primary), name, value)
    for code, language in files.languages.items():
        _layer(files, language, {name: _value(files, name, data) for name, data in found.packs[code].items()})
    files.languages = dict(sorted(files.languages.items(), key=lambda item: item[0] != files.primary))
    files.topics = dict(sorted(files.topics.items(), key=lambda item: _reading_order(item[1])))
    return files


def _value(files: Files, name: str, data: bytes) -> Any:
    """What stands in a file, `_BROKEN` where that cannot be told."""
    raw, problems = read_yaml(data, name)
    files.problems += problems
    if raw is None and problems:
        files.missed.add(name)
        return _BROKEN
    return raw


def _primary(files: Files, values: dict[str, Any]) -> str:
    """What sources.yaml says, else the only language there is that has entries, else FIRST."""
    sources = values.get(SOURCES)
    if isinstance(sources, Map) and isinstance(sources.get(PRIMARY), str):
        return str(sources.pop(PRIMARY))
    written = {name.split("/")[0] for name in files.names if name.count("/") == 1}
    return written.pop() if len(written) == 1 else FIRST


def _reading_order(file: File[TopicFile]) -> tuple[int, str]:
    order = file.content.topic.order or ""
    return int(order) if re.fullmatch("[0-9]{1,6}", order) else 1_000_000, file.stem


def _kind(name: str, primary: str) -> Kind:
    path = PurePosixPath(name)
    if len(path.parts) == 1:
        return Kind.SOURCES
    if len(path.parts) == 3:
        return Kind.PHRASES
    if name == f"{primary}/changes.yaml":
        return Kind.CHANGES
    return _FIXED.get(path.stem) or (Kind.TOPIC if path.parts[0] == primary else Kind.TRANSLATION)


def _take(files: Files, kind: Kind, name: str, raw: Any) -> None:
    """A file of the base. What may stand over a pack's file is judged with it."""
    stem = PurePosixPath(name).stem
    if stem in _LAYERED or (stem == SMALL_TALK and kind is Kind.PHRASES):
        _language(files, name).own[stem] = File(name, raw, None)
    elif (content := _shaped(files, kind, name, raw)) is not None:
        _put(files, kind, File(name, raw, content))


def _shaped(files: Files, kind: Kind, name: str, raw: Any) -> Any:
    content, problems, whole = shape(kind, raw, name)
    files.problems += problems
    if not whole:
        files.missed.add(name)
    return content


def _layer(files: Files, language: Language, pack: dict[str, Any]) -> None:
    """Puts the base's files over those of the pack. Small talk that is taken out takes its phrases with it."""
    below = {PurePosixPath(name).stem: File(name, raw, None) for name, raw in pack.items() if raw is not _BROKEN}
    for stem in [*_LAYERED, SMALL_TALK]:
        under, over = below.get(stem), language.own.get(stem)
        if stem == SMALL_TALK and under and language.voice:
            under = replace(under, raw=_kept(under.raw, language.voice.content.small_talk))
        file = _joined(files, _FIXED.get(stem, Kind.PHRASES), under, over)
        if file and stem == SMALL_TALK:
            language.phrases[SMALL_TALK] = file
        elif file:
            setattr(language, _LAYERED[stem], file)


def _joined(files: Files, kind: Kind, under: File[Any] | None, over: File[Any] | None) -> File[Any] | None:
    if under is None or over is None:
        only = over or under
        content = _shaped(files, kind, only.name, only.raw) if only else None
        return replace(only, content=content) if only and content is not None else None
    raw = merged(under.raw, over.raw)
    content = _shaped(files, kind, over.name, raw)
    return None if content is None else Layered(over.name, raw, content, over, under)


def _kept(value: Any, keys: Iterable[str]) -> Any:
    """A mapping without all other keys; the lines stay."""
    if not isinstance(value, Map):
        return value
    found = Map(value.line)
    found.lines = value.lines
    found.update((key, value[key]) for key in value if key in keys)
    return found


def _put(files: Files, kind: Kind, file: File[Any]) -> None:
    if kind is Kind.SOURCES:
        files.sources = file
        return
    if kind is Kind.CHANGES:
        files.changes = file
        return
    language = _language(files, file.name)
    match kind:
        case Kind.TOPIC:
            files.topics[file.stem] = file
        case Kind.TRANSLATION:
            language.topics[file.stem] = file
        case Kind.PHRASES:
            language.phrases[file.stem] = file
        case Kind.CHANGES_TRANSLATION:
            language.changes = file
        case _:
            language.publishers = file


def _language(files: Files, name: str) -> Language:
    return files.languages[name.split("/")[0]]
