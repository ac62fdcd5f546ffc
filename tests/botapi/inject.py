"""Updates as users cause them: messages, buttons, inline queries, blocking. The server inherits these helpers."""

from __future__ import annotations

import itertools
from typing import Any

from tests.botapi.inbox import Inbox
from tests.botapi.model import JsonDict, Pushed, Sent
from tests.botapi.queues import place_of
from tests.botapi.state import State

_MESSAGES = (
    "message", "edited_message", "channel_post", "edited_channel_post", "business_message", "edited_business_message",
    "guest_message",
)  # fmt: skip


def user(user_id: int, language_code: str | None = "en", **extra: Any) -> JsonDict:
    """A User object."""
    language = {"language_code": language_code} if language_code else {}
    return {"id": user_id, "is_bot": False, "first_name": f"User {user_id}"} | language | extra


def private_chat(user_id: int) -> JsonDict:
    """The Chat object of a private chat, which has the id of its user."""
    return {"id": user_id, "type": "private", "first_name": f"User {user_id}"}


def group_chat(chat_id: int, title: str = "Group") -> JsonDict:
    """A Chat object: a supergroup for ids that begin with -100, else a plain group."""
    return {"id": chat_id, "type": "supergroup" if str(chat_id).startswith("-100") else "group", "title": title}


def text_entities(text: str, username: str) -> list[JsonDict]:
    """What Telegram marks in a user's text: the command at its start and mentions of the bot."""
    found: list[JsonDict] = []
    first = text.split(maxsplit=1)[0] if text.strip() else ""
    if text.startswith("/") and len(first) > 1:
        found.append({"type": "bot_command", "offset": 0, "length": _units(first)})
    at = text.find(f"@{username}")
    while at >= 0:
        if not found or at >= len(first):
            found.append({"type": "mention", "offset": _units(text[:at]), "length": len(username) + 1})
        at = text.find(f"@{username}", at + 1)
    return found


def _units(text: str) -> int:
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


class Inject:
    """Helpers to hand updates to the bot. Each gives the update_id, by which `replies_to` finds the replies."""

    state: State
    inbox: Inbox
    _update_ids: itertools.count[int]

    def push(self, update: JsonDict, *, query_id: str | None = None) -> int:
        """Hand over any object as an update; an update_id is given to it if it has none."""
        update_id = update["update_id"] if isinstance(update.get("update_id"), int) else next(self._update_ids)
        update = {"update_id": update_id} | update
        for kind in _MESSAGES:
            self.state.remember(update.get(kind))
        place = place_of({key: value for key, value in update.items() if key != "update_id"})
        chat_id = place if isinstance(place, int) else None
        pushed = Pushed(update_id, update, self.state.next_seq(), self.state.clock(), chat_id, query_id)
        self.state.pushed[update_id] = pushed
        self.inbox.add(update_id, update)
        return update_id

    def message(self, chat: JsonDict, sender: JsonDict, text: str | None, **extra: Any) -> JsonDict:
        """A Message object with a fresh id; `extra` replaces or adds fields."""
        message: JsonDict = {
            "message_id": self.state.next_message_id(),
            "date": self.state.now(),
            "chat": chat,
            "from": sender,
        }
        if text is not None:
            entities = text_entities(text, self.state.bot["username"])
            message |= {"text": text} | ({"entities": entities} if entities else {})
        return message | extra

    def private_message(self, user_id: int, text: str, language_code: str | None = "en", **extra: Any) -> int:
        """A user writes to the bot."""
        sender = user(user_id, language_code)
        return self.push({"message": self.message(private_chat(user_id), sender, text, **extra)})

    def group_message(
        self,
        chat_id: int,
        user_id: int,
        text: str,
        *,
        reply_to: Sent | JsonDict | None = None,
        thread_id: int | None = None,
        language_code: str | None = "en",
        **extra: Any,
    ) -> int:
        """A user writes in a group. Delivered in any case: privacy mode is up to the test."""
        if reply_to is not None:
            extra["reply_to_message"] = reply_to.message if isinstance(reply_to, Sent) else reply_to
        if thread_id is not None:
            extra |= {"message_thread_id": thread_id, "is_topic_message": True}
        sender = user(user_id, language_code)
        return self.push({"message": self.message(group_chat(chat_id), sender, text, **extra)})

    def edited_message(self, update_id: int, text: str) -> int:
        """The user edits the message of an earlier update."""
        old = self.state.pushed[update_id].update["message"]
        entities = text_entities(text, self.state.bot["username"])
        new = {k: v for k, v in old.items() if k != "entities"} | {"text": text, "edit_date": self.state.now()}
        return self.push({"edited_message": new | ({"entities": entities} if entities else {})})

    def callback(
        self, user_id: int, message: Sent | JsonDict | str, data: str, language_code: str | None = "en", **extra: Any
    ) -> int:
        """A user presses a button of a message (a str is an inline_message_id); the data need not be on any button."""
        query: JsonDict = {
            "id": self.state.open_query("callback"),
            "from": user(user_id, language_code),
            "chat_instance": f"instance-{user_id}",
            "data": data,
        }
        if isinstance(message, str):
            query["inline_message_id"] = message
        else:
            query["message"] = self._as_it_is_now(message.message if isinstance(message, Sent) else message)
        return self.push({"callback_query": query | extra}, query_id=query["id"])

    def _as_it_is_now(self, message: JsonDict) -> JsonDict:
        place = (message["chat"]["id"], message["message_id"])
        gone = {"chat": message["chat"], "message_id": message["message_id"], "date": 0}
        return self.state.messages.get(place, gone)

    def inline_query(
        self, user_id: int, query: str, language_code: str | None = "en", offset: str = "", **extra: Any
    ) -> int:
        """A user types `@bot query` in some chat."""
        body: JsonDict = {
            "id": self.state.open_query("inline"),
            "from": user(user_id, language_code),
            "query": query,
            "offset": offset,
        }
        return self.push({"inline_query": body | extra}, query_id=body["id"])

    def chosen_inline_result(self, user_id: int, result_id: str, query: str = "", **extra: Any) -> int:
        """A user sends one of the results; with `inline_message_id` in `extra` the bot may edit it."""
        if "inline_message_id" in extra:
            self.state.inline_messages.setdefault(extra["inline_message_id"], {})
        body = {"result_id": result_id, "from": user(user_id), "query": query}
        return self.push({"chosen_inline_result": body | extra})

    def guest_message(self, chat_id: int, user_id: int, text: str, language_code: str | None = "en", **ex: Any) -> int:
        """The bot is mentioned in a chat it is not in; it may answer once, with answerGuestQuery."""
        query_id = self.state.open_query("guest")
        sender = user(user_id, language_code)
        message = self.message(group_chat(chat_id), sender, text, guest_query_id=query_id, **ex)
        return self.push({"guest_message": message}, query_id=query_id)

    def my_chat_member(self, chat_id: int, user_id: int, *, member: bool) -> int:
        """The bot's membership changes: a user blocks or unblocks it, or a group removes or adds it."""
        chat = private_chat(user_id) if chat_id == user_id else group_chat(chat_id)
        self.state.add_chat(chat_id, chat["type"], "Chat").member = member
        here: JsonDict = {"status": "member", "user": self.state.bot}
        gone: JsonDict = {"status": "kicked", "user": self.state.bot, "until_date": 0}
        old, new = (gone, here) if member else (here, gone)
        change = {"chat": chat, "from": user(user_id), "date": self.state.now()}
        return self.push({"my_chat_member": change | {"old_chat_member": old, "new_chat_member": new}})

    def block(self, user_id: int) -> int:
        """A user blocks the bot: sends answer 403 from now on."""
        return self.my_chat_member(user_id, user_id, member=False)

    def unblock(self, user_id: int) -> int:
        """A user takes the bot back."""
        return self.my_chat_member(user_id, user_id, member=True)

    def migrate(self, chat_id: int, to_chat_id: int, user_id: int = 1) -> tuple[int, int]:
        """A group becomes a supergroup: two service messages, and the old id answers 400 from now on."""
        old, new = group_chat(chat_id), group_chat(to_chat_id)
        sender = user(user_id)
        first = self.push({"message": self.message(old, sender, None, migrate_to_chat_id=to_chat_id)})
        second = self.push({"message": self.message(new, sender, None, migrate_from_chat_id=chat_id)})
        self.state.chats[chat_id].migrated_to = to_chat_id
        return first, second
