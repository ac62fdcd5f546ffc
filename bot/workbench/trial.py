"""A change of the base, tried: written, checked, asked; taken back where something else breaks by it."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from bot.errors import KnowledgeError
from bot.kb.lint.memory import Remembered
from bot.kb.load import check
from bot.kb.model import Problem
from bot.service import Outcome, Service
from bot.workbench.cases import Case
from bot.workbench.chosen import Patch
from bot.workbench.evaluate import judge
from bot.workbench.unanswered import Wording

_GOOD = ("hit", "held")
Open = Callable[[], Service]


@dataclass(frozen=True, slots=True)
class Tried:
    """`troubles` are why the change was taken back, empty where it stays; `asked` is the number of labelled questions."""

    troubles: tuple[str, ...]
    asked: int = 0


@dataclass(frozen=True, slots=True)
class Expected:
    """What is to become of the question: an answer by this entry (or gap of it), or a refusal by this group."""

    wordings: tuple[Wording, ...]
    entry: str = ""
    group: str = ""

    def missed(self, wording: Wording, outcome: Outcome) -> str | None:
        """Why that is not so."""
        owner, _, gap = self.entry.partition("/")
        if self.entry and owner in outcome.entries and (not gap or self.entry in outcome.gaps):
            return None
        if self.group and not outcome.entries:
            return None
        got = " and ".join(outcome.gaps or outcome.entries) or outcome.reply.kind.value
        return f'"{wording.text}" ({wording.lang}) is not yet for {self.entry or self.group}: {got}'


def tried(
    folder: Path, patch: Patch, reopen: Open, before: Service, expected: Expected, cases: Sequence[Case] = ()
) -> Tried:
    """Write the patch into the folder; leave it there only if check and all who were right before are content.

    `reopen` gives the service of the folder as it then is. Whatever goes wrong on the way, the files are put back."""
    memory = Remembered()
    known = _findings(check(folder, memory=memory))
    write(folder, patch)
    done = False
    try:
        new = [one for one in check(folder, memory=memory) if not one.warning and _finding(one) not in known]
        if new:
            return Tried(tuple(map(str, new)))
        found = _judged(reopen, before, expected, cases)
        done = not found.troubles
        return found
    except KnowledgeError as error:
        return Tried((str(error),))
    finally:
        if not done:
            undo(folder, patch)


def write(folder: Path, patch: Patch) -> None:
    for change in patch:
        _put(folder / change.path, change.after)


def undo(folder: Path, patch: Patch) -> None:
    for change in patch:
        if change.before is None:
            with suppress(FileNotFoundError):
                (folder / change.path).unlink()
        else:
            _put(folder / change.path, change.before)


def root_of(folder: Path) -> str:
    """By which name a patch calls the folder, so that it applies where that stands; the copy in a package is `knowledge`."""
    name = folder.resolve().name
    return "knowledge" if name == "shipped" else name


def reader(folder: Path) -> Callable[[str], str | None]:
    """Reads a base's files for `chosen`, their line ends as they are."""

    def read(path: str) -> str | None:
        try:
            return (folder / path).read_bytes().decode("utf-8")
        except FileNotFoundError:
            return None

    return read


def _judged(reopen: Open, before: Service, expected: Expected, cases: Sequence[Case]) -> Tried:
    service = reopen()
    asked = ((one, service.ask(one.text, one.lang)) for one in expected.wordings)
    troubles = [missed for one, outcome in asked if (missed := expected.missed(one, outcome))]
    touched = _touched(cases, {one.lang for one in expected.wordings})
    troubles += [one for case in touched if (one := _worse(case, before, service))]
    return Tried(tuple(troubles), len(touched))


def _touched(cases: Sequence[Case], languages: Collection[str]) -> list[Case]:
    """A phrase of one language changes what is learnt of that language."""
    return [case for case in cases if case.lang in languages]


def _worse(case: Case, before: Service, now: Service) -> str | None:
    """Before is asked only where it is not right now."""
    found = judge(case, now.ask(case.question))
    if found.outcome in _GOOD:
        return None
    was = judge(case, before.ask(case.question))
    if was.outcome not in _GOOD:
        return None
    answered = f", answered with {' and '.join(found.answered)}" if found.answered else ""
    return f"{case.id} {case.question!r}: {was.outcome} before, {found.outcome} now{answered}"


def _findings(problems: Sequence[Problem]) -> set[tuple[str, str, str]]:
    return {_finding(one) for one in problems}


def _finding(problem: Problem) -> tuple[str, str, str]:
    """Without lines, which move."""
    return problem.file, problem.rule, re.sub(r":\d+", "", problem.text)


def _put(path: Path, text: str) -> None:
    """In place: the file keeps its mode, and no draft lies in the folder meanwhile."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text.encode("utf-8"))
