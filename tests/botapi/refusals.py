"""What Telegram says when it will not send, in the words of its server's source. Data for `faults.refusal`."""

from __future__ import annotations

DELETED_AT_ONCE = "Internal Server Error: sent message was immediately deleted and can't be returned"

# To a chat that the bot, or anybody, may not write to (any more).
NO_ACCESS = (
    (400, "Bad Request: have no write access to the chat"),
    (400, "Bad Request: have no rights to send a message"),
    (400, "Bad Request: not enough rights to send text messages to the chat"),
    (400, "Bad Request: need administrator rights in the channel chat"),
    (400, "Bad Request: group chat was deactivated"),
    (400, "Bad Request: chat not found"),
    (400, "Bad Request: PEER_ID_INVALID"),
    (400, "Bad Request: CHAT_ADMIN_REQUIRED"),
    (400, "Bad Request: CHAT_WRITE_FORBIDDEN"),
    (400, "Bad Request: CHAT_RESTRICTED"),
    (400, "Bad Request: CHAT_SEND_PLAIN_FORBIDDEN"),
    (400, "Bad Request: CHAT_GUEST_SEND_FORBIDDEN"),
    (400, "Bad Request: USER_BANNED_IN_CHANNEL"),
    (400, "Bad Request: CHANNEL_PRIVATE"),
    (400, "Bad Request: ALLOW_PAYMENT_REQUIRED_10"),
    (403, "Forbidden: bot was kicked from the supergroup chat"),
    (403, "Forbidden: bot is not a member of the supergroup chat"),
    (403, "Forbidden: the group chat was deleted"),
    (403, "Forbidden: user is deactivated"),
    (403, "Forbidden: bot can't initiate conversation with a user"),
)

# To a topic of a forum that is closed or gone; other topics of the chat may be open.
NO_TOPIC = (
    (400, "Bad Request: TOPIC_CLOSED"),
    (400, "Bad Request: TOPIC_DELETED"),
    (400, "Bad Request: message thread not found"),
    (400, "Bad Request: wrong direct messages topic identifier specified"),
)

CONFLICTS = (
    (409, "Conflict: terminated by other setWebhook"),
    (409, "Conflict: terminated by setWebhook request"),
    (409, "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running"),
)

ALL = (*NO_ACCESS, *NO_TOPIC, *CONFLICTS)
