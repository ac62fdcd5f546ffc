"""Writes our labelled questions as a data set: questions, phrases to learn from, entries, cries for help, the card and the licence.

python -m benchmarks.questions OUT

The questions stand in tests/cases and the phrases in knowledge, and nowhere else: the set is made of them, and a second copy
of it is not kept.
"""

from __future__ import annotations

import json
import re
import shutil
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from benchmarks.reshape import write
from benchmarks.tables import filled, table

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
CASES = ROOT / "tests" / "cases"
MARKS = "counts"
DANGER, PHRASES = "danger.jsonl", "phrases.jsonl"
Line = Mapping[str, object]
Files = dict[str, list[Line]]
"""Path within the set -> its lines."""


def files_of(cases: Path, knowledge: Path) -> Files:
    """All that the set holds, in the order of the files that it is made of."""
    learnt = _learnt(knowledge)
    phrases = {words(line["phrase"]) for name, lines in learnt.items() if name.endswith(PHRASES) for line in lines}
    found: Files = {}
    for part, line in _cases(cases):
        seen = {"seen": True} if words(line["q"]) in phrases else {}
        found.setdefault(f"{line['lang']}/questions.jsonl", []).append({**line, "part": part, **seen})
    for line in _lines(cases / DANGER):
        found.setdefault(f"{line['lang']}/{DANGER}", []).append(line)
    return found | learnt


def words(text: object) -> tuple[str, ...]:
    """A text without its case, signs and spaces."""
    return tuple(re.findall(r"\w+", str(text).casefold()))


def _cases(cases: Path) -> Iterator[tuple[str, Line]]:
    """The files of the languages' folders, and those on ways of asking; what stands in none of them is a copy of a line of these."""
    for path in sorted(cases.glob("*/*.jsonl")):
        part = f"asking-{path.stem}" if path.parent.name == "asking" else path.stem
        yield from ((part, line) for line in _lines(path))


def _lines(path: Path) -> Iterator[Line]:
    return map(json.loads, path.read_text(encoding="utf-8").splitlines())


def _learnt(knowledge: Path) -> Files:
    """The entries, and the phrases that ask for them, those of their gaps with them."""
    from bot.kb.load import load
    from bot.match.learn.asked import labelled
    from bot.match.learn.labels import Kind

    base = load(knowledge)
    found: Files = {}
    for lang in base.languages:
        said = {entry.id: entry.texts[lang] for entry in base.entries.values() if lang in entry.texts}
        found[f"{lang}/entries.jsonl"] = [
            {"entry": name, "question": text.question, "answer": text.answer} for name, text in said.items()
        ]
        asked = [(label, phrase) for label, phrase in labelled(base, lang) if label.kind is Kind.ENTRY]
        found[f"{lang}/{PHRASES}"] = [
            {"entry": label.owner, "phrase": phrase, **({"gap": label.gap} if label.gap else {})}
            for label, phrase in asked
        ]
    return found


def counts(files: Files) -> str:
    """Tables of what the files hold: by file, and the questions by kind."""
    langs = sorted({name.partition("/")[0] for name in files}, key=["en", "ru", "kk"].index)
    kinds = sorted({name.partition("/")[2] for name in files})
    rows = ([kind, *(f"{len(files.get(f'{lang}/{kind}', [])):,}" for lang in langs)] for kind in kinds)
    return "\n\n".join(
        [
            table(["file", *langs], rows),
            "Questions by kind:",
            table(["kind", *langs], [*_by_kind(files, langs, "questions.jsonl"), _seen(files, langs)]),
            "Cries for help, and what only looks like them, by kind:",
            table(["kind", *langs], _by_kind(files, langs, DANGER)),
        ]
    )


def _by_kind(files: Files, langs: Iterable[str], file: str) -> Iterator[list[str]]:
    tallies = [Counter(str(line["kind"]) for line in files.get(f"{lang}/{file}", [])) for lang in langs]
    for kind in sorted(set().union(*tallies)):
        yield [kind, *(f"{tally[kind]:,}" for tally in tallies)]


def _seen(files: Files, langs: Iterable[str]) -> list[str]:
    return [
        "of all: `seen`",
        *(f"{sum('seen' in line for line in files.get(f'{lang}/questions.jsonl', [])):,}" for lang in langs),
    ]


def make(out: Path, cases: Path = CASES, knowledge: Path | None = None) -> None:
    from bot.settings import SHIPPED

    files = files_of(cases, knowledge or SHIPPED)
    for name, lines in files.items():
        (out / name).parent.mkdir(parents=True, exist_ok=True)
        write(out / name, map(dict, lines))
    card = (HERE / "README.md").read_text(encoding="utf-8")
    (out / "README.md").write_text(filled(card, MARKS, counts(files)), encoding="utf-8")
    shutil.copyfile(HERE / "LICENSE", out / "LICENSE")


if __name__ == "__main__":
    if len(sys.argv) != 2 or sys.argv[1].startswith("-"):
        sys.exit(str(__doc__))
    make(Path(sys.argv[1]))
