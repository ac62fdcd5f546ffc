"""A JSON copy of the knowledge base, so that the next start need not parse YAML. Losing it costs time, nothing else."""

from __future__ import annotations

import contextlib
import json
import os
import tempfile
from pathlib import Path

from bot.kb.listing import digest_of
from bot.kb.load import load
from bot.kb.model import KnowledgeBase
from bot.open.freeze import VERSION, from_document, to_document


def load_cached(folder: Path, cache_dir: Path) -> KnowledgeBase:
    """As `load`, from the cache where it holds this very content. A damaged or unwritable cache is passed over."""
    digest = digest_of(folder)
    path = cache_dir / f"knowledge-{VERSION}.json"
    base = _from_cache(path, digest) if digest else None
    if base is None:
        base = load(folder)
        with contextlib.suppress(OSError):
            _write(path, json.dumps(to_document(base), ensure_ascii=False, separators=(",", ":")))
    return base


def _from_cache(path: Path, digest: str) -> KnowledgeBase | None:
    try:
        document = json.loads(path.read_bytes())
        return from_document(document) if document["digest"] == digest else None
    except (OSError, ValueError, LookupError, TypeError, AttributeError, RecursionError):
        return None


def _write(path: Path, text: str) -> None:
    """All of it or nothing: readers see the old file until the new one is complete."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=path.name, suffix=".tmp")
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as stream:
            stream.write(text)
        os.replace(name, path)
    except BaseException:
        os.unlink(name)
        raise
