"""From a pack and a base to what tells danger, in each language. No I/O but to read the pack."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from zlib import crc32

from bot import languages
from bot.kb.model import KnowledgeBase
from bot.languages import DangerPack
from bot.languages.packs import Packs
from bot.languages.traits import Traits
from bot.match.learn.asked import labelled
from bot.match.learn.danger import Detector, Examples, learn
from bot.match.words.language import Language

_NUMBER = re.compile(r"\d+")
_FOREIGN = 0.5  # phrases of other languages to one of its own, where there are many: they are easily told from cries
_FEW = 1000  # phrases of other languages up to which all of them are learnt from
_SENTENCE = 128  # bytes of a pack for each of its sentences
_COST = 0.2e-3  # seconds that each of them takes to learn from


@dataclass(frozen=True, slots=True)
class Calm:
    """What people ask the base that is no cry for help: in a language, and a sample of the others, as every message is read
    in all of them."""

    own: tuple[str, ...]
    foreign: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class LearnDanger:
    """Work for one core: the detector of a language, from its pack and from what people ask the base."""

    traits: Traits
    packs: Packs
    calm: Calm

    @property
    def size(self) -> int:
        """About how many sentences there are to learn from."""
        file = languages.danger_file(self.traits.code, self.packs)
        return len(self.calm.own) + len(self.calm.foreign) + (file.stat().st_size // _SENTENCE if file else 0)

    @property
    def cost(self) -> float:
        """Seconds of a quiet core."""
        return self.size * _COST

    def run(self) -> Detector | None:
        pack = languages.danger(self.traits.code, self.packs)
        return learn(*examples_of(self.traits, pack, self.calm)) if pack else None


def examples_of(traits: Traits, pack: DangerPack, calm: Calm) -> tuple[Language, Examples]:
    language = Language(traits, pack.classes)
    cries, others = (tuple(itertools.chain(*lists.values())) for lists in (pack.cries, pack.others))
    return language, Examples(cries, others, (*calm.own, *_as_read(language, calm.foreign)))


def calm_of(base: KnowledgeBase) -> dict[str, Calm]:
    """Language -> what is no cry in it. A phrase is in the sample or not by its letters alone: so the edit of another one, or
    of one that is not in it, changes nothing."""
    asked = {lang: _asked(base, lang) for lang in base.languages}
    return {lang: Calm(own, tuple(_sample(asked, lang))) for lang, own in asked.items()}


def _sample(asked: Mapping[str, tuple[str, ...]], lang: str) -> Iterator[str]:
    foreign = [phrase for one, phrases in asked.items() if one != lang for phrase in phrases]
    step = max(1, round(len(foreign) / max(1, _FOREIGN * len(asked[lang])))) if len(foreign) > _FEW else 1
    return (phrase for phrase in foreign if crc32(phrase.encode()) % step == 0)


def _asked(base: KnowledgeBase, lang: str) -> tuple[str, ...]:
    """What people ask the base. A group whose answer gives the numbers to call holds cries for help itself, and tells
    nothing of what is none."""
    numbers = set(_NUMBER.findall(base.voice(lang).danger or ""))
    calls = {key for key, group in base.refusals.items() if numbers.intersection(_NUMBER.findall(group.text(lang).say))}
    return tuple(phrase for label, phrase in labelled(base, lang) if label.owner not in calls)


def _as_read(language: Language, phrases: tuple[str, ...]) -> Iterator[str]:
    """Phrases of another language as the guard reads them in this one: also as if typed on another keyboard."""
    for phrase in phrases:
        yield phrase
        if language.traits.transcriptions and not language.writes(phrase):
            yield from language.on_other_keyboards(phrase)
