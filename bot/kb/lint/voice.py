"""Rules for the bot's own sentences: the same keys, placeholders and small talk in every language."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from string import Formatter
from typing import Any

from babel import Locale, UnknownLocaleError

from bot import commands
from bot.kb.files import SMALL_TALK, Files, LanguageFiles
from bot.kb.lint.answers import numbers
from bot.kb.lint.links import bad_ids, keys
from bot.kb.lint.text import URL
from bot.kb.model import Problem
from bot.kb.shapes import MAX_COMMAND
from bot.kb.source_file import File
from bot.kb.voice_keys import MAX_PROFILE, PLACES, SENTENCES
from bot.kb.voice_shapes import VoiceFile
from bot.kb.yaml_text import Map, Value

Texts = dict[tuple[str, ...], str]


def voice(files: Files, language: LanguageFiles) -> Iterator[Problem]:
    """What the bot says in a language, the pack's sentences and the base's in their place; then how the base's own files
    compare. Where a language is not complete, the bot says the rest in the primary one."""
    file = language.voice
    if not file:
        return
    first = language.code == files.primary
    yield from _texts(file)
    yield from _limits(file)
    yield from _code(file, language.code)
    yield from _small_talk(files, language, file)
    yield from _danger(file)
    yield from _contact(file)
    yield from _complete(file, files.primary, first)
    primary = files.languages.get(files.primary)
    if primary and primary.voice and not first and language.written and "voice" in primary.own:
        if "voice" in language.own:
            yield from _compare(primary, primary.voice, language, file)
            yield from _same_danger(primary.own["voice"], language.own["voice"])
        elif (name := f"{language.code}/voice.yaml") not in files.missed:
            text = f"{primary.own['voice'].name} is not translated; write this file"
            yield Problem(name, 1, "untranslated", text, warning=True)


def _complete(file: File[VoiceFile], primary: str, first: bool) -> Iterator[Problem]:
    """What the bot says must be there; what it cannot fill in must not."""
    if missing := sorted(SENTENCES.keys() - set(keys(file.raw, "sentences"))):
        hint = (
            "write them" if first else f"until they are written, the bot says them in the primary language ({primary})"
        )
        text = f"sentences: the bot also says {', '.join(missing)}; {hint}"
        yield replace(file.problem("voice-missing", text, "sentences"), warning=not first)
    for key, text in file.content.sentences.items():
        unknown = (placeholders(text) or set()) - SENTENCES.get(key, frozenset()) - PLACES
        if key in SENTENCES and unknown:
            hint = f"it is filled with {_names(set(SENTENCES[key] | PLACES))}"
            yield file.problem("unknown-placeholder", f"sentences > {key}: {_names(unknown)}; {hint}", "sentences", key)


def placeholders(text: str) -> set[str] | None:
    """The names in braces; None where the braces do not match or hold more than a name."""
    if "{" not in text and "}" not in text:
        return set()
    try:
        parts = list(Formatter().parse(text))
    except ValueError:
        return None
    fields = [part for part in parts if part[1] is not None]
    if any(not str(name).isidentifier() or form or conversion for _, name, form, conversion in fields):
        return None
    return {str(name) for _, name, _, _ in fields}


def _flat(content: VoiceFile) -> Texts:
    """Every sentence by its path."""
    texts: Texts = {}
    for part in ("sentences", "sections", "commands", "languages"):
        texts |= {(part, key): text for key, text in getattr(content, part).items()}
    texts |= {("profile", key): text for key, text in content.profile.model_dump(exclude_unset=True).items()}
    texts |= {("small_talk", kind, "say"): item.say for kind, item in content.small_talk.items()}
    return texts


def _texts(file: File[VoiceFile]) -> Iterator[Problem]:
    for path, text in _flat(file.content).items():
        if not text.strip():
            yield file.problem("empty-text", f"{' > '.join(path)} is empty; write it", *path)
        if path[0] == "sentences" and placeholders(text) is None:
            hint = "write {name}, or {{ and }} for braces themselves"
            yield file.problem("bad-placeholder", f"{' > '.join(path)}: braces that do not hold a name; {hint}", *path)


def _limits(file: File[VoiceFile]) -> Iterator[Problem]:
    for command, text in file.content.commands.items():
        if command not in commands.ALL:
            yield file.problem("unknown-key", f"/{command} is no command of the bot; take it out", "commands", command)
        if len(text) > MAX_COMMAND:
            words = f"/{command}: {len(text)} characters; Telegram takes {MAX_COMMAND}"
            yield file.problem("command-too-long", words, "commands", command)
    for key, most in MAX_PROFILE.items():
        length = len(getattr(file.content.profile, key))
        if length > most:
            text = f"profile > {key}: {length} characters; Telegram takes {most}"
            yield file.problem("profile-too-long", text, "profile", key)


def _code(file: File[VoiceFile], code: str) -> Iterator[Problem]:
    """Dates and intervals are written as CLDR knows them."""
    try:
        Locale.parse(code)
    except UnknownLocaleError:
        yield file.problem("unknown-language", f'no language "{code}" in CLDR; rename the folder to an ISO 639 code')


def _danger(file: File[VoiceFile]) -> Iterator[Problem]:
    """A reply to who is in danger names a number to call, and its other forms name the same ones."""
    item = file.content.danger
    for form, said in {"doubted": item.doubted, "again": item.again}.items() if item else ():
        missing = sorted(set(numbers(item.say)) - set(numbers(said))) if item and said else ()
        if missing:
            text = f"danger > {form} lacks {', '.join(missing)}, which stands in danger > say; add it, or take `{form}` out"
            yield file.problem("danger-without-number", text, "danger", form)
    if item and not any(map(str.isdigit, item.say)):
        text = "danger > say has no number to call; write one, or take `danger` out: then the bot looks for no danger"
        yield file.problem("danger-without-number", text, "danger", "say")


def _contact(file: File[VoiceFile]) -> Iterator[Problem]:
    """Somebody who needs a person is not led nowhere."""
    contact = file.content.contact
    if contact and not contact.text.strip():
        yield file.problem("empty-text", "contact > text is empty; write it, or take `contact` out", "contact", "text")
    if contact and contact.url is not None and not URL.fullmatch(contact.url):
        hint = "correct it, or leave it out: an e-mail address or a number stands in the text"
        text = f'contact > url: "{contact.url[:60]}" is no http(s) address; {hint}'
        yield file.problem("bad-url", text, "contact", "url")


def _small_talk(files: Files, language: LanguageFiles, file: File[VoiceFile]) -> Iterator[Problem]:
    name = f"{language.code}/phrases/{SMALL_TALK}.yaml"
    phrases = language.phrases.get(SMALL_TALK)
    for kind in file.content.small_talk:
        yield from bad_ids(file, [kind], "small_talk", kind)
        if name not in files.missed and not (phrases and phrases.content.get(kind)):
            yield file.problem("no-phrases", f"{kind} has no phrases; write some in {name}", "small_talk", kind)


def _compare(
    primary: LanguageFiles, spoken: File[VoiceFile], language: LanguageFiles, file: File[VoiceFile]
) -> Iterator[Problem]:
    """What a base says in its own words it says so in all languages, and fills in the same. `spoken` and `file` are what
    the bot says in each, with the packs' sentences."""
    theirs, ours = primary.own["voice"], language.own["voice"]
    here, there = set(_paths(ours.raw)), set(_paths(theirs.raw))
    for path in sorted(there - here):
        text = f"{' > '.join(path)} is missing, which stands at {theirs.place(*path)}; translate it"
        yield ours.problem("voice-differs", text, *path)
    for path in sorted(here - there):
        text = f"{' > '.join(path)} is not in {theirs.name}; add it there, or take it out"
        yield ours.problem("voice-differs", text, *path)
    both = {path: text for path, text in _flat(spoken.content).items() if path[0] == "sentences"}
    for path, text in _flat(file.content).items():
        if path not in both:
            continue
        wanted, got = (_said(path[-1], one) for one in (both[path], text))
        if wanted is not None and got is not None and wanted != got:
            elsewhere = f"{_names(wanted)} at {spoken.place(*path)}"
            text = f"{' > '.join(path)} fills in {_names(got)}, but {elsewhere}; use the same"
            yield file.problem("placeholders-differ", text, *path)


def _paths(raw: Value, *path: str) -> Iterator[tuple[str, ...]]:
    """The paths of what a file says: a section and a key each."""
    value = raw
    for step in path:
        value = value[step] if isinstance(value, Map) else None
    if not isinstance(value, Map) or len(path) == 2:
        yield path
    else:
        for key in value:
            yield from _paths(raw, *path, key)


def _said(key: str, text: str) -> set[str] | None:
    """The places of a sentence that are filled in when it is said: what it says of the base is its own affair."""
    found = placeholders(text)
    return None if found is None else found & SENTENCES.get(key, found)


def _same_danger(theirs: File[Any], ours: File[Any]) -> Iterator[Problem]:
    """All languages give the same numbers to call."""
    there, here = (_own_danger(file.raw) for file in (theirs, ours))
    if there and here and sorted(numbers(there)) != sorted(numbers(here)):
        text = f"danger > say: other numbers than at {theirs.place('danger', 'say')}; correct one"
        yield ours.problem("numbers-differ", text, "danger", "say")


def _own_danger(raw: Value) -> str:
    danger = raw.get("danger") if isinstance(raw, Map) else None
    said = danger.get("say") if isinstance(danger, Map) else None
    return said if isinstance(said, str) else ""


def _names(found: set[str]) -> str:
    return ", ".join(f"{{{name}}}" for name in sorted(found)) or "nothing"
