"""Labelled questions that name an entry which is gone: an evaluation would count them as wrong. Lines go in; no disk."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import Any

from rapidfuzz import fuzz, process

from bot.kb.files import Files
from bot.kb.lint.links import complete, keys
from bot.kb.model import Problem


def cases(files: Files, name: str, lines: Iterable[str]) -> Iterator[Problem]:
    """`name` is how the file of these JSON lines is called. Where a topic cannot be read, its entries are not missed."""
    known = {entry for file in files.topics.values() for entry in keys(file.raw, "entries")}
    judged = complete(files)
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            found = json.loads(line)
        except ValueError as error:
            yield Problem(name, number, "bad-case", f"not a line of JSON ({error}); correct it", warning=True)
            continue
        for entry in dict.fromkeys(_named(found)) if judged else ():
            if entry not in known:
                near = process.extractOne(entry, sorted(known), scorer=fuzz.ratio, score_cutoff=70)
                hint = f'did you mean "{near[0]}"?' if near else "correct the case, or take it out"
                text = f'the case {_id(found)} expects "{entry}", and there is no such entry; {hint}'
                yield Problem(name, number, "case-without-entry", text, warning=True, about=f"entry:{entry}")


def _named(found: Any) -> Iterator[str]:
    """The entries that a case names."""
    if isinstance(found, dict):
        for key in ("expect", "expect_all"):
            value = found.get(key)
            yield from (one for one in value if isinstance(one, str)) if isinstance(value, list) else ()
        if isinstance(found.get("previous"), str):
            yield found["previous"]


def _id(found: dict[str, Any]) -> str:
    return str(found.get("id", "without an id"))[:40]
