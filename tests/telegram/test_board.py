"""/unanswered: admins look at what was asked in vain, and what they choose becomes a patch; the base in use stays as it is."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest
import pytest_asyncio

from bot.channels.telegram.looks.data import DealWith, Deed, ShowUnanswered, read, written
from bot.channels.telegram.talk.desk import Desk, ServiceHolder
from bot.store.base import MissKind, utc_now
from tests.botapi.model import Sent, Upload
from tests.botapi.server import BotApiServer
from tests.memory_store import MemoryStore
from tests.telegram_desk import ADMIN, KEY, running
from tests.workbench.bases import library, library_service

pytest_plugins = ("tests.botapi.fixtures",)

STRANGER = 5
WIFI = ("is there wifi in the hall", "is there wifi in hall", "Is there WiFi in the hall?")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return library(tmp_path)


@pytest_asyncio.fixture
async def desk(api: BotApiServer, folder: Path) -> AsyncIterator[Desk]:
    made = Desk(ServiceHolder(library_service(folder)), MemoryStore(), KEY, admin_ids=(ADMIN,))
    async with running(api, made, folder):
        yield made


async def miss(desk: Desk, *texts: str, kind: MissKind = MissKind.NONE, days: int = 0, note: str = "") -> None:
    for text in texts:
        lang = "en" if text.isascii() else "ru"
        at = utc_now() - timedelta(days=days)
        await desk.store.add_unanswered(text, lang, "fines", "somebody", at, kind=kind, note=note)


async def listed(api: BotApiServer) -> Sent:
    return await api.reply_to(api.private_message(ADMIN, "/unanswered"))


async def press(api: BotApiServer, sent: Sent, deed: DealWith | ShowUnanswered) -> Sent:
    """What stands in the message after a press."""
    before = len(api.edits)
    await api.answer_to(api.callback(ADMIN, sent, written(deed)))
    await api.wait_for(lambda: len(api.edits) > before)
    return api.edits[-1]


def deeds(sent: Sent) -> list[DealWith]:
    found = (read(one["callback_data"]) for one in sent.buttons)
    return [one for one in found if isinstance(one, DealWith)]


def patches(api: BotApiServer) -> list[Sent]:
    return [one for one in api.sent_to(ADMIN) if one.method == "sendDocument"]


def say(desk: Desk, key: str, **values: object) -> str:
    return desk.base.voice("en").say(key, **values)


async def test_questions_stand_in_groups_with_what_is_nearest_now(api: BotApiServer, desk: Desk) -> None:
    await miss(desk, *WIFI)
    await miss(desk, "<b>quarks</b> zebras", days=3, kind=MissKind.DECLINED)
    sent = await listed(api)
    bold = sent.entity_texts("bold")
    assert bold[0] == say(desk, "unanswered_title")
    assert bold[1] in [say(desk, "unanswered_item", count=3, text=text) for text in WIFI]
    assert bold[2] == say(desk, "unanswered_item", count=1, text="<b>quarks</b> zebras")
    assert f": {say(desk, 'miss_none')}\n" in sent.text  # all of one kind, so its number is told above
    assert "%)" in sent.text
    assert [one.number for one in deeds(sent)] == [1, 4]


async def test_what_the_base_answers_now_is_not_shown_and_forgotten(api: BotApiServer, desk: Desk) -> None:
    await miss(desk, "until when are you open", kind=MissKind.OFFERED)
    sent = await listed(api)
    assert sent.text == say(desk, "unanswered_empty")
    assert await desk.store.unanswered_count() == 0


async def test_pages_are_turned_in_place(api: BotApiServer, desk: Desk) -> None:
    await miss(desk, *(f"quark {number} zebra" for number in range(1, 13)))
    sent = await listed(api)
    assert say(desk, "page", page=1, pages=3) in sent.text
    turned = await press(api, sent, ShowUnanswered(1))
    assert say(desk, "page", page=2, pages=3) in turned.text
    assert len(api.sent_to(ADMIN)) == 1


async def test_a_nearest_entry_becomes_a_patch_and_nothing_is_written(
    api: BotApiServer, desk: Desk, folder: Path
) -> None:
    await miss(desk, *WIFI)
    before = {path: path.read_bytes() for path in folder.rglob("*.yaml")}
    opened = await press(api, await listed(api), DealWith(Deed.SHOW, 1))
    assert say(desk, "unanswered_pick") in opened.text
    adding = [one for one in deeds(opened) if one.deed is Deed.ADD]
    assert 1 <= len(adding) <= 3
    await api.answer_to(api.callback(ADMIN, opened, written(adding[0])))
    [file] = await api.wait_for(lambda: patches(api))
    assert isinstance(file.file, Upload)
    assert file.text == say(desk, "unanswered_patch", count=2, file="unanswered-1.patch")
    assert file.file.content.count(b'+  - "') == 2  # once what differs by capitals and marks alone
    assert file.file.content.startswith(b"--- a/knowledge/en/phrases/library.yaml")
    assert {path: path.read_bytes() for path in folder.rglob("*.yaml")} == before
    assert await desk.store.unanswered_count() == 3


async def test_a_new_entry_and_a_refusal_are_patches_too(api: BotApiServer, desk: Desk) -> None:
    await miss(desk, *WIFI)
    opened = await press(api, await listed(api), DealWith(Deed.SHOW, 1))
    await api.answer_to(api.callback(ADMIN, opened, written(DealWith(Deed.NEW, 1))))
    groups = await press(api, opened, DealWith(Deed.GROUPS, 1))
    refusing = [one for one in deeds(groups) if one.deed is Deed.REFUSE]
    assert refusing
    await api.answer_to(api.callback(ADMIN, groups, written(refusing[0])))
    await api.wait_for(lambda: len(patches(api)) == 2)


async def test_what_is_set_aside_does_not_come_back(api: BotApiServer, desk: Desk) -> None:
    await miss(desk, *WIFI)
    opened = await press(api, await listed(api), DealWith(Deed.SHOW, 1))
    done = await press(api, opened, DealWith(Deed.DISMISS, 1))
    assert done.text == say(desk, "unanswered_dismissed")
    await miss(desk, WIFI[0])
    back = await press(api, done, ShowUnanswered(0))
    assert back.text == say(desk, "unanswered_empty")


async def test_a_question_that_is_gone_is_named_as_gone(api: BotApiServer, desk: Desk) -> None:
    await miss(desk, *WIFI)
    sent = await listed(api)
    await desk.store.forget_unanswered([1, 2, 3])
    assert (await press(api, sent, DealWith(Deed.SHOW, 1))).text == say(desk, "unanswered_gone")


async def test_a_report_shows_its_note_and_the_answer_it_is_about(api: BotApiServer, desk: Desk) -> None:
    await miss(desk, "is there a fine", kind=MissKind.REPORTED, note="there is one since May")
    sent = await listed(api)
    assert say(desk, "unanswered_note", text="there is one since May") in sent.text
    assert desk.base.entries["fines"].text("en").question in sent.text


async def test_long_questions_with_long_notes_all_stand_on_their_page(api: BotApiServer, desk: Desk) -> None:
    words = ("quark", "zebra", "violin", "glacier", "mustard")
    for word in words:
        await miss(desk, word + "🙂" * 400, kind=MissKind.REPORTED, note="🙁" * 400)
    sent = await listed(api)
    assert sent.text.startswith(say(desk, "unanswered_title"))
    assert [word for word in words if word not in sent.text] == []
    assert len(deeds(sent)) == len(words)
    opened = await press(api, sent, deeds(sent)[0])
    assert any(word in opened.text for word in words)
    assert say(desk, "unanswered_pick") in opened.text


async def test_others_can_press_none_of_it(api: BotApiServer, desk: Desk) -> None:
    await miss(desk, *WIFI)
    sent = await api.reply_to(api.private_message(STRANGER, "hello"))
    for deed in (DealWith(Deed.DISMISS, 1), DealWith(Deed.ADD, 1, "fines")):
        call = await api.answer_to(api.callback(STRANGER, sent, written(deed)))
        assert call.params["text"] == say(desk, "stale_button")
    assert await desk.store.unanswered_count() == 3
    assert api.edits == []


@pytest.mark.parametrize("deed", list(Deed))
def test_what_a_button_carries_fits_and_comes_back_as_it_was(deed: Deed) -> None:
    choice = "x" * 48 if deed in (Deed.ADD, Deed.REFUSE) else ""
    action = DealWith(deed, 9_999_999_999, choice)
    assert len(written(action).encode()) <= 64
    assert read(written(action)) == action
