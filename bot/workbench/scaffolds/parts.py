"""Skeletons of the parts of a base, put into every file where they belong.

What has its words is written to be used at once; what lacks them is written as a comment, so that no reader ever gets a
placeholder. `check` names each part that is still a comment in one of the languages."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from bot import commands
from bot.errors import UsageError
from bot.kb.ids import is_id, is_topic
from bot.kb.model import KnowledgeBase
from bot.workbench.editing.draft import Draft
from bot.workbench.exchange.naming import alike, entry_id
from bot.workbench.exchange.phrases import Asking
from bot.workbench.exchange.plan import EMOJI
from bot.workbench.exchange.wording import refused
from bot.workbench.scaffolds.filling import filled, quoted

_WANTED = "…"  # where words have to be written


@dataclass(slots=True)
class Adding:
    """A base, its draft, and in words what is left to be written, with the file."""

    base: KnowledgeBase
    draft: Draft
    today: str
    left: list[str] = field(default_factory=list)

    @property
    def first(self) -> str:
        return self.base.languages[0]

    def others(self) -> list[str]:
        return [lang for lang in self.base.languages if (self.draft.folder / lang).is_dir() and lang != self.first]

    def has(self, name: str) -> bool:
        return (self.draft.folder / name).is_file() or name in self.draft.files


@dataclass(frozen=True, slots=True)
class EntryWords:
    """What is known of an entry; empty where it is not."""

    id: str = ""
    topic: str = ""
    question: str = ""
    answer: str = ""
    phrases: tuple[str, ...] = ()
    source: str = ""
    section: str = ""


def add_topic(adding: Adding, name: str, title: str, words: EntryWords) -> str:
    """A topic comes with its first entry: one without any would be an empty list to readers. Gives the entry's id."""
    if not is_topic(name) or name in commands.ALL:
        raise UsageError(f'"{name}": a topic is a slash command of its own: a to z, 0 to 9 and _, 32 at most.')
    if name in adding.base.topics:
        raise UsageError(f"There is a topic {name} already; add to it with `reformbot new entry --topic {name}`.")
    if not (title and words.question and words.answer):
        raise UsageError("A topic begins with a --title and its first entry: --question and --answer.")
    head = {"title": title, "emoji": EMOJI, "command": title}
    adding.draft.put(f"{adding.first}/{name}.yaml", ("topic",), head)
    adding.left.append(f"{adding.first}/{name}.yaml: an emoji of its own, and the line for Telegram's menu (command)")
    return _entry(adding, name, title, words)


def add_entry(adding: Adding, words: EntryWords) -> str:
    """Gives the id. UsageError for an id or a topic that cannot be."""
    topics = list(adding.base.topics)
    topic = words.topic or (topics[0] if len(topics) == 1 else "")
    if topic not in adding.base.topics:
        wrong = f"--topic {topic}: the base has no such topic, it has" if topic else "--topic is needed, one of"
        raise UsageError(f"{wrong} {', '.join(topics)}; `reformbot new topic` begins another.")
    return _entry(adding, topic, adding.base.topics[topic].text(adding.first).title, words)


def add_translation(adding: Adding, lang: str, words: EntryWords) -> None:
    """What an entry says in another language than the first."""
    entry = adding.base.entries.get(words.id)
    if lang not in adding.base.languages or entry is None:
        raise UsageError("A translation needs --language, one of the base's, and --id of an entry that is there.")
    if lang in entry.texts:
        raise UsageError(f"{entry.id} is there in {lang} already; edit {lang}/{entry.topic}.yaml.")
    if not (words.question and words.answer):
        raise UsageError("A translation needs --question and --answer.")
    name = f"{lang}/{entry.topic}.yaml"
    _topic_file(adding, lang, entry.topic)
    adding.draft.put(name, ("entries", entry.id), {"question": words.question, "answer": words.answer})
    _ways(adding, lang, entry.topic, entry.id, words)
    adding.left.append(f"{lang}/phrases/{entry.topic}.yaml: more ways to ask for {entry.id}, in other words")


def add_gap(adding: Adding, entry: str, gap: str, ask: Sequence[str], say: str) -> None:
    known = adding.base.entries.get(entry)
    if known is None:
        raise UsageError(f"There is no entry {entry}{alike(entry, adding.base.entries)}.")
    _sound_id(gap, known.text(adding.first).gaps, "gap")
    name = f"{adding.first}/{known.topic}.yaml"
    if ask and say:
        adding.draft.put(name, ("entries", entry, "gaps", gap), {"ask": list(ask), "say": say})
    else:
        _gap_to_write(adding, name, entry, gap)
    for lang in adding.others():
        if lang in known.texts:
            _gap_to_write(adding, f"{lang}/{known.topic}.yaml", entry, gap)


def add_refusal(adding: Adding, group: str, say: str, phrases: Sequence[str], near: str) -> None:
    _sound_id(group, adding.base.refusals, "refusal")
    if near and near not in adding.base.topics:
        raise UsageError(f"--near is one of {', '.join(adding.base.topics)}, or left out.")
    name = f"{adding.first}/refusals.yaml"
    live = bool(say and phrases)
    if live:
        found: dict[str, str | list[str]] = {"say": say, "phrases": list(phrases)}
        adding.draft.put(name, (group,), {"say": say, "near": near, "phrases": list(phrases)} if near else found)
    for lang in adding.others() if live else [adding.first, *adding.others()]:
        if adding.has(f"{lang}/refusals.yaml"):
            _comment(adding, f"{lang}/refusals.yaml", (), filled("refusal.yaml", group=group))
        elif live:
            adding.left.append(f"{lang}/refusals.yaml: write the file with {group} (as {name}, in this language)")
        else:
            raise UsageError(f"There is no {name} yet; begin it with --say and --phrase.")


def _gap_to_write(adding: Adding, name: str, entry: str, gap: str) -> None:
    """Beside the gaps that the entry has; without any, it comes with the key above it."""
    path: tuple[str, ...] = ("entries", entry)
    _, inside = filled("gap.yaml", gap=gap).split("\n", 1)
    among = adding.draft.file(name).has(*path, "gaps")
    text = textwrap.dedent(inside) if among else filled("gap.yaml", gap=gap)
    _comment(adding, name, (*path, "gaps") if among else path, text, f"the gap {gap} of {entry}")


def _entry(adding: Adding, topic: str, title: str, words: EntryWords) -> str:
    asking = Asking(adding.base, adding.first)
    gist = asking.gist(words.question)
    entry = words.id or (entry_id(gist, adding.base.entries, asking.light) if words.question else "")
    _sound_id(entry, adding.base.entries, "entry")
    known = {"source": _source(adding, words), "section": _section(adding, words, title), "today": adding.today}
    said = {key: text or _WANTED for key, text in (("question", words.question), ("answer", words.answer))}
    live = bool(words.question and words.answer)
    name, phrases = f"{adding.first}/{topic}.yaml", f"{adding.first}/phrases/{topic}.yaml"
    texts = {key: quoted(text, 4) for key, text in (said | known).items() if key != "today"}
    text = filled("entry.yaml", entry=entry, today=adding.today, **texts)
    if not live:
        _comment(adding, name, ("entries",), text)
    else:
        if topic in adding.base.topics:
            adding.draft.lines(name, ("entries",), text.splitlines())
        else:
            adding.draft.put(name, ("entries", entry), {**{key: known[key] for key in ("source", "section")}, **said})
        _ways(adding, adding.first, topic, entry, words)
        adding.left.append(f"{phrases}: more ways to ask for {entry}, in other words; 20 or 30 make it understood")
    for lang in adding.others():
        _topic_file(adding, lang, topic, title)
        text = filled("entry_translation.yaml", entry=entry, **{key: quoted(one, 4) for key, one in said.items()})
        _comment(adding, f"{lang}/{topic}.yaml", ("entries",), text)
    return entry


def _ways(adding: Adding, lang: str, topic: str, entry: str, words: EntryWords) -> None:
    """Those that were given, as far as they lead nowhere else, and those that are made of the question."""
    asking, name = Asking(adding.base, lang), f"{lang}/phrases/{topic}.yaml"
    made = asking.made(words.question, entry, words.phrases)
    adding.draft.put(name, (entry,), list(made))
    adding.left += [f"{name}: {one}" for one in refused(asking, entry, words.question, words.phrases, made)]


def _topic_file(adding: Adding, lang: str, topic: str, title: str = "") -> None:
    name = f"{lang}/{topic}.yaml"
    if not adding.has(name):
        title = quoted(title or adding.base.topics[topic].text(adding.first).title)
        first = f"{adding.first}/{topic}.yaml"
        adding.draft.create(name, filled("topic_translation.yaml", first=first, title=title, command=title))


def _comment(adding: Adding, name: str, path: tuple[str, ...], text: str, what: str = "") -> None:
    adding.draft.lines(name, path, [f"# {line}".rstrip() for line in text.splitlines()])
    adding.left.append(f"{name}: fill in {what or text.splitlines()[0].rstrip(':')}, and take the # away")


def _source(adding: Adding, words: EntryWords) -> str:
    articles = [name for name, one in adding.base.sources.items() if one.kind == "article"]
    if words.source and words.source not in articles:
        raise UsageError(f"--source is one of {', '.join(articles)}.")
    if not words.source and len(articles) != 1:
        raise UsageError(f"--source is needed: sources.yaml has {', '.join(articles)}.")
    return words.source or articles[0]


def _section(adding: Adding, words: EntryWords, title: str) -> str:
    known = adding.base.voices[adding.first].sections
    if known and words.section not in known:
        raise UsageError(f"--section is one of {', '.join(known)} (sections in voice.yaml).")
    return words.section or title


def _sound_id(name: str, taken: Mapping[str, object], what: str) -> None:
    if not is_id(name):
        raise UsageError(f'"{name}": the id of {_a(what)} is a to z, 0 to 9 and -, 48 at most; give one.')
    if name in taken:
        raise UsageError(f"There is {_a(what)} {name} already; give another id.")


def _a(what: str) -> str:
    return f"an {what}" if what[0] in "aeiou" else f"a {what}"
