"""Rules for the entries of one language: questions, answers and the figures they must carry, gaps, context."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from bot.kb.files import Files, LanguageFiles
from bot.kb.lint.text import is_blank
from bot.kb.model import Problem
from bot.kb.shapes import (
    MAX_ANSWER,
    MAX_COMMAND,
    MAX_LABEL,
    TopicFile,
    TranslatedEntry,
    TranslatedHead,
    TranslationFile,
)
from bot.kb.source_file import File

MIN_ASKS = 3
_SPACES = "\u00a0\u202f "
_GROUPED = re.compile(rf"(?<![\d.,])\d{{1,3}}(?:[,.{_SPACES}]\d{{3}})+(?!\d)")
_NUMBER = re.compile(r"\d+(?:[.,]\d+)?")


def numbers(text: str) -> list[str]:
    """The numbers of a text, without thousands separators and with a decimal point."""
    whole = _GROUPED.sub(lambda found: re.sub(r"\D", "", found[0]), text)
    return [number.replace(",", ".") for number in _NUMBER.findall(whole)]


def carries(answer: str, figure: str) -> bool:
    """Whether a figure stands in an answer as whole words and whole numbers, whatever the case."""
    wanted = r"\s+".join(map(re.escape, figure.casefold().split()))
    before, after = r"(?<!\w)", r"(?!\w)"
    if figure[:1].isdigit():
        before += rf"(?<!\d[.,])(?<!\d[{_SPACES}](?=\d{{3}}(?!\d)))"
    if figure[-1:].isdigit():
        after += rf"(?![.,]\d)(?![{_SPACES}]\d{{3}}(?!\d))"
    return re.search(before + wanted + after, answer.casefold()) is not None


def answers(files: Files, language: LanguageFiles) -> Iterator[Problem]:
    topics: Mapping[str, File[TopicFile] | File[TranslationFile]] = language.topics
    if language.code == files.primary:
        topics = files.topics
        yield from _orders(files)
    for name, file in topics.items():
        yield from _head(file, file.content.topic)
        for entry, item in file.content.entries.items():
            yield from _texts(file, entry, item)
            yield from _figures(file, entry, item)
            if f"{language.code}/phrases/{name}.yaml" not in files.missed:
                yield from _asks(language, file, name, entry, item)


def _orders(files: Files) -> Iterator[Problem]:
    seen: dict[int, str] = {}
    for file in files.topics.values():
        order = file.content.topic.order
        if order is None:
            continue
        if not re.fullmatch("[0-9]{1,6}", order):
            yield file.problem("bad-order", f'"{order}" is no number; write the place of the topic', "topic", "order")
        elif int(order) in seen:
            text = f"{seen[int(order)]} has place {order} too; give each topic its own"
            yield file.problem("bad-order", text, "topic", "order")
        else:
            seen[int(order)] = file.name


def _head(file: File[object], head: TranslatedHead) -> Iterator[Problem]:
    for key, text in (("title", head.title), ("command", head.command)):
        if is_blank(text):
            yield file.problem("empty-text", f"topic > {key} has no word; write it", "topic", key)
    if len(head.command) > MAX_COMMAND:
        text = f"{len(head.command)} characters; Telegram takes {MAX_COMMAND}"
        yield file.problem("command-too-long", text, "topic", "command")


def _texts(file: File[object], entry: str, item: TranslatedEntry) -> Iterator[Problem]:
    path = ("entries", entry)
    if is_blank(item.answer) or len(item.answer.split()) < 2:
        text = "an answer is a sentence; write it"
        if not is_blank(item.answer):
            text = f'"{item.answer[:40]}" may follow a question that was misread; write a sentence that says what it answers'
        yield file.problem("empty-answer", f"{entry}: {text}", *path, "answer", about=f"answer:{entry}")
    if len(item.answer) > MAX_ANSWER:
        text = f"{entry}: {len(item.answer)} characters; {MAX_ANSWER} at most, split the entry"
        yield file.problem("answer-too-long", text, *path, "answer")
    label = item.short or item.question
    if len(label) > MAX_LABEL:
        key = "short" if item.short else "question"
        text = f"{entry}: {len(label)} characters are cut on a button; write `short` with {MAX_LABEL} at most"
        yield file.warning("button-too-long", text, *path, key)
    if is_blank(item.question):
        yield file.problem("empty-text", f"{entry} > question has no word; write it", *path, "question")
    for gap, one in item.gaps.items():
        if is_blank(one.say):
            yield file.problem("empty-text", f"{entry} > {gap} > say has no word; write it", *path, "gaps", gap, "say")
    for place, context in enumerate(item.context):
        if is_blank(context.text):
            text = f"{entry} > context > item {place + 1} has no word; write it"
            yield file.problem("empty-text", text, *path, "context", place, "text")


def _figures(file: File[object], entry: str, item: TranslatedEntry) -> Iterator[Problem]:
    for place, figure in enumerate(item.figures):
        path = ("entries", entry, "figures", place)
        if is_blank(figure):
            yield file.problem("empty-text", f"{entry} > figures > item {place + 1} has no word; write it", *path)
        elif not carries(item.answer, figure):
            text = f'the answer of {entry} does not carry "{figure}" as it stands here; put it into the answer'
            yield file.problem("figure-missing", text, *path, about=f"answer:{entry}")


def _asks(
    language: LanguageFiles, file: File[object], topic: str, entry: str, item: TranslatedEntry
) -> Iterator[Problem]:
    """Whether there are ways enough to ask for the entry and for its gaps."""
    name = f"{language.code}/phrases/{topic}.yaml"
    lists = language.phrases[topic].content if topic in language.phrases else {}
    path = ("entries", entry)
    if not lists.get(entry):
        yield file.warning("no-phrases", f"{entry} has no phrases; write some in {name}", *path, about=f"entry:{entry}")
    for gap, one in item.gaps.items():
        asks = {ask.casefold() for ask in (*one.ask, *lists.get(f"{entry}/{gap}", ()))}
        if len(asks) < MIN_ASKS:
            text = f"{entry} > {gap} has {len(asks)} way(s) to ask; write {MIN_ASKS} at least"
            yield file.problem("gap-asks", text, *path, "gaps", gap, about=f"gap:{entry}/{gap}")
