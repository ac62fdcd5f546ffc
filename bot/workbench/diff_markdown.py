"""The difference of two bases as a comment on a pull request. Pure; what people wrote says nothing to the renderer."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from bot.workbench.diff import Diff, counts, shortened
from bot.workbench.runs import CaseChange

MOST = 60_000  # characters; GitHub takes 65,536
_SPECIAL = re.compile(r"([\\`*_{}\[\]()+!|~^$-])")


def as_markdown(found: Diff) -> str:
    head = [
        "### What this does to the answers",
        "",
        f"{_plain(counts(found))}",
        "",
        f"Old: {_plain(str(found.old))}  \nNew: {_plain(str(found.new))}",
        "",
    ]
    cases = found.cases
    logged = [(one.lang, one.question, one.old, one.new) for one in found.logged]
    texts = [(f"{one.what}, {one.part}", one.lang, shortened(one.old), shortened(one.new)) for one in found.texts]
    phrases = [(one.what, one.lang, f"+{one.added}", f"-{one.removed}") for one in found.phrases]
    parts = [
        *_section("worse", ("question", "lang", "old", "new"), _rows(cases.worse), opened=True),
        *_section("better", ("question", "lang", "old", "new"), _rows(cases.better)),
        *_section("other replies, as good", ("question", "lang", "old", "new"), _rows(cases.other)),
        *_section("asked in vain", ("lang", "question", "old", "new"), logged),
        *_section("texts", ("text", "lang", "old", "new"), texts),
        *_section("with other phrases", ("of", "lang", "added", "removed"), phrases),
    ]
    return "\n".join(_fitting(head, parts))


def _rows(changes: Sequence[CaseChange]) -> list[tuple[str, ...]]:
    return [(f"{one.after.question} ({one.id})", one.after.lang, str(one.before), str(one.after)) for one in changes]


def _section(
    name: str, heads: Sequence[str], rows: Sequence[Sequence[str]], *, opened: bool = False
) -> Iterator[tuple[bool, str]]:
    """Lines; a row, which may be left out, is marked with True."""
    if rows:
        yield False, f"<details{' open' if opened else ''}><summary>{len(rows):,} {name}</summary>\n"
        yield False, f"| {' | '.join(heads)} |\n|{' --- |' * len(heads)}"
        yield from ((True, f"| {' | '.join(map(_plain, row))} |") for row in rows)
        yield False, "\n</details>\n"


def _fitting(head: Sequence[str], parts: Iterable[tuple[bool, str]]) -> Iterator[str]:
    """As many rows as a comment may hold; how many are left out is said."""
    size, left_out = sum(len(line) + 1 for line in head), 0
    yield from head
    for is_row, line in parts:
        size += len(line) + 1
        if is_row and size > MOST:
            left_out += 1
            size -= len(line) + 1
        else:
            yield line
    if left_out:
        yield f"{left_out:,} more rows: `reformbot diff` lists them."


def _plain(text: str) -> str:
    """The text as it stands, on one line: no markup, no link, nobody is called."""
    text = " ".join(text.split()).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    text = _SPECIAL.sub(r"\\\1", text)
    return text.replace("#", "&#35;").replace("@", "&#64;").replace("://", ":&#47;/") or "–"
