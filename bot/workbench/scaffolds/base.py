"""A new base in one language: a topic, two entries, their phrases, a source. Built to the side, checked, then put in place."""

from __future__ import annotations

import datetime
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from bot import commands
from bot.atomic import new_folder
from bot.errors import UsageError
from bot.kb.ids import is_topic
from bot.kb.lint.text import is_date
from bot.kb.load import check
from bot.languages.start import Start, start, starts
from bot.workbench.scaffolds.filling import as_items, filled, quoted

_PLACE = re.compile(r"\{([a-z]+)\}")
_URL = re.compile(r"https?://[^\s/]+\.[^\s]+")
SOURCE = "source"  # the key of the one source


@dataclass(frozen=True, slots=True)
class About:
    """What the maintainer says of the new FAQ; empty texts are not known."""

    language: str
    title: str = ""
    publisher: str = ""
    url: str = ""
    contact: str = ""
    published: str = ""
    topic: str = ""


def languages() -> list[str]:
    """Those in which a base can be begun."""
    return [code for code, _ in starts()]


def beginning(language: str) -> Start:
    """UsageError for a language in which no base can be begun."""
    found = start(language)
    if found is None:
        raise UsageError(
            f"--language {language}: a base can be begun in {', '.join(languages())}. For another language write a pack "
            "first (`reformbot new language`)."
        )
    return found


def complete(about: About) -> About:
    """With the language's own words where nothing was said. UsageError for what no base can hold."""
    words = beginning(about.language)
    told = About(
        about.language,
        about.title or words.title,
        about.publisher or words.publisher,
        about.url,
        about.contact,
        about.published,
        about.topic or words.topic.id,
    )
    for key in ("url", "published", "topic"):
        if problem := fault(key, getattr(told, key)):
            raise UsageError(f"--{key} {problem}")
    return told


def fault(key: str, text: str) -> str:
    """What is wrong with a text that the maintainer gave, in words; empty where nothing is."""
    if key == "url" and text and not _URL.fullmatch(text):
        return f'"{text}" is no http(s) address; correct it, or leave it out.'
    if key == "published" and text and not is_date(text):
        return f'"{text}" is no date; write 2026-03-01, 2026-03 or 2026.'
    if key == "topic" and (not is_topic(text) or text in commands.ALL):
        return f'"{text}": a topic is a slash command of its own: a to z, 0 to 9 and _, 32 at most.'
    return ""


def refuse_if_taken(folder: Path) -> None:
    """UsageError where the folder holds anything already."""
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise UsageError(f"{folder} is there already and not empty; give another folder. Nothing was written.")


def make_base(folder: Path, about: About, today: datetime.date) -> list[str]:
    """Writes the base, and gives the names of its files. UsageError where the folder holds anything already, and where the
    texts make no base without a problem: nothing is written then."""
    refuse_if_taken(folder)
    files = dict(_files(complete(about), today.isoformat()))
    try:
        with new_folder(folder, replace=False) as draft:
            for name, text in files.items():
                (draft / name).parent.mkdir(parents=True, exist_ok=True)
                (draft / name).write_text(text, encoding="utf-8")
            if problems := [one for one in check(draft) if not one.warning]:
                raise UsageError("\n".join(["Nothing was written; these texts make no base:", *map(str, problems)]))
            draft.chmod(0o755)
    except FileExistsError:
        raise UsageError(f"{folder} is there already; give another folder. Nothing was written.") from None
    except OSError as error:
        raise UsageError(f"{folder}: {error.strerror}; nothing was written.") from None
    return list(files)


def _files(about: About, today: str) -> Iterator[tuple[str, str]]:
    words, lang = beginning(about.language), about.language
    known = {"title": about.title, "publisher": about.publisher, "url": about.url, "contact": about.contact}
    yield "README.md", filled("readme.md", title=" ".join(about.title.split()), language=lang, topic=about.topic)
    yield "sources.yaml", _source(about, today)
    yield f"{lang}/{about.topic}.yaml", _topic(about, words, known, today)
    lists = [f"{entry}:\n{as_items(item.phrases)}" for entry, item in words.entries.items()]
    yield f"{lang}/phrases/{about.topic}.yaml", filled("phrases.yaml") + "".join(lists)
    yield f"{lang}/voice.yaml", _voice(words, known)
    yield f"{lang}/cases/{about.topic}.jsonl", "".join(_cases(words, lang))


def _source(about: About, today: str) -> str:
    return filled(
        "sources.yaml",
        source=SOURCE,
        title=quoted(about.title),
        publisher=quoted(about.publisher),
        published=about.published or "null",
        language=about.language,
        url=quoted(about.url) if about.url else "null",
        read=today,
    )


def _topic(about: About, words: Start, known: dict[str, str], today: str) -> str:
    head = filled(
        "topic.yaml", topic=about.topic, topic_title=quoted(words.topic.title), command=quoted(words.topic.command)
    )
    entries = [
        filled(
            "start_entry.yaml",
            entry=entry,
            source=SOURCE,
            section=quoted(words.topic.title),
            question=quoted(item.question),
            answer=quoted(_told(item.answers, known) or "", 6),
            read=today,
        )
        for entry, item in words.entries.items()
    ]
    return head + "".join(entries)


def _voice(words: Start, known: dict[str, str]) -> str:
    said = {kind: text for kind, texts in words.small_talk.items() if (text := _told(texts, known))}
    lines = [f"  {kind}:\n    say: {quoted(text, 6)}\n" for kind, text in said.items()]
    return filled("voice.yaml") + ("small_talk:\n" + "".join(lines) if lines else "sentences: {}\n")


def _told(texts: tuple[str, ...], known: dict[str, str]) -> str | None:
    """The first text all of whose places are known."""
    for text in texts:
        if all(known.get(place) for place in _PLACE.findall(text)):
            return _PLACE.sub(lambda found: known[found[1]], text)
    return None


def _cases(words: Start, lang: str) -> Iterator[str]:
    pairs = [(entry, text) for entry, texts in words.cases.items() for text in texts]
    for place, (entry, text) in enumerate(pairs, 1):
        own = entry in words.entries
        case = {"id": f"start-{place:02}", "lang": lang, "q": text, "expect": [entry] if own else []}
        yield json.dumps(case | {"kind": "paraphrase" if own else "oos-far"}, ensure_ascii=False) + "\n"
