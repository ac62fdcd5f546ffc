"""Telegram's HTML: escaping, cleaning what a stranger typed, and cutting long texts without breaking a tag."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator

from bot.characters import is_seen

LONGEST = 4096  # UTF-16 units of a message after its entities are parsed

_TOKEN = re.compile(r"<(/?)([a-z][a-z0-9-]*)[^<>]*>|&(?:[a-z]+|#\d+);|[^<&]|[<&]", re.DOTALL)
# Where to cut, the best first: after a paragraph, a line, a sentence, a word.
_BREAKS = ("\n\n", "\n", ". ", " ")
_WORTH = 0.5  # a break this far into the message is good enough for the next better kind to be left out


def escaped(text: str) -> str:
    """Text as it may stand between tags."""
    return html.escape(text, quote=False)


def link(text: str, url: str | None) -> str:
    """The text, as a link where there is an address."""
    return f'<a href="{html.escape(url)}">{escaped(text)}</a>' if url else escaped(text)


def clean(text: str) -> str:
    """What a person typed, fit to be echoed: no direction marks, zero-width or control characters; one line."""
    seen = (" " if c.isspace() else c for c in text)
    return " ".join("".join(c for c in seen if is_seen(c)).split())


def units(text: str) -> int:
    """The length as Telegram counts it: UTF-16 units."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le", "surrogatepass")) // 2


def visible(markup: str) -> str:
    """The text without tags and entities."""
    return "".join(shown for shown, _ in _tokens(markup))


def split(markup: str, longest: int = LONGEST) -> list[str]:
    """The markup in pieces of at most `longest` units, cut between paragraphs where possible, every piece well-formed."""
    if units(markup) <= longest:
        return [markup] if markup.strip() else []
    tokens = list(_tokens(markup))
    pieces, start, opened = [], 0, list[str]()
    while start < len(tokens):
        end = _end(tokens, start, longest)
        piece, opened = _well_formed([source for _, source in tokens[start:end]], opened)
        if visible(piece).strip():
            pieces.append(piece.strip())
        start = end
    return pieces


def _tokens(markup: str) -> Iterator[tuple[str, str]]:
    """(what is seen, how it is written): characters one by one, tags as seen nothing."""
    for match in _TOKEN.finditer(markup):
        source = match.group()
        yield ("", source) if match.group(2) else (html.unescape(source), source)


def _end(tokens: list[tuple[str, str]], start: int, longest: int) -> int:
    """The index after the last token of a piece."""
    room, end = longest, start
    while end < len(tokens) and (room := room - units(tokens[end][0])) >= 0:
        end += 1
    if end == len(tokens):
        return end
    text, ends = "", []
    for index in range(start, end):
        text += tokens[index][0]
        ends += [index + 1] * len(tokens[index][0])
    for separator in _BREAKS:
        place = text.rfind(separator)
        if place >= len(text) * _WORTH:
            return ends[place + len(separator) - 1]
    return end


def _well_formed(sources: list[str], opened: list[str]) -> tuple[str, list[str]]:
    """The piece with the tags that were open before it, and the tags that are open after it."""
    written, stack = opened + sources, list[str]()
    for source in written:
        match = _TOKEN.fullmatch(source)
        if match and match.group(2):
            if match.group(1):
                stack.pop()
            else:
                stack.append(source)
    closing = [f"</{_name(tag)}>" for tag in reversed(stack)]
    return "".join(written + closing), stack


def _name(tag: str) -> str:
    match = _TOKEN.fullmatch(tag)
    return match.group(2) if match and match.group(2) else ""
