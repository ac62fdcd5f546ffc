"""What Telegram remembers of chats, messages, queries and the bot's profile. No HTTP."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import Callable
from typing import Any

from tests.botapi.clock import Clock
from tests.botapi.errors import ApiError, bad_request
from tests.botapi.model import Call, Chat, JsonDict, Pushed, Query, Sent
from tests.botapi.wire import Upload

LIFETIMES = {"callback": 150.0, "inline": 30.0, "guest": 150.0}
BOT_ID = 4242


class State:
    """The memory of one server."""

    def __init__(self, *, username: str, reads_groups: bool, inline: bool) -> None:
        self.bot: JsonDict = {"id": BOT_ID, "is_bot": True, "first_name": "Test bot", "username": username}
        self.abilities: JsonDict = {
            "can_join_groups": True,
            "can_read_all_group_messages": reads_groups,
            "supports_inline_queries": inline,
            "supports_guest_queries": False,
            "can_connect_to_business": False,
            "has_main_web_app": False,
        }
        self.time = Clock()
        self.clock: Callable[[], float] = self.time.monotonic
        self.chats: dict[int, Chat] = {}
        self.messages: dict[tuple[int, int], JsonDict] = {}
        self.inline_messages: dict[str, JsonDict] = {}
        self.queries: dict[str, Query] = {}
        self.files: dict[str, Upload] = {}
        self.sent: list[Sent] = []
        self.edits: list[Sent] = []
        self.pushed: dict[int, Pushed] = {}
        self.commands: dict[tuple[str, str], list[JsonDict]] = {}
        self.profile: dict[tuple[str, str], str] = {}
        self.menu_buttons: dict[int | None, JsonDict] = {}
        self.actions: list[tuple[int, str]] = []
        self._numbers = itertools.count(1)
        self._message_ids = itertools.count(1001)
        self._changed = asyncio.Event()

    def now(self) -> int:
        """The date that a message gets now."""
        return int(self.time.wall())

    def next_seq(self) -> int:
        """The next place in the order of everything that happened."""
        return next(self._numbers)

    def next_message_id(self) -> int:
        """An unused message id; they rise, over all chats."""
        return next(self._message_ids)

    def changed(self) -> None:
        """Wake whoever waits for something to happen."""
        self._changed.set()

    async def next_change(self, timeout: float) -> None:
        """Wait for the next change, at most `timeout` seconds."""
        self._changed.clear()
        try:
            await asyncio.wait_for(self._changed.wait(), timeout)
        except TimeoutError:
            return

    def remember(self, message: Any) -> None:
        """Note a message that came in and its chat, as far as it is well-formed."""
        if not isinstance(message, dict) or not isinstance(message.get("chat"), dict):
            return
        chat, message_id = message["chat"], message.get("message_id")
        if isinstance(chat.get("id"), int) and isinstance(chat.get("type"), str):
            self.add_chat(chat["id"], chat["type"], str(chat.get("title") or chat.get("first_name") or "Chat"))
            if isinstance(message_id, int):
                self.messages.setdefault((chat["id"], message_id), message)

    def add_chat(self, chat_id: int, kind: str = "private", title: str = "Chat") -> Chat:
        """The chat of this id, made if it is new."""
        return self.chats.setdefault(chat_id, Chat(chat_id, kind, title))

    def target(self, chat_id: Any) -> Chat:
        """The chat a method may act on; raises the ApiError that Telegram gives otherwise."""
        chat = self._named(chat_id) if isinstance(chat_id, str) else self.chats.get(chat_id)
        if chat is None:
            raise bad_request("chat not found")
        if chat.migrated_to is not None:
            message = "group chat was upgraded to a supergroup chat"
            raise bad_request(message, migrate_to_chat_id=chat.migrated_to)
        if not chat.member:
            reason = "bot was blocked by the user" if chat.type == "private" else "bot was kicked from the group chat"
            raise ApiError(403, f"Forbidden: {reason}")
        return chat

    def _named(self, name: str) -> Chat | None:
        return next((chat for chat in self.chats.values() if chat.username and f"@{chat.username}" == name), None)

    def message(self, chat_id: int, message_id: int, missing: str = "message not found") -> JsonDict:
        """A message by its ids; raises ApiError with the text `missing`."""
        found = self.messages.get((chat_id, message_id))
        if found is None:
            raise bad_request(missing)
        return found

    def open_query(self, kind: str) -> str:
        """A new callback, inline or guest query; gives its id."""
        query_id = f"{kind}-{self.next_seq()}"
        self.queries[query_id] = Query(query_id, kind, self.clock() + LIFETIMES[kind])
        return query_id

    def answer_query(self, kind: str, query_id: str, call: Call) -> None:
        """Answer a query once; raises ApiError for an unknown, late or second answer."""
        query = self.queries.get(query_id)
        if query is None or query.kind != kind or query.answer or self.clock() > query.expires:
            raise bad_request("query is too old and response timeout expired or query ID is invalid")
        query.answer = call

    def store_file(self, upload: Upload) -> str:
        """Keep an uploaded file; gives its file_id."""
        file_id = f"file-{self.next_seq()}"
        self.files[file_id] = upload
        return file_id
