"""Who asks, where, in whose words."""

from __future__ import annotations

from dataclasses import dataclass

from telegram import Message

from bot.channels.telegram.talk.desk import Who


@dataclass(frozen=True, slots=True)
class Asker:
    """Who asks, where, in whose words. A message without a sender counts as its chat's."""

    chat_id: int
    who: Who
    author: Who

    @property
    def both(self) -> tuple[int, Who]:
        return self.chat_id, self.who


def asker_of(message: Message) -> Asker:
    """A chat that speaks has one account for all such chats: it is told apart by what it is and where it speaks."""
    who: Who = message.from_user.id if message.from_user else message.chat_id
    if message.sender_chat is not None:
        who = message.chat_id, message.sender_chat.id
    return Asker(message.chat_id, who, who)
