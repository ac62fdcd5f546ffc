"""What a maintainer chose for a question, as a change of the base's files. Pure: files are read by whoever asks.

A patch says what a file held and what it is to hold; it is written by `trial`, or shown as a diff for review."""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from bot.errors import UsageError
from bot.kb.ids import ID
from bot.kb.model import KnowledgeBase
from bot.workbench.edits import quoted, values, with_entry, with_items
from bot.workbench.unanswered import Group, Wording

Read = Callable[[str], str | None]
"""Path within the base -> what stands in the file; None for no file."""

_SLUG = 5  # words of a new entry's id
_CONTEXT = 2  # lines around a change


@dataclass(frozen=True, slots=True)
class FileChange:
    """`before` is None for a new file."""

    path: str
    before: str | None
    after: str


Patch = tuple[FileChange, ...]


def adding(base: KnowledgeBase, read: Read, entry: str, wordings: Iterable[Wording]) -> Patch:
    """Wordings as phrases of an entry, or of a gap of it (`entry/gap`). UsageError where the base has no such entry."""
    owner, _, gap = entry.partition("/")
    if owner not in base.entries:
        raise UsageError(f"{owner} is no entry of this base{_like(owner, base.entries)}.")
    found = base.entries[owner]
    known = found.text(base.languages[0]).gaps
    if gap and gap not in known:
        raise UsageError(f"{gap} is no gap of {owner}{_like(gap, known)}.")
    files = {f"{one.lang}/phrases/{found.topic}.yaml": [entry] for one in wordings}
    return _items(base, read, files, wordings)


def refusing(base: KnowledgeBase, read: Read, group: str, wordings: Iterable[Wording]) -> Patch:
    """Wordings as phrases of a refusal group; of one that stands in a language's pack they are its `more`."""
    if group not in base.refusals:
        raise UsageError(f"{group} is no refusal group of this base{_like(group, base.refusals)}.")
    files = {f"{lang}/refusals.yaml": [group, _list_of(read, lang, group)] for lang in base.languages}
    patch = _items(base, read, files, wordings)
    touched = {change.path for change in patch}
    others = [lang for lang in base.languages if touched and f"{lang}/refusals.yaml" not in touched]
    return (*patch, *(_as_in_pack(read, lang, group) for lang in others if not _stands(read, lang, group)))


def beginning(
    base: KnowledgeBase, read: Read, group: Group, topic: str | None = None, entry: str | None = None
) -> Patch:
    """The skeleton of a new entry in every language: `check` asks for the answers until somebody has written them."""
    near = next((one.entry for one in group.near), None)
    topic = topic or (base.entries[near].topic if near else None)
    if topic is None or topic not in base.topics:
        what = f"{topic} is no topic" if topic else "No entry is near, so the topic is open"
        raise UsageError(f"{what}; give --topic, one of {', '.join(base.topics)}.")
    name = entry or _slug(group)
    if not re.fullmatch(ID, name) or name in base.entries:
        raise UsageError(f"{name} cannot be the id of a new entry; give another with --entry.")
    changes: list[FileChange] = []
    for lang in base.languages:
        changes += _skeleton(base, read, f"{lang}/{topic}.yaml", name, group, topic)
    files = {f"{one.lang}/phrases/{topic}.yaml": [name] for one in group.wordings}
    return (*changes, *_items(base, read, files, group.wordings))


def new_entry(patch: Patch) -> str:
    """The id that a patch of `beginning` introduces."""
    for change in patch:
        before, after = (re.findall(rf"^  ({ID}):", text or "", re.MULTILINE) for text in (change.before, change.after))
        if new := [name for name in after if name not in before]:
            return str(new[0])
    return ""


def as_diff(patch: Patch, root: str = "knowledge") -> str:
    """A unified diff, for `git apply` or `patch -p1` in the folder that holds the base."""
    return "".join(line for change in patch for line in _diff(change, root))


def added(patch: Patch) -> int:
    """The lines that are new."""
    return sum(line.startswith("+") and not line.startswith("+++") for line in as_diff(patch).splitlines())


def _items(base: KnowledgeBase, read: Read, files: dict[str, list[str]], wordings: Iterable[Wording]) -> Patch:
    items: dict[str, list[str]] = {}
    for one in wordings:
        if one.lang in base.languages:
            path = next(path for path in files if path.startswith(f"{one.lang}/"))
            items.setdefault(path, []).append(one.text)
    if not items:
        raise UsageError("There is no wording in a language of this base; give one with --phrase.")
    changes = []
    for path, texts in items.items():
        before = read(path)
        after = with_items(before or "", files[path], texts, path)
        if after != before:
            changes.append(FileChange(path, before, after))
    return tuple(changes)


def _skeleton(base: KnowledgeBase, read: Read, path: str, name: str, group: Group, topic: str) -> Iterator[FileChange]:
    before, lang = read(path), path.partition("/")[0]
    if before is None:  # a topic that is not translated, or a file that the base has no more
        return
    asked = next((one.text for one in group.wordings if one.lang == lang), group.text)
    lines = [f"{name}:"]
    if lang == base.languages[0]:
        model = base.entries[next((one.entry for one in group.near), base.topics[topic].entries[0])]
        lines += [f"  source: {model.source}", f"  section: {model.section}"]
    lines += [f"  question: {quoted(asked)}", '  answer: ""']
    yield FileChange(path, before, with_entry(before, ["entries"], lines, path))


def _list_of(read: Read, lang: str, group: str) -> str:
    """Where a group's phrases stand: its own, or what the base adds to those of a pack."""
    found = values(read(f"{lang}/refusals.yaml") or "", f"{lang}/refusals.yaml").get(group) or {}
    return "phrases" if "phrases" in found else "more"


def _stands(read: Read, lang: str, group: str) -> bool:
    return group in values(read(f"{lang}/refusals.yaml") or "", f"{lang}/refusals.yaml")


def _as_in_pack(read: Read, lang: str, group: str) -> FileChange:
    """A group that one language of the base writes of, all do; this one adds nothing to it."""
    path = f"{lang}/refusals.yaml"
    before, lines = read(path), [f"{group}:", "  more: []"]
    after = with_entry(before, [], lines, path) if before and before.strip() else "\n".join(lines) + "\n"
    return FileChange(path, before, after)


def _slug(group: Group) -> str:
    latin = next((one.text for one in group.wordings if one.text.isascii()), "")
    words = re.findall(r"[a-z0-9]+", latin.lower())[:_SLUG]
    name = "-".join(words)[:40].strip("-")
    return name if re.fullmatch(ID, name) else f"question-{group.number}"


def _like(wanted: str, names: Iterable[str]) -> str:
    near = difflib.get_close_matches(wanted, list(names), 3, 0.5)
    return f"; perhaps {' or '.join(near)}" if near else ""


def _diff(change: FileChange, root: str) -> Iterator[str]:
    old = f"a/{root}/{change.path}" if change.before is not None else "/dev/null"
    lines: Sequence[str] = (change.before or "").splitlines(keepends=True)
    found = difflib.unified_diff(
        list(lines), change.after.splitlines(keepends=True), old, f"b/{root}/{change.path}", n=_CONTEXT
    )
    return (line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n" for line in found)
