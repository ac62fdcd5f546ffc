"""Tags of templates in a text that was meant for a generator of sites: Hugo, Liquid, Jinja, JSX, PHP. A link keeps its target, what
is wrapped stays, and what only the generator can fill in leaves a mark. Lines keep their numbers.

Code is left as it stands, since there a tag may be what is spoken of."""

from __future__ import annotations

import re
from html import escape

from bot.workbench.exchange.losses import Losses

BREAK = "\x0b"  # a line that the text has not
LOST = "data-lost"  # the mark of a link whose target is lost
_CURLY = r"\{\{(?:(?!\}\}).)*\}\}|\{%(?:(?!%\}).)*%\}"
_JSX = r"</?[A-Z]\w*[a-z]\w*(?:\.\w+)*(?:\s[^<>]*)?/?>"
_CODE = r"(?P<code>^[ \t]*(?P<fence>`{3,}|~{3,}).*?(?:^[ \t]*(?P=fence)|\Z)|(?P<tick>`+)[^\n]+?(?P=tick)|<(?P<raw>pre|code|script|style)\b.*?</(?P=raw)>)"
_FLAGS = re.DOTALL | re.MULTILINE
_MARKDOWN = re.compile(
    rf"{_CODE}|(?P<dropped>\{{%-?\s*comment.*?endcomment\s*-?%\}}|\{{/\*.*?\*/\}}|\{{\{{[<%]?\s*/\*.*?\*/\s*[>%]?\}}\}}"
    r"|\{#(?:(?!\n\n).)*?#\}|^import\s[^\n]*\sfrom\s+['\"][^\n]*$|^export\s+(?:const|default|function)\s[^\n]*$)"
    rf"|(?P<link>(?P<before>\]\(\s*<?|^\s*\[[^\]\n]+\]:\s*|\b(?:href|src)=[\"']?)(?P<target>{_CURLY})(?P<rest>[^\s)>\"']*)(?P<after>[\"']?>?))"
    rf"|(?P<tag>{_CURLY}|{_JSX})",
    _FLAGS,
)
_PHP = re.compile(r"<\?.*?(?:\?>|\Z)|<%.*?%>", re.DOTALL)
_SAYS = re.compile(r"<\?=|<%=|\becho\b|\bprint\b")
_QUOTED = re.compile("\"([^\"]*)\"|'([^']*)'")
_LEADS = re.compile("\\b(?:href|link|url|to)=(?:\"([^\"]+)\"|'([^']+)')")
_NAME = re.compile(r"[{<%\s-]*(/?)\s*(end)?([\w.-]+)")
_CHOICE = frozenset(["if", "unless", "case", "for", "range", "with"])  # what is wrapped may be no part of the page


def without_code_of_servers(text: str, losses: Losses) -> str:
    """PHP and the like: what it would print leaves a mark, all else is no part of the page."""

    def replaced(found: re.Match[str]) -> str:
        mark = losses.mark(_told(found, text)) if _SAYS.search(found[0]) else ""
        return mark + "\n" * found[0].count("\n")

    return _PHP.sub(replaced, text)


def without_templates(text: str, losses: Losses, asks: re.Pattern[str]) -> str:
    """The text as people would read it. `asks` finds the end of a question: a tag that has one is its heading."""
    return _MARKDOWN.sub(_Reader(text, losses, asks).replaced, text)


class _Reader:
    def __init__(self, text: str, losses: Losses, asks: re.Pattern[str]) -> None:
        self.text, self.losses, self.asks = text, losses, asks
        tags = [_name(found["tag"]) for found in _MARKDOWN.finditer(text) if found["tag"]]
        self.wrapping = {name for closes, name in tags if closes} - _CHOICE
        self.open: list[tuple[str, str]] = []  # the wrappers that are open, and what ends each in the text

    def replaced(self, found: re.Match[str]) -> str:
        if found["code"] is not None:
            return found[0]
        lines = "\n" * found[0].count("\n")
        if found["dropped"] is not None:
            return lines
        if found["link"] is not None:
            return self._link(found) + lines
        said = self._tag(found["tag"])
        return (self.losses.mark(_told(found, self.text)) if said is None else said) + lines

    def _tag(self, tag: str) -> str | None:
        """What stands in its place; None where that cannot be known."""
        closes, name = _name(tag)
        if closes:
            while self.open:
                opened, end = self.open.pop()
                if opened == name:
                    return end
            return ""
        if name not in self.wrapping or tag.endswith("/>"):
            return None
        begin, end = _wrapped(tag, self.asks)
        self.open.append((name, end))
        return begin

    def _link(self, found: re.Match[str]) -> str:
        """The same with a target that can be read; else with none, and a mark."""
        before, target = found["before"], _target(found["target"], found["rest"])
        if target is not None:
            return before + target.replace(" ", "%20") + found["after"]
        mark = self.losses.mark(_told(found, self.text))
        if before.startswith("]"):
            return f"{mark}{before}#{found['after']}"
        return f'{LOST}="{mark}" {before}#{found["after"]}' if "=" in before else f"{before}#{found['after']}"


def _wrapped(tag: str, asks: re.Pattern[str]) -> tuple[str, str]:
    """What begins and what ends the text that a tag is wrapped around."""
    if to := _LEADS.search(tag):
        return f'<a href="{escape(to[1] or to[2])}">', "</a>"
    for quoted in _QUOTED.finditer(tag):
        said = quoted[1] or quoted[2] or ""
        if asks.search(said):
            return f"{BREAK}{BREAK}**{said.strip()}**{BREAK}{BREAK}", BREAK * 2
    return "", ""


def _target(tag: str, rest: str) -> str | None:
    """Where a tag leads, as its own words say; None where they do not."""
    _, name = _name(tag)
    if name == "post_url":
        return None
    quoted = _QUOTED.search(tag)
    words = re.sub(r"[{}<>%]", " ", tag).split()
    said = (quoted[1] or quoted[2] or "") if quoted else words[1] if name in ("ref", "relref", "link") else ""
    if not said:
        return rest if rest.startswith("/") else None
    if "/" not in said and "." not in said and not said.startswith("#"):
        return None
    path, sign, anchor = (said + rest).partition("#")
    if name in ("ref", "relref"):
        path = re.sub(r"(?:(?<=/)_?index)?\.(?:md|html|markdown)$", "/", path).replace("//", "/")
    elif name == "link":
        if path.startswith("_") or "/_" in path:
            return None  # where a collection is published is the generator's to know
        path = "/" + re.sub(r"\.(?:md|markdown)$", ".html", path).lstrip("/")
    return path + sign + anchor


def _name(tag: str) -> tuple[bool, str]:
    """Whether a tag closes another, and its name."""
    found = _NAME.match(tag)
    return (bool(found[1] or found[2]), found[3].rstrip("-")) if found else (False, "")


def _told(found: re.Match[str], text: str) -> str:
    line = text.count("\n", 0, found.start()) + 1
    tag = found.groupdict().get("target") or found[0]
    return f"line {line}: {' '.join(tag.split())[:60]} is for a program to fill in, and left out"
