"""The files of a knowledge folder, read and parsed: typed content that still knows its lines."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from pathlib import Path, PurePosixPath
from typing import Any, TypeAlias

from bot.kb.layers import Layered, merged
from bot.kb.listing import read_folder
from bot.kb.model import Problem
from bot.kb.schema import FileKind, shape
from bot.kb.shapes import (
    ChangesFile,
    ChangesTranslation,
    CorrectionsFile,
    CorrectionsTranslation,
    FollowUpsFile,
    NamesFile,
    PublishersFile,
    RefusalsFile,
    SourcesFile,
    TopicFile,
    TranslationFile,
    WordLists,
)
from bot.kb.source_file import File
from bot.kb.voice_shapes import VoiceFile
from bot.kb.yaml_text import Map, read_yaml, without
from bot.languages.traits import Traits

SMALL_TALK = "smalltalk"
FOLLOW_UPS = "follow-ups"  # the folder of a language that has them
SOURCES = "sources.yaml"
PRIMARY = "primary"  # the key of sources.yaml that names the primary language
FIRST = "en"  # the primary language of a base of several that names none
_BROKEN: Any = object()
Parsed: TypeAlias = (
    "dict[str, tuple[bytes, Any, list[Problem]]]"  # by name: the bytes, what stands in them, what is wrong
)
# Files that may stand over a pack's, and where `LanguageFiles` has both as one.
_LAYERED = {"language": "traits", "voice": "voice", "refusals": "refusals", "synonyms": "synonyms", "names": "names"}
_FIXED = {
    "language": FileKind.LANGUAGE,
    "voice": FileKind.VOICE,
    "refusals": FileKind.REFUSALS,
    "synonyms": FileKind.SYNONYMS,
    "names": FileKind.NAMES,
    "sources": FileKind.PUBLISHERS,
    "changes": FileKind.CHANGES_TRANSLATION,
    "corrections": FileKind.CORRECTIONS_TRANSLATION,
}

_OWNED = {"changes": FileKind.CHANGES, "corrections": FileKind.CORRECTIONS}  # the primary language's


@dataclass(slots=True)
class LanguageFiles:
    """The files of one language, those of its pack below the base's; `topics`, `changes` and `corrections` of the primary
    language are in `Files`. `own` has what the base itself wrote, by the name of the field."""

    code: str
    traits: File[Traits] | None = None
    own: dict[str, File[Any]] = field(default_factory=dict)
    topics: dict[str, File[TranslationFile]] = field(default_factory=dict)
    phrases: dict[str, File[WordLists]] = field(default_factory=dict)
    follow_ups: dict[str, File[FollowUpsFile]] = field(default_factory=dict)
    voice: File[VoiceFile] | None = None
    refusals: File[RefusalsFile] | None = None
    synonyms: File[WordLists] | None = None
    names: File[NamesFile] | None = None
    publishers: File[PublishersFile] | None = None
    changes: File[ChangesTranslation] | None = None
    corrections: File[CorrectionsTranslation] | None = None

    @property
    def written(self) -> bool:
        """Whether the base has a folder of it: else there is but a pack."""
        others = self.follow_ups or self.publishers or self.changes or self.corrections
        return bool(self.own or self.topics or self.phrases.keys() - {SMALL_TALK} or others)


@dataclass(slots=True)
class Files:
    """A whole folder. `missed` names the files of which something could not be read: what hangs on them is not judged."""

    primary: str = FIRST
    languages: dict[str, LanguageFiles] = field(default_factory=dict)
    topics: dict[str, File[TopicFile]] = field(default_factory=dict)
    sources: File[SourcesFile] | None = None
    changes: File[ChangesFile] | None = None
    corrections: File[CorrectionsFile] | None = None
    problems: list[Problem] = field(default_factory=list)
    missed: set[str] = field(default_factory=set)
    names: set[str] = field(default_factory=set)
    digest: str = ""


def read_files(folder: Path, parsed: Parsed | None = None) -> Files:
    """Everything in the folder that belongs to a knowledge base, and the problems of reading it.

    What was `parsed` before, and has not changed, is not parsed again."""
    parsed = {} if parsed is None else parsed
    found = read_folder(folder)
    files = Files(
        languages={code: LanguageFiles(code) for code in sorted(found.languages)},
        problems=found.problems,
        missed=found.missed,
        names=found.names,
        digest=found.digest,
    )
    values = {
        name: value
        for name, data in found.contents.items()
        if (value := _value(files, name, data, parsed)) is not _BROKEN
    }
    files.primary = _primary(files, values, found.contents.get(SOURCES, b""))
    for name, value in values.items() if files.primary in files.languages else ():
        _take(files, kind_of(name, files.primary), name, value)
    for code, language in files.languages.items():
        _layer(files, language, {name: _value(files, name, data, parsed) for name, data in found.packs[code].items()})
    files.languages = dict(sorted(files.languages.items(), key=lambda item: item[0] != files.primary))
    files.topics = dict(sorted(files.topics.items(), key=lambda item: _reading_order(item[1])))
    return files


def _value(files: Files, name: str, data: bytes, parsed: Parsed) -> Any:
    """What stands in a file, `_BROKEN` where that cannot be told."""
    if name not in parsed or parsed[name][0] != data:
        parsed[name] = (data, *read_yaml(data, name))
    _, raw, problems = parsed[name]
    files.problems += problems
    if raw is None and problems:
        files.missed.add(name)
        return _BROKEN
    return raw


def _primary(files: Files, values: dict[str, Any], text: bytes) -> str:
    """What sources.yaml says, even if the rest of it cannot be read, else the only language there is that has entries,
    else FIRST."""
    sources = values.get(SOURCES)
    if isinstance(sources, Map) and isinstance(sources.get(PRIMARY), str):
        values[SOURCES] = without(sources, [(PRIMARY,)])
        return str(sources[PRIMARY])
    if sources is None and (said := re.search(rb"^primary:[ ]*([a-z]{2,3})\s*$", text, re.MULTILINE)):
        return said[1].decode()
    written = {name.split("/")[0] for name in files.names if name.count("/") == 1}
    return written.pop() if len(written) == 1 else FIRST


def _reading_order(file: File[TopicFile]) -> tuple[int, str]:
    order = file.content.topic.order or ""
    return int(order) if re.fullmatch("[0-9]{1,6}", order) else 1_000_000, file.stem


def kind_of(name: str, primary: str) -> FileKind:
    """What a file of the base is, by its path inside the folder."""
    path = PurePosixPath(name)
    if len(path.parts) == 1:
        return FileKind.SOURCES
    if len(path.parts) == 3:
        return FileKind.FOLLOW_UPS if path.parts[1] == FOLLOW_UPS else FileKind.PHRASES
    if path.parts[0] == primary and path.stem in _OWNED:
        return _OWNED[path.stem]
    return _FIXED.get(path.stem) or (FileKind.TOPIC if path.parts[0] == primary else FileKind.TRANSLATION)


def _take(files: Files, kind: FileKind, name: str, raw: Any) -> None:
    """A file of the base. What may stand over a pack's file is judged with it."""
    stem = PurePosixPath(name).stem
    if stem in _LAYERED or (stem == SMALL_TALK and kind is FileKind.PHRASES):
        _language(files, name).own[stem] = File(name, raw, None)
    elif (content := _shaped(files, kind, name, raw)) is not None:
        _put(files, kind, File(name, raw, content))


def _shaped(files: Files, kind: FileKind, name: str, raw: Any) -> Any:
    content, problems, whole = shape(kind, raw, name)
    files.problems += problems
    if not whole:
        files.missed.add(name)
    return content


def _layer(files: Files, language: LanguageFiles, pack: dict[str, Any]) -> None:
    """Puts the base's files over those of the pack. Small talk that is taken out takes its phrases with it."""
    below = {PurePosixPath(name).stem: File(name, raw, None) for name, raw in pack.items() if raw is not _BROKEN}
    for stem in [*_LAYERED, SMALL_TALK]:
        under, over = below.get(stem), language.own.get(stem)
        if stem == SMALL_TALK and under and language.voice:
            under = replace(under, raw=_kept(under.raw, language.voice.content.small_talk))
        file = _joined(files, _FIXED.get(stem, FileKind.PHRASES), under, over)
        if file and stem == SMALL_TALK:
            language.phrases[SMALL_TALK] = file
        elif file:
            setattr(language, _LAYERED[stem], file)


def _joined(files: Files, kind: FileKind, under: File[Any] | None, over: File[Any] | None) -> File[Any] | None:
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
    found.lines, found.columns = value.lines, value.columns
    found.update((key, value[key]) for key in value if key in keys)
    return found


def _put(files: Files, kind: FileKind, file: File[Any]) -> None:
    if kind is FileKind.SOURCES:
        files.sources = file
        return
    if kind is FileKind.CHANGES:
        files.changes = file
        return
    if kind is FileKind.CORRECTIONS:
        files.corrections = file
        return
    language = _language(files, file.name)
    match kind:
        case FileKind.TOPIC:
            files.topics[file.stem] = file
        case FileKind.TRANSLATION:
            language.topics[file.stem] = file
        case FileKind.PHRASES:
            language.phrases[file.stem] = file
        case FileKind.FOLLOW_UPS:
            language.follow_ups[file.stem] = file
        case FileKind.CHANGES_TRANSLATION:
            language.changes = file
        case FileKind.CORRECTIONS_TRANSLATION:
            language.corrections = file
        case _:
            language.publishers = file


def _language(files: Files, name: str) -> LanguageFiles:
    return files.languages[name.split("/")[0]]
