"""The knowledge base as one JSON document and back: what `export` prints and what the cache keeps."""

from __future__ import annotations

from typing import Any

from bot.kb.model import (
    Context,
    Entry,
    EntryText,
    Gap,
    KnowledgeBase,
    Refusal,
    RefusalText,
    SmallTalk,
    Source,
    Topic,
    TopicText,
    Voice,
)

VERSION = 1
Json = dict[str, Any]


def to_document(base: KnowledgeBase) -> Json:
    """Plain dicts and lists, ready for `json.dumps`, in reading order."""
    return {
        "version": VERSION,
        "digest": base.digest,
        "sources": {key: _source_out(source) for key, source in base.sources.items()},
        "topics": {key: _topic_out(topic) for key, topic in base.topics.items()},
        "entries": {key: _entry_out(entry) for key, entry in base.entries.items()},
        "refusals": {key: _refusal_out(refusal) for key, refusal in base.refusals.items()},
        "voices": {lang: _voice_out(voice) for lang, voice in base.voices.items()},
        "synonyms": {lang: _lists_out(lists) for lang, lists in base.synonyms.items()},
        "names": {lang: _lists_out(lists) for lang, lists in base.names.items()},
    }


def from_document(document: Json) -> KnowledgeBase:
    """The base that `to_document` wrote. ValueError for another version; KeyError or TypeError for a damaged document."""
    if document["version"] != VERSION:
        raise ValueError(f"a document of version {document['version']}, not {VERSION}")
    return KnowledgeBase(
        sources={key: Source(id=key, **item) for key, item in document["sources"].items()},
        topics={key: _topic_in(key, item) for key, item in document["topics"].items()},
        entries={key: _entry_in(key, item) for key, item in document["entries"].items()},
        refusals={key: _refusal_in(key, item) for key, item in document["refusals"].items()},
        voices={lang: _voice_in(lang, item) for lang, item in document["voices"].items()},
        synonyms={lang: _lists_in(lists) for lang, lists in document["synonyms"].items()},
        names={lang: _lists_in(lists) for lang, lists in document["names"].items()},
        digest=document["digest"],
    )


def _lists_out(lists: Any) -> Json:
    return {key: list(words) for key, words in lists.items()}


def _lists_in(lists: Json) -> dict[str, tuple[str, ...]]:
    return {key: tuple(words) for key, words in lists.items()}


def _source_out(source: Source) -> Json:
    return {
        "kind": source.kind,
        "title": source.title,
        "publisher": source.publisher,
        "editor": source.editor,
        "published": source.published,
        "language": source.language,
        "url": source.url,
        "publishers": dict(source.publishers),
    }


def _topic_out(topic: Topic) -> Json:
    texts = {lang: {"title": text.title, "command": text.command} for lang, text in topic.texts.items()}
    return {"emoji": topic.emoji, "entries": list(topic.entries), "texts": texts}


def _topic_in(key: str, item: Json) -> Topic:
    texts = {lang: TopicText(**text) for lang, text in item["texts"].items()}
    return Topic(id=key, emoji=item["emoji"], entries=tuple(item["entries"]), texts=texts)


def _entry_out(entry: Entry) -> Json:
    return {
        "topic": entry.topic,
        "source": entry.source,
        "section": entry.section,
        "related": list(entry.related),
        "texts": {lang: _text_out(text) for lang, text in entry.texts.items()},
    }


def _entry_in(key: str, item: Json) -> Entry:
    return Entry(
        id=key,
        topic=item["topic"],
        source=item["source"],
        section=item["section"],
        related=tuple(item["related"]),
        texts={lang: _text_in(text) for lang, text in item["texts"].items()},
    )


def _text_out(text: EntryText) -> Json:
    return {
        "question": text.question,
        "answer": text.answer,
        "figures": list(text.figures),
        "phrases": list(text.phrases),
        "gaps": {key: {"ask": list(gap.ask), "say": gap.say} for key, gap in text.gaps.items()},
        "context": [{"text": one.text, "source": one.source} for one in text.context],
    }


def _text_in(item: Json) -> EntryText:
    return EntryText(
        question=item["question"],
        answer=item["answer"],
        figures=tuple(item["figures"]),
        phrases=tuple(item["phrases"]),
        gaps={key: Gap(id=key, ask=tuple(gap["ask"]), say=gap["say"]) for key, gap in item["gaps"].items()},
        context=tuple(Context(**one) for one in item["context"]),
    )


def _refusal_out(refusal: Refusal) -> Json:
    texts = {lang: {"say": text.say, "phrases": list(text.phrases)} for lang, text in refusal.texts.items()}
    return {"near": refusal.near, "texts": texts}


def _refusal_in(key: str, item: Json) -> Refusal:
    texts = {lang: RefusalText(text["say"], tuple(text["phrases"])) for lang, text in item["texts"].items()}
    return Refusal(id=key, near=item["near"], texts=texts)


def _voice_out(voice: Voice) -> Json:
    return {
        "sentences": dict(voice.sentences),
        "plurals": {key: dict(forms) for key, forms in voice.plurals.items()},
        "sections": dict(voice.sections),
        "commands": dict(voice.commands),
        "profile": dict(voice.profile),
        "languages": dict(voice.languages),
        "small_talk": {
            kind: {"say": talk.say, "phrases": list(talk.phrases)} for kind, talk in voice.small_talk.items()
        },
    }


def _voice_in(lang: str, item: Json) -> Voice:
    talk = {kind: SmallTalk(one["say"], tuple(one["phrases"])) for kind, one in item["small_talk"].items()}
    return Voice(lang=lang, **{**item, "small_talk": talk})
