"""What the bot says, free of any channel: the parts of a reply, and their plain form for terminals and files."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from bot.dates import spoken
from bot.kb.model import Entry, KnowledgeBase, Source


class ReplyKind(Enum):
    ANSWER = "answer"
    SUGGEST = "suggest"
    DECLINE = "decline"
    SMALL_TALK = "small_talk"
    INFO = "info"


@dataclass(frozen=True, slots=True)
class SourceLine:
    """A sentence that names a source; `url` only where the address is known."""

    text: str
    url: str | None


@dataclass(frozen=True, slots=True)
class ContextPart:
    text: str
    source: SourceLine


@dataclass(frozen=True, slots=True)
class AnswerPart:
    """One entry as it is shown: `gap` is the sentence that the source is silent, `context` stands apart."""

    entry: str
    topic: str
    question: str
    answer: str
    gap: str | None
    source: SourceLine
    context_title: str
    context_note: str
    context: tuple[ContextPart, ...]


@dataclass(frozen=True, slots=True)
class Choice:
    """Something to pick: another entry, by its question."""

    entry: str
    text: str


@dataclass(frozen=True, slots=True)
class Reply:
    """`lead` comes first (how the question was read, numbers to call), `text` is the body where there is no answer.

    `choices` are suggestions in a SUGGEST or DECLINE, related questions in an ANSWER; `title` stands above them."""

    lang: str
    kind: ReplyKind
    lead: tuple[str, ...] = ()
    text: str = ""
    answers: tuple[AnswerPart, ...] = ()
    title: str = ""
    choices: tuple[Choice, ...] = ()


def source_line(base: KnowledgeBase, source: Source, lang: str, section: str | None) -> SourceLine:
    """`Source: …, 10 July 2025, section …` for the article, `Publisher, date` for what stands beyond it."""
    voice = base.voice(lang)
    when = spoken(source.published, lang) if source.published else voice.say("undated")
    publisher = source.publisher_in(lang)
    if section is None:
        return SourceLine(voice.say("context_source", publisher=publisher, date=when), source.url)
    part = voice.sections.get(section, section)
    return SourceLine(voice.say("source_line", publisher=publisher, date=when, section=part), source.url)


def answer_part(base: KnowledgeBase, entry: Entry, lang: str, gap: str | None = None) -> AnswerPart:
    """The entry in `lang`; with `gap`, also the sentence that the source does not say it."""
    text, voice = entry.text(lang), base.voice(lang)
    silence = text.gaps.get(gap) if gap else None
    return AnswerPart(
        entry=entry.id,
        topic=entry.topic,
        question=text.question,
        answer=text.answer,
        gap=silence.say if silence else None,
        source=source_line(base, base.sources[entry.source], lang, entry.section),
        context_title=voice.say("beyond"),
        context_note=voice.say("beyond_note"),
        context=tuple(
            ContextPart(item.text, source_line(base, base.sources[item.source], lang, None)) for item in text.context
        ),
    )


def choice(base: KnowledgeBase, entry: str, lang: str) -> Choice:
    return Choice(entry, base.entries[entry].text(lang).question)


def related(base: KnowledgeBase, entry: Entry, lang: str, without: tuple[str, ...] = ()) -> tuple[Choice, ...]:
    return tuple(choice(base, other, lang) for other in entry.related if other not in without)


def plain(reply: Reply) -> str:
    """The reply as plain text: paragraphs, and choices as a numbered list."""
    blocks = [*reply.lead, *([reply.text] if reply.text else [])]
    blocks += [plain_answer(part) for part in reply.answers]
    if reply.choices:
        lines = [f"{number}. {one.text}" for number, one in enumerate(reply.choices, 1)]
        blocks.append("\n".join([reply.title, *lines] if reply.title else lines))
    return "\n\n".join(blocks)


def plain_answer(part: AnswerPart) -> str:
    blocks = [part.answer]
    if part.gap:
        blocks.append(part.gap)
    blocks.append(_with_address(part.source))
    if part.context:
        lines = [f"{part.context_title} ({part.context_note})"]
        lines += [f"• {item.text}\n  {_with_address(item.source)}" for item in part.context]
        blocks.append("\n".join(lines))
    return "\n\n".join(blocks)


def sources_list(base: KnowledgeBase, lang: str, kind: str = "context") -> str:
    """One line a source of this kind: title, publisher, date, address where there is one."""
    lines = []
    for source in base.sources.values():
        if source.kind == kind:
            line = source_line(base, source, lang, None)
            lines.append(f"• {source.title}. {_with_address(line)}")
    return "\n".join(lines)


def _with_address(line: SourceLine) -> str:
    return f"{line.text}\n  {line.url}" if line.url else line.text
