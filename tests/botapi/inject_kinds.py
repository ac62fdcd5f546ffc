"""Updates that are easily mistaken for others: reactions as edits, albums, channels and admins without a name, quotes,
rich messages. The server inherits these helpers beside those of `inject`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from tests.botapi import inputs
from tests.botapi.inject import Inject, group_chat, private_chat, text_entities, user
from tests.botapi.model import JsonDict, Sent

# Telegram's own accounts, which stand in for a sender that is a chat.
CHANNEL_BOT: JsonDict = {"id": 136817688, "is_bot": True, "first_name": "Channel", "username": "Channel_Bot"}
ANONYMOUS: JsonDict = {"id": 1087968824, "is_bot": True, "first_name": "Group", "username": "GroupAnonymousBot"}
SERVICE: JsonDict = {"id": 777000, "is_bot": False, "first_name": "Telegram"}
PHOTO: JsonDict = {"file_id": "photo", "file_unique_id": "p", "width": 90, "height": 90}


def channel_chat(chat_id: int, title: str = "Channel") -> JsonDict:
    """The Chat object of a channel."""
    return {"id": chat_id, "type": "channel", "title": title}


class InjectKinds(Inject):
    """More helpers; each gives the update_id, those of several updates a list of them."""

    def push_input(self, name: str) -> list[int]:
        """Hand over the updates of a file in tests/inputs."""
        return [self.push(update) for update in inputs.load(name, self.state.now())]

    def reacted(self, update_id: int, *, age: int = 0) -> int:
        """Somebody reacts to the message of an earlier update, or its link preview arrives late: an edited_message with
        an edit_date and the same text. `age` makes the message older, in seconds."""
        old = self.state.pushed[update_id].update["message"]
        return self.push({"edited_message": old | {"date": old["date"] - age, "edit_date": self.state.now()}})

    def album(self, user_id: int, captions: Sequence[str | None], *, chat_id: int | None = None) -> list[int]:
        """A user sends several photos as one: a message for each, the same media_group_id in all."""
        group = f"album-{self.state.next_seq()}"
        chat = private_chat(user_id) if chat_id is None else group_chat(chat_id)
        return [self._photo(chat, user_id, group, caption) for caption in captions]

    def _photo(self, chat: JsonDict, user_id: int, group: str, caption: str | None) -> int:
        content: JsonDict = {"media_group_id": group, "photo": [PHOTO]}
        if caption is not None:
            entities = text_entities(caption, self.state.bot["username"])
            content |= {"caption": caption} | ({"caption_entities": entities} if entities else {})
        return self.push({"message": self.message(chat, user(user_id), None, **content)})

    def channel_sender(self, chat_id: int, channel_id: int, text: str, **extra: Any) -> int:
        """A person writes in a group in the name of a channel."""
        sender = {"sender_chat": channel_chat(channel_id, "A person's channel")}
        return self.push({"message": self.message(group_chat(chat_id), CHANNEL_BOT, text, **sender, **extra)})

    def linked_channel_post(self, chat_id: int, channel_id: int, text: str, **extra: Any) -> int:
        """A post of the channel that belongs to a group, forwarded there by Telegram itself."""
        sender = {"sender_chat": channel_chat(channel_id), "is_automatic_forward": True}
        return self.push({"message": self.message(group_chat(chat_id), SERVICE, text, **sender, **extra)})

    def anonymous_admin(self, chat_id: int, text: str, **extra: Any) -> int:
        """An admin writes in the name of the group; `from` is the same account in all groups."""
        chat = group_chat(chat_id)
        return self.push({"message": self.message(chat, ANONYMOUS, text, sender_chat=chat, **extra)})

    def quoting(self, chat_id: int, user_id: int, text: str, *, of: Sent | JsonDict, quote: str) -> int:
        """A user answers to a part of a message of the group; raises ValueError if it is no part of its text."""
        message = of.message if isinstance(of, Sent) else of
        whole = message.get("text") or message.get("caption") or ""
        return self.group_message(chat_id, user_id, text, reply_to=message, quote=_quote(whole, quote))

    def quoting_elsewhere(self, chat_id: int, user_id: int, text: str, *, quote: str, writer_id: int = 77) -> int:
        """A user answers, in a group, to a part of a message of another chat. The bot gets no more than the quote."""
        origin = {"type": "user", "date": self.state.now() - 60, "sender_user": user(writer_id)}
        said = _quote(quote, quote)
        return self.group_message(chat_id, user_id, text, external_reply={"origin": origin}, quote=said)

    def rich_message(self, user_id: int, *paragraphs: str, language_code: str | None = "en") -> int:
        """A user writes with the rich editor: a message of blocks, without a text."""
        blocks = [{"type": "paragraph", "text": text} for text in paragraphs]
        sender = user(user_id, language_code)
        content = self.message(private_chat(user_id), sender, None, rich_message={"blocks": blocks})
        return self.push({"message": content})


def _quote(whole: str, part: str) -> JsonDict:
    before = whole[: whole.index(part)]
    return {"text": part, "position": len(before.encode("utf-16-le")) // 2, "is_manual": True}
