"""Rules for the language of a text: by the letters of the packs, and by the words that are frequent in each of them alone.

A language is told only from a sentence or more; names and titles of other languages may stand in any."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any, TypeAlias

from bot.kb.files import Files, LanguageFiles
from bot.kb.lint.languages import copied
from bot.kb.lint.shown import shown
from bot.kb.model import Problem
from bot.kb.source_file import File
from bot.kb.yaml_text import read_yaml
from bot.languages.packs import SHIPPED
from bot.languages.text import scripts, words
from bot.languages.traits import Traits, read_traits

Material: TypeAlias = tuple[Traits, frozenset[str], Counter[str]]  # a language, its letters, the words of its pack
_FREQUENT = 150  # words of a language: those that stand in nearly every sentence, and some more
_LETTERS, _WORDS = 12, 4  # of a text by which a language can be told
_STRANGE, _SOME = 4, 0.05  # letters that the folder's language has not: so many, and such a part of all
_MANY, _WHOLE = 10, 300  # the same of a whole file: letters of another, and letters among which its own would stand
_READ = 600  # characters of a text that tell its language as well as all of it
_FILLED = re.compile(r"\{\w*\}")
_LONG = 40  # letters among which a language shows those that it alone has
_MOSTLY = 0.75  # of the letters: of another script
# Frequent words among those of a text in another script, below which it may be code or names: sentences of pages in English
# have a quarter to a half (one of 80 had fewer), listings and lists of products an eighth at most.
_TOLD = 0.2
_AROUND_WORDS = ".,;:!?…()«»“”\"'"


@dataclass(frozen=True, slots=True)
class Tongue:
    """A language as its pack shows it: its letters, and words that no other pack has as often."""

    code: str
    name: str
    script: str
    letters: frozenset[str]
    frequent: frozenset[str]


def tongue(files: Files, language: LanguageFiles) -> Iterator[Problem]:
    """Texts in another language than their folder's. Where most of a file is, the file is named and not its texts."""
    known = tongues(files)
    own = known.get(language.code)
    if own is None:
        return
    texts: dict[str, list[tuple[File[Any], tuple[str | int, ...], str, str, str]]] = defaultdict(list)
    for file, path, what, text in _texts(files, language):
        text = _FILLED.sub(" ", text)
        if _enough(text):
            texts[file.name].append((file, path, what, text, _strange(text[:_READ], own, tuple(known.values()))))
    for name, found in texts.items():
        yield from _file(name, found, own, known)


def _file(name: str, found: list[Any], own: Tongue, known: Mapping[str, Tongue]) -> Iterator[Problem]:
    wrong = Counter(code for *_, text, code in found if code and _tells(text, code, own, known))
    code, most = wrong.most_common(1)[0] if wrong else ("", 0)
    if most > len(found) / 2 and (len(found) > 1 or "/phrases/" in name):
        file, path, *_ = next(one for one in found if one[-1] == code)
        whole = " ".join(text for *_, text, _ in found)
        certain = code not in known or known[code].script != own.script or _shown_by_letters(whole, known[code], own)
        text = f"this file is in {_said(code, known)}, but its folder is that of {own.name}; was it put into the wrong one?"
        yield (file.problem if certain else file.warning)("wrong-language", text, *path)
        return
    for file, path, what, said, other in found:
        if other:
            text = f"{what} {_not_in(said, other, own, known)}"
            certain = _certain(said, other, own, known)
            about = f"answer:{path[1]}" if path[-1] == "answer" else ""
            yield (file.problem if certain else file.warning)("wrong-language", text, *path, about=about)


def foreign(text: str, code: str) -> tuple[str, bool]:
    """What is wrong with the language of a text, as `check` says it, and whether that is certain; empty where nothing is, and
    where the language is none of those that the bot brings along."""
    known = _shipped_tongues()
    own = known.get(code)
    other = _strange(text[:_READ], own, tuple(known.values())) if own and _enough(text) else ""
    return (_not_in(text, other, own, known), _certain(text, other, own, known)) if own and other else ("", False)


def _not_in(text: str, other: str, own: Tongue, known: Mapping[str, Tongue]) -> str:
    if _tells(text, other, own, known):
        return f"is in {_said(other, known)}, not in {own.name}; translate it"
    return f"is code or names, and not in {own.name}; if it is neither, translate it"


def _certain(text: str, other: str, own: Tongue, known: Mapping[str, Tongue]) -> bool:
    return other not in known or (known[other].script != own.script and _tells(text, other, own, known))


def _tells(text: str, other: str, own: Tongue, known: Mapping[str, Tongue]) -> bool:
    """Whether a text in another script has words of which sentences are made, and is not code or names."""
    if other not in known or known[other].script == own.script:
        return True
    all_ = [part.strip(_AROUND_WORDS).casefold() for part in text[:_READ].split()]
    return sum(one in known[other].frequent for one in all_) >= _TOLD * len([one for one in all_ if one])


def _said(code: str, known: Mapping[str, Tongue]) -> str:
    return f"{known[code].name} ({code})" if code in known else f"letters of another script ({code.lower()})"


def _texts(files: Files, language: LanguageFiles) -> Iterator[tuple[File[Any], tuple[str | int, ...], str, str]]:
    """What readers see, text by text, and ways to ask, list by list: among these, some may well be in another language."""
    heads = {
        file.name for name, file in language.topics.items() if name in files.topics and copied(files.topics[name], file)
    }
    for one in shown(files, language):
        if one.prose and not (one.path[0] == "topic" and one.file.name in heads):  # it is not translated yet
            yield one.file, one.path, one.what, one.text
    for topic, file in language.phrases.items():
        if topic in files.topics:
            for key, phrases in file.content.items():
                yield file, (key,), f"the phrases of {key}", "\n".join(phrases)
    for topic, follow_ups in language.follow_ups.items():
        for entry, item in follow_ups.content.items() if topic in files.topics else ():
            said = (*item.within, *item.towards, *item.beyond)
            yield follow_ups, (entry,), f"the follow-ups of {entry}", "\n".join(said)


def _enough(text: str) -> bool:
    return sum(map(str.isalpha, text)) >= _LETTERS and len(text.split()) >= _WORDS


@lru_cache(8192)
def _strange(text: str, own: Tongue, known: tuple[Tongue, ...]) -> str:
    """The language of a text, where it is another than its own; a script where there is no pack of it."""
    found = scripts(text)
    script, most = max(found.items(), key=lambda item: item[1], default=("", 0))
    if script and script != own.script and most >= _MOSTLY * sum(found.values()):
        same = [one for one in known if one.script == script]
        return max(same, key=lambda one: _fit(text, one)).code if same else script
    others = [one for one in known if one.script == own.script and one.code != own.code]
    best = max(others, key=lambda one: _share(text, one), default=None)
    if best is None or not _rather(text, best, own):
        return ""
    return best.code


def _fit(text: str, tongue: Tongue) -> tuple[int, int, int]:
    """How well a language fits a text of its script, to be compared: letters first, then words."""
    strange = sum(letter.isalpha() and letter not in tongue.letters for letter in text.casefold())
    return -strange, _share(text, tongue), -len(tongue.letters)


def _shown_by_letters(text: str, other: Tongue, own: Tongue) -> bool:
    """Whether a whole file has letters of the other language alone, or lacks those that its own never goes without."""
    letters = [letter for letter in text.casefold() if letter.isalpha()]
    theirs = sum(letter in other.letters and letter not in own.letters for letter in letters)
    if any(letter in own.letters and letter not in other.letters for letter in letters):
        return False
    return theirs >= _MANY or (bool(own.letters - other.letters) and len(letters) >= _WHOLE)


def _share(text: str, tongue: Tongue) -> int:
    return sum(word in tongue.frequent for word in words(text))


def _rather(text: str, other: Tongue, own: Tongue) -> bool:
    """Whether a text in the same script is the other's: by its letters, then by its frequent words."""
    letters = [letter for letter in text.casefold() if letter.isalpha()]
    theirs = sum(letter in other.letters and letter not in own.letters for letter in letters)
    ours = sum(letter in own.letters and letter not in other.letters for letter in letters)
    here, there = _share(text, own), _share(text, other)
    if theirs >= _STRANGE and theirs > _SOME * len(letters):
        return not ours and here <= there + 1
    lacking = bool(own.letters - other.letters) and not ours and len(letters) >= _LONG
    return there > 2 * here and (there >= 3 or (lacking and there >= 1)) and not ours


@cache
def _shipped() -> dict[str, Material]:
    """Letters and words of the packs that the bot brings along."""
    found = {}
    for folder in sorted(path.parent for path in SHIPPED.glob("*/language.yaml")):
        raw, _ = read_yaml((folder / "language.yaml").read_bytes(), "language.yaml")
        said = [
            read_yaml(path.read_bytes(), path.name)[0] for path in (folder / "voice.yaml", folder / "refusals.yaml")
        ]
        found[folder.name] = _material(read_traits(raw, folder.name), said)
    return found


def _scalars(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif value is not None:
        for part in value.values() if isinstance(value, dict) else value:
            yield from _scalars(part)


def _counted(texts: Iterable[str]) -> Counter[str]:
    return Counter(word for text in texts for word in words(text) if not word.isdigit())


def tongues(files: Files) -> dict[str, Tongue]:
    """The shipped languages, and those of the base's own packs."""
    shipped = _shipped()
    own = {
        code: _material(
            language.traits.content, [language.voice.raw, language.refusals.raw if language.refusals else None]
        )
        for code, language in files.languages.items()
        if language.traits and language.voice and code not in shipped
    }
    return _told({**shipped, **own}) if own else _shipped_tongues()


@cache
def _shipped_tongues() -> dict[str, Tongue]:
    return _told(_shipped())


def _material(traits: Traits, said: list[Any]) -> Material:
    return traits, frozenset(traits.alphabet) | frozenset(traits.alike), _counted(_scalars(said))


def _told(found: Mapping[str, Material]) -> dict[str, Tongue]:
    rates = {code: _rates(counts) for code, (_, _, counts) in found.items()}
    return {
        code: Tongue(code, traits.name, traits.script, letters, _own_words(code, rates))
        for code, (traits, letters, _) in found.items()
    }


def _rates(counts: Counter[str]) -> dict[str, float]:
    total = sum(counts.values()) or 1
    return {word: count / total for word, count in counts.most_common()}


def _own_words(code: str, rates: Mapping[str, Mapping[str, float]]) -> frozenset[str]:
    """Those that are frequent, and several times as frequent as in any other language."""
    own = rates[code]
    others = [other for name, other in rates.items() if name != code]
    chosen = [word for word, rate in own.items() if all(rate > 4 * other.get(word, 0.0) for other in others)]
    return frozenset(chosen[:_FREQUENT])
