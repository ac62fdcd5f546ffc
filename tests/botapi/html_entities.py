"""Telegram's parse_mode=HTML: markup to plain text and entities, with the errors its server gives. Knows no limits."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, NoReturn

_KINDS = {
    "b": "bold", "strong": "bold", "i": "italic", "em": "italic", "u": "underline", "ins": "underline",
    "s": "strikethrough", "strike": "strikethrough", "del": "strikethrough", "span": "spoiler",
    "tg-spoiler": "spoiler", "a": "text_link", "code": "code", "pre": "pre", "blockquote": "blockquote",
    "tg-emoji": "custom_emoji",
}  # fmt: skip
_NAMED = {"lt": "<", "gt": ">", "amp": "&", "quot": '"'}
_REFERENCE = re.compile(r"&(?:#(\d+)|#[xX]([0-9a-fA-F]+)|(lt|gt|amp|quot)(?![a-z]));?")
_TAG_NAME = re.compile(r"[^\s>]*")
_ATTRIBUTE_NAME = re.compile(r"[^\s=>/\"']*")
_TOKEN = re.compile(r"[A-Za-z0-9.\-]*")
_URL = re.compile(r"(?i)^(?:(?:https?|tg|ton|tonsite)://\S+|mailto:\S+|tel:\S+|[\w-]+(?:\.[\w-]+)+(?:[/?#:]\S*)?)$")
_USER = re.compile(r"^tg://user\?id=(\d+)$")

Entity = dict[str, Any]


class EntityError(ValueError):
    """Markup that Telegram refuses; str() is what follows "can't parse entities: "."""


@dataclass(slots=True)
class _Open:
    tag: str
    argument: str
    offset: int
    start: int


@dataclass(slots=True)
class _Parser:
    text: str
    at: int = 0
    out: list[str] = field(default_factory=list)
    offset: int = 0
    stack: list[_Open] = field(default_factory=list)
    entities: list[Entity] = field(default_factory=list)

    def run(self) -> tuple[str, list[Entity]]:
        while self.at < len(self.text):
            if self.text[self.at] == "<":
                self._tag()
            else:
                self._plain()
        if self.stack:
            raise EntityError(f'Can\'t find end tag corresponding to start tag "{self.stack[-1].tag}"')
        return "".join(self.out), self.entities

    def _emit(self, piece: str) -> None:
        self.out.append(piece)
        self.offset += utf16_length(piece)

    def _plain(self) -> None:
        if self.text[self.at] == "&":
            char, self.at = _reference(self.text, self.at)
            self._emit(char)
            return
        end = _next_special(self.text, self.at)
        self._emit(self.text[self.at : end])
        self.at = end

    def _tag(self) -> None:
        begin = self.at
        if self.text.startswith("</", begin):
            self._end_tag(begin)
        else:
            self._start_tag(begin)

    def _start_tag(self, begin: int) -> None:
        found = _TAG_NAME.match(self.text, begin + 1)
        assert found
        if found.end() == len(self.text):
            self._fail("Unclosed start tag", begin)
        tag = found.group().lower()
        if tag not in _KINDS:
            self._fail(f'Unsupported start tag "{tag}"', begin)
        self.at = found.end()
        attributes = self._attributes(tag, begin)
        argument = _argument(tag, attributes)
        if tag == "span" and argument != "spoiler":
            self._fail('Tag "span" must have class "tg-spoiler"', begin)
        if tag == "tg-emoji" and not argument.isdigit():
            self._fail("Invalid custom emoji identifier specified", begin)
        self.stack.append(_Open(tag, argument, self.offset, len(self.out)))

    def _attributes(self, tag: str, begin: int) -> dict[str, str]:
        attributes: dict[str, str] = {}
        while True:
            self._space()
            if self._peek(begin) == ">":
                self.at += 1
                return attributes
            found = _ATTRIBUTE_NAME.match(self.text, self.at)
            if not found or not found.group():
                self._fail(f'Empty attribute name in the tag "{tag}"', begin)
            self.at = found.end()
            self._space()
            attributes[found.group().lower()] = self._value(begin) if self._peek(begin) == "=" else ""

    def _value(self, begin: int) -> str:
        self.at += 1
        self._space()
        quote = self._peek(begin)
        if quote in "'\"":
            end = self.text.find(quote, self.at + 1)
            if end < 0:
                self._fail("Unclosed start tag", begin)
            value, self.at = unescape(self.text[self.at + 1 : end]), end + 1
            self._peek(begin)
            return value
        token_begin = self.at
        found = _TOKEN.match(self.text, self.at)
        assert found
        self.at = found.end()
        if self.at < len(self.text) and not (self.text[self.at].isspace() or self.text[self.at] == ">"):
            self._fail("Unexpected end of name token", token_begin)
        return found.group().lower()

    def _end_tag(self, begin: int) -> None:
        if not self.stack:
            self._fail("Unexpected end tag", begin)
        found = _TAG_NAME.match(self.text, begin + 2)
        assert found
        self.at = found.end()
        self._space()
        if self.at >= len(self.text) or self.text[self.at] != ">":
            self._fail("Unclosed end tag", begin)
        self.at += 1
        name, opened = found.group().lower(), self.stack.pop()
        if name and name != opened.tag:
            place = f"byte offset {self._bytes(begin)}"
            raise EntityError(f'Unmatched end tag at {place}, expected "</{opened.tag}>", found "</{name}>"')
        self._close(opened)

    def _close(self, opened: _Open) -> None:
        length = self.offset - opened.offset
        if length <= 0:
            return
        entity: Entity = {"type": _KINDS[opened.tag], "offset": opened.offset, "length": length}
        if opened.tag == "a" and not _link(entity, opened.argument or "".join(self.out[opened.start :])):
            return
        if opened.tag == "code" and opened.argument:
            entity["language"] = opened.argument
        if opened.tag == "pre" and self.entities and _same_span(self.entities[-1], entity, "code"):
            language = self.entities.pop().get("language")
            if language:
                entity["language"] = language
        if opened.tag == "blockquote" and opened.argument:
            entity["type"] = "expandable_blockquote"
        if opened.tag == "tg-emoji":
            entity["custom_emoji_id"] = opened.argument
        self.entities.append(entity)

    def _space(self) -> None:
        while self.at < len(self.text) and self.text[self.at].isspace():
            self.at += 1

    def _peek(self, begin: int) -> str:
        if self.at >= len(self.text):
            self._fail("Unclosed start tag", begin)
        return self.text[self.at]

    def _bytes(self, at: int) -> int:
        return len(self.text[:at].encode("utf-8", "surrogatepass"))

    def _fail(self, message: str, at: int) -> NoReturn:
        raise EntityError(f"{message} at byte offset {self._bytes(at)}")


def utf16_length(text: str) -> int:
    """Length in UTF-16 code units, the unit of entity offsets."""
    return len(text) if text.isascii() else len(text) + sum(1 for char in text if char > "\uffff")


def unescape(text: str) -> str:
    """Decode the character references that Telegram knows; others stay as they are."""
    return _REFERENCE.sub(lambda found: _char(found) or found.group(), text)


def _char(found: re.Match[str]) -> str:
    decimal, hexadecimal, name = found.groups()
    if name:
        return _NAMED[name]
    code = int(decimal) if decimal else int(hexadecimal, 16)
    return chr(code) if 0 < code < 0x10FFFF and not 0xD800 <= code <= 0xDFFF else ""


def _reference(text: str, at: int) -> tuple[str, int]:
    found = _REFERENCE.match(text, at)
    char = _char(found) if found else ""
    return (char, found.end()) if found and char else ("&", at + 1)


def _next_special(text: str, at: int) -> int:
    ends = [end for end in (text.find("<", at), text.find("&", at)) if end >= 0]
    return min(ends, default=len(text))


def _argument(tag: str, attributes: dict[str, str]) -> str:
    if tag == "a":
        return attributes.get("href", "")
    if tag == "code":
        return attributes.get("class", "").removeprefix("language-")
    if tag == "span":
        return attributes.get("class", "").removeprefix("tg-")
    if tag == "tg-emoji":
        return attributes.get("emoji-id", "")
    return "1" if tag == "blockquote" and "expandable" in attributes else ""


def _link(entity: Entity, url: str) -> bool:
    user = _USER.match(url)
    if user:
        entity["type"] = "text_mention"
        entity["user"] = {"id": int(user.group(1)), "is_bot": False, "first_name": "User"}
        return True
    entity["url"] = url
    return bool(_URL.match(url))


def _same_span(inner: Entity, outer: Entity, kind: str) -> bool:
    return bool(inner["type"] == kind and (inner["offset"], inner["length"]) == (outer["offset"], outer["length"]))


def _outside_code(entities: list[Entity]) -> list[Entity]:
    blocks = [(e["offset"], e["offset"] + e["length"], e) for e in entities if e["type"] in ("code", "pre")]
    return [
        entity
        for entity in entities
        if not any(
            start <= entity["offset"] and entity["offset"] + entity["length"] <= end and entity is not block
            for start, end, block in blocks
        )
    ]


def strip(text: str, entities: list[Entity]) -> tuple[str, list[Entity]]:
    """Trim white space at both ends as the server does, and clip the entities to what is left."""
    left = len(text) - len(text.lstrip())
    stripped = text.strip()
    shift, total = utf16_length(text[:left]), utf16_length(stripped)
    clipped: list[Entity] = []
    for entity in entities:
        start = max(entity["offset"] - shift, 0)
        end = min(entity["offset"] - shift + entity["length"], total)
        if end > start:
            clipped.append({**entity, "offset": start, "length": end - start})
    return stripped, clipped


@lru_cache(maxsize=512)
def _parse(markup: str) -> tuple[str, tuple[Entity, ...]]:
    text, entities = _Parser(markup).run()
    text, entities = strip(text, _outside_code(entities))
    for entity in entities:
        if entity["type"] == "code":
            entity.pop("language", None)
    return text, tuple(sorted(entities, key=lambda e: (e["offset"], -e["length"])))


def parse_html(markup: str) -> tuple[str, list[Entity]]:
    """Plain text, trimmed, and its entities in UTF-16 units; raises EntityError."""
    text, entities = _parse(markup)
    return text, [dict(entity) for entity in entities]
