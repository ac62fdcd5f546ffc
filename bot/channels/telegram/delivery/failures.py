"""How a call to Telegram can fail, told apart by one question: may Telegram have carried it out nevertheless?"""

from __future__ import annotations

from telegram.error import BadRequest, NetworkError, RetryAfter, TimedOut


class NotSent(NetworkError):
    """The request cannot have been accepted: there was no connection, or it broke while the request was written."""


class ConnectTimedOut(NotSent, TimedOut):
    """No connection within the time, or none free in the pool."""


class ServerTrouble(NetworkError):
    """Telegram answered 5xx, or something before it answered in its place: the request was not accepted."""


class MaybeSent(NetworkError):
    """The request was handed over whole, and what became of it is not known."""


class NoAnswer(MaybeSent):
    """The connection ended before a useful answer. The same picture, whether or not the request was accepted."""


class SlowAnswer(MaybeSent, TimedOut):
    """No answer within the time. In all likelihood the request is being carried out."""


class TornAnswer(MaybeSent):
    """The answer began, with success, and broke off: the request was accepted, its result is unknown."""


class SentAndGone(MaybeSent):
    """Telegram accepted the message, and before it answered somebody deleted it, such as a moderator's bot."""


class Unheard(NetworkError):
    """Telegram answers nothing at all: what became of an earlier call is not known, and whether to repeat it neither."""


def is_network_trouble(error: BaseException) -> bool:
    """Whether another try later may help. PTB's BadRequest is a NetworkError, too, but never gets better."""
    return isinstance(error, (NetworkError, RetryAfter)) and not isinstance(error, BadRequest)


def seconds_of(error: RetryAfter) -> float:
    """How long to be quiet. `retry_after` itself is an int or a timedelta, depending on the environment."""
    return error._retry_after.total_seconds()
