"""Markdown as the page that it would become, with what its dialects add: notes and drawers, footnotes, lists of attributes."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from bs4 import BeautifulSoup

from bot.workbench.exchange.lettered import ASKS, LINE
from bot.workbench.exchange.losses import Losses
from bot.workbench.exchange.markup import parsed
from bot.workbench.exchange.templates import BREAK, without_code_of_servers, without_templates

Numbered: TypeAlias = tuple[int, str]
"""A line, and the number that it has in the file."""

_FRONT = re.compile(r"(---|\+\+\+)[ \t]*\n.*?\n\1[ \t]*\n", re.DOTALL)
_FENCE = re.compile(r"\s*(`{3,}|~{3,})")
# A note, a drawer, a tab of MkDocs: what is indented below is inside. Between colons, in Docusaurus and VitePress.
_NOTE = re.compile(r'(?P<in>\s*)(?:!!!|\?\?\?\+?|===[!+]?)\s*(?P<kind>[\w-][\w -]*?)?\s*(?:"(?P<title>.*)")?\s*$')
_COLONS = re.compile(r"\s*:{3,}\s*(?P<kind>[\w-]+)?\s*\[?(?P<title>[^\]{]*)\]?\s*(?:\{.*\})?\s*$")
# Kinds of notes that say something beside the text; others (question, faq, details) may hold a question of the page.
_ASIDE = frozenset(["tip", "note", "info", "warning", "danger", "caution", "important", "hint", "attention", "success"])
_HEADING = re.compile(r" {0,3}#{1,6}\s")
_ALERT = re.compile(r"(\s*(?:>\s*)+)\[!\w+\][+-]?\s*")
_ATTRIBUTE = r'(?:[#.][\w:.-]+|[\w:-]+=(?:"[^"]*"|\'[^\']*\'|[^\s}]+))'
_ATTRIBUTES = re.compile(
    rf"(?:(?<=[)\]*_?!.:])|\s+|^)\{{:?\s*{_ATTRIBUTE}(?:\s+{_ATTRIBUTE})*\s*\}}|^\s*\{{:\s*\w+\s*\}}\s*$"
)
_DEFINED = re.compile(r"\s{0,3}:\s+(?=\S)")
_CONTENTS = re.compile(r"\s*(?:\[\[_?toc_?\]\]|\[toc\]|\$\{toc\})\s*$", re.IGNORECASE)
_FOOTNOTE = re.compile(r"\s{0,3}\[\^[^\]\s]+\]:")
_FOOTMARK = re.compile(r"\[\^([^\]\s]+)\]")
_DEFINES = re.compile(r"^[ >]*\[([^\]^][^\]]*)\]:[ \t]*\S", re.MULTILINE)
_REFERS = re.compile(r"(?<![\w\]\\])(!?)\[([^\[\]]+)\]\[([^\[\]]*)\]")
_EMOJI = re.compile(r"(?:(?<=[\s(])|^):[a-z][a-z0-9_+-]*:(?![\w:])")
_CODE = re.compile("(`+[^`]*`+)")
_EXPRESSION = re.compile(r"(?<!\{)\{(?!\{)[^{}\n]*\}")
_TAG = re.compile(r"<([a-zA-Z][\w-]*)(?=[\s>])")


def page_of(text: str, losses: Losses, *, jsx: bool = False) -> BeautifulSoup:
    """`jsx`: what stands in single braces is for a program too."""
    from markdown_it import MarkdownIt

    reader = MarkdownIt("commonmark").enable(["table", "strikethrough"])
    front = _FRONT.match(text)
    text = "\n" * front[0].count("\n") + text[front.end() :] if front else text
    text = without_templates(without_code_of_servers(text, losses), losses, ASKS)
    lines = [(number, part) for number, line in enumerate(text.split("\n"), 1) for part in line.split(BREAK)]
    defined = frozenset(_heard(found[1]) for found in _DEFINES.finditer(text))
    headed = any(_HEADING.match(line) and ASKS.search(line) for _, line in lines)
    asides = _ASIDE if headed else frozenset[str]()
    lines = list(_plain(_unnoted(_undefined(lines), asides), _Line(losses, defined, jsx), asides))
    tokens = reader.parse("\n".join(line for _, line in lines))
    for token in tokens:
        if token.map and token.type == "html_block":
            above = lines[token.map[0] : token.map[1]]
            token.content = (
                "\n".join(_TAG.sub(rf'<\1 {LINE}="{number}"', line, count=1) for number, line in above) + "\n"
            )
        elif token.map and token.nesting >= 0:
            token.attrSet(LINE, str(lines[token.map[0]][0]))
    return parsed(reader.renderer.render(tokens, reader.options, {}))


def _unnoted(lines: Sequence[Numbered], asides: Collection[str]) -> list[Numbered]:
    """What stands indented in a note as any text, below its title in bold, which is no question in one of these kinds."""
    found: list[Numbered] = []
    place, fence = 0, ""
    while place < len(lines):
        number, line = lines[place]
        place += 1
        fence = _fence_after(fence, line)
        note = None if fence else _NOTE.match(line)
        if note is None or not line.strip():
            found.append((number, line))
            continue
        begin, deep = place, len(note["in"]) + 4
        while place < len(lines) and (not lines[place][1].strip() or lines[place][1].startswith(" " * deep)):
            place += 1
        aside = note["kind"] in asides and "!!!" in line
        found += _titled(number, note["title"] or "", note["in"], bold=not aside)
        found += _unnoted([(at, inside[4:]) for at, inside in lines[begin:place]], asides)
        found.append((number, ""))
    return found


def _undefined(lines: Sequence[Numbered]) -> list[Numbered]:
    """Terms, whose definitions begin with a colon, as lines in bold."""
    found: list[Numbered] = []
    fence = ""
    for number, line in lines:
        inside, fence = fence, _fence_after(fence, line)
        colon = None if fence or inside else _DEFINED.match(line)
        if not colon:
            found.append((number, line))
            continue
        term = next((place for place in range(len(found) - 1, -1, -1) if found[place][1].strip()), None)
        if term is not None and len(found) - term <= 2 and ASKS.search(found[term][1]):
            at, said = found[term]
            found[term:] = _titled(at, said)
        found += [(number, ""), (number, line[colon.end() :])]
    return found


def _titled(number: int, title: str, before: str = "", *, bold: bool = True) -> list[Numbered]:
    """An empty line around it, for it to be a paragraph of its own."""
    stars = "**" * bold
    return [
        (number, ""),
        *([(number, f"{before}{stars}{title.strip()}{stars}"), (number, "")] if title.strip() else []),
    ]


def _plain(lines: Sequence[Numbered], plain: _Line, asides: Collection[str]) -> Iterator[Numbered]:
    fence, footnote = "", False
    for number, line in lines:
        inside, fence = fence, _fence_after(fence, line)
        if fence or inside:
            yield number, line
            continue
        footnote = bool(_FOOTNOTE.match(line)) or (footnote and (not line.strip() or line.startswith(("  ", "\t"))))
        colons = _COLONS.match(line)
        if colons:
            yield from _titled(number, colons["title"], bold=colons["kind"] not in asides)
        elif footnote or _CONTENTS.match(line):
            yield number, ""
        else:
            yield number, plain.of(number, line)


@dataclass(frozen=True, slots=True)
class _Line:
    """A line without what a text cannot hold. `defined` are the links of which the page says where they lead."""

    losses: Losses
    defined: frozenset[str]
    jsx: bool

    def of(self, number: int, line: str) -> str:
        def marked(what: str) -> str:
            return self.losses.mark(f"line {number}: {what} is left out")

        def referred(found: re.Match[str]) -> str:
            name = found[3] or found[2]
            if _heard(name) in self.defined:
                return found[0]
            return "" if found[1] else found[2] + marked(f"the link [{name[:60]}], which the page does not define,")

        parts = _CODE.split(_ALERT.sub(r"\1", line))
        for place in range(0, len(parts), 2):  # between them code, left as it is
            part = _FOOTMARK.sub(lambda found: marked(f"the footnote {found[1]}"), _ATTRIBUTES.sub("", parts[place]))
            part = _EMOJI.sub(lambda found: marked(f"the emoji {found[0]}"), _REFERS.sub(referred, part))
            parts[place] = _EXPRESSION.sub(lambda found: marked(found[0][:60]), part) if self.jsx else part
        return "".join(parts)


def _heard(name: str) -> str:
    """As references are compared."""
    return " ".join(name.split()).casefold()


def _fence_after(fence: str, line: str) -> str:
    """What fences off code behind this line; empty where none does."""
    found = _FENCE.match(line)
    if not fence:
        return found[1] if found else ""
    return "" if found and found[1].startswith(fence) and not line.strip().strip(fence[0]) else fence
