"""Rules for what readers see: plain text without markup, with nothing left to fill in, and of this base."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.kb.files import Files, LanguageFiles
from bot.kb.lint.shown import Shown, shown
from bot.kb.model import Problem
from bot.kb.voice_keys import PLACES

_MARKUP = (
    re.compile(r"\*\*\S[^*]*\*\*|(?<!\w)__\S[^_]*__(?!\w)"),
    re.compile(r"(?<![\w*])\*[^\s*](?:[^*\n]*[^\s*])?\*(?![\w*])"),
    re.compile(r"</?[a-zA-Z][\w-]*(?:\s[^<>]*)?/?>"),
    re.compile(r"!?\[[^\[\]\n]+\]\([^()\s]+\)"),
    re.compile(r"^\s{0,3}#{1,6} +\S.*", re.MULTILINE),
    re.compile(r"&(?:[a-zA-Z]{2,8}|#[0-9]{1,6}|#x[0-9a-fA-F]{1,5});"),
    re.compile(r"`[^`\n]+`|~~[^~\n]+~~"),
)
_BRACES = re.compile(r"\{([a-zA-Z_]\w*)\}")
_MARKS = re.compile(r"\b(?:TODO|FIXME|TBD|XXX+)\b|\b[Ll]orem ipsum\b|<<[^<>]+>>|^\s*(?:\.\.\.|…)\s*$")
_SHOWN = 30


def wording(files: Files, language: LanguageFiles) -> Iterator[Problem]:
    for one in shown(files, language):
        yield from _markup(one)
        yield from _unfilled(one)
        if found := _MARKS.search(one.text):
            text = f'{one.what}: "{found[0].strip()[:_SHOWN]}" is a note to the writer, and readers would see it; write the text'
            yield one.file.warning("placeholder-left", text, *one.path)


def _markup(one: Shown) -> Iterator[Problem]:
    for pattern in _MARKUP:
        if found := pattern.search(one.text):
            sign = found[0].strip()
            sign = sign if len(sign) <= _SHOWN else f"{sign[:_SHOWN]}…"
            text = f'{one.what}: readers would see "{sign}" as it is typed; write plain text'
            yield one.file.warning("markup", text, *one.path)


def _unfilled(one: Shown) -> Iterator[Problem]:
    """A name in braces that nobody fills in. What the bot's sentences are filled with is `voice`'s."""
    if one.fills and one.path[0] == "sentences":
        return
    names = {name for name in _BRACES.findall(one.text) if not (one.fills and name in PLACES)}
    for name in sorted(names):
        known = ", ".join(f"{{{place}}}" for place in sorted(PLACES))
        way = f"there is {known}" if one.fills else "nothing is filled in here; write the text itself"
        yield one.file.problem("unfilled", f"{one.what}: {{{name}}} would stay as it is; {way}", *one.path)
