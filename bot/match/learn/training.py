"""The knowledge base as training data: which phrase leads where, in each language. Pure."""

from __future__ import annotations

from collections.abc import Mapping

from bot import languages
from bot.kb.model import FollowUps, KnowledgeBase
from bot.languages.packs import Packs
from bot.match.learn.asked import answers, labelled
from bot.match.learn.asked_after import AskedAfter
from bot.match.learn.features import Rows
from bot.match.learn.following import Follower
from bot.match.learn.index import Index
from bot.match.learn.lesson import Lesson
from bot.match.learn.phrases import Phrases, with_few
from bot.match.learn.ways import Ways
from bot.match.words.language import Language


def lesson_of(base: KnowledgeBase, lang: str, packs: Packs = languages.SHIPPED, *, encoded: bool = False) -> Lesson:
    """Questions of entries count as phrases too. `encoded`: a sentence encoder is wanted, for languages that it knows."""
    traits, asked = base.traits[lang], tuple(labelled(base, lang))
    few = with_few(Language(traits), asked)
    return Lesson(
        traits=traits,
        synonyms=base.synonyms.get(lang) or {},
        names={**base.names.get(lang, {}), "elsewhere": languages.pack(lang, packs).elsewhere},
        asked=asked,
        told=tuple(pair for pair in answers(base, lang) if pair[0] in few),
        ways=ways_of(lang, packs),
        encoded=encoded and base.traits[lang].encoder is not None,
    )


def phrases_of(base: KnowledgeBase, packs: Packs = languages.SHIPPED) -> dict[str, Phrases]:
    """Language -> phrases."""
    return {lang: lesson_of(base, lang, packs).phrases() for lang in base.languages}


def ways_of(lang: str, packs: Packs = languages.SHIPPED) -> Ways:
    pack = languages.pack(lang, packs)
    return Ways(pack.wants, pack.questions, pack.first)


def near_of(base: KnowledgeBase) -> dict[str, tuple[str, ...]]:
    """The neighbours of each entry: those it names as related, then the rest of its topic."""
    return {
        entry.id: tuple(dict.fromkeys(o for o in (*entry.related, *base.topics[entry.topic].entries) if o != entry.id))
        for entry in base.entries.values()
    }


def lists_of(base: KnowledgeBase, lang: str) -> dict[str, FollowUps]:
    """What is asked after the answers, by entry."""
    return {entry.id: entry.texts[lang].follow_ups for entry in base.entries.values() if lang in entry.texts}


def followers_of(
    base: KnowledgeBase,
    indexes: Mapping[str, Index],
    *,
    lists: bool = True,
    vectors: Mapping[str, Rows] | None = None,
) -> dict[str, Follower]:
    """What ranks the questions after an answer, by language. Without `lists`, as if the base had no follow-ups written down.
    `vectors` are those of the lists, where they are at hand."""
    near, found = near_of(base), {}
    for lang, index in indexes.items():
        texts = {entry.id: entry.text(lang) for entry in base.entries.values()}
        said = {name: f"{one.question} {one.answer}" for name, one in texts.items()}
        after = AskedAfter(index, lists_of(base, lang) if lists else {}, (vectors or {}).get(lang))
        found[lang] = Follower(index, near, said, after)
    return found
