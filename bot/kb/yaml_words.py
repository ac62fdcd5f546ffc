"""What the parser stumbled over, in words for somebody who has never seen YAML: where it began, and what to do.

The parser names the place where it could not go on; the slip stands there, or some lines above."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

import yaml

from bot.kb.yaml_lines import Slip, Stumble, colon, indentation, looks_like_yaml, simple_key

_CONFLICT = re.compile(r"(?:<{7}|>{7})(?: |$)")
_WIDE = "\u00a0\u2007\u202f\u3000"  # spaces that YAML does not take for one
_WIDE_INDENT = re.compile(rf"^[ ]*[{_WIDE}][ {_WIDE}]*[\w/-]+:(?:\s|$)", re.MULTILINE)
_OPENS = {"sequence": ("[", "]"), "mapping": ("{", "}")}


def slip(text: str, error: yaml.YAMLError, loader: Any) -> Slip:
    """What is behind a syntax error of this text."""
    mark, context = (getattr(error, name, None) for name in ("problem_mark", "context_mark"))
    mark = mark or context
    begins = context or mark
    said = ", ".join(filter(None, (getattr(error, "context", ""), getattr(error, "problem", ""))))
    stumble = Stumble(
        text, text.splitlines(), said,
        mark.line if mark else 0, mark.column if mark else 0,
        begins.line if begins else 0, begins.column if begins else 0, loader,
    )  # fmt: skip
    found = next((one for rule in _RULES if (one := rule(stumble))), None)
    hint = "check quotes, colons and indentation here"
    return found or Slip(stumble.line + 1, stumble.column + 1, f"{said or 'not YAML'}; {hint}")


def wide_indent(text: str) -> Slip | None:
    """A line that looks indented by spaces and is not: YAML takes it for a part of the text above."""
    found = _WIDE_INDENT.search(text)
    if not found:
        return None
    hint = "an invisible no-break space before the key; write plain spaces there"
    return Slip(text.count("\n", 0, found.start()) + 1, 1, hint)


def _conflict(at: Stumble) -> Slip | None:
    for number, line in enumerate(at.lines):
        if _CONFLICT.match(line):
            text = f'"{line[:7]}" is left here by a merge of two versions; keep one of them and take these marks out'
            return Slip(number + 1, 1, text)
    return None


def _tab(at: Stumble) -> Slip | None:
    found = re.match(r"[ ]*\t", at.at(at.line))
    if not found:
        return None
    return Slip(at.line + 1, found.end(), "a tab at the beginning of the line; indent with spaces, as the lines around")


def _open_quote(at: Stumble) -> Slip | None:
    """A quoted text that swallowed lines which look like YAML of their own."""
    if "quoted scalar" in at.said and "end of stream" in at.said:
        return _unclosed(at, at.began, at.began_column)
    for token in reversed(list(_tokens(at))):
        start, end = token.start_mark, token.end_mark
        if end.line > start.line and any(map(looks_like_yaml, at.lines[start.line + 1 : end.line + 1])):
            return _unclosed(at, start.line, start.column)
    return None


def _unclosed(at: Stumble, line: int, column: int) -> Slip:
    sign = at.at(line)[column : column + 1]
    return Slip(
        line + 1, column + 1, f"the quote {sign} that opens here is not closed; put {sign} at the end of the text"
    )


def _tokens(at: Stumble) -> Iterator[Any]:
    """The quoted texts before the stumble."""
    try:
        for token in yaml.scan(at.text, Loader=at.loader):
            if isinstance(token, yaml.ScalarToken) and token.style in ("'", '"') and token.start_mark.line <= at.line:
                yield token
    except yaml.YAMLError:
        return


def _after_quote(at: Stumble) -> Slip | None:
    """Text behind a closing quote."""
    last = None
    for token in _tokens(at):
        if (token.end_mark.line, token.end_mark.column) <= (at.line, at.column):
            last = token
    if last is None or last.end_mark.line != at.line:
        return None
    between = at.at(at.line)[last.end_mark.column : at.column]
    if between.strip() or (at.column >= len(at.at(at.line)) and not at.at(at.line)[last.end_mark.column :].strip()):
        return None
    sign, other = (last.style, '"' if last.style == "'" else "'")
    way = "write an apostrophe twice ('')" if sign == "'" else 'write a quote inside as \\"'
    text = f"the text goes on behind the closing {sign}; {way}, or put the whole text between {other}"
    return Slip(at.line + 1, last.end_mark.column + 1, f"{text} and {other}")


def _first_sign(at: Stumble) -> Slip | None:
    if "cannot start any token" in at.said or ("alias" in at.said or "anchor" in at.said):
        place = at.column if "cannot start" in at.said else at.began_column
        line = at.line if "cannot start" in at.said else at.began
        sign = at.at(line)[place : place + 1]
        return Slip(line + 1, place + 1, f"a text cannot begin with {sign}; put the whole text in quotes")
    return None


def _block_head(at: Stumble) -> Slip | None:
    if "block scalar" not in at.said:
        return None
    text = "behind > or | the line must end; write the text on the lines below, indented deeper"
    return Slip(at.began + 1, at.began_column + 1, text)


def _escape(at: Stumble) -> Slip | None:
    if "escape" not in at.said:
        return None
    text = (
        "a backslash between double quotes has a meaning of its own; take it out, write it twice, or use single quotes"
    )
    return Slip(at.line + 1, at.column + 1, text)


def _bracket(at: Stumble) -> Slip | None:
    if "flow" not in at.said:
        return None
    sign, end = next((pair for name, pair in _OPENS.items() if name in at.said), ("", ""))
    if not sign:
        found = re.search(r"[\[{]", at.at(at.line)[at.column :] or at.at(at.began))
        text = "something is missing inside the brackets; put texts with commas, colons or brackets in quotes"
        return Slip(at.line + 1, at.column + 1, text) if found or "node" in at.said else None
    text = (
        f"the bracket {sign} that opens here is not closed, or a comma is missing; write {end} at the end of the list"
    )
    return Slip(at.began + 1, at.began_column + 1, text)


def _inline_dash(at: Stumble) -> Slip | None:
    if "sequence entries" not in at.said:
        return None
    text = "an item of a list begins on a line of its own; put the - on the next line, or a text that begins with - in quotes"
    return Slip(at.line + 1, at.column + 1, text)


def _stray_bracket(at: Stumble) -> Slip | None:
    sign = at.at(at.line)[at.column : at.column + 1]
    if sign not in ("]", "}"):
        return None
    return Slip(
        at.line + 1,
        at.column + 1,
        f"nothing is open that this {sign} could close; take it out, or put the text in quotes",
    )


_RULES: tuple[Callable[[Stumble], Slip | None], ...] = (
    _conflict,
    _tab,
    _open_quote,
    _after_quote,
    _first_sign,
    _block_head,
    _escape,
    _bracket,
    _inline_dash,
    colon,
    simple_key,
    indentation,
    _stray_bracket,
)
