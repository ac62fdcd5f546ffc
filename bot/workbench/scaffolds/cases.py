"""A labelled question more, in the file of its language and topic."""

from __future__ import annotations

import json
from pathlib import Path

from bot.atomic import new_file
from bot.errors import UsageError
from bot.kb.model import KnowledgeBase
from bot.workbench.cases import read_cases
from bot.workbench.exchange.phrases import Asking


def add_case(base: KnowledgeBase, folder: Path, lang: str, question: str, entries: tuple[str, ...], kind: str) -> Path:
    """Gives the file. UsageError for a question that is a phrase: it would measure memory."""
    if unknown := [one for one in entries if one not in base.entries]:
        raise UsageError(f"There is no entry {', '.join(unknown)}.")
    known = Asking(base, lang).owner(question)
    if known and known[1] == Asking(base, lang).heard(question):
        raise UsageError(f'"{question}" is a way to ask for {known[0]} already; a case says it in other words.')
    path = place(folder, lang) / f"{base.entries[entries[0]].topic if entries else 'refuse'}.jsonl"
    text = path.read_text(encoding="utf-8") if path.is_file() else ""
    taken = {case.id for case in read_cases(text.splitlines(), str(path))} if text.strip() else set()
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
