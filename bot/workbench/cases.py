"""Labelled questions: JSON lines to cases, or to the list of what is wrong with them, by file and line. Pure."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, ValidationError
from rapidfuzz import fuzz, process

from bot.errors import UsageError
from bot.kb.model import KnowledgeBase, Problem

NEAR = ("oos-near", "near")
SHAPE = '{"id", "lang", "q", "expect": [...], "kind"}'
_MOST = 200  # problems that are listed
_ALIKE = 60  # of 100, by rapidfuzz's ratio, from which on another name is proposed


@dataclass(frozen=True, slots=True)
class Case:
    """A labelled question. `expect` lists the entries that answer it, none for one that must not be answered.

    `both`: it asks several things and wants all the entries. `gap`: it asks what the source does not say; None: not labelled.
    `want`: what the reply should be (answer, gap, decline, small_talk, multi); None: not labelled."""

    id: str
    lang: str
    question: str
    expect: tuple[str, ...]
    kind: str
    gap: bool | None = None
    both: bool = False
    want: str | None = None

    @property
    def group(self) -> str:
        """in (answerable), near (the same field, no answer) or far (all else)."""
        return "in" if self.expect else "near" if self.kind in NEAR else "far"


@dataclass(frozen=True, slots=True)
class Known:
    """What cases may name: languages, entries, and the gaps of each as `entry/gap`."""

    languages: frozenset[str]
    entries: frozenset[str]
    gaps: frozenset[str]

    @classmethod
    def of(cls, *bases: KnowledgeBase) -> Known:
        """Whatever one of the bases has."""
        entries = [entry for base in bases for entry in base.entries.values()]
        gaps = {f"{entry.id}/{gap}" for entry in entries for text in entry.texts.values() for gap in text.gaps}
        languages = frozenset(lang for base in bases for lang in base.languages)
        return cls(languages, frozenset(entry.id for entry in entries), frozenset(gaps))


class _CaseLine(BaseModel):
    """One line. What stands below `want` is for people and for other tests."""

    model_config = ConfigDict(extra="forbid", strict=True)

    id: str | int
    lang: str
    q: str
    expect: list[str]
    kind: str
    gap: bool | str | None = None
    expect_all: list[str] | None = None
    want: Literal["answer", "gap", "decline", "small_talk", "multi"] | None = None
    verdict: Literal["says", "differs", "silent"] | None = None
    voice: Any = None
    unanswered: Any = None
    why: Any = None

    @property
    def case(self) -> Case:
        silent = True if self.kind == "silent" or self.want == "gap" else None
        gap = silent if self.gap is None else bool(self.gap)
        both = self.expect_all is not None or self.want == "multi"
        return Case(str(self.id), self.lang, self.q, tuple(self.expect), self.kind, gap, both, self.want)


def case_files(paths: Iterable[Path]) -> list[Path]:
    """The files that are meant: of a folder those in its folders, one for each language, or without such those in itself.

    UsageError where a folder holds none."""
    found: list[Path] = []
    for path in paths:
        inside = (sorted(path.glob("*/*.jsonl")) or sorted(path.glob("*.jsonl"))) if path.is_dir() else [path]
        if not inside:
            raise UsageError(f"{path}: no labelled questions here; expected files <lang>/<topic>.jsonl.")
        found += inside
    return list(dict.fromkeys(found))


def read_cases(lines: Iterable[str], name: str = "cases", known: Known | None = None) -> list[Case]:
    """The cases of one file. UsageError names every line that is none; without `known` any entry may be expected."""
    return read_case_files({name: "\n".join(lines).encode()}, known)


def read_case_files(
    files: Mapping[str, bytes], known: Known | None = None, problems: Sequence[Problem] = ()
) -> list[Case]:
    """The cases of all files. UsageError lists what is wrong with them, `problems` that were found before among it."""
    found, wrong, first = list[Case](), list(problems), dict[str, str]()
    for name, data in files.items():
        size = len(found)
        for item in _lines(name, data):
            if isinstance(item, Problem):
                wrong.append(item)
                continue
            line, number = item
            wrong += [Problem(name, number, rule, text) for rule, text in _odd(line, known)]
            place = first.setdefault(str(line.id), f"{name}:{number}")
            if place != f"{name}:{number}":
                text = f'"{line.id}" stands at {place} already; give each question an id of its own'
                wrong.append(Problem(name, number, "repeated-id", text))
            found.append(line.case)
        if len(found) == size and not any(one.file == name for one in wrong):
            wrong.append(Problem(name, 1, "empty-file", f"no labelled question; expected lines of {SHAPE}"))
    if wrong:
        raise UsageError(_told(wrong))
    return found


def _told(problems: Sequence[Problem]) -> str:
    more = [f"… and {len(problems) - _MOST:,} more"] if len(problems) > _MOST else []
    head = f"{len(problems):,} problem(s) in the labelled questions:"
    return "\n".join([head, *map(str, problems[:_MOST]), *more])


def _lines(name: str, data: bytes) -> Iterator[Problem | tuple[_CaseLine, int]]:
    for number, raw in enumerate(data.split(b"\n"), 1):
        try:
            text = raw.decode("utf-8-sig" if number == 1 else "utf-8")
        except UnicodeDecodeError as error:
            yield Problem(name, number, "not-utf-8", f"byte {error.start + 1} is no UTF-8; save the file as UTF-8")
            continue
        if text.strip():
            line, problems = _line(text)
            yield from (Problem(name, number, rule, told) for rule, told in problems)
            if line:
                yield line, number


def _line(text: str) -> tuple[_CaseLine | None, list[tuple[str, str]]]:
    """One line as a case, or what is wrong with its form: rule and text."""
    repeated: list[str] = []

    def mapping(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        names = [key for key, _ in pairs]
        repeated.extend(sorted({key for key in names if names.count(key) > 1}))
        return dict(pairs)

    try:
        item = json.loads(text, object_pairs_hook=mapping)
    except (ValueError, RecursionError) as error:
        where = f"column {error.colno}: {error.msg}" if isinstance(error, json.JSONDecodeError) else str(error)
        return None, [("not-json", f"not a line of JSON ({where}); expected {SHAPE}")]
    if not isinstance(item, dict):
        return None, [("not-a-case", f"{_shown(item)} is no labelled question; expected {SHAPE}")]
    problems = [("repeated-key", f'"{key}" stands twice; keep one') for key in repeated]
    try:
        return _CaseLine.model_validate(item), problems
    except ValidationError as error:
        return None, problems + list(dict.fromkeys(map(_misfit, error.errors(include_url=False))))


def _misfit(error: Any) -> tuple[str, str]:
    key, value = str(error["loc"][0]), error["input"]
    match error["type"]:
        case "missing":
            return "missing-key", f'no "{key}"; expected {SHAPE}'
        case "extra_forbidden":
            return "unknown-key", f'no case has a key "{key}"; {_guess(key, _CaseLine.model_fields)}'
        case "literal_error":
            return "unknown-expectation", f'"{key}" is {_shown(value)}; expected {error["ctx"]["expected"]}'
    wanted = {"expect": "a list of entries", "expect_all": "a list of entries", "gap": 'true, false or "entry/gap"'}
    return "wrong-type", f'"{key}" is {_shown(value)}; expected {wanted.get(key, "text")}'


def _odd(line: _CaseLine, known: Known | None) -> Iterator[tuple[str, str]]:
    """What does not fit together, or is not in the base: rule and text."""
    for key in ("lang", "q", "kind"):
        if not getattr(line, key).strip():
            yield "empty-text", f'"{key}" is empty; expected text'
    for entry in line.expect_all or ():
        if entry not in line.expect:
            yield "unexpected-entry", f'"expect_all" names {entry}, "expect" does not; name it in both'
    if not line.expect and (line.want in ("answer", "gap", "multi") or line.gap):
        yield "contradiction", 'an answer is wanted, but "expect" names no entry; name it'
    if known is None:
        return
    if line.lang not in known.languages:
        yield "unknown-language", f'the base has no "{line.lang}"; it has {", ".join(sorted(known.languages))}'
    for entry in dict.fromkeys(line.expect):
        if entry not in known.entries:
            yield "unknown-entry", f'the base has no entry "{entry}"; {_guess(entry, known.entries)}'
    if isinstance(line.gap, str) and line.gap not in known.gaps:
        yield "unknown-gap", f'the base has no gap "{line.gap}"; {_guess(line.gap, known.gaps)}'


def _guess(name: str, known: Iterable[str]) -> str:
    near = process.extractOne(name, sorted(known), scorer=fuzz.ratio, score_cutoff=_ALIKE)
    return f'did you mean "{near[0]}"?' if near else "take it out"


def _shown(value: Any) -> str:
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= 40 else f"{text[:39]}…"
