"""What the learner of a language is told. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from bot.languages.traits import Traits
from bot.match.learn.labels import Label
from bot.match.learn.phrases import Phrases
from bot.match.learn.ways import Ways
from bot.match.words.language import Groups, Language

Texts = tuple[tuple[Label, str], ...]


@dataclass(frozen=True, slots=True)
class Lesson:
    """All that the learner of a language reads of a base and of its pack, and nothing else: what has the same lesson has the
    same index. `told` are the answers of what has few phrases; those of all else are not read.
    `encoded`: a sentence encoder reads the phrases as well."""

    traits: Traits
    synonyms: Groups
    names: Groups
    asked: Texts
    told: Texts
    ways: Ways
    encoded: bool = False

    @property
    def language(self) -> Language:
        return Language(self.traits, self.synonyms, self.names)

    def phrases(self) -> Phrases:
        return Phrases.of(self.language, self.asked, self.ways, self.told, encoded=self.encoded)
