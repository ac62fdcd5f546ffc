"""What /forget says is true: also while the store cannot be reached."""

from __future__ import annotations

import pytest

from tests.botapi.server import BotApiServer
from tests.memory_store import MemoryStore
from tests.small_service import small_base
from tests.telegram_bot import running

pytest_plugins = ("tests.botapi.fixtures",)


class Promising(MemoryStore):
    """As one that is away: it forgets when it is back."""

    async def forget(self, asker: str) -> None:  # type: ignore[override]
        return None


@pytest.mark.parametrize("lang", ["en", "ru", "kk"])
@pytest.mark.parametrize("group", [False, True])
async def test_while_the_store_is_away_nobody_is_told_that_nothing_is_stored(
    api: BotApiServer, lang: str, group: bool
) -> None:
    async with running(api, store=Promising()):
        sent = await api.reply_to(
            api.group_message(-1002000000004, 5, "/forget", language_code=lang)
            if group
            else api.private_message(5, "/forget", language_code=lang)
        )
        assert sent.text == small_base().voice(lang).say("forget_later")
