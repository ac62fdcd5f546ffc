"""Addresses that lead into the chat with the bot, and what they mean when somebody comes by one."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import quote

from bot.kb.model import KnowledgeBase

# Starts that mean no more than "hello": from a group's menu, and from the line above inline results.
PLAIN = frozenset({"inline", "group", "start"})


@dataclass(frozen=True, slots=True)
class ToEntry:
    entry: str


@dataclass(frozen=True, slots=True)
class ToTopic:
    topic: str


def address(username: str, payload: str = "") -> str:
    """A link that opens the chat with the bot; an entry's or a topic's id as payload leads there."""
    return f"https://t.me/{username}?start={payload}" if payload else f"https://t.me/{username}"


def share_address(username: str, entry: str, text: str) -> str:
    """A link that lets people choose whom to send the entry to."""
    return f"https://t.me/share/url?url={quote(address(username, entry), safe='')}&text={quote(text, safe='')}"


def read(payload: str, base: KnowledgeBase) -> ToEntry | ToTopic | None:
    """Where a payload leads; None if nowhere (any more)."""
    if payload in base.entries:
        return ToEntry(payload)
    return ToTopic(payload) if payload in base.topics else None
