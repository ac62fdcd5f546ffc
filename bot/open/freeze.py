"""The knowledge base as one JSON document and back: what `export` prints and what the cache keeps."""

from __future__ import annotations

from typing import Any

from pydantic import TypeAdapter

from bot.kb.model import KnowledgeBase

VERSION = 2
Json = dict[str, Any]
_BASE: TypeAdapter[KnowledgeBase] = TypeAdapter(KnowledgeBase)


def to_document(base: KnowledgeBase) -> Json:
    """Plain dicts and lists, ready for `json.dumps`, in reading order."""
    document: Json = _BASE.dump_python(base, mode="json")
    return {"version": VERSION} | document


def from_document(document: Json) -> KnowledgeBase:
    """The base that `to_document` wrote. ValueError for another version and for a damaged document."""
    if document["version"] != VERSION:
        raise ValueError(f"a document of version {document['version']}, not {VERSION}")
    return _BASE.validate_python({key: value for key, value in document.items() if key != "version"})


def exported(base: KnowledgeBase) -> Json:
    """As `to_document`, and with each context item the dates of its source: published, and read by us."""
    document = to_document(base)
    for entry in document["entries"].values():
        for text in entry["texts"].values():
            for item in text["context"]:
                source = base.sources[item["source"]]
                item |= {"published": source.published, "read": source.read}
    return document
