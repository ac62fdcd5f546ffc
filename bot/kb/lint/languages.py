"""Whether the languages say the same: each translation complete, with the same gaps, context and figures."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from bot.kb.files import Files, LanguageFiles
from bot.kb.lint.answers import numbers
from bot.kb.lint.links import keys
from bot.kb.model import Problem
from bot.kb.shapes import PrimaryEntry, RefusalsFile, TopicFile, TranslatedEntry, TranslationFile
from bot.kb.source_file import File
from bot.kb.yaml_text import Map


def translations(files: Files, language: LanguageFiles) -> Iterator[Problem]:
    for name, primary in files.topics.items():
        file = language.topics.get(name)
        if file:
            yield from _topic(primary, file)
        elif f"{language.code}/{name}.yaml" not in files.missed:
            text = f"{primary.name} is not translated; write this file"
            yield Problem(f"{language.code}/{name}.yaml", 1, "untranslated", text, warning=True, about=f"topic:{name}")


def copied(primary: File[TopicFile], file: File[TranslationFile]) -> bool:
    """Whether the topic stands there as a skeleton has it: in the words of the primary language. One word may be a name."""
    ours, theirs = primary.content.topic, file.content.topic
    return (ours.title, ours.command) == (theirs.title, theirs.command) and len(theirs.command.split()) > 1


def _topic(primary: File[TopicFile], file: File[TranslationFile]) -> Iterator[Problem]:
    if copied(primary, file):
        text = f"the topic is called as at {primary.place('topic', 'title')}; translate its title and its command"
        yield file.warning("untranslated", text, "topic", "title", about=f"topic:{file.name}")
    written = keys(file.raw, "entries")
    for entry, item in primary.content.entries.items():
        if entry in file.content.entries:
            yield from _entry(primary, file, entry, item, file.content.entries[entry])
        elif entry not in written:
            place = primary.place("entries", entry)
            text = f"{entry} ({place}) is not translated; write it"
            yield file.warning("untranslated", text, "entries", about=f"entry:{entry}")


def _entry(
    primary: File[TopicFile], file: File[TranslationFile], entry: str, item: PrimaryEntry, own: TranslatedEntry
) -> Iterator[Problem]:
    path = ("entries", entry)
    place = primary.place(*path)
    yield from _gaps(primary, file, entry, item, own)
    if len(item.context) != len(own.context):
        text = f"{entry} has {len(own.context)} context texts, {len(item.context)} at {place}; keep them in step"
        yield file.problem("context-count", text, *path, about=f"context:{entry}")
    if len(item.figures) != len(own.figures):
        text = f"{entry} has {len(own.figures)} figures, {len(item.figures)} at {place}; keep them in step"
        yield file.problem("figures-differ", text, *path, about=f"answer:{entry}")
    else:
        yield from _same(
            file,
            "figures-differ",
            f"digits in the figures of {entry}",
            item.figures,
            own.figures,
            place,
            *path,
            "figures",
        )
    yield from _same(
        file, "numbers-differ", f"numbers in the answer of {entry}", [item.answer], [own.answer], place, *path, "answer"
    )
    for at, (theirs, ours) in enumerate(zip(item.context, own.context, strict=False)):
        what = f"numbers in the context of {entry}"
        yield from _same(file, "numbers-differ", what, [theirs.text], [ours.text], place, *path, "context", at)


def _same(
    file: File[Any], rule: str, what: str, theirs: list[str], ours: list[str], place: str, *path: str | int
) -> Iterator[Problem]:
    wanted, got = (sorted(number for text in texts for number in numbers(text)) for texts in (theirs, ours))
    if wanted != got:
        here, there = (", ".join(found) or "none" for found in (got, wanted))
        about = f"answer:{path[1]}" if path[0] == "entries" and "context" not in path else ""
        yield file.problem(rule, f"{what}: {here} here, but {there} at {place}; correct one", *path, about=about)


def _gaps(
    primary: File[TopicFile], file: File[TranslationFile], entry: str, item: PrimaryEntry, own: TranslatedEntry
) -> Iterator[Problem]:
    path = ("entries", entry)
    for gap in item.gaps:
        if gap not in own.gaps:
            text = f"the gap {gap} ({primary.place(*path, 'gaps', gap)}) is not translated; write it"
            yield file.warning("gap-missing", text, *path, about=f"gap:{path[1]}/{gap}")
    for gap in own.gaps:
        if gap not in item.gaps:
            text = f"{entry} > {gap} is no gap at {primary.place(*path)}; add it there, or take it out"
            yield file.problem("gap-unknown", text, *path, "gaps", gap, about=f"gap:{entry}/{gap}")


def changes(files: Files, language: LanguageFiles) -> Iterator[Problem]:
    """What changed after the source: said in every language, with the same numbers."""
    name = f"{language.code}/changes.yaml"
    if not files.changes or name in files.missed:
        return
    own = language.changes.content if language.changes else {}
    for change, item in files.changes.content.items():
        place = files.changes.place(change)
        if change not in own:
            text = f"{change} ({place}) is not translated; write it"
            yield Problem(name, 1, "untranslated", text, warning=True, about=f"change:{change}")
        elif language.changes:
            what = f"numbers in {change}"
            yield from _same(
                language.changes, "numbers-differ", what, [item.text], [own[change].text], place, change, "text"
            )


def refusals(files: Files, language: LanguageFiles) -> Iterator[Problem]:
    """Groups that one language has and the other has not, and other topics named as the nearest."""
    primary = files.languages.get(files.primary)
    first = primary.own.get("refusals") if primary else None
    name, primary_name = f"{language.code}/refusals.yaml", f"{files.primary}/refusals.yaml"
    file = language.own.get("refusals")
    if first and not file and name not in files.missed:
        text = f"{first.name} is not translated; write this file"
        yield Problem(name, 1, "untranslated", text, warning=True)
    if first and file:
        yield from _refusals(first, file)
    elif primary and file and primary_name not in files.missed:
        yield file.problem("refusals-differ", f"there is no {primary_name}; write it, or take this one out")


def _refusals(first: File[Any], file: File[Any]) -> Iterator[Problem]:
    known, written = keys(first.raw), keys(file.raw)
    for refusal in known:
        if refusal not in written:
            text = f"no group {refusal}, which stands at {first.place(refusal)}; translate it"
            yield file.warning("refusals-differ", text)
    for refusal in written:
        if refusal not in known:
            text = f"no group {refusal} in {first.name}; add it there, or take it out"
            yield file.problem("refusals-differ", text, refusal)
            continue
        ours, theirs = _near(file.raw, refusal), _near(first.raw, refusal)
        if _UNKNOWN not in (ours, theirs) and ours != theirs:
            text = f"near is {ours or 'null'}, but {theirs or 'null'} at {first.place(refusal)}"
            yield file.problem("refusals-differ", f"{text}; make them the same", refusal)


_UNKNOWN = object()  # of a group that cannot be read, or is taken out


def _near(raw: Any, refusal: str) -> object:
    group = raw.get(refusal)
    return group.get("near") if isinstance(group, Map) and "say" in group else _UNKNOWN


def refusal_texts(language: LanguageFiles) -> Iterator[Problem]:
    file = language.refusals
    items: RefusalsFile = file.content if file else {}
    for refusal, item in items.items():
        assert file
        if not item.say.strip():
            yield file.problem("empty-text", f"{refusal} > say is empty; write it", refusal, "say")
        if not (item.phrases or item.more):
            yield file.problem("no-phrases", f"{refusal} has no phrases; write some", refusal)
