"""An import of which all is taken that `check` takes: what it would refuse is left out, and the rest does not wait for it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import TypeAlias

from bot.kb.lint.tongue import foreign
from bot.kb.model import KnowledgeBase, Problem
from bot.kb.yaml_text import line_of, read_yaml
from bot.workbench.editing.draft import Draft
from bot.workbench.exchange.plan import Plan, Wishes, planned, put_into
from bot.workbench.exchange.records import FaqFile, Misfit, Record

_Key: TypeAlias = tuple[str, str]  # place and question of a record


def sifted(draft: Draft, base: KnowledgeBase, found: FaqFile, wishes: Wishes) -> Plan:
    """Puts what the file says into the draft, without what `check` refuses. A refusal that names none of it stays for the
    draft to tell."""
    refused: dict[_Key, Misfit] = {}
    while True:
        plan = planned(base, found, wishes)
        plan.left_out += refused.values()
        put_into(draft, base, plan, wishes)
        more = _refused(draft, plan)
        if not more:
            return plan
        refused |= more
        found = replace(found, records=tuple(one for one in found.records if (one.place, one.question) not in more))
        draft.begin_again()


def _refused(draft: Draft, plan: Plan) -> dict[_Key, Misfit]:
    """The first reason why `check` refuses each record that it does."""
    found: dict[_Key, Misfit] = {}
    for problem in draft.findings.broken:
        for record in _meant(draft, plan, problem):
            text = f'"{record.question[:60]}" is refused by check [{problem.rule}]: {problem.text}'
            found.setdefault((record.place, record.question), Misfit(record.place, text))
    return found


def _meant(draft: Draft, plan: Plan, problem: Problem) -> Iterator[Record]:
    """The records of which a finding speaks: the one on whose lines it is, and where it speaks of the language of a whole
    file, those that are in another."""
    lang, _, name = problem.file.partition("/")
    topic, phrases = name.removeprefix("phrases/").removesuffix(".yaml"), name.startswith("phrases/")
    if lang != plan.language:
        return
    records = {one.id: one.record for one in plan.new if one.topic == topic}
    records |= {one.entry.id: one.record for one in plan.changed if one.entry.topic == topic}
    above: tuple[str, ...] = () if phrases else ("entries",)
    raw, _ = read_yaml(draft.contents.get(problem.file, b""), problem.file)
    lines = {one: line_of(raw, (*above, one)) for one in draft.file(problem.file).at(*above) or ()}
    there = max((one for one in lines if lines[one] <= problem.line), key=lines.__getitem__, default="")
    for one, record in records.items():
        other = problem.rule == "wrong-language" and any(
            foreign(text, lang)[0] for text in (record.question, record.answer)
        )
        if other or one == there:
            yield record
