"""What a maintainer chose for a question, as a change of the base's files. Pure: files are read by whoever asks.

A patch says what a file held and what it is to hold; it is written by `trial`, or shown as a diff for review."""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from bot.errors import UsageError
from bot.kb.ids import ID
from bot.kb.model import KnowledgeBase
from bot.workbench.editing.file import DraftFile
from bot.workbench.editing.scalars import Tree
from bot.workbench.exchange.naming import alike
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


@dataclass(slots=True)
class _Files:
    """Files of a base, each read once, and what they become."""

    read: Read
    found: dict[str, tuple[str | None, DraftFile]] = field(default_factory=dict)

    def __getitem__(self, path: str) -> DraftFile:
        if path not in self.found:
            text = self.read(path)
            self.found[path] = text, DraftFile.of(None if text is None else text.encode(), path)
        return self.found[path][1]

    def patch(self) -> Patch:
        done = [FileChange(path, before, file.done().decode()) for path, (before, file) in self.found.items()]
        return tuple(one for one in done if one.after != (one.before or ""))


def adding(base: KnowledgeBase, read: Read, entry: str, wordings: Iterable[Wording]) -> Patch:
    """Wordings as phrases of an entry, or of a gap of it (`entry/gap`). UsageError where the base has no such entry."""
    owner, _, gap = entry.partition("/")
    if owner not in base.entries:
        raise UsageError(f"{owner} is no entry of this base{alike(owner, base.entries)}.")
    found = base.entries[owner]
    known = found.text(base.languages[0]).gaps
    if gap and gap not in known:
        raise UsageError(f"{gap} is no gap of {owner}{alike(gap, known)}.")
    files = _Files(read)
    for lang, texts in _by_language(base, wordings).items():
        if lang not in found.texts:
            raise UsageError(
                f"{owner} is not translated into {lang}, so nothing leads to it there: translate it first."
            )
        files[f"{lang}/phrases/{found.topic}.yaml"].append([entry], texts)
    return files.patch()


def refusing(base: KnowledgeBase, read: Read, group: str, wordings: Iterable[Wording]) -> Patch:
    """Wordings as phrases of a refusal group; of one that stands in a language's pack they are its `more`."""
    if group not in base.refusals:
        raise UsageError(
            f"{group} is no refusal group of this base{alike(group, base.refusals)}; reformbot new refusal begins one."
        )
    files = _Files(read)
    asked = _by_language(base, wordings)
    for lang, texts in asked.items():
        file = files[f"{lang}/refusals.yaml"]
        file.append([group, "phrases" if "phrases" in (file.at(group) or {}) else "more"], texts)
    for lang in base.languages:  # a group that one language of the base writes of, all do
        if lang not in asked and not files[f"{lang}/refusals.yaml"].has(group):
            files[f"{lang}/refusals.yaml"].put((group,), {"more": []})
    return files.patch()


@dataclass(frozen=True, slots=True)
class NewWords:
    """What a new entry says in the primary language; where `question` is empty, as people asked it."""

    answer: str
    question: str = ""


def beginning(
    base: KnowledgeBase,
    read: Read,
    group: Group,
    topic: str | None = None,
    entry: str | None = None,
    said: NewWords | None = None,
) -> Patch:
    """A new entry: in the primary language, with what it says and how it was asked there; or, where nobody has written it
    yet, a skeleton in every language, and `check` asks for the answers."""
    near = next((one.entry for one in group.near), None)
    topic = topic or (base.entries[near].topic if near else None)
    if topic is None or topic not in base.topics:
        what = f"{topic} is no topic" if topic else "No entry is near, so the topic is open"
        raise UsageError(f"{what}; give --topic, one of {', '.join(base.topics)}.")
    name = entry or _slug(group)
    if not re.fullmatch(ID, name) or name in base.entries:
        raise UsageError(f"{name} cannot be the id of a new entry; give another with --entry.")
    files, first = _Files(read), base.languages[0]
    wordings = [one for one in group.wordings if not said or one.lang == first]
    if said and not wordings:
        raise UsageError(f"Nobody asked it in {first}, the base's first language: begin it without --answer.")
    for lang in (first,) if said else base.languages:
        path = f"{lang}/{topic}.yaml"
        if read(path) is None:  # a topic that is not translated
            continue
        if files[path].has("entries", name):
            raise UsageError(f"{path} has {name} already, and the base in use has not; reload it, or give --entry.")
        files[path].put(("entries", name), _text(base, lang, group, topic, said or NewWords("")))
    for lang, texts in _by_language(base, wordings).items():
        files[f"{lang}/phrases/{topic}.yaml"].append([name], texts)
    return files.patch()


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


def _by_language(base: KnowledgeBase, wordings: Iterable[Wording]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for one in wordings:
        if one.lang in base.languages:
            found.setdefault(one.lang, []).append(one.text)
    if not found:
        raise UsageError("There is no wording in a language of this base; give one with --phrase.")
    return found


def _text(base: KnowledgeBase, lang: str, group: Group, topic: str, said: NewWords) -> dict[str, Tree]:
    asked = next((one.text for one in group.wordings if one.lang == lang), group.text)
    texts: dict[str, Tree] = {"question": said.question or _as_question(asked), "answer": said.answer}
    if lang != base.languages[0]:
        return texts
    beside = base.topics[topic].entries  # the nearest of another topic stands in another part of the source
    model = base.entries[next((one.entry for one in group.near if one.entry in beside), beside[0])]
    return {"source": model.source, "section": model.section, **texts}


def _as_question(text: str) -> str:
    """As readers see it: people type it small, and without a sign at the end."""
    return text[:1].upper() + text[1:] + "?" * (text[-1:].isalnum())


def _slug(group: Group) -> str:
    latin = next((one.text for one in group.wordings if one.text.isascii()), "")
    words = re.findall(r"[a-z0-9]+", latin.lower())[:_SLUG]
    name = "-".join(words)[:40].strip("-")
    return name if re.fullmatch(ID, name) else f"question-{group.number}"


def _diff(change: FileChange, root: str) -> Iterator[str]:
    old = f"a/{root}/{change.path}" if change.before is not None else "/dev/null"
    lines: Sequence[str] = (change.before or "").splitlines(keepends=True)
    found = difflib.unified_diff(
        list(lines), change.after.splitlines(keepends=True), old, f"b/{root}/{change.path}", n=_CONTEXT
    )
    return (line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n" for line in found)
