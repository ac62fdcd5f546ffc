"""Records a test reads: calls, sent messages, pushed updates, chats. Plain data."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from tests.botapi.wire import Upload

JsonDict = dict[str, Any]


@dataclass(slots=True)
class Chat:
    """A chat the bot knows. `member` is False once the bot was blocked, kicked or left."""

    id: int
    type: str
    title: str
    username: str | None = None
    member: bool = True
    migrated_to: int | None = None
    admins: set[int] = field(default_factory=set)

    def json(self) -> JsonDict:
        """The Chat object of the API."""
        name = "first_name" if self.type == "private" else "title"
        return {"id": self.id, "type": self.type, name: self.title} | (
            {"username": self.username} if self.username else {}
        )


@dataclass(frozen=True, slots=True)
class Call:
    """An accepted request; `time` is of the server's monotonic clock, `result` what was answered."""

    method: str
    params: JsonDict
    time: float
    result: Any = None

    @property
    def chat_id(self) -> int | str | None:
        """The target chat, if the method has one."""
        return self.params.get("chat_id")


@dataclass(frozen=True, slots=True)
class Sent:
    """A message as its reader got it, or one edit of it. `seq` orders it among pushes and sends."""

    seq: int
    time: float
    method: str
    chat_id: int
    message_id: int
    text: str
    entities: list[JsonDict]
    reply_markup: JsonDict | None
    reply_to: int | None
    thread_id: int | None
    message: JsonDict
    file: Upload | str | None = None

    @property
    def buttons(self) -> list[JsonDict]:
        """All inline buttons, row by row."""
        rows = (self.reply_markup or {}).get("inline_keyboard", [])
        return [button for row in rows for button in row]

    def entity_texts(self, kind: str) -> list[str]:
        """The parts of the text that have an entity of this type, such as "bold"."""
        units = self.text.encode("utf-16-le")
        return [
            units[2 * e["offset"] : 2 * (e["offset"] + e["length"])].decode("utf-16-le")
            for e in self.entities
            if e["type"] == kind
        ]

    @property
    def links(self) -> list[str]:
        """The addresses behind the links of the text."""
        return [entity["url"] for entity in self.entities if entity["type"] == "text_link"]


@dataclass(frozen=True, slots=True)
class Pushed:
    """An update handed to the bot, the chat where its reply belongs, and the query it waits with."""

    update_id: int
    update: JsonDict
    seq: int
    time: float
    chat_id: int | None = None
    query_id: str | None = None


@dataclass(slots=True)
class Query:
    """A callback, inline or guest query that can be answered once until `expires`."""

    id: str
    kind: str
    expires: float
    answer: Call | None = None


@dataclass(frozen=True, slots=True)
class Delivery:
    """One attempt to hand an update over: the HTTP status of a webhook, 200 for polling, 0 for no connection."""

    update_id: int
    status: int
    time: float


@dataclass(slots=True)
class Counters:
    """Numbers that need no list."""

    requests: dict[str, int] = field(default_factory=dict)
    conflicts: int = 0

    def count(self, method: str) -> None:
        """One more request of this method, accepted or not."""
        self.requests[method] = self.requests.get(method, 0) + 1
