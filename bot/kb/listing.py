"""Which files of a folder belong to a knowledge base, and what stands in them as bytes. The only reader of the disk."""

from __future__ import annotations

import hashlib
import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from bot.kb.ids import is_language
from bot.kb.model import Problem
from bot.kb.source_file import PACKS
from bot.kb.yaml_text import MAX_BYTES
from bot.languages.packs import INSIDE, SHIPPED, Packs

_PACK = frozenset(
    f"{name}.yaml"
    for name in (
        "language",
        "voice",
        "refusals",
        "synonyms",
        "names",
        "danger",
        "frames",
        "personal",
        "conversation",
        "start",
    )
)
_SMALL_TALK = "phrases/smalltalk.yaml"
_INNER = ("phrases", "follow-ups")  # the folders of a language
SCHEMAS = "schemas"  # the folder of what editors know the files by


@dataclass(slots=True)
class Listing:
    """The bytes of the base's own files and, by language, of those of the packs, each by its name. `languages` are the
    codes that have a folder; `missed` files could not be read."""

    contents: dict[str, bytes] = field(default_factory=dict)
    packs: dict[str, dict[str, bytes]] = field(default_factory=dict)
    languages: set[str] = field(default_factory=set)
    names: set[str] = field(default_factory=set)
    problems: list[Problem] = field(default_factory=list)
    missed: set[str] = field(default_factory=set)

    @property
    def digest(self) -> str:
        """SHA-256 over names and bytes of all files."""
        digest = hashlib.sha256()
        for contents in (self.contents, *self.packs.values()):
            for name, data in contents.items():
                digest.update(b"%s\0%d\0" % (name.encode(), len(data)))
                digest.update(data)
        return digest.hexdigest()


def read_folder(folder: Path) -> Listing:
    found = Listing()
    for name in sorted(_names(folder, found.problems)):
        found.names.add(name)
        code = name.removeprefix(f"{INSIDE}/").split("/")[0] if "/" in name else None
        if code:
            found.languages.add(code)
        if name.startswith(f"{INSIDE}/"):
            continue
        data = _bytes(folder / name, name, found)
        if data is not None:
            found.contents[name] = data
    packs = Packs.of_base(folder)
    for code in sorted(found.languages):
        found.packs[code] = dict(_pack(packs, code, found))
    return found


def in_base(name: str) -> bool:
    """Whether a path inside the folder is that of a file of the base."""
    parts = name.split("/")
    inside = parts[2:] if parts[0] == INSIDE else parts[1:]
    language = parts[1] if parts[0] == INSIDE and len(parts) > 2 else parts[0]
    if len(parts) == 1:
        return name == "sources.yaml"
    fits = len(inside) == 1 or (len(inside) == 2 and inside[0] in _INNER)
    return bool(is_language(language)) and fits and name.endswith(".yaml")


def digest_of(folder: Path) -> str | None:
    """The listing's digest, without parsing any file; None where one of them cannot be read."""
    found = read_folder(folder)
    return None if any(not one.warning for one in found.problems) else found.digest


def _pack(packs: Packs, code: str, found: Listing) -> Iterator[tuple[str, bytes]]:
    """The files of a pack by the names that problems give them."""
    folder = packs.folder(code)
    for path in packs.files(code):
        assert folder
        shipped = PACKS if folder.parent == SHIPPED else ""
        name = f"{shipped}{INSIDE}/{code}/{path.relative_to(folder).as_posix()}"
        data = _bytes(path, name, found)
        if data is not None:
            yield name, data


def _names(folder: Path, problems: list[Problem]) -> Iterator[str]:
    """The files by their path in the folder; what does not belong there is a problem. Hidden names are passed over."""
    for name, is_folder in _listing(folder, "", problems):
        if is_folder and is_language(name):
            before = len(problems)
            names = list(_names_of_language(folder, name, problems))
            yield from names
            if not names and len(problems) == before:
                text = (
                    "no file in this folder, so the bot does not speak the language; write some, or take the folder out"
                )
                problems.append(Problem(name, 1, "empty-folder", text, warning=True))
        elif is_folder and name == SCHEMAS:
            continue
        elif is_folder and name == INSIDE:
            for pack, nested in _listing(folder, INSIDE, problems):
                if nested and is_language(pack.removeprefix(f"{INSIDE}/")):
                    yield from _names_of_pack(folder, pack, problems)
                else:
                    problems.append(_stray(pack))
        elif not is_folder and name == "sources.yaml":
            yield name
        elif is_folder or name not in ("README.md", "LICENSE"):
            problems.append(_stray(name))


def _names_of_language(folder: Path, lang: str, problems: list[Problem]) -> Iterator[str]:
    for name, is_folder in _listing(folder, lang, problems):
        if is_folder and name.endswith(tuple(f"/{inner}" for inner in _INNER)):
            for file, nested in _listing(folder, name, problems):
                if nested or not file.endswith(".yaml"):
                    problems.append(_stray(file))
                else:
                    yield file
        elif not is_folder and name.endswith(".yaml"):
            yield name
        elif not name.endswith(("/cases", "/README.md", "/LICENSE")):
            problems.append(_stray(name))


def _names_of_pack(folder: Path, pack: str, problems: list[Problem]) -> Iterator[str]:
    for name in _names_of_language(folder, pack, problems):
        inside = name.removeprefix(f"{pack}/")
        if inside in _PACK or inside == _SMALL_TALK:
            yield name
        else:
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
    if name.isprintable():
        return name
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


def _bytes(path: Path, name: str, found: Listing) -> bytes | None:
    """At most one byte more than is allowed, so that a huge file costs nothing."""
    try:
        if not stat.S_ISREG(path.stat().st_mode):
            raise OSError(0, "not a regular file")
        with path.open("rb") as stream:
            return stream.read(MAX_BYTES + 1)
    except OSError as error:
        found.problems.append(Problem(name, 1, "unreadable", f"{error.strerror}; check the file and its rights"))
        found.missed.add(name)
        return None
