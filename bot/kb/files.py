"""The files of a knowledge folder, read and parsed: typed content that still knows its lines. The only reader of the disk."""

from __future__ import annotations

import hashlib
import os
import re
import stat
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import Any, Generic, TypeVar, cast

from bot.kb.model import PRIMARY, Problem
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
from bot.kb.yaml_text import MAX_BYTES, Value, line_of, read_yaml

T_co = TypeVar("T_co", covariant=True)

SMALL_TALK = "smalltalk"
_LANGUAGE = re.compile(r"[a-z]{2,3}")
_FIXED = {
    "voice": Kind.VOICE,
    "refusals": Kind.REFUSALS,
    "synonyms": Kind.SYNONYMS,
    "names": Kind.NAMES,
    "sources": Kind.PUBLISHERS,
    "changes": Kind.CHANGES_TRANSLATION,
}


@dataclass(frozen=True, slots=True)
class File(Generic[T_co]):
    """A file that could be read. `name` is its path inside the folder, `raw` everything that stands in it."""

    name: str
    raw: Value
    content: T_co

    @property
    def stem(self) -> str:
        return PurePosixPath(self.name).stem

    def line(self, *path: str | int) -> int:
        return line_of(self.raw, path)

    def place(self, *path: str | int) -> str:
        return f"{self.name}:{self.line(*path)}"

    def problem(self, rule: str, text: str, *path: str | int) -> Problem:
        """A problem at `path` (keys and places, from the top of the file)."""
        return Problem(self.name, self.line(*path), rule, text)


@dataclass(slots=True)
class Language:
    """The files of one language; `topics` and `changes` of the primary language are in `Files`."""

    code: str
    topics: dict[str, File[TranslationFile]] = field(default_factory=dict)
    phrases: dict[str, File[WordLists]] = field(default_factory=dict)
    voice: File[VoiceFile] | None = None
    refusals: File[RefusalsFile] | None = None
    synonyms: File[WordLists] | None = None
    names: File[NamesFile] | None = None
    publishers: File[PublishersFile] | None = None
    changes: File[ChangesTranslation] | None = None


@dataclass(slots=True)
class Files:
    """A whole folder. `missed` names the files of which something could not be read: what hangs on them is not judged."""

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
    files = Files()
    contents = _contents(folder, files)
    files.digest = _digest(contents)
    for name, data in contents.items():
        _take(files, _kind(name), name, data)
    files.languages = {code: files.languages[code] for code in sorted(files.languages, key=_primary_first)}
    files.topics = dict(sorted(files.topics.items(), key=lambda item: _reading_order(item[1])))
    return files


def digest_of(folder: Path) -> str | None:
    """SHA-256 over names and bytes of all files, without parsing them; None where one of them cannot be read."""
    files = Files()
    contents = _contents(folder, files)
    return None if files.problems else _digest(contents)


def _contents(folder: Path, files: Files) -> dict[str, bytes]:
    contents: dict[str, bytes] = {}
    for name in sorted(_names(folder, files.problems)):
        files.names.add(name)
        if "/" in name:
            _language(files, name.split("/")[0])
        data = _bytes(folder / name, name, files)
        if data is not None:
            contents[name] = data
    return contents


def _digest(contents: dict[str, bytes]) -> str:
    digest = hashlib.sha256()
    for name, data in contents.items():
        digest.update(b"%s\0%d\0" % (name.encode(), len(data)))
        digest.update(data)
    return digest.hexdigest()


def _primary_first(code: str) -> tuple[bool, str]:
    return code != PRIMARY, code


def _reading_order(file: File[TopicFile]) -> tuple[int, str]:
    order = file.content.topic.order or ""
    return int(order) if re.fullmatch("[0-9]{1,6}", order) else 1_000_000, file.stem


def _language(files: Files, code: str) -> Language:
    return files.languages.setdefault(code, Language(code))


def _names(folder: Path, problems: list[Problem]) -> Iterator[str]:
    """The files by their path in the folder; what does not belong there is a problem. Hidden names are passed over."""
    for name, is_folder in _listing(folder, "", problems):
        if is_folder and _LANGUAGE.fullmatch(name):
            yield from _names_of_language(folder, name, problems)
        elif not is_folder and name == "sources.yaml":
            yield name
        elif is_folder or name not in ("README.md", "LICENSE"):
            problems.append(_stray(name))


def _names_of_language(folder: Path, lang: str, problems: list[Problem]) -> Iterator[str]:
    for name, is_folder in _listing(folder, lang, problems):
        if is_folder and name.endswith("/phrases"):
            for phrases, nested in _listing(folder, name, problems):
                if nested or not phrases.endswith(".yaml"):
                    problems.append(_stray(phrases))
                else:
                    yield phrases
        elif not is_folder and name.endswith(".yaml"):
            yield name
        elif not name.endswith(("/cases", "/README.md", "/LICENSE")):
            problems.append(_stray(name))


def _listing(folder: Path, inside: str, problems: list[Problem]) -> list[tuple[str, bool]]:
    """Name in the folder, and whether it is a folder; unreadable links count as files and fail when read."""
    try:
        found = sorted(os.scandir(folder / inside), key=lambda item: item.name)
    except OSError as error:
        problems.append(Problem(inside or ".", 1, "unreadable", f"{error.strerror}; check the folder and its rights"))
        return []
    prefix = f"{inside}/" if inside else ""
    seen = [item for item in found if not item.name.startswith(".")]
    problems += [_stray(prefix + _printable(item.name)) for item in seen if _printable(item.name) != item.name]
    return [(prefix + item.name, _is_folder(item)) for item in seen if _printable(item.name) == item.name]


def _printable(name: str) -> str:
    """A name that is not UTF-8, or holds line breaks, with escapes in their place."""
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in name)


def _is_folder(item: os.DirEntry[str]) -> bool:
    try:
        return item.is_dir()
    except OSError:  # a link that leads to itself
        return False


def _stray(name: str) -> Problem:
    hint = (
        "rename it to end in .yaml"
        if name.endswith(".yml")
        else "move it elsewhere (README.md names what belongs here)"
    )
    return Problem(name, 1, "stray-file", f"not a part of the knowledge base; {hint}")


def _kind(name: str) -> Kind:
    path = PurePosixPath(name)
    if len(path.parts) == 1:
        return Kind.SOURCES
    if len(path.parts) == 3:
        return Kind.PHRASES
    if name == f"{PRIMARY}/changes.yaml":
        return Kind.CHANGES
    return _FIXED.get(path.stem) or (Kind.TOPIC if path.parts[0] == PRIMARY else Kind.TRANSLATION)


def _bytes(path: Path, name: str, files: Files) -> bytes | None:
    """At most one byte more than is allowed, so that a huge file costs nothing."""
    try:
        if not stat.S_ISREG(path.stat().st_mode):
            raise OSError(0, "not a regular file")
        with path.open("rb") as stream:
            return stream.read(MAX_BYTES + 1)
    except OSError as error:
        files.problems.append(Problem(name, 1, "unreadable", f"{error.strerror}; check the file and its rights"))
        files.missed.add(name)
        return None


def _take(files: Files, kind: Kind, name: str, data: bytes) -> None:
    raw, problems = read_yaml(data, name)
    broken = raw is None and bool(problems)
    content, whole = None, not broken
    if not broken:
        content, wrong, whole = shape(kind, raw, name)
        problems += wrong
    files.problems += problems
    if not whole:
        files.missed.add(name)
    if content is not None:
        _put(files, kind, File(name, raw, content))


def _put(files: Files, kind: Kind, file: File[Any]) -> None:
    if kind is Kind.SOURCES:
        files.sources = file
        return
    if kind is Kind.CHANGES:
        files.changes = file
        return
    language = _language(files, file.name.split("/")[0])
    match kind:
        case Kind.TOPIC:
            files.topics[file.stem] = file
        case Kind.TRANSLATION:
            language.topics[file.stem] = file
        case Kind.PHRASES:
            language.phrases[file.stem] = file
        case Kind.VOICE:
            language.voice = file
        case Kind.REFUSALS:
            language.refusals = file
        case Kind.SYNONYMS:
            language.synonyms = file
        case Kind.NAMES:
            language.names = file
        case Kind.CHANGES_TRANSLATION:
            language.changes = file
        case _:
            language.publishers = cast(File[PublishersFile], file)
