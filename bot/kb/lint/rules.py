"""All rules of `check`, on files that are already read. Pure: no disk, no clock. Problems are data, sorted by place."""

from __future__ import annotations

from collections.abc import Iterator

from bot.kb.files import SMALL_TALK, Files
from bot.kb.lint.answers import answers
from bot.kb.lint.corrections import corrected, corrections
from bot.kb.lint.dates import dates
from bot.kb.lint.follow_ups import follow_ups
from bot.kb.lint.languages import changes, refusal_texts, refusals, translations
from bot.kb.lint.leftovers import sentences, synonyms, unused
from bot.kb.lint.links import links
from bot.kb.lint.memory import Remembered
from bot.kb.lint.phrases import phrases
from bot.kb.lint.text import emojis, sources, traps
from bot.kb.lint.tongue import tongue
from bot.kb.lint.voice import voice
from bot.kb.lint.wording import wording
from bot.kb.model import Problem
from bot.kb.source_file import File


def lint(files: Files, memory: Remembered, only: str = "") -> list[Problem]:
    """Every problem, once, by file, line and rule. With `only`, a file, what cannot concern it may be passed over."""
    return sorted({*files.problems, *links(files), *_contents(files, memory, only)})


def _contents(files: Files, memory: Remembered, only: str) -> Iterator[Problem]:
    yield from sources(files)
    yield from emojis(files)
    yield from dates(files)
    yield from unused(files)
    yield from corrections(files)
    for file in _all(files):
        yield from traps(file)
    for language in files.languages.values():
        yield from answers(files, language)
        if not only or only.startswith(f"{language.code}/"):
            yield from phrases(files, language, memory, only)
        yield from follow_ups(language)
        yield from wording(files, language)
        yield from tongue(files, language)
        yield from synonyms(language)
        yield from sentences(language)
        yield from refusal_texts(language)
        yield from voice(files, language)
        if language.code != files.primary and language.written:
            yield from translations(files, language)
            yield from refusals(files, language)
            yield from changes(files, language)
            yield from corrected(files, language)


def _all(files: Files) -> Iterator[File[object]]:
    yield from files.topics.values()
    for language in files.languages.values():
        yield from language.topics.values()
        yield from (file for topic, file in language.phrases.items() if topic != SMALL_TALK)
        yield from language.follow_ups.values()
    single = [
        one
        for language in files.languages.values()
        for one in (*language.own.values(), language.publishers, language.changes, language.corrections)
    ]
    yield from (file for file in (files.sources, files.changes, files.corrections, *single) if file)
