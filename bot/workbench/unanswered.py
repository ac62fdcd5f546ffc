"""Questions in vain, put together: the same question in other words is one group. Pure: questions in, groups or YAML out."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache

from rapidfuzz import fuzz, process

from bot.languages.packs import Packs, traits
from bot.match.words.language import Language
from bot.match.words.text import normalise
from bot.store.base import UnansweredQuestion

ALIKE = 86  # of 100, by rapidfuzz's token_sort_ratio: a word more, a typo or another order, but not another verb
_DIGITS = re.compile(r"\d+")


@dataclass(frozen=True, slots=True)
class Group:
    """`text` is the question as it was asked most often, `wordings` each way to ask it once, the newest first.

    `nearest` is the entry that came closest most often; None where nothing came close."""

    lang: str
    text: str
    count: int
    nearest: str | None
    first: date
    last: date
    wordings: tuple[str, ...]


def group(questions: Iterable[UnansweredQuestion]) -> list[Group]:
    """The groups, newest first; within a language, and never over different numbers."""
    newest_first = sorted(questions, key=lambda question: question.asked, reverse=True)
    found = [_group(members) for members in _clusters(newest_first)]
    return sorted(found, key=lambda one: (one.last, one.count), reverse=True)


def as_yaml(groups: Iterable[Group]) -> str:
    """Phrases to paste under the nearest entry, one document a language; those without one stand in comments."""
    by_language: dict[str, list[Group]] = {}
    for one in groups:
        by_language.setdefault(one.lang, []).append(one)
    return "---\n".join(_document(lang, found) for lang, found in sorted(by_language.items()))


def snippet(one: Group, most: int | None = None) -> str:
    """One group as a line of a phrases file, at most so many wordings: `presidential-term: ["how long can he rule"]`."""
    if one.nearest is None:
        return f"# {_quoted(one.text)}"
    return f"{one.nearest}: [{', '.join(map(_quoted, one.wordings[:most]))}]"


def _clusters(questions: Sequence[UnansweredQuestion]) -> list[list[UnansweredQuestion]]:
    """Each question joins the group of the first question that it is like. Linear where they repeat word for word."""
    exact: dict[tuple[str, str], dict[str, list[UnansweredQuestion]]] = {}
    for question in questions:
        key = _plain(question.text, question.lang) or question.text
        numbers = " ".join(_DIGITS.findall(key))
        exact.setdefault((question.lang, numbers), {}).setdefault(key, []).append(question)
    return [cluster for keys in exact.values() for cluster in _alike(keys)]


def _plain(text: str, lang: str, *, folded: bool = True) -> str:
    """The words, `folded` to the letters that every keyboard has; where the language is one that is shipped."""
    language = _language(lang)
    if language is None:
        return normalise(text)
    return " ".join(language.words(text) if folded else language.spelled_words(text))


@cache
def _language(code: str) -> Language | None:
    return Language(traits(code)) if Packs().folder(code) else None


def _alike(keys: dict[str, list[UnansweredQuestion]]) -> list[list[UnansweredQuestion]]:
    clusters: dict[str, list[UnansweredQuestion]] = {}
    for key, questions in sorted(keys.items(), key=lambda item: -len(item[1])):
        best = process.extractOne(key, clusters.keys(), scorer=fuzz.token_sort_ratio, score_cutoff=ALIKE)
        clusters.setdefault(best[0] if best else key, []).extend(questions)
    return list(clusters.values())


def _group(members: list[UnansweredQuestion]) -> Group:
    members = sorted(members, key=lambda question: question.asked, reverse=True)
    nearest = Counter(question.nearest for question in members if question.nearest)
    texts = Counter(question.text for question in members)
    once = {
        _plain(text, members[0].lang, folded=False) or text: text for text in reversed(texts)
    }  # of two spellings, the newer
    return Group(
        lang=members[0].lang,
        text=texts.most_common(1)[0][0],
        count=len(members),
        nearest=nearest.most_common(1)[0][0] if nearest else None,
        first=members[-1].asked.date(),
        last=members[0].asked.date(),
        wordings=tuple(reversed(once.values())),
    )


def _document(lang: str, groups: Sequence[Group]) -> str:
    lines = [f"# {lang}/phrases: check each one, then move it to the file of its topic"]
    by_entry: dict[str, list[Group]] = {}
    for one in groups:
        by_entry.setdefault(one.nearest or "", []).append(one)
    for entry, found in sorted(by_entry.items()):
        lines += _entry(entry, found) if entry else []
    if "" in by_entry:
        lines.append("# nothing near:")
        lines += [f"# - {_quoted(text)}  # {one.count} ×" for one in by_entry[""] for text in one.wordings[:1]]
    return "\n".join(lines) + "\n"


def _entry(entry: str, groups: Sequence[Group]) -> list[str]:
    lines = [f"{entry}:"]
    for one in groups:
        lines += [f"  # {one.count} ×, last {one.last.isoformat()}"]
        lines += [f"  - {_quoted(text)}" for text in one.wordings]
    return lines


def _quoted(text: str) -> str:
    """JSON's quotes are YAML's too."""
    return json.dumps(text, ensure_ascii=False)
