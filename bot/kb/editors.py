"""JSON Schemas of the files, for editors: made of the models, and as strict as `check` where a schema can tell.

What a base may leave to the pack of its language is required by `check` alone, which sees both."""

from __future__ import annotations

import copy
import json
import re
from collections.abc import Callable
from functools import cache
from typing import Any

from bot import commands
from bot.kb.files import PRIMARY, SMALL_TALK, kind_of
from bot.kb.ids import ID, LANGUAGE
from bot.kb.listing import SCHEMAS
from bot.kb.schema import FileKind, adapter
from bot.kb.voice_keys import MAX_PROFILE, PLACES, SENTENCES
from bot.languages.packs import SHIPPED as _PACKS

Document = dict[str, Any]

MODELINE = "# yaml-language-server: $schema="
_DRAFT = "http://json-schema.org/draft-07/schema#"  # the newest that the editors' server knows whole
_SMALL_TALK = "small_talk"
_KEY_PATTERNS = {
    FileKind.SOURCES.value: r"^\S+$",
    FileKind.PUBLISHERS.value: r"^\S+$",
    FileKind.PHRASES.value: f"^{ID}(/{ID})?$",
    FileKind.FOLLOW_UPS.value: f"^{ID}$",
    FileKind.SYNONYMS.value: r"\S",
    **dict.fromkeys((FileKind.REFUSALS.value, FileKind.CHANGES.value), f"^{ID}$"),
    **dict.fromkeys((FileKind.CHANGES_TRANSLATION.value, _SMALL_TALK), f"^{ID}$"),
    **dict.fromkeys((FileKind.CORRECTIONS.value, FileKind.CORRECTIONS_TRANSLATION.value), f"^{ID}$"),
}
_ABOUT = {
    FileKind.SOURCES: "sources.yaml: every source of the base, once, each under an id of its own.",
    FileKind.PUBLISHERS: "<language>/sources.yaml: publishers as readers of that language know them.",
    FileKind.TOPIC: "A topic in the primary language.",
    FileKind.TRANSLATION: "A topic in another language.",
    FileKind.PHRASES: "phrases/<topic>.yaml: ways to ask for an entry, or for one of its gaps (entry/gap).",
    FileKind.FOLLOW_UPS: "follow-ups/<topic>.yaml: what people ask in few words after an answer.",
    FileKind.REFUSALS: "refusals.yaml: groups of questions that the source does not answer.",
    FileKind.VOICE: "voice.yaml: what this bot says of itself and of its source.",
    FileKind.SYNONYMS: "synonyms.yaml: words that mean the same, for matching only.",
    FileKind.NAMES: "names.yaml: names of places and peoples, for matching only.",
    FileKind.CHANGES: "changes.yaml: what became different after the source was written.",
    FileKind.CHANGES_TRANSLATION: "changes.yaml in another language.",
    FileKind.CORRECTIONS: "corrections.yaml: what was put right after readers could see it.",
    FileKind.CORRECTIONS_TRANSLATION: "corrections.yaml in another language.",
    FileKind.LANGUAGE: "languages/<code>/language.yaml: what a language is to the matcher.",
}


@cache
def _documents() -> dict[str, Document]:
    found = {kind.value: _document(kind, _ABOUT[kind]) for kind in FileKind}
    about = "phrases/smalltalk.yaml: how people say what the bot answers with small talk."
    found[_SMALL_TALK] = _document(FileKind.PHRASES, about)
    found[_SMALL_TALK]["additionalProperties"] = _or_null(found[_SMALL_TALK]["additionalProperties"])
    for kind, pattern in _KEY_PATTERNS.items():
        found[kind]["propertyNames"] = {"pattern": pattern}
    for kind, finish in _FINISHES.items():
        finish(found[kind])
    return found


def documents() -> dict[str, Document]:
    """The JSON Schema of each kind of file."""
    return copy.deepcopy(_documents())


def schema_of(name: str, primary: str) -> str:
    """The kind of schema that fits a file of a base, by its path inside the folder."""
    kind = kind_of(name, primary)
    return _SMALL_TALK if kind is FileKind.PHRASES and name.endswith(f"/{SMALL_TALK}.yaml") else kind.value


def modeline(name: str, primary: str) -> str:
    """The line by which an editor finds the schema of a file, relative to it."""
    return f"{MODELINE}{'../' * name.count('/')}{SCHEMAS}/{schema_of(name, primary)}.json"


def as_text(document: Document) -> str:
    return json.dumps(document, ensure_ascii=False, indent=1) + "\n"


def _document(kind: FileKind, about: str) -> Document:
    found = _plain(adapter(kind).json_schema())
    return {"$schema": _DRAFT, "description": about, **{key: found[key] for key in found if key != "description"}}


def _plain(part: Any, inside: str = "") -> Any:
    """Without the names and preset values that pydantic adds: editors would show and insert them."""
    if isinstance(part, list):
        return [_plain(one) for one in part]
    if not isinstance(part, dict):
        return part
    dropped = () if inside in ("properties", "$defs") else ("title", "default")
    return {key: _plain(value, key) for key, value in part.items() if key not in dropped}


def _or_null(part: Document) -> Document:
    if isinstance(part.get("type"), str):
        return {**part, "type": [part["type"], "null"]}
    if isinstance(part.get("type"), list):
        return {**part, "type": list(dict.fromkeys([*part["type"], "null"]))}
    return {"anyOf": [part, {"type": "null"}]}


def _over_a_pack(part: Document) -> None:
    """Every key may be left out, and null takes out what the pack says."""
    part.pop("required", None)
    for key, value in part.get("properties", {}).items():
        part["properties"][key] = _or_null(value)
    if isinstance(part.get("additionalProperties"), dict):
        part["additionalProperties"] = _or_null(part["additionalProperties"])


def _sources(document: Document) -> None:
    about = "The primary language, which owns the entries; en where this is left out."
    pattern = f"^{LANGUAGE}$"
    document["properties"] = {PRIMARY: {"type": "string", "pattern": pattern, "description": about}}


def _refusals(document: Document) -> None:
    _over_a_pack(document)
    _over_a_pack(document["$defs"]["RefusalItem"])


def _voice(document: Document) -> None:
    for part in ("SmallTalkItem", "DangerItem", "ProfileItem"):
        _over_a_pack(document["$defs"][part])
    for key, most in MAX_PROFILE.items():
        document["$defs"]["ProfileItem"]["properties"][key]["maxLength"] = most
    own = document["properties"]
    _named(own["sentences"], {key: _filled(key) for key in SENTENCES})
    _named(own["commands"], {key: f"The line beside /{key}." for key in sorted(commands.ALL)})
    for key in ("sections", "languages", "small_talk"):
        _over_a_pack(own[key])
    _over_a_pack(document)


def _named(part: Document, keys: dict[str, str]) -> None:
    """A mapping in which these keys may stand and no others."""
    text = _or_null(part.pop("additionalProperties"))
    part["properties"] = {key: {**text, "description": about} for key, about in keys.items()}
    part["additionalProperties"] = False


def _filled(key: str) -> str:
    own, others = (" ".join(f"{{{name}}}" for name in sorted(names)) for names in (SENTENCES[key], PLACES))
    return f"Filled in: {own}; of the base: {others}." if own else f"Filled in, of the base: {others}."


def _names(document: Document) -> None:
    _over_a_pack(document["properties"]["groups"])
    _over_a_pack(document)


def _language(document: Document) -> None:
    """What the keys mean stands in the README of the languages."""
    readme = (_PACKS / "README.md").read_text(encoding="utf-8")
    says = dict(re.findall(r"^\| `(\w+)` \| (.+) \|$", readme, re.MULTILINE))
    for key, part in document["properties"].items():
        if key in says and "$ref" not in part:
            part["description"] = says[key]
    document["properties"].pop("code")


_FINISHES: dict[str, Callable[[Document], None]] = {
    FileKind.SOURCES.value: _sources,
    FileKind.REFUSALS.value: _refusals,
    FileKind.SYNONYMS.value: _over_a_pack,
    FileKind.VOICE.value: _voice,
    FileKind.NAMES.value: _names,
    FileKind.LANGUAGE.value: _language,
}
