"""What the bot says, free of any channel: the parts of a reply, and their plain form for terminals and files."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import Enum

from bot.dates import spoken
from bot.kb.model import Context, Entry, KnowledgeBase, Source, Voice

OFFERED = 3  # related questions below a reply


class ReplyKind(Enum):
    ANSWER = "answer"
    SUGGEST = "suggest"
    DECLINE = "decline"
    SMALL_TALK = "small_talk"
    INFO = "info"


@dataclass(frozen=True, slots=True)
class SourceLine:
    """A sentence that names a source, or a person to reach; `url` only where the address is known."""

    text: str
    url: str | None


@dataclass(frozen=True, slots=True)
class ContextPart:
    text: str
    source: SourceLine


@dataclass(frozen=True, slots=True)
class AnswerPart:
    """One entry as it is shown. `gap` is the sentence that the source is silent, `filled` what other documents say of
    just that (led in by `joint`); the answer stands below both. `as_of` says that the world moved on; `context` stands apart. `citation` is for copying. `brief`: a part of what
    was said in full before. `corrected` says when it was last put right, and why."""

    entry: str
    topic: str
    question: str
    answer: str
    gap: str | None
    source: SourceLine
    context_title: str
    context_note: str
    context: tuple[ContextPart, ...]
    filled: tuple[ContextPart, ...] = ()
    joint: str = ""
    as_of: str | None = None
    citation: str = ""
    gap_id: str | None = None
    brief: bool = False
    corrected: str | None = None

    def led_by(self, lead: tuple[str, ...]) -> AnswerPart:
        """The same without its `as_of`, where that line stands above already."""
        return replace(self, as_of=None) if self.as_of in lead else self


@dataclass(frozen=True, slots=True)
class Choice:
    """Something to pick: another entry, by its question. `label` is what fits a button."""

    entry: str
    text: str
    label: str = ""


@dataclass(frozen=True, slots=True)
class Reply:
    """`lead` comes first (how the question was read, numbers to call), `text` is the body where there is no answer.

    `choices` are suggestions in a SUGGEST or DECLINE, related questions in an ANSWER; `title` stands above them. `waits`: the base
    has nothing on what was asked, so who asked may want to hear when it has. `contact`: where a person can be reached."""

    lang: str
    kind: ReplyKind
    lead: tuple[str, ...] = ()
    text: str = ""
    answers: tuple[AnswerPart, ...] = ()
    title: str = ""
    choices: tuple[Choice, ...] = ()
    topic: str = ""
    waits: bool = False
    contact: SourceLine | None = None


def source_line(base: KnowledgeBase, source: Source, lang: str, section: str | None) -> SourceLine:
    """`Source: …, 10 July 2025, section …` for the article, `Publisher, date` for what stands beyond it."""
    voice = base.voice(lang)
    publisher, when = source.publisher_in(lang), dated(source, voice)
    if section is None:
        return SourceLine(voice.say("context_source", publisher=publisher, date=when), source.url)
    part = voice.sections.get(section, section)
    return SourceLine(voice.say("source_line", publisher=publisher, date=when, section=part), source.url)


def dated(source: Source, voice: Voice) -> str:
    """When it was published, or, where nobody knows, when it was read."""
    if source.published:
        return spoken(source.published, voice.locale)
    return voice.say("read_on", date=spoken(source.read, voice.locale)) if source.read else ""


def citation(base: KnowledgeBase, entry: Entry, lang: str) -> str:
    """What a reader may copy: publisher, title, date, section, and the day of reading."""
    source, voice = base.sources[entry.source], base.voice(lang)
    return voice.say(
        "citation",
        publisher=source.publisher_in(lang),
        title=source.title,
        date=dated(source, voice),
        section=voice.sections.get(entry.section, entry.section),
        read=spoken(source.read, voice.locale) if source.read else "",
    )


def as_of(base: KnowledgeBase, entry: Entry, lang: str) -> str | None:
    """The line that says what has changed since the source was written; None where nothing is known to have."""
    if entry.as_of is None:
        return None
    change = base.changes[entry.as_of]
    source = base.sources[change.source]
    voice = base.voice(lang)
    when = dated(source, voice)
    return voice.say("as_of", text=change.text(lang).say, publisher=source.publisher_in(lang), date=when)


def corrected(base: KnowledgeBase, entry: Entry, lang: str) -> str | None:
    """The line that says when the entry was last put right, and why; None where it never was."""
    found = base.last_correction(entry.id)
    if found is None:
        return None
    voice = base.voice(lang)
    return voice.say("corrected", date=spoken(found.date, voice.locale), text=found.text(lang).why)


def answer_part(base: KnowledgeBase, entry: Entry, lang: str, gap: str | None = None) -> AnswerPart:
    """The entry in `lang`; with `gap`, also the sentence that the source does not say it, and what fills it."""
    text, voice = entry.text(lang), base.voice(lang)
    silence = text.gaps.get(gap) if gap else None
    filling = tuple(item for item in text.context if silence and silence.id in item.fills)
    return AnswerPart(
        entry=entry.id,
        topic=entry.topic,
        question=text.question,
        answer=text.answer,
        gap=silence.say if silence else None,
        source=source_line(base, base.sources[entry.source], lang, entry.section),
        context_title=voice.say("beyond"),
        context_note=voice.say("beyond_note"),
        context=_context(base, [item for item in text.context if item not in filling], lang),
        filled=_context(base, filling, lang),
        joint=voice.say("filled") if filling else "",
        as_of=as_of(base, entry, lang),
        citation=citation(base, entry, lang),
        gap_id=silence.id if silence else None,
        corrected=corrected(base, entry, lang),
    )


def _context(base: KnowledgeBase, items: Iterable[Context], lang: str) -> tuple[ContextPart, ...]:
    return tuple(ContextPart(item.text, source_line(base, base.sources[item.source], lang, None)) for item in items)


def choice(base: KnowledgeBase, entry: str, lang: str) -> Choice:
    text = base.entries[entry].text(lang)
    return Choice(entry, text.question, text.label)


def related(base: KnowledgeBase, entry: Entry, lang: str, without: tuple[str, ...] = ()) -> tuple[Choice, ...]:
    return tuple(choice(base, other, lang) for other in entry.related if other not in without)


def said_all(base: KnowledgeBase, entry: str, lang: str, key: str = "no_more", first: Iterable[str] = ()) -> Reply:
    """That there is no more on an entry, in the voice's sentence under `key`, with what may be meant `first`, and what stands
    beside it."""
    voice, found = base.voice(lang), base.entries[entry]
    others = dict.fromkeys((*first, *found.related, *base.topics[found.topic].entries))
    near = tuple(choice(base, other, lang) for other in others if other != entry)[:OFFERED]
    return Reply(lang, ReplyKind.DECLINE, text=voice.say(key), title=voice.say("related") if near else "", choices=near)


def contact(voice: Voice) -> SourceLine | None:
    """None where the base names nobody."""
    return SourceLine(voice.contact.text, voice.contact.url) if voice.contact else None


def about_us(voice: Voice) -> list[str]:
    """What /about says of the bot itself: that it is a program, and who runs it, where that is known."""
    runs = [voice.say("about_operator", operator=voice.operator)] if voice.operator else []
    return [voice.say("about_program"), *runs]


def plain(reply: Reply) -> str:
    """The reply as plain text: paragraphs, and choices as a numbered list."""
    blocks = [*reply.lead, *([reply.text] if reply.text else [])]
    blocks += [plain_answer(part) for part in reply.answers]
    blocks += [with_address(reply.contact)] if reply.contact else []
    if reply.choices:
        lines = [f"{number}. {one.text}" for number, one in enumerate(reply.choices, 1)]
        blocks.append("\n".join([reply.title, *lines] if reply.title else lines))
    return "\n\n".join(blocks)


def plain_answer(part: AnswerPart) -> str:
    """Where a gap is asked for, that comes first, then what fills it, then what the source does say."""
    blocks = [part.gap] if part.gap else []
    if part.filled:
        blocks.append("\n".join([part.joint, *map(_plain_context, part.filled)]))
    if part.answer:
        blocks.append(part.answer)
    if part.as_of:
        blocks.append(part.as_of)
    blocks.append(with_address(part.source))
    if part.context:
        title = f"{part.context_title} ({part.context_note})"
        blocks.append("\n".join([title, *map(_plain_context, part.context)]))
    if part.corrected:
        blocks.append(part.corrected)
    return "\n\n".join(blocks)


def _plain_context(item: ContextPart) -> str:
    return f"• {item.text}\n  {with_address(item.source)}"


def sources_list(base: KnowledgeBase, lang: str, kind: str = "context") -> str:
    """One line a source of this kind: title, publisher, date, address where there is one."""
    lines = []
    for source in base.sources.values():
        if source.kind == kind:
            line = source_line(base, source, lang, None)
            lines.append(f"• {source.title}. {with_address(line)}")
    return "\n".join(lines)


def with_address(line: SourceLine) -> str:
    return f"{line.text}\n  {line.url}" if line.url else line.text
