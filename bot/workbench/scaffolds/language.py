"""Another language for a base: its files as skeletons, and its pack where the bot brings none along."""

from __future__ import annotations

import snowballstemmer
from babel import Locale, UnknownLocaleError

from bot.errors import UsageError
from bot.kb.files import FIRST, PRIMARY, SOURCES
from bot.kb.ids import is_language
from bot.languages.packs import INSIDE, Packs
from bot.workbench.editing.scalars import lines_of
from bot.workbench.scaffolds.filling import filled, quoted
from bot.workbench.scaffolds.parts import Adding


def add_language(adding: Adding, code: str, name: str, alphabet: str) -> None:
    """A file for each topic with its entries as comments; readers get the first language until they are translated."""
    if not is_language(code):
        raise UsageError(f'"{code}" is no code of a language; write two or three letters of ISO 639, as de.')
    if (adding.draft.folder / code).is_dir():
        raise UsageError(f"There is a folder {code} already; reformbot check says what is not translated in it.")
    if Packs.of_base(adding.draft.folder).folder(code) is None:
        _pack(adding, code, name, alphabet)
    if adding.first != FIRST and not adding.draft.file(SOURCES).has(
        PRIMARY
    ):  # of several, another would own the entries
        adding.draft.put(SOURCES, (PRIMARY,), adding.first)
    for topic in adding.base.topics.values():
        said = topic.text(adding.first)
        texts = {"title": quoted(said.title), "command": quoted(said.command)}
        head = filled("topic_translation.yaml", first=f"{adding.first}/{topic.id}.yaml", **texts)
        entries = [line for entry in adding.base.entries_of(topic.id) for line in _entry(adding, entry.id)]
        adding.draft.create(
            f"{code}/{topic.id}.yaml", head + "".join(f"  # {line}".rstrip() + "\n" for line in entries)
        )
        adding.left.append(
            f"{code}/{topic.id}.yaml: {_entries(len(topic.entries))} to translate (and the topic's title)"
        )
        adding.left.append(f"{code}/phrases/{topic.id}.yaml: ways to ask, written in this language, not translated")
    for name in ("voice", "refusals", "changes"):
        if adding.has(f"{adding.first}/{name}.yaml"):
            adding.left.append(f"{code}/{name}.yaml: what {adding.first}/{name}.yaml says, in this language")


def _entries(count: int) -> str:
    return f"{count} {'entry' if count == 1 else 'entries'}"


def _entry(adding: Adding, entry: str) -> list[str]:
    """As it stands in the first language, for the translator to write over."""
    said = adding.base.entries[entry].text(adding.first)
    found: dict[str, str | list[str]] = {"question": said.question, "answer": said.answer}
    if said.figures:
        found = {"figures": list(said.figures), **found}
    lines = lines_of(entry, found, 0)
    if said.gaps:
        lines += lines_of("gaps", {gap.id: {"ask": list(gap.ask[:3]), "say": gap.say} for gap in said.gaps.values()}, 2)
    if said.context:
        lines += lines_of("context", [{"text": one.text} for one in said.context], 2)
    return lines


def _pack(adding: Adding, code: str, name: str, alphabet: str) -> None:
    try:
        locale = Locale.parse(code)
    except UnknownLocaleError:
        raise UsageError(f'No language "{code}" in CLDR; write its code of ISO 639.') from None
    if not alphabet:
        raise UsageError(f"The bot has no pack of {code}: give its letters in lower case, --alphabet abcdef…")
    name = name or (locale.get_display_name(code) or code).capitalize()
    stemmer = (locale.english_name or "").casefold()
    known = stemmer in snowballstemmer.algorithms()
    line = f"stemmer: {stemmer}" if known else "# stemmer: ...    # Snowball's, where it has one"
    pack = f"{INSIDE}/{code}"
    words = filled("language.yaml", name=quoted(name), alphabet=quoted(alphabet), stemmer=line)
    adding.draft.create(f"{pack}/language.yaml", words)
    spoken = [
        f"  # {line}".rstrip() + "\n"
        for key, text in adding.base.voices[adding.first].sentences.items()
        if key != "terminal_prompt"
        for line in lines_of(key, text, 0)
    ]
    adding.draft.create(f"{pack}/voice.yaml", filled("language_voice.yaml", name=name) + "".join(spoken))
    adding.left.append(f"{pack}/voice.yaml: what the bot says; small talk goes into {pack}/phrases/smalltalk.yaml")
    adding.left.append(f"{pack}/language.yaml: what the matcher should know (bot/languages/README.md says it all)")
