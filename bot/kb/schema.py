"""The shape of each kind of file: which keys there are, which must be there, what they hold. Meaning is `lint`'s."""

from __future__ import annotations

from enum import StrEnum
from functools import cache
from typing import Annotated, Any, Literal, TypeAlias

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError, WithJsonSchema
from rapidfuzz import fuzz, process

from bot.kb.cuts import Cuts, Path, cut, mark
from bot.kb.model import Problem
from bot.kb.yaml_text import Map, Value, line_of
from bot.languages.traits import Traits

# Every scalar is read as text, so an editor may let numbers and dates stand without quotes.
Text: TypeAlias = Annotated[str, WithJsonSchema({"type": ["string", "number", "boolean"]})]
TextOrNull: TypeAlias = Annotated[str | None, WithJsonSchema({"type": ["string", "number", "boolean", "null"]})]

MOST = 100  # misfits of one file that are named; who has more of them has made one mistake many times


class Kind(StrEnum):
    SOURCES = "sources"
    PUBLISHERS = "publishers"
    TOPIC = "topic"
    TRANSLATION = "translation"
    PHRASES = "phrases"
    REFUSALS = "refusals"
    VOICE = "voice"
    SYNONYMS = "synonyms"
    NAMES = "names"
    CHANGES = "changes"
    CHANGES_TRANSLATION = "changes_translation"
    LANGUAGE = "language"


class Shape(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class SourceItem(Shape):
    kind: Literal["article", "context"]
    title: Text
    publisher: Text
    editor: TextOrNull = None
    published: TextOrNull
    language: Text
    url: TextOrNull
    read: TextOrNull = None
    copy_: TextOrNull = Field(default=None, alias="copy")


class PublisherItem(Shape):
    publisher: Text


class GapItem(Shape):
    ask: list[Text]
    say: Text


class ContextText(Shape):
    text: Text


class Dates(Shape):
    """When it was last held against its sources, and when somebody should look again."""

    checked: TextOrNull = None
    check_by: TextOrNull = None


class ContextItem(ContextText, Dates):
    source: Text
    fills: list[Text] = Field(default=[])


class TranslatedEntry(Shape):
    figures: list[Text] = Field(default=[])
    question: Text
    short: Text = ""
    answer: Text
    gaps: dict[str, GapItem] = Field(default={})
    context: list[ContextText] = Field(default=[])


class PrimaryEntry(TranslatedEntry, Dates):
    source: Text
    section: Text
    as_of: TextOrNull = None
    related: list[Text] = Field(default=[])
    context: list[ContextItem] = Field(default=[])  # type: ignore[assignment]  # the primary language names sources


class ChangeText(Shape):
    text: Text
    ask: list[Text] = Field(default=[])


class ChangeItem(ChangeText, Dates):
    source: Text
    date: Text


class TranslatedHead(Shape):
    title: Text
    command: Text


class TopicHead(TranslatedHead):
    emoji: Text
    order: TextOrNull = None


class TopicFile(Shape):
    topic: TopicHead
    entries: dict[str, PrimaryEntry]


class TranslationFile(Shape):
    topic: TranslatedHead
    entries: dict[str, TranslatedEntry]


class RefusalItem(Shape):
    say: Text
    near: TextOrNull = None
    phrases: list[Text]
    more: list[Text] = Field(default=[])


class SmallTalkItem(Shape):
    say: Text
    may_lean: Literal["true", "false"] = "false"


class DangerItem(Shape):
    say: Text


class ProfileItem(Shape):
    name: Text = ""
    description: Text = ""
    short_description: Text = ""


class VoiceFile(Shape):
    sentences: dict[str, Text] = Field(default={})
    plurals: dict[str, dict[str, Text]] = Field(default={})
    sections: dict[str, Text] = Field(default={})
    commands: dict[str, Text] = Field(default={})
    profile: ProfileItem = Field(default=ProfileItem())
    languages: dict[str, Text] = Field(default={})
    small_talk: dict[str, SmallTalkItem] = Field(default={})
    danger: DangerItem | None = None


class NamesFile(Shape):
    groups: dict[str, list[Text]] = Field(default={})
    own: list[Text] = Field(default=[])


SourcesFile: TypeAlias = dict[str, SourceItem]
PublishersFile: TypeAlias = dict[str, PublisherItem]
WordLists: TypeAlias = dict[str, list[Text]]
RefusalsFile: TypeAlias = dict[str, RefusalItem]
ChangesFile: TypeAlias = dict[str, ChangeItem]
ChangesTranslation: TypeAlias = dict[str, ChangeText]

_ADAPTERS: dict[Kind, TypeAdapter[Any]] = {
    Kind.SOURCES: TypeAdapter(SourcesFile),
    Kind.PUBLISHERS: TypeAdapter(PublishersFile),
    Kind.TOPIC: TypeAdapter(TopicFile),
    Kind.TRANSLATION: TypeAdapter(TranslationFile),
    Kind.PHRASES: TypeAdapter(WordLists),
    Kind.REFUSALS: TypeAdapter(RefusalsFile),
    Kind.VOICE: TypeAdapter(VoiceFile),
    Kind.SYNONYMS: TypeAdapter(WordLists),
    Kind.NAMES: TypeAdapter(NamesFile),
    Kind.CHANGES: TypeAdapter(ChangesFile),
    Kind.CHANGES_TRANSLATION: TypeAdapter(ChangesTranslation),
    Kind.LANGUAGE: TypeAdapter(Traits),
}
_UNKNOWN_KEY = {"extra_forbidden", "unexpected_keyword_argument"}
_TYPES = {
    "string_type": "text",
    "list_type": "a list",
    "dict_type": "a mapping",
    "model_type": "a mapping",
    "dataclass_type": "a mapping",
    "tuple_type": "a list",
    "mapping_type": "a mapping",
}


def schema() -> dict[str, dict[str, Any]]:
    """The JSON Schema of each kind of file, for editors."""
    return {kind.value: adapter.json_schema() for kind, adapter in _ADAPTERS.items()}


def shape(kind: Kind, value: Value, name: str) -> tuple[Any, list[Problem], bool]:
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


def _problem(kind: Kind, value: Value, name: str, error: Any) -> Problem:
    path: Path = error["loc"]
    line, key = line_of(value, path), path[-1] if path else ""
    match error["type"]:
        case "missing":
            rule = "entry-without-source" if key == "source" and len(path) == 3 else "missing-key"
            return Problem(name, line, rule, f'{_place(path[:-1])} has no "{key}"; add it')
        case found if found in _UNKNOWN_KEY:
            return Problem(
                name, line, "unknown-key", f'{_place(path[:-1])} has no key "{key}"; {_guess(kind, str(key))}'
            )
        case "literal_error":
            wanted = error["ctx"]["expected"]
            return Problem(name, line, "wrong-type", f'{_place(path)} is "{error["input"]}"; write {wanted}')
    if error["type"] not in _TYPES:
        return Problem(name, line, "wrong-value", f"{_place(path)}: {error['msg'].removeprefix('Value error, ')}")
    wanted, got = _TYPES[error["type"]], _name(error["input"])
    return Problem(name, line, "wrong-type", f"{_place(path)} is {got}; it must be {wanted}")


def _place(path: Path) -> str:
    steps = [f"item {step + 1}" if isinstance(step, int) else str(step) for step in path]
    return " > ".join(steps) or "the file"


def _name(value: Value) -> str:
    if value is None:
        return "empty"
    return "text" if isinstance(value, str) else "a mapping" if isinstance(value, Map) else "a list"


def _guess(kind: Kind, key: str) -> str:
    near = process.extractOne(key, _fields(kind), scorer=fuzz.ratio, score_cutoff=70)
    return f'did you mean "{near[0]}"?' if near else "take it out"


@cache
def _fields(kind: Kind) -> tuple[str, ...]:
    """Every key that this kind of file knows, at any depth."""
    document = _ADAPTERS[kind].json_schema()
    parts = [document, *document.get("$defs", {}).values()]
    return tuple(sorted({name for part in parts for name in part.get("properties", {})}))


def _without(kind: Kind, value: Value, errors: list[Any]) -> Value:
    """The value without the parts that are wrong."""
    depth = 2 if kind in {Kind.TOPIC, Kind.TRANSLATION, Kind.VOICE, Kind.NAMES} else 1
    paths = {one["loc"] if one["type"] in _UNKNOWN_KEY else one["loc"][:depth] for one in errors}
    cuts: Cuts = {}
    for path in sorted(filter(None, paths), key=len):
        mark(cuts, path)
    return cut(value, cuts)
