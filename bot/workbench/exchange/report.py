"""What an import would do, or did, as text for a terminal. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from bot.kb.model import one_line
from bot.languages.text import shortened
from bot.workbench.exchange.plan import Plan
from bot.workbench.exchange.records import Misfit
from bot.workbench.exchange.sides import places
from bot.workbench.exchange.translations import Differences, TextChange

_WIDTH = 100
_SIDE = 200  # of either side where two texts differ
_PLACES = 5  # of one text


def of_plan(plan: Plan) -> Iterator[str]:
    for one in plan.new:
        yield f"new       {one.topic}/{one.id}: {_short(one.record.question)}"
        if one.record.short:
            yield f"            on buttons: {_short(one.record.short)}"
        yield f"            {_short(one.record.answer)}"
        yield f"            phrases: {'; '.join(map(_short, one.phrases))}"
    for change in plan.changed:
        yield f"changed   {change.entry.topic}/{change.entry.id} ({change.record.place})"
        for key, old, new in change.texts:
            yield from _both(key, old, new)
        if change.phrases:
            yield f"            more phrases: {'; '.join(map(_short, change.phrases))}"
    yield from _misfits("clashing", plan.clashing)
    yield from _misfits("left out", plan.left_out)
    yield from (f"note      {note}" for note in plan.notes)


def of_differences(found: Differences) -> Iterator[str]:
    for change in found.changes:
        yield f"changed   {_name(change)} ({change.place})"
        if isinstance(change.new, str):
            yield from _both(change.slot.part, str(change.old or ""), change.new)
        else:
            old = change.old or []
            gone, come = [one for one in old if one not in change.new], [one for one in change.new if one not in old]
            yield from (f"            - {_short(one)}" for one in gone)
            yield from (f"            + {_short(one)}" for one in come)
    yield from _misfits("left out", found.misfits)
    yield from (f"note      {note}" for note in found.notes)


def counted(plan: Plan) -> str:
    parts = (
        (len(plan.new), "new"),
        (len(plan.changed), "changed"),
        (len(plan.same), "as they were"),
        (len(plan.clashing), "clashing"),
        (len(plan.left_out), "left out"),
    )
    return ", ".join(f"{number} {name}" for number, name in parts if number) or "nothing"


def _name(change: TextChange) -> str:
    return "/".join(filter(None, (change.lang, change.slot.file, change.slot.id, change.slot.part)))


def _both(key: str, old: str, new: str) -> Iterator[str]:
    """What differs, and not what both begin with."""
    if not old:
        yield f"            + {key}: {_short(new)}"
        return
    differing = list(places(old, new))
    for ours, theirs in differing[:_PLACES]:
        yield f"            - {key}: {_short(ours, _SIDE)}"
        yield f"            + {key}: {_short(theirs, _SIDE)}"
    if len(differing) > _PLACES:
        yield f"            and {len(differing) - _PLACES} more place(s) of {key}"


def _misfits(word: str, misfits: Sequence[Misfit]) -> Iterator[str]:
    return (f"{word:9} {one_line(str(misfit))}" for misfit in misfits)


def _short(text: str, most: int = _WIDTH) -> str:
    return one_line(shortened(" ".join(text.split()), most))
