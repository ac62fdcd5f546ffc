"""The knowledge base in memory: frozen, complete, without a trace of YAML. Built by `load`, read by everybody."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from bot.characters import is_seen
from bot.languages.traits import Traits


@dataclass(frozen=True, slots=True)
class Source:
    """`published` and `read` are as precise as they are known: a day (2025-07-10), a month (2025-06), a year (2024) or
    None. `read` is when the text that is cited was read, `copy` who carried it where that was not the publisher."""

    id: str
    kind: str
    title: str
    publisher: str
    editor: str | None
    published: str | None
    language: str
    url: str | None
    publishers: Mapping[str, str] = field(default_factory=dict)
    read: str | None = None
    copy: str | None = None

    def publisher_in(self, lang: str) -> str:
        return self.publishers.get(lang, self.publisher)


@dataclass(frozen=True, slots=True)
class Gap:
    """Something readers ask next and the source does not say. `ask` holds every phrase for it, `say` the sentence."""

    id: str
    ask: tuple[str, ...]
    say: str


@dataclass(frozen=True, slots=True)
class Context:
    """A statement from outside the article, with the source it comes from. `fills` names the entry's gaps it answers."""

    text: str
    source: str
    fills: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class FollowUps:
    """What people ask in few words after an answer: `within` this one, after another one and led `towards` this, or `beyond`
    this one and all others."""

    within: tuple[str, ...] = ()
    towards: tuple[str, ...] = ()
    beyond: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class EntryText:
    """An entry in one language. `phrases` are the ways to ask for it, without those of its gaps; `short` is what stands
    on a button where the question is too long for one."""

    question: str
    answer: str
    figures: tuple[str, ...]
    phrases: tuple[str, ...]
    gaps: Mapping[str, Gap]
    context: tuple[Context, ...]
    short: str = ""
    follow_ups: FollowUps = FollowUps()

    @property
    def label(self) -> str:
        """The shortest text that names the entry."""
        return self.short or self.question


@dataclass(frozen=True, slots=True)
class Entry:
    """`as_of` is the id of the change by which the answer is no longer the present state, `added` the day from which on
    the entry has been there, where readers are to be told."""

    id: str
    topic: str
    source: str
    section: str
    related: tuple[str, ...]
    texts: Mapping[str, EntryText]
    as_of: str | None = None
    added: str | None = None

    def language(self, lang: str) -> str:
        """`lang`, or the primary language where there is no translation."""
        return lang if lang in self.texts else next(iter(self.texts))

    def text(self, lang: str) -> EntryText:
        return self.texts[self.language(lang)]


@dataclass(frozen=True, slots=True)
class ChangeText:
    """`say` is the line that readers see, `ask` are the names by which they mean the change."""

    say: str
    ask: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Change:
    """What became different after the source was written, since `date`, by another source."""

    id: str
    source: str
    date: str
    texts: Mapping[str, ChangeText]

    def text(self, lang: str) -> ChangeText:
        return self.texts.get(lang) or next(iter(self.texts.values()))


@dataclass(frozen=True, slots=True)
class CorrectionText:
    """What an answer said, what it says now, and why."""

    old: str
    new: str
    why: str


@dataclass(frozen=True, slots=True)
class Correction:
    """Something that an entry said wrongly after it was published, put right on `date` (a day)."""

    id: str
    entry: str
    date: str
    texts: Mapping[str, CorrectionText]

    def text(self, lang: str) -> CorrectionText:
        return self.texts.get(lang) or next(iter(self.texts.values()))


@dataclass(frozen=True, slots=True)
class TopicText:
    title: str
    command: str


@dataclass(frozen=True, slots=True)
class Topic:
    """`id` is the file's name and the slash command; `entries` are ids in reading order."""

    id: str
    emoji: str
    entries: tuple[str, ...]
    texts: Mapping[str, TopicText]

    def text(self, lang: str) -> TopicText:
        return self.texts.get(lang) or next(iter(self.texts.values()))


@dataclass(frozen=True, slots=True)
class RefusalText:
    """`general`: how many of the phrases, the first ones, are the language pack's."""

    say: str
    phrases: tuple[str, ...]
    general: int = 0


@dataclass(frozen=True, slots=True)
class Refusal:
    """A group of questions that the source does not answer. `near` is the topic that comes nearest; `person`: only a person
    can help."""

    id: str
    near: str | None
    texts: Mapping[str, RefusalText]
    person: bool = False

    def text(self, lang: str) -> RefusalText:
        return self.texts.get(lang) or next(iter(self.texts.values()))


@dataclass(frozen=True, slots=True)
class SmallTalkText:
    """`may_lean`: where it is little sure, the words may as well ask on after an answer (a bare "when?"). `person`: who says
    so looks for one. `general`: how many of the phrases, the first ones, are the language pack's."""

    say: str
    phrases: tuple[str, ...]
    may_lean: bool = False
    person: bool = False
    general: int = 0


@dataclass(frozen=True, slots=True)
class Contact:
    """Where a person can be reached."""

    text: str
    url: str | None = None


@dataclass(frozen=True, slots=True)
class Voice:
    """The bot's own sentences in one language; `{names}` in braces are filled in by `say`. `danger` comes first for who is in danger, with
    the numbers to call, None if this bot does not look for it; `danger_doubted` where that is in doubt; `danger_again` in short, for
    who was told them. `operator` runs the bot; "" where that is not said."""

    lang: str
    sentences: Mapping[str, str]
    sections: Mapping[str, str]
    commands: Mapping[str, str]
    profile: Mapping[str, str]
    languages: Mapping[str, str]
    small_talk: Mapping[str, SmallTalkText]
    danger: str | None = None
    danger_doubted: str | None = None
    danger_again: str | None = None
    locale: str = ""
    contact: Contact | None = None
    operator: str = ""

    def say(self, key: str, /, **values: object) -> str:
        return self.sentences[key].format(**values)

    def to_call(self, *, doubted: bool) -> str:
        return (self.danger_doubted if doubted else self.danger) or ""


@dataclass(frozen=True, slots=True)
class KnowledgeBase:
    """Everything the bot knows. `digest` names this very content (and changes with every edit).

    `synonyms` and `names` are word lists by language, for matching only: a word and its others, a group and its names.
    `own` are the names of places that the base is about; `traits` say what each language is to the matcher.
    `corrections` stand newest first; `check_by` are the days by which its parts should be looked at again, oldest first.
    """

    sources: Mapping[str, Source]
    topics: Mapping[str, Topic]
    entries: Mapping[str, Entry]
    refusals: Mapping[str, Refusal]
    voices: Mapping[str, Voice]
    synonyms: Mapping[str, Mapping[str, tuple[str, ...]]]
    digest: str
    names: Mapping[str, Mapping[str, tuple[str, ...]]] = field(default_factory=dict)
    own: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    traits: Mapping[str, Traits] = field(default_factory=dict)
    changes: Mapping[str, Change] = field(default_factory=dict)
    corrections: tuple[Correction, ...] = ()
    check_by: tuple[str, ...] = ()

    @property
    def languages(self) -> tuple[str, ...]:
        """Language codes, the primary one first."""
        return tuple(self.voices)

    def voice(self, lang: str) -> Voice:
        return self.voices.get(lang) or self.voices[self.languages[0]]

    def last_correction(self, entry: str) -> Correction | None:
        return next((one for one in self.corrections if one.entry == entry), None)

    def entries_of(self, topic: str) -> Iterator[Entry]:
        return (self.entries[entry] for entry in self.topics[topic].entries)


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """A finding of `check`: where, which rule, what is wrong and what to do. A warning keeps nothing from working.

    `column` counts from 1, 0 where it is not known. `about` names the thing that it speaks of ("entry:death-penalty"), by
    which findings of one cause are known; `follows` the finding ("file:line [rule]") without which it would not be."""

    file: str
    line: int
    rule: str
    text: str
    warning: bool = False
    column: int = field(default=0, compare=False)
    about: str = field(default="", compare=False)
    follows: str = field(default="", compare=False)

    @property
    def name(self) -> str:
        """By which another finding may say that it follows from this one."""
        return f"{self.file}:{self.line} [{self.rule}]"

    def __str__(self) -> str:
        return one_line(f"{self.file}:{self.line} [{self.rule}] {'warning: ' * self.warning}{self.text}")


def one_line(text: str) -> str:
    """The text as it may be printed: names in a file may hold what a terminal obeys, or ends a line at."""
    return "".join(c if is_seen(c) else "·" for c in text)
