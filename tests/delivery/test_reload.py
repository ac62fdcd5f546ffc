"""The real bot while people edit its base: whatever they break is named soon, whatever they mend is used soon, and nobody who
asks notices anything but the new answer."""

from __future__ import annotations

import asyncio
import os
import shutil
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from pathlib import Path

import pytest

from tests.botapi.driver import FIRST_USER, Driver, Plan, free_port
from tests.botapi.model import Sent
from tests.botapi.server import BotApiServer
from tests.delivery.runs import COMMAND, log_of, ready
from tests.kb_bases import edit, fitted_soon, small_base

pytest_plugins = ("tests.botapi.fixtures",)
pytestmark = pytest.mark.enable_socket

ADMIN = 77
TERM = "How long may a president serve?"
RATE = 20.0  # questions a second
RULE = "[{}]"
TIMES = ("first", "second")


def busy() -> float:
    """How many processes share a processor."""
    return max(1.0, os.getloadavg()[0] / (os.cpu_count() or 1))


def rewritten(file: Path, old: str, new: str) -> None:
    edit(file.parents[1], f"{file.parent.name}/{file.name}", old, new)


def in_place_of_the_old(file: Path, text: bytes) -> None:
    """As editors write: a new file that takes the name."""
    draft = file.with_name(f".{file.name}.new")
    draft.write_bytes(text)
    os.replace(draft, file)


def link_to_nowhere(file: Path) -> None:
    file.unlink()
    file.symlink_to("nowhere")


# The file of the small base, what is done to it, and the rule that names it.
BREAKS: tuple[tuple[str, Callable[[Path], object], str], ...] = (
    ("en/liberties.yaml", lambda file: file.write_text("entries: ["), "yaml-syntax"),
    ("en/liberties.yaml", lambda file: in_place_of_the_old(file, b"topic:\n\ttitle: a\n"), "yaml-syntax"),
    ("en/liberties.yaml", lambda file: rewritten(file, "[presidential-term]", "[no-such-entry]"), "unknown-related"),
    ("en/liberties.yaml", lambda file: rewritten(file, "gazette-2025-07-10", "gazet"), "unknown-source"),
    ("en/liberties.yaml", lambda file: rewritten(file, '["over 1,500"]', '["over 1,600"]'), "figure-missing"),
    ("en/liberties.yaml", lambda file: rewritten(file, "    answer:", "    answered:"), "missing-key"),
    ("en/presidency.yaml", lambda file: file.write_bytes(file.read_bytes() + b"entries: {}\n"), "repeated-key"),
    ("en/presidency.yaml", lambda file: in_place_of_the_old(file, b"\xff\xfe\x00"), "not-text"),
    ("ru/liberties.yaml", lambda file: file.write_bytes(file.read_bytes() + b"comments: none\n"), "unknown-key"),
    ("ru/presidency.yaml", link_to_nowhere, "unreadable"),
)


class Editing:
    """A bot under load whose base is edited."""

    def __init__(self, api: BotApiServer, folder: Path, made: Driver, address: str) -> None:
        self.api, self.folder, self.made, self.address = api, folder, made, address
        self.asked: list[int] = []

    async def flood(self) -> None:
        begin = self.api.state.clock()
        for number in range(100_000):
            await asyncio.sleep(max(0.0, begin + number / RATE - self.api.state.clock()))
            self.asked.append(self.api.private_message(FIRST_USER + number, TERM))

    def told(self) -> list[Sent]:
        """Of the base. On a busy machine the store may be said to be away for a moment."""
        return [sent for sent in self.api.sent_to(ADMIN) if "alert_store" not in sent.text]

    async def seconds_until(self, condition: Callable[[], Awaitable[bool]], most: float = 20.0) -> float:
        begin = self.api.state.clock()
        async with asyncio.timeout(most * min(busy(), 3)):
            while not await condition():
                await asyncio.sleep(0.02)
        return self.api.state.clock() - begin

    async def named(self, rule: str, before: int) -> bool:
        """In the report on readiness, which stays good, and to the admin."""
        status, said = await ready(self.address)
        lines = said.get("base", {}).get("refused", [])  # type: ignore[attr-defined]
        told = any(RULE.format(rule) in sent.text for sent in self.told()[before:])
        return told and status == 200 and any(RULE.format(rule) in line for line in lines)

    async def mended(self, before: int) -> bool:
        status, said = await ready(self.address)
        return status == 200 and "base" not in said and len(self.told()) > before

    async def answers(self, text: str) -> bool:
        user = 900_000 + len(self.api.state.pushed)
        return text in (await self.api.reply_to(self.api.private_message(user, TERM), 60)).text

    def all_answered(self) -> bool:
        return {FIRST_USER + number for number in range(len(self.asked))} <= {sent.chat_id for sent in self.api.sent}

    def waits(self, since: float = 0.0, until: float = float("inf")) -> list[float]:
        """Of those who asked in that time."""
        answered = {sent.chat_id: sent.time for sent in reversed(self.api.sent)}
        found = []
        for number, update in enumerate(self.asked):
            at = self.api.state.pushed[update].time
            if since <= at < until:
                found.append(answered[FIRST_USER + number] - at)
        return found


@asynccontextmanager
async def editing(api: BotApiServer, tmp_path: Path) -> AsyncIterator[Editing]:
    folder = fitted_soon(small_base(tmp_path))
    address = f"127.0.0.1:{free_port()}"
    settings = {"KNOWLEDGE_DIR": str(folder), "STATE_DIR": str(tmp_path / "state"), "HEALTH_LISTEN": address}
    settings |= {"SEND_RATE": "0", "ASK_RATE": "0", "ADMIN_IDS": str(ADMIN)}
    made = Driver(api, COMMAND, Plan(questions=0), settings)
    api.state.add_chat(ADMIN)
    try:
        await made.start()
        await api.reply_to(api.private_message(1, TERM), 90)
        yield Editing(api, folder, made, address)
        await made.bot.terminate()
        assert set(made.bot.exit_codes) <= {0, -9}
    finally:
        await made.bot.kill()
        made.bot.log.replace(tmp_path / "bot.log")


async def test_ten_mistakes_are_each_named_and_mended_while_people_ask(api: BotApiServer, tmp_path: Path) -> None:
    named, back, new = [], [], []
    async with editing(api, tmp_path) as at:
        flood = asyncio.create_task(at.flood())
        await asyncio.sleep(5)
        calm = at.api.state.clock()
        for number, (name, broken, rule) in enumerate(BREAKS):
            whole, before = (at.folder / name).read_bytes(), len(at.told())
            broken(at.folder / name)
            named.append(await at.seconds_until(lambda rule=rule, before=before: at.named(rule, before)))  # type: ignore[misc]
            (at.folder / name).unlink(missing_ok=True)
            (at.folder / name).write_bytes(whole)
            told = before + 1
            if number % 4 == 3:  # mended with another answer
                text = f"Mended for the {TIMES[len(new)]} time"
                english = at.folder / "en/presidency.yaml"
                english.write_text(english.read_text().replace("answer: ", f"answer: {text}. ", 1))
                new.append(await at.seconds_until(lambda text=text: at.answers(text), 60))  # type: ignore[misc]
            back.append(await at.seconds_until(lambda told=told: at.mended(told), 60))  # type: ignore[misc]
        flood.cancel()
        with suppress(asyncio.CancelledError):
            await flood
        await api.wait_for(at.all_answered, 30)
        quiet, edited = at.waits(until=calm), at.waits(calm)
        print(
            f"| {len(edited)} questions, ten mistakes | named after {max(named):.2f} s at most, mended after "
            f"{max(back):.2f} s, a new answer after {max(new):.2f} s | longest wait {1000 * max(edited):.0f} ms, "
            f"{1000 * max(quiet):.0f} ms before | {busy():.1f} processes a processor |"
        )
    assert len(at.waits()) == len(at.asked)
    assert max(named) < 2 * busy() + 1
    assert max(edited) < max(quiet) + 0.5 * busy()
    log = log_of(tmp_path)
    assert [rule for _, _, rule in BREAKS if RULE.format(rule) not in log] == []
    assert "Traceback" not in log


async def test_a_restart_with_a_broken_base_answers_from_the_last_good_one(api: BotApiServer, tmp_path: Path) -> None:
    async with editing(api, tmp_path) as at:
        kept = tmp_path / "state" / "last-good" / "kept.json"
        await api.wait_for(kept.exists, 30)
        await at.made.bot.kill()
        whole = Path(shutil.copytree(at.folder, tmp_path / "whole"))
        (at.folder / "en" / "liberties.yaml").write_text("entries: [")
        for _ in range(2):
            await at.made.start()
            assert await at.answers("seven years")
            await at.seconds_until(lambda: at.named("yaml-syntax", 0), 30)
            _, said = await ready(at.address)
            assert said["base"]["in_use"].startswith("the last good one, kept on ")  # type: ignore[index]
            await at.made.bot.kill()
        assert len({sent.text for sent in at.told()}) == 1  # a busy store may have it said once more
        await at.made.start()
        shutil.copytree(whole, at.folder, dirs_exist_ok=True)
        await at.seconds_until(lambda: at.mended(1), 60)
    assert "The last good base answers, kept on " in log_of(tmp_path)


async def test_a_first_start_with_a_broken_base_names_its_problems_and_ends(api: BotApiServer, tmp_path: Path) -> None:
    folder = small_base(tmp_path)
    (folder / "en" / "liberties.yaml").write_text("entries: [")
    settings = {"KNOWLEDGE_DIR": str(folder), "STATE_DIR": str(tmp_path / "state")}
    made = Driver(api, COMMAND, Plan(questions=0), settings)
    with pytest.raises(RuntimeError, match=r"en/liberties.yaml:2 \[yaml-syntax\]"):
        await made.start()
    await made.bot.kill()
    assert made.bot.exit_codes == [1]
