"""The knowledge base as training data: which phrase leads where, in each language. Pure."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Mapping

from bot import languages
from bot.kb.model import KnowledgeBase
from bot.languages import DangerPack
from bot.languages.packs import Packs
from bot.match.learn.danger import Examples
from bot.match.learn.following import Follower
from bot.match.learn.index import Index
from bot.match.learn.labels import Kind, Label
from bot.match.learn.phrases import Phrases
from bot.match.learn.ways import Ways
from bot.match.words.language import Language

_NUMBER = re.compile(r"\d+")


def phrases_of(base: KnowledgeBase, packs: Packs = languages.SHIPPED) -> dict[str, Phrases]:
    """Language -> phrases: questions of entries count as phrases too."""
    return {
        lang: Phrases.of(language_of(base, lang, packs), labelled(base, lang), ways_of(lang, packs))
        for lang in base.languages
    }


def language_of(base: KnowledgeBase, lang: str, packs: Packs = languages.SHIPPED) -> Language:
    elsewhere = {"elsewhere": languages.pack(lang, packs).elsewhere}
    return Language(base.traits[lang], base.synonyms.get(lang), {**base.names.get(lang, {}), **elsewhere})


def ways_of(lang: str, packs: Packs = languages.SHIPPED) -> Ways:
    pack = languages.pack(lang, packs)
    return Ways(pack.wants, pack.questions, pack.first)


def danger_of(base: KnowledgeBase, lang: str, pack: DangerPack) -> tuple[Language, Examples]:
    """What tells danger in a language, from its pack and from what people ask the base, in this language and in the others:
    every message is read in all of them."""
    asked = _calm(base, lang)
    language = Language(base.traits[lang], pack.classes)
    foreign = list(itertools.chain(*(_as_read(language, _calm(base, one)) for one in base.languages if one != lang)))
    step = max(1, len(foreign) // max(1, len(asked)))  # as many as of its own
    cries, others = (tuple(itertools.chain(*lists.values())) for lists in (pack.cries, pack.others))
    return language, Examples(cries, others, (*asked, *foreign[::step]))


def _calm(base: KnowledgeBase, lang: str) -> list[str]:
    """What people ask the base. A group whose answer gives the numbers to call holds cries for help itself, and tells
    nothing of what is none."""
    numbers = set(_NUMBER.findall(base.voice(lang).danger or ""))
    calls = {key for key, group in base.refusals.items() if numbers.intersection(_NUMBER.findall(group.text(lang).say))}
    return [phrase for label, phrase in labelled(base, lang) if label.owner not in calls]


def _as_read(language: Language, phrases: list[str]) -> Iterator[str]:
    """Phrases of another language as the guard reads them in this one: also as if typed on another keyboard."""
    for phrase in phrases:
        yield phrase
        if language.traits.transcriptions and not language.writes(phrase):
            yield from language.on_other_keyboards(phrase)


def followers_of(base: KnowledgeBase, indexes: Mapping[str, Index]) -> dict[str, Follower]:
    """What ranks the questions after an answer, untaught, by language."""
    near = {
        entry.id: tuple(dict.fromkeys(o for o in (*entry.related, *base.topics[entry.topic].entries) if o != entry.id))
        for entry in base.entries.values()
    }
    return {lang: Follower(index, near) for lang, index in indexes.items()}


def labelled(base: KnowledgeBase, lang: str) -> Iterator[tuple[Label, str]]:
    for entry in base.entries.values():
        if lang not in entry.texts:
            continue
        said = entry.texts[lang]
        yield from ((Label(entry.id), phrase) for phrase in (said.question, *said.phrases))
        for gap in said.gaps.values():
            yield from ((Label(entry.id, gap.id), phrase) for phrase in gap.ask)
    for refusal in base.refusals.values():
        if lang in refusal.texts:
            yield from ((Label(refusal.id, kind=Kind.REFUSAL), phrase) for phrase in refusal.texts[lang].phrases)
    for kind, talk in base.voice(lang).small_talk.items():
        yield from ((Label(kind, kind=Kind.SMALL_TALK), phrase) for phrase in talk.phrases)
