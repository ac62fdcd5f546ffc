"""The shape of each kind of file, by the models: what does not fit is named with its line. Meaning is `lint`'s."""

from __future__ import annotations

from enum import StrEnum
from functools import cache
from typing import Any

from pydantic import TypeAdapter, ValidationError
from rapidfuzz import fuzz, process

from bot.kb.model import Problem
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
from bot.kb.voice_shapes import VoiceFile
from bot.kb.yaml_text import Map, Path, Value, place_of, without
from bot.languages.traits import Traits

MOST = 100  # misfits of one file that are named; who has more of them has made one mistake many times


class FileKind(StrEnum):
    SOURCES = "sources"
    PUBLISHERS = "publishers"
    TOPIC = "topic"
    TRANSLATION = "translation"
    PHRASES = "phrases"
    FOLLOW_UPS = "follow_ups"
    REFUSALS = "refusals"
    VOICE = "voice"
    SYNONYMS = "synonyms"
    NAMES = "names"
    CHANGES = "changes"
    CHANGES_TRANSLATION = "changes_translation"
    CORRECTIONS = "corrections"
    CORRECTIONS_TRANSLATION = "corrections_translation"
    LANGUAGE = "language"


_ADAPTERS: dict[FileKind, TypeAdapter[Any]] = {
    FileKind.SOURCES: TypeAdapter(SourcesFile),
    FileKind.PUBLISHERS: TypeAdapter(PublishersFile),
    FileKind.TOPIC: TypeAdapter(TopicFile),
    FileKind.TRANSLATION: TypeAdapter(TranslationFile),
    FileKind.PHRASES: TypeAdapter(WordLists),
    FileKind.FOLLOW_UPS: TypeAdapter(FollowUpsFile),
    FileKind.REFUSALS: TypeAdapter(RefusalsFile),
    FileKind.VOICE: TypeAdapter(VoiceFile),
    FileKind.SYNONYMS: TypeAdapter(WordLists),
    FileKind.NAMES: TypeAdapter(NamesFile),
    FileKind.CHANGES: TypeAdapter(ChangesFile),
    FileKind.CHANGES_TRANSLATION: TypeAdapter(ChangesTranslation),
    FileKind.CORRECTIONS: TypeAdapter(CorrectionsFile),
    FileKind.CORRECTIONS_TRANSLATION: TypeAdapter(CorrectionsTranslation),
    FileKind.LANGUAGE: TypeAdapter(Traits),
}
_UNKNOWN_KEY = {"extra_forbidden", "unexpected_keyword_argument"}
_LIST, _KEYS = "a list", "keys with values"
_TYPES = {
    "string_type": "text",
    "list_type": _LIST,
    "dict_type": _KEYS,
    "model_type": _KEYS,
    "dataclass_type": _KEYS,
    "tuple_type": _LIST,
    "mapping_type": _KEYS,
}


def adapter(kind: FileKind) -> TypeAdapter[Any]:
    """What judges a file of this kind, and gives its JSON Schema."""
    return _ADAPTERS[kind]


def shape(kind: FileKind, value: Value, name: str) -> tuple[Any, list[Problem], bool]:
    """The content of a file, its problems, and whether all of it could be read.

    A part of the wrong shape (an entry, a group, a source) is left out, so that the rest can still be judged;
    content is None where nothing is left.
    """
    problems: list[Problem] = []
    whole = True
    for _ in range(3):  # as it is; without the wrong parts; nothing is left
        try:
            return _ADAPTERS[kind].validate_python(value), problems, whole
        except ValidationError as error:
            found = error.errors(include_url=False, include_context=True, include_input=True)
        if not problems:
            problems = [_problem(kind, value, name, one) for one in found[:MOST]]
            if len(found) > MOST:
                text = f"{len(found) - MOST:,} more keys and values do not fit; put right what is named first"
                problems.append(Problem(name, max(one.line for one in problems), "too-many", text))
            whole = all(one["type"] in _UNKNOWN_KEY for one in found)
        value = _without(kind, value, found)
    return None, problems, False


def _problem(kind: FileKind, value: Value, name: str, error: Any) -> Problem:
    path: Path = error["loc"]
    (line, column), key = place_of(value, path), path[-1] if path else ""
    rule, text, about = _said(kind, path, str(key), error)
    return Problem(name, line, rule, text, column=column, about=about)


def _said(kind: FileKind, path: Path, key: str, error: Any) -> tuple[str, str, str]:
    """Rule, text, and what it is about."""
    match error["type"]:
        case "missing":
            rule = "entry-without-source" if key == "source" and len(path) == 3 else "missing-key"
            return rule, f'{_place(path[:-1])} has no "{key}"; add it', ""
        case found if found in _UNKNOWN_KEY:
            return (
                "unknown-key",
                f'{_place(path[:-1])} has no key "{key}"; {_guess(kind, key)}',
                f"key:{'/'.join(map(str, path))}",
            )
        case "literal_error":
            return "wrong-type", f'{_place(path)} is "{error["input"]}"; write {error["ctx"]["expected"]}', ""
    if error["type"] not in _TYPES:
        return "wrong-value", f"{_place(path)}: {error['msg'].removeprefix('Value error, ')}", ""
    wanted, got = _TYPES[error["type"]], _name(error["input"])
    return (
        "wrong-type",
        f"{_place(path)} is {got}; it must be {wanted}{_how(wanted)}",
        f"empty:{key}" if error["input"] is None else "",
    )


def _how(wanted: str) -> str:
    """How that is written, for who has never seen it."""
    return {_LIST: ", each item on a line of its own that begins with -", _KEYS: ", as in key: value"}.get(wanted, "")


def _place(path: Path) -> str:
    steps = [f"item {step + 1}" if isinstance(step, int) else str(step) for step in path]
    return " > ".join(steps) or "the file"


def _name(value: Value) -> str:
    if value is None:
        return "empty"
    return "text" if isinstance(value, str) else _KEYS if isinstance(value, Map) else _LIST


def _guess(kind: FileKind, key: str) -> str:
    near = process.extractOne(key, _fields(kind), scorer=fuzz.ratio, score_cutoff=70)
    return f'did you mean "{near[0]}"?' if near else "take it out"


@cache
def _fields(kind: FileKind) -> tuple[str, ...]:
    """Every key that this kind of file knows, at any depth."""
    document = _ADAPTERS[kind].json_schema()
    parts = [document, *document.get("$defs", {}).values()]
    return tuple(sorted({name for part in parts for name in part.get("properties", {})}))


def _without(kind: FileKind, value: Value, errors: list[Any]) -> Value:
    """The value without the parts that are wrong."""
    depth = 2 if kind in {FileKind.TOPIC, FileKind.TRANSLATION, FileKind.VOICE, FileKind.NAMES} else 1
    paths = {one["loc"] if one["type"] in _UNKNOWN_KEY else one["loc"][:depth] for one in errors}
    return without(value, paths)
