"""A labelled question more, in the file of its language and topic."""

from __future__ import annotations

import json
from pathlib import Path

from bot.atomic import new_file
from bot.errors import UsageError
from bot.kb.lint.text import is_blank
from bot.kb.model import KnowledgeBase
from bot.workbench.cases import read_cases
from bot.workbench.exchange.naming import alike
from bot.workbench.exchange.phrases import Asking

KINDS = (  # knowledge/README.md says what each is
    *("plain", "paraphrase", "terse", "typo", "claim", "long", "silent", "multi", "negated", "compare", "temporal"),
    *("mixed", "headline", "oos-near", "near", "oos-far", "chitchat", "junk", "injection"),
)


def add_case(base: KnowledgeBase, folder: Path, lang: str, question: str, entries: tuple[str, ...], kind: str) -> Path:
    """Gives the file. UsageError for a question that is a phrase: it would measure memory."""
    if unknown := next((one for one in entries if one not in base.entries), None):
        raise UsageError(f"There is no entry {unknown}{alike(unknown, base.entries)}.")
    if kind and kind not in KINDS:
        raise UsageError(f"--kind {kind}: one of {', '.join(KINDS)} (knowledge/README.md){alike(kind, KINDS)}.")
    if is_blank(question):
        raise UsageError(f'"{question}" has no word; a case is a question as somebody might put it.')
    asking = Asking(base, lang)
    known, heard = asking.owner(question), asking.heard(question)
    if known and known[1] == heard:
        raise UsageError(f'"{question}" is a way to ask for {known[0]} already; a case says it in other words.')
    path = place(folder, lang) / f"{base.entries[entries[0]].topic if entries else 'refuse'}.jsonl"
    text = path.read_text(encoding="utf-8") if path.is_file() else ""
    cases = read_cases(text.splitlines(), str(path)) if text.strip() else []
    if twin := next((case for case in cases if asking.heard(case.question) == heard), None):
        raise UsageError(f'"{question}" is a case already, {twin.id} in {path}.')
    taken = {case.id for case in cases}
    number = len(taken) + 1
    while (name := f"{path.stem}-{lang}-{number:03}") in taken:
        number += 1
    case = {"id": name, "lang": lang, "q": question, "expect": list(entries)}
    line = json.dumps(case | {"kind": kind or ("paraphrase" if entries else "oos-near")}, ensure_ascii=False)
    with new_file(path) as file:
        file.write((text + ("\n" if text and not text.endswith("\n") else "") + line + "\n").encode())
    path.chmod(0o644)
    return path


def place(folder: Path, lang: str) -> Path:
    """Beside the tests where the base has some, else in the base itself."""
    beside = folder.resolve().parent / "tests" / "cases" / lang
    return beside if beside.is_dir() else folder / lang / "cases"
