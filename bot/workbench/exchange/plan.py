"""What the questions and answers of a file would change in a base: new entries, changed ones, those that clash. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from bot.errors import UsageError
from bot.kb.ids import is_topic
from bot.kb.model import Entry, KnowledgeBase
from bot.kb.shapes import MAX_LABEL
from bot.workbench.editing.draft import Draft
from bot.workbench.editing.scalars import lines_of
from bot.workbench.exchange.fitness import doubts, unfit
from bot.workbench.exchange.naming import entry_id, topic_id
from bot.workbench.exchange.phrases import Asking
from bot.workbench.exchange.records import FaqFile, Misfit, Origin, Record
from bot.workbench.exchange.wording import label, refused, self_contained

EMOJI = "❓"


@dataclass(frozen=True, slots=True)
class Wishes:
    """What the maintainer wants besides what the file says; empty texts leave it to the file and the base."""

    language: str = ""
    topic: str = ""
    source: str = ""
    section: str = ""
    today: str = ""


@dataclass(frozen=True, slots=True)
class NewEntry:
    """`topic` may be one that the base has not yet; `topic_title` is its name then."""

    id: str
    topic: str
    topic_title: str
    section: str
    source: str
    record: Record
    phrases: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Changed:
    """`texts` are what the file has otherwise: the key, as it was, as it is. `phrases` are those that the file adds."""

    entry: Entry
    record: Record
    texts: tuple[tuple[str, str, str], ...]
    phrases: tuple[str, ...] = ()


@dataclass(slots=True)
class Plan:
    language: str
    new: list[NewEntry] = field(default_factory=list)
    changed: list[Changed] = field(default_factory=list)
    same: list[Entry] = field(default_factory=list)
    clashing: list[Misfit] = field(default_factory=list)
    left_out: list[Misfit] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


def origin_of(base: KnowledgeBase, wishes: Wishes) -> Origin:
    """Where a file was published that is read for this source, and the language that is wanted of it."""
    articles = [name for name, one in base.sources.items() if one.kind == "article"]
    name = wishes.source or (articles[0] if len(articles) == 1 else "")
    return Origin((base.sources[name].url or "") if name in base.sources else "", wishes.language)


def planned(base: KnowledgeBase, found: FaqFile, wishes: Wishes) -> Plan:
    """UsageError where it cannot be told into which language, topic, source or section the entries go."""
    plan = Plan(_language(base, found, wishes), left_out=list(found.misfits), notes=list(found.notes))
    _Planner(base, plan, wishes, found.heading).read(found.records)
    for topic, title in _new_topics(base, plan):
        plan.notes.append(
            f"{plan.language}/{topic}.yaml: a new topic, “{title}”; its emoji ({EMOJI}) is yours to choose"
        )
    if cut := [one.id for one in plan.new if len(one.record.question) > MAX_LABEL and not one.record.short]:
        plan.notes.append(f"on a button the end of {len(cut)} question(s) is cut; write `short` for {', '.join(cut)}")
    return plan


def _language(base: KnowledgeBase, found: FaqFile, wishes: Wishes) -> str:
    if wishes.language and wishes.language not in base.languages:
        raise UsageError(f"--language {wishes.language}: the base has {', '.join(base.languages)}.")
    if found.language and found.language not in base.languages and not wishes.language:
        known = ", ".join(base.languages)
        raise UsageError(
            f"The page is in {found.language}, the base has {known}. If it is in one of these, say --language."
        )
    return wishes.language or found.language or base.languages[0]


class _Planner:
    def __init__(self, base: KnowledgeBase, plan: Plan, wishes: Wishes, heading: str) -> None:
        self.base, self.plan, self.wishes, self.lang = base, plan, wishes, plan.language
        self.heading = heading
        self.asking = Asking(base, self.lang)
        self.by_question = {
            self.asking.heard(entry.texts[self.lang].question): entry
            for entry in base.entries.values()
            if self.lang in entry.texts
        }
        self.seen: dict[str, Record] = {}
        self.topics = {self.asking.heard(topic.text(self.lang).title): name for name, topic in base.topics.items()}
        self.titles = {name: topic.text(self.lang).title for name, topic in base.topics.items()}
        self.taken = {*base.entries}
        self.called = {self.asking.heard(entry.text(self.lang).label) for entry in base.entries.values()}

    def read(self, records: Sequence[Record]) -> None:
        fresh: list[Record] = []
        self.called |= {self.asking.heard(record.question) for record in records}
        for record in records:
            entry = self._known(record)
            if problem := self._misfit(record, entry):
                self.plan.left_out.append(Misfit(record.place, problem))
            elif not self._twice(record):
                self.plan.notes += [f"{record.place}: {doubt}" for doubt in doubts(record, self.lang)]
                self._change(record, entry) if entry else fresh.append(record)
        named = [
            (record, name) for record in fresh if (name := self._named(record))
        ]  # behind the changed ones' phrases
        for record, name in named:  # when all questions are taken, so that none is a phrase of another
            self._new(record, name)

    def _known(self, record: Record) -> Entry | None:
        if record.id:
            return self.base.entries.get(record.id)
        return self.by_question.get(self.asking.heard(record.question))

    def _misfit(self, record: Record, entry: Entry | None) -> str:
        if why := unfit(record, self.lang):
            return why
        if entry is None and self.lang != self.base.languages[0]:
            first = self.base.languages[0]
            return f'"{record.question[:60]}": no entry asks this; a new one comes in {first} first, then as its translation'
        return ""

    def _twice(self, record: Record) -> bool:
        """Whether the file has it already: with the same answer once is enough, with another nobody knows which."""
        other = self.seen.setdefault(self.asking.heard(record.question), record)
        if other is record:
            return False
        if other.answer == record.answer:
            self.plan.notes.append(f"{record.place}: the same as {other.place}, taken once")
        else:
            text = f'"{record.question[:60]}" is asked at {other.place} too, with another answer; keep one'
            self.plan.clashing.append(Misfit(record.place, text))
        return True

    def _change(self, record: Record, entry: Entry) -> None:
        said = entry.texts.get(self.lang)
        record = record if said and said.answer == record.answer else self._whole(record)
        pairs = {"question": record.question, "short": record.short, "answer": record.answer}
        texts = tuple(
            (key, old, new)
            for key, new in pairs.items()
            if new and new != (old := getattr(said, key, "") if said else "")
        )
        more = tuple(one for one in record.phrases if not said or one not in said.phrases)
        kept = self.asking.made(record.question, entry.id, more)[: len(more)] if more else ()
        phrases = tuple(one for one in kept if one in more)
        self._refused(record, entry.id, more, phrases)
        if not texts and not phrases:
            self.plan.same.append(entry)
            return
        self.plan.changed.append(Changed(entry, record, texts, phrases))
        others = [lang for lang in entry.texts if lang != self.lang]
        if texts and others:
            self.plan.notes.append(f"{entry.id}: see whether {', '.join(others)} still says the same")

    def _named(self, record: Record) -> str:
        """The id of a new entry, which its question leads to from now on; empty where that leads elsewhere already."""
        if other := self.asking.owner(record.question):
            text = f'"{record.question[:60]}" is nearly "{other[1]}", which leads to {other[0]}; reword one'
            self.plan.clashing.append(Misfit(record.place, text))
            return ""
        name = record.id or entry_id(self.asking.gist(record.question), self.taken, self.asking.light)
        self.taken.add(name)
        self.asking.take(record.question, name)
        return name

    def _new(self, record: Record, name: str) -> None:
        topic, title = self._topic(record)
        record = self._labelled(self._whole(record))
        phrases = self.asking.made(record.question, name, record.phrases)
        self._refused(record, name, record.phrases, phrases)
        self.plan.new.append(
            NewEntry(
                id=name,
                topic=topic,
                topic_title=title,
                section=self._section(record, title),
                source=self._source(),
                record=record,
                phrases=phrases,
            )
        )

    def _refused(self, record: Record, entry: str, given: tuple[str, ...], kept: tuple[str, ...]) -> None:
        why = refused(self.asking, entry, record.question, given, kept)
        self.plan.notes += [f"{record.place}: {one}" for one in why]

    def _whole(self, record: Record) -> Record:
        """With an answer that says what it answers, wherever the reader meets it."""
        answer = self_contained(record.question, record.answer)
        if answer != record.answer:
            text = f'"{record.answer[:40]}" is given with its question before it, for the bot may have misread what it was asked'
            self.plan.notes.append(f"{record.place}: {text}; a sentence of its own reads better")
        return replace(record, answer=answer)

    def _labelled(self, record: Record) -> Record:
        """With a short question for buttons, where one can be made that no other entry is called by."""
        short = record.short or label(record.question)
        heard = self.asking.heard(short)
        if not record.short and heard in self.called:
            short = ""
        self.called.add(heard)
        return replace(record, short=short)

    def _topic(self, record: Record) -> tuple[str, str]:
        if self.wishes.topic:
            if self.wishes.topic not in self.titles and not is_topic(self.wishes.topic):
                raise UsageError(f'--topic "{self.wishes.topic}": a topic is a to z, 0 to 9 and _, 32 at most.')
            title = self.titles.setdefault(self.wishes.topic, record.group or self.wishes.topic)
            return self.wishes.topic, title
        if record.group:
            heard = self.asking.heard(record.group)
            if heard not in self.topics:
                self.topics[heard] = topic_id(record.group, self.titles, self.asking.light)
                self.titles[self.topics[heard]] = record.group
            name = record.group if record.group in self.titles else self.topics[heard]
            return name, self.titles[name]
        if (named := self.topics.get(self.asking.heard(self.heading))) and self.heading:
            return named, self.titles[named]
        if len(self.base.topics) > 1:
            known = ", ".join(self.base.topics)
            raise UsageError(f"{record.place}: no heading says to which topic it belongs; name one: --topic ({known}).")
        return next(iter(self.titles.items()))

    def _section(self, record: Record, title: str) -> str:
        known = self.base.voices[self.base.languages[0]].sections
        if known and self.wishes.section not in known:
            raise UsageError(f"--section is needed: the base knows {', '.join(known)} (sections in voice.yaml).")
        return self.wishes.section or record.group or title

    def _source(self) -> str:
        articles = [name for name, one in self.base.sources.items() if one.kind == "article"]
        if self.wishes.source and self.wishes.source not in articles:
            raise UsageError(f"--source {self.wishes.source}: sources.yaml has {', '.join(articles)} as articles.")
        if not self.wishes.source and len(articles) != 1:
            raise UsageError(f"--source is needed: sources.yaml has {', '.join(articles)}.")
        return self.wishes.source or articles[0]


def put_into(draft: Draft, base: KnowledgeBase, plan: Plan, wishes: Wishes) -> None:
    """The plan as edits of the files."""
    lang = plan.language
    orders = [draft.file(f"{base.languages[0]}/{topic}.yaml").at("topic", "order") or "0" for topic in base.topics]
    for place, (topic, title) in enumerate(_new_topics(base, plan), max(map(int, orders)) + 1):
        head = lines_of("topic", {"title": title, "emoji": EMOJI, "command": title[:256]}, 0)
        draft.lines(f"{lang}/{topic}.yaml", (), [*head, f"  order: {place}"])
    for one in plan.new:
        draft.put(f"{lang}/{one.topic}.yaml", ("entries", one.id), _as_yaml(one, wishes.today))
        draft.put(f"{lang}/phrases/{one.topic}.yaml", (one.id,), list(one.phrases))
    for change in plan.changed:
        topic = change.entry.topic
        for key, _, new in change.texts:
            draft.put(f"{lang}/{topic}.yaml", ("entries", change.entry.id, key), new)
        if change.phrases:
            said = change.entry.texts.get(lang)
            written = [*(said.phrases if said else ()), *change.phrases]
            draft.put(f"{lang}/phrases/{topic}.yaml", (change.entry.id,), written)


def _new_topics(base: KnowledgeBase, plan: Plan) -> Iterator[tuple[str, str]]:
    found = {one.topic: one.topic_title for one in plan.new if one.topic not in base.topics}
    yield from found.items()


def _as_yaml(one: NewEntry, today: str) -> Mapping[str, str]:
    found = {"source": one.source, "section": one.section, "question": one.record.question}
    if one.record.short and len(one.record.question) > MAX_LABEL:
        found["short"] = one.record.short
    found["answer"] = one.record.answer
    return found | ({"checked": today} if today else {})
