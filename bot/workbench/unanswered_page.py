"""The questions in vain as a maintainer reads them in a terminal. Pure."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import date

from bot.kb.model import one_line
from bot.store.base import MissKind
from bot.workbench.unanswered import Group, Look, Section

TITLES = {
    Section.VAIN: "Asked in vain",
    Section.WRONG: "Answered, and not what was meant",
    Section.REPORTED: "Reported as wrong",
    Section.REFUSED: "Refused, as the refusal groups say",
}
KINDS = {
    MissKind.DECLINED: "declined",
    MissKind.OFFERED: "offered and not taken",
    MissKind.NONE: '"none of these"',
    MissKind.NOT_MEANT: '"not this"',
    MissKind.DOWN: "thumbs down",
    MissKind.REPORTED: "error reported",
    MissKind.REFUSED: "refused by a group",
}
_WORDINGS = 5  # of a group, in the list
_SHOWN = 160  # characters of a question


def as_text(look: Look, sections: Iterable[Section], most: int) -> str:
    """The groups of these sections, at most so many, and how many there are besides."""
    wanted = tuple(sections)
    groups, blocks = look.of(*wanted), []
    for section in wanted:
        found = [one for one in groups[:most] if one.section is section]
        if found:
            total = sum(one.section is section for one in groups)
            blocks += [f"{TITLES[section]} ({total})", *map(_block, found)]
    if len(groups) > most:
        blocks.append(f"And {len(groups) - most} more: --limit {len(groups)}")
    return "\n\n".join(blocks)


def as_json(look: Look, sections: Iterable[Section]) -> str:
    """One JSON line a group."""
    return "\n".join(json.dumps(_document(one), ensure_ascii=False) for one in look.of(*sections))


def hint(look: Look, sections: Iterable[Section], where: str = "") -> str:
    """What can be done with the first of them, and what is not shown. `where` names the base, as an option."""
    groups, hidden = look.of(*sections), [one for one in Section if one not in set(sections)]
    lines = [f"{len(look.of(one))} {TITLES[one].lower()}: --kind {one}" for one in hidden if look.of(one)]
    if groups:
        first = groups[0]
        entry = first.near[0].entry if first.near else "ENTRY"
        group = first.groups[0] if first.groups else "GROUP"
        deeds = {f"add {first.number} {entry}": "it asks for this entry"}
        deeds[f'new {first.number} --answer "…"'] = "nothing answers it yet"
        deeds[f"refuse {first.number} {group}"] = "it is a question of this kind, and is to be declined"
        deeds[f"dismiss {first.number}"] = "set it aside for good"
        wide = max(map(len, deeds))
        lines += ["Next, one of:"]
        lines += [f"  reformbot unanswered {deed:{wide}}{where}  {why}" for deed, why in deeds.items()]
    return "\n".join(lines)


def _block(one: Group) -> str:
    kinds = ", ".join(f"{count} {KINDS[kind]}" for kind, count in one.kinds)
    languages = " ".join(dict.fromkeys([one.lang, *(wording.lang for wording in one.wordings)]))
    lines = [f"{one.number:>5}  {one.count} × {languages}, {_span(one.first, one.last)}: {kinds}"]
    shown = one.wordings[:_WORDINGS] if one.wordings else ()
    lines += [f"       {wording.lang} {_said(wording.text)}" for wording in shown]
    if len(one.wordings) > _WORDINGS:
        lines.append(f"       and {len(one.wordings) - _WORDINGS} more wordings")
    lines += [f"       note {_said(note)}" for note in one.notes]
    if one.about:
        lines.append(f"       answered with {one.about}")
    near = ", ".join(f"{near.entry} {near.score:.2f}" for near in one.near)
    lines.append(f"       near: {near}" if near else "       nothing near")
    if one.groups and one.section in (Section.VAIN, Section.REFUSED):
        lines.append(f"       refusal groups: {', '.join(one.groups)}")
    return "\n".join(map(one_line, lines))


def _document(one: Group) -> dict[str, object]:
    return {
        "id": one.number,
        "section": one.section.value,
        "count": one.count,
        "kinds": {kind.value: count for kind, count in one.kinds},
        "first": one.first.isoformat(),
        "last": one.last.isoformat(),
        "wordings": [{"lang": wording.lang, "q": wording.text} for wording in one.wordings],
        "near": [{"entry": near.entry, "score": near.score} for near in one.near],
        "groups": list(one.groups),
        "about": one.about,
        "notes": list(one.notes),
    }


def _said(text: str) -> str:
    cut = text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"
    return json.dumps(cut, ensure_ascii=False)


def _span(first: date, last: date) -> str:
    return first.isoformat() if first == last else f"{first.isoformat()} to {last.isoformat()}"
