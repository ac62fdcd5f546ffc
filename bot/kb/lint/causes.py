"""Which findings only follow from another one: a name that is gone is missed in many places, and one edit puts all right."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from typing import Any

from rapidfuzz import fuzz, process

from bot.kb.files import Files
from bot.kb.lint.links import keys
from bot.kb.model import Problem
from bot.kb.source_file import File

_ALIKE = 60  # per cent of rapidfuzz's `fuzz.ratio`: an old and a new name
_MANY = 3  # places that name something that is gone: no slip in one of them
# Rules of what nobody names, as a name that is new.
_NEW = frozenset({"no-phrases", "untranslated", "gap-asks", "gap-missing", "unused"})
_ANSWERS = frozenset({"figures-differ", "numbers-differ"})

Found = Iterator[tuple[Problem, list[Problem]]]


def causes(files: Files, problems: Iterable[Problem]) -> list[Problem]:
    """The problems, sorted, each of those that follow with the name of its cause. A cause that none of them names stands
    among them as well."""
    every = sorted(problems)
    names: dict[Problem, str] = {}
    found: list[Problem] = []
    for rule in (_too_deep, _too_flat, _topic_gone, _renamed, _entry_gone, _same_name, _answers):
        free = [one for one in every if one not in names]
        for cause, followers in rule(files, free):
            others = [one for one in followers if _key(one) != _key(cause) and one not in names]
            if not others or cause in names:
                continue
            names |= dict.fromkeys(others, cause.name)
            found.append(cause)
    stands = {_key(one): one for one in found}
    kept = {_key(one): stands.get(_key(one), replace(one, follows=names.get(one, ""))) for one in every}
    return sorted({**kept, **{key: one for key, one in stands.items() if key not in kept}}.values())


def folded(problems: Iterable[Problem]) -> list[tuple[Problem, list[Problem]]]:
    """Each problem that follows from no other, with those that follow from it; causes come first."""
    every = list(problems)
    followers: dict[str, list[Problem]] = defaultdict(list)
    for one in every:
        if one.follows:
            followers[one.follows].append(one)
    first = {one.name: one for one in reversed(every) if not one.follows}
    lost = [one for name, many in followers.items() if name not in first for one in many]
    heads = [*(one for one in every if not one.follows), *lost]
    pairs = [(one, followers.get(one.name, []) if first.get(one.name) is one else []) for one in heads]
    return sorted(pairs, key=lambda pair: (pair[0].warning, not pair[1]))


def _key(problem: Problem) -> tuple[str, int, str, str]:
    """What stays the same where a cause is put in better words."""
    reworded = problem.rule in ("unknown-key", "wrong-type") and problem.about
    return problem.file, problem.line, problem.rule, reworded or problem.text


def _groups(problems: Iterable[Problem], wanted: Callable[[Problem], bool]) -> dict[str, list[Problem]]:
    found: dict[str, list[Problem]] = defaultdict(list)
    for one in problems:
        if one.about and wanted(one):
            found[one.about].append(one)
    return found


def _missing(problems: Iterable[Problem]) -> dict[str, list[Problem]]:
    kinds = ("entry", "gap", "topic", "source", "change", "section")
    return _groups(problems, lambda one: one.rule not in _NEW and one.about.partition(":")[0] in kinds)


def _new(problems: Iterable[Problem]) -> dict[str, list[Problem]]:
    return _groups(problems, lambda one: one.rule in _NEW)


def _too_deep(files: Files, problems: list[Problem]) -> Found:
    """An entry or a gap that is indented like a key of the one above it."""
    missed = {about.rpartition(":")[2].rpartition("/")[2]: many for about, many in _missing(problems).items()}
    for one in problems:
        *way, name = one.about.removeprefix("key:").split("/")
        if one.rule == "unknown-key" and name in missed:
            text = f'"{name}" stands inside another part here; begin it and its lines further left, as its neighbours'
            yield replace(one, text=text), [*missed[name], *_twice(one, problems), *_of(way[1:2], problems)]


def _of(entry: list[str], problems: list[Problem]) -> Iterator[Problem]:
    """What is said of an entry that has come to hold another's parts."""
    for name in entry:
        yield from (one for one in problems if one.about in (f"context:{name}", f"answer:{name}"))
        yield from (one for one in problems if one.about.startswith(f"gap:{name}/"))


def _twice(cause: Problem, problems: list[Problem]) -> Iterator[Problem]:
    """Keys that came into the wrong mapping behind `cause`, and stand in it already."""
    for one in problems:
        if one.file == cause.file and one.rule == "repeated-key" and one.line > cause.line:
            first = int(one.about.removeprefix("line:"))
            if first < cause.line and one.column == cause.column:
                yield one


def _too_flat(files: Files, problems: list[Problem]) -> Found:
    """A key without a value whose own keys stand beside it."""
    for one in problems:
        if one.about.startswith("empty:"):
            beside = [
                other
                for other in problems
                if other.file == one.file and other.column == one.column and other.line > one.line
                if other.rule in ("wrong-type", "repeated-key")
            ]
            if len(beside) >= _MANY:
                name = one.about.removeprefix("empty:")
                text = f'"{name}" has nothing in it; begin the lines that belong to it further right'
                yield replace(one, text=text), beside


def _topic_gone(files: Files, problems: list[Problem]) -> Found:
    """A topic that has phrases and translations, and no file in the primary language."""
    missing, new = _missing(problems), _new(problems)
    for about, many in missing.items():
        topic = about.removeprefix("topic:")
        belong = [one for one in many if one.file.endswith(f"/{topic}.yaml")]
        if topic == about or not belong or any(name.startswith("topic:") for name in new):
            continue
        entries = {f"entry:{entry}" for entry in _entries_elsewhere(files, topic)}
        others = [one for name, group in missing.items() if name in entries for one in group]
        others += [one for one in problems if one.rule == "unused"]
        if len(many) + len(others) < 2:
            continue
        text = f"there is no such file, but {belong[0].file} belongs to it; write it, or take out what belongs to it"
        yield Problem(f"{files.primary}/{topic}.yaml", 1, "missing-file", text), [*many, *others]


def _entries_elsewhere(files: Files, topic: str) -> Iterator[str]:
    for language in files.languages.values():
        if topic in language.topics:
            yield from language.topics[topic].content.entries
        if topic in language.phrases:
            yield from (key.partition("/")[0] for key in language.phrases[topic].content)
        if topic in language.follow_ups:
            yield from language.follow_ups[topic].content


def _renamed(files: Files, problems: list[Problem]) -> Found:
    """What is named in places and is not there, beside what is there and named nowhere."""
    missing, new = _missing(problems), _new(problems)
    for about, many in missing.items():
        kind, _, old = about.partition(":")
        fresh = [name.partition(":")[2] for name, group in new.items() if _nobodys(files, kind, name, group)]
        if kind == "gap":
            fresh = [name for name in fresh if name.partition("/")[0] == old.partition("/")[0]]
        best = process.extractOne(old, [name for name in fresh if name != old], scorer=fuzz.ratio)
        alone = len(fresh) == 1 and len(many) > 1 and sum(name.startswith(f"{kind}:") for name in missing) == 1
        if not best or not (best[1] >= _ALIKE or alone):
            continue
        place = _place(files, kind, best[0])
        if place:
            file, path = place
            was, now = old.rpartition("/")[2], best[0].rpartition("/")[2]
            text = (
                f'"{now}" is named nowhere, and {len(many)} place(s) name "{was}"; write "{was}" here, or "{now}" there'
            )
            own = [one for one in problems if kind == "topic" and one.rule == "no-phrases" and one.file == file.name]
            if kind == "entry":
                own += _of([best[0]], problems)
            yield file.problem("renamed", text, *path), [*many, *new[f"{kind}:{best[0]}"], *own]


def _nobodys(files: Files, kind: str, name: str, group: list[Problem]) -> bool:
    """Whether no language names what is new."""
    others = {code for code, language in files.languages.items() if language.written and code != files.primary}
    wanted = {
        "entry": {files.primary, *others},
        "gap": others or {files.primary},
        "topic": others or {files.primary},
        "change": others,
    }.get(kind, set())
    return name.startswith(f"{kind}:") and wanted <= {one.file.partition("/")[0] for one in group}


def _place(files: Files, kind: str, name: str) -> tuple[File[Any], tuple[str, ...]] | None:
    """Where something of the base stands."""
    if kind == "topic":
        return (files.topics[name], ()) if name in files.topics else None
    if kind in ("entry", "gap"):
        entry, _, gap = name.partition("/")
        path = ("entries", entry, "gaps", gap) if gap else ("entries", entry)
        return next(((file, path) for file in files.topics.values() if entry in keys(file.raw, "entries")), None)
    if kind == "section":
        voice = files.languages[files.primary].voice
        return (voice, ("sections", name)) if voice else None
    single = {"source": files.sources, "change": files.changes}.get(kind)
    return (single, (name,)) if single else None


def _entry_gone(files: Files, problems: list[Problem]) -> Found:
    """An entry that has phrases and translations, and is not there."""
    unused = [one for one in problems if one.rule == "unused"]
    for about, many in _missing(problems).items():
        entry = about.removeprefix("entry:")
        topic = next((topic for topic in files.topics if entry in set(_entries_elsewhere(files, topic))), "")
        if topic and entry != about and len(many) > 1:
            text = f'no entry "{entry}" in this file, and {len(many)} places name it; write it, or take it out there'
            yield files.topics[topic].problem("missing-entry", text, "entries"), [*many, *unused]


def _same_name(files: Files, problems: list[Problem]) -> Found:
    """One name that many places miss: the first of them, in the primary language, stands for all."""
    for many in _missing(problems).values():
        first = min(many, key=lambda one: (not one.file.startswith(f"{files.primary}/"), one))
        yield first, many


def _answers(files: Files, problems: list[Problem]) -> Found:
    """A number that is changed in the primary language differs in all the others; an empty answer carries none, and one
    in another language has other words for it."""
    for many in _groups(problems, lambda one: one.about.startswith("answer:")).values():
        empty = [one for one in many if one.rule in ("empty-answer", "wrong-language")]
        for one in empty:
            yield one, [other for other in many if other.file == one.file]
        first = [one for one in many if one.file.startswith(f"{files.primary}/")]
        if first:
            yield first[0], [one for one in many if one.rule in _ANSWERS]
