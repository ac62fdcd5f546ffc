"""What a pack's sentences say of the base: `{title}`, `{publisher}`, `{date}` … are filled in when the base is built.

`{date}` is when it was published, or said to be that of the reading; `{day}` is that day alone."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from bot.dates import spoken
from bot.kb.files import Files, LanguageFiles
from bot.kb.shapes import SourceItem
from bot.kb.voice_keys import PLACES, SENTENCES

EXAMPLES = 3
_NAME = re.compile(r"\{([a-z_]+)\}")


@dataclass(frozen=True, slots=True)
class Places:
    """The values in one language, by name."""

    values: Mapping[str, str]

    @classmethod
    def of(cls, files: Files, language: LanguageFiles) -> Places:
        locale = language.traits.content.locale if language.traits else ""
        articles = _articles(files)
        newest = max(articles.values(), key=lambda one: one.published or one.read or "")
        examples = _examples(files, language)
        day = _day(newest, locale or language.code)
        titles = {name: file.content.topic.title for name, file in files.topics.items()}
        titles |= {name: file.content.topic.title for name, file in language.topics.items() if name in titles}
        values = {
            "title": "; ".join(one.title for one in articles.values()),
            "publisher": ", ".join(dict.fromkeys(_publisher(language, key, one) for key, one in articles.items())),
            "date": day if newest.published else _read_on(files, language).replace("{date}", day),
            "day": day,
            "topics": ", ".join(titles.values()),
            "example": examples[0],
            "examples": "\n".join(examples[:EXAMPLES]),
            "languages": ", ".join(one.traits.content.name for one in files.languages.values() if one.traits),
        }
        assert values.keys() == PLACES
        return cls(values)

    def fill(self, text: str) -> str:
        return _NAME.sub(lambda found: self.values.get(found[1], found[0]), text)

    def fill_sentence(self, key: str, text: str) -> str:
        """The same for a sentence that is filled in once more, when it is said, with names of its own."""
        later = SENTENCES.get(key, frozenset())
        known = {name: _doubled(value) for name, value in self.values.items() if name not in later}
        return _NAME.sub(lambda found: known.get(found[1], found[0]), text)


def _articles(files: Files) -> dict[str, SourceItem]:
    """The sources that entries answer from, as far as they are used; all of them where none is."""
    assert files.sources
    known = files.sources.content
    used = dict.fromkeys(item.source for file in files.topics.values() for item in file.content.entries.values())
    return {key: known[key] for key in used if key in known} or dict(known)


def _day(source: SourceItem, locale: str) -> str:
    day = source.published or source.read or ""
    try:
        return spoken(day, locale)
    except ValueError:  # what is no date stands as it is written; `check` says so
        return day


def _read_on(files: Files, language: LanguageFiles) -> str:
    """How the language says that a day is one of reading, as below an answer."""
    for one in (language, files.languages[files.primary]):
        if one.voice and (said := one.voice.content.sentences.get("read_on")):
            return said
    return "{date}"


def _publisher(language: LanguageFiles, key: str, source: SourceItem) -> str:
    own = language.publishers.content if language.publishers else {}
    return own[key].publisher if key in own else source.publisher


def _examples(files: Files, language: LanguageFiles) -> list[str]:
    """The first question of each topic, and then the others."""
    found: list[tuple[int, str]] = []
    for name, file in files.topics.items():
        questions = {entry: item.question for entry, item in file.content.entries.items()}
        if name in language.topics:
            translated = language.topics[name].content.entries
            questions |= {entry: translated[entry].question for entry in questions if entry in translated}
        found += enumerate(questions.values())
    return [question for _, question in sorted(found, key=lambda one: one[0])]


def _doubled(value: str) -> str:
    return value.replace("{", "{{").replace("}", "}}")
