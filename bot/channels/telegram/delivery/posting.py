"""Calls a method of the Bot API with plain data and gives plain data, through the bot's own limiter and transport.

For messages alone: PTB makes an object of what was sent, with all that is in it, and takes longer over that than over all
the rest of the call, while nobody here asks for more of it than its id. Whatever is rare goes by PTB's own methods."""

from __future__ import annotations

from typing import Any

from telegram import Bot, TelegramObject
from telegram.ext import ExtBot
from telegram.request import RequestData
from telegram.request._requestparameter import RequestParameter


async def post(bot: Bot, method: str, /, **parameters: object) -> Any:
    """Telegram's `result`. Parameters that are None are left out; raises what the bot's own methods raise."""
    data = {name: _plain(value) for name, value in parameters.items() if value is not None}

    async def call(endpoint: str, data: dict[str, Any]) -> Any:
        request = RequestData([RequestParameter(name, value, None) for name, value in data.items()])
        return await bot.request.post(f"{bot.base_url}/{endpoint}", request)

    limiter = bot.rate_limiter if isinstance(bot, ExtBot) else None
    if limiter is None:
        return await call(method, data)
    return await limiter.process_request(call, (), {}, method, data, None)


def _plain(value: object) -> object:
    return value.to_dict() if isinstance(value, TelegramObject) else value
