"""One conversation for all channels: the same steps through the terminal and through Telegram.

A step is what a person says, and what the reply shows: `entry` (its answer; with `gap`, that sentence; `brief`: without the
answer), `voice` (one of the bot's sentences), `small_talk`, `offers` (an entry among the choices), `source` (of an entry),
`silent_on` (an entry whose answer is not said again); `lang` where it is another than the file's."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.channels.terminal import Terminal
from bot.reply import source_line
from tests.botapi.server import BotApiServer
from tests.small_service import small_base, small_service
from tests.telegram_bot import running, texts

pytest_plugins = ("tests.botapi.fixtures",)

BASE = small_base()
FILES = sorted((Path(__file__).parent / "conversations" / "both").glob("*.yaml"))
Step = dict[str, Any]


def conversations() -> Iterator[Any]:
    for path in FILES:
        yield pytest.param(yaml.safe_load(path.read_text(encoding="utf-8")), id=path.stem)


def wanted(step: Step, lang: str) -> tuple[list[str], list[str]]:
    """What the reply must hold, and what it must not."""
    voice = BASE.voice(lang)
    there, absent = [], []
    if "entry" in step:
        text = BASE.entries[step["entry"]].text(lang)
        (absent if step.get("brief") else there).append(text.answer)
        there += [text.gaps[step["gap"]].say] if "gap" in step else []
    if "voice" in step:
        there.append(voice.sentences[step["voice"]].partition("{")[0].strip())
    if "small_talk" in step:
        there.append(voice.small_talk[step["small_talk"]].say)
    if "source" in step:
        entry = BASE.entries[step["source"]]
        there.append(source_line(BASE, BASE.sources[entry.source], lang, entry.section).text)
    if "silent_on" in step:
        absent.append(BASE.entries[step["silent_on"]].text(lang).answer)
    return there, absent


def check(step: Step, lang: str, reply: str, offered: list[str]) -> None:
    lang = step.get("lang", lang)
    there, absent = wanted(step, lang)
    assert there or absent, step
    for part in there:
        assert part in reply, f"{step}: not in {reply!r}"
    for part in absent:
        assert part not in reply, f"{step}: still in {reply!r}"
    if "offers" in step:
        text = BASE.entries[step["offers"]].text(lang)
        assert {text.label, text.question} & set(offered), (step, offered)


@pytest.mark.parametrize("conversation", list(conversations()))
def test_in_the_terminal(conversation: Step) -> None:
    out = io.StringIO()
    terminal = Terminal(small_service(), out, lang=conversation["lang"])
    for step in conversation["steps"]:
        out.seek(0)
        out.truncate()
        assert terminal.answer(step["say"])
        reply = out.getvalue()
        check(step, conversation["lang"], reply, [line.partition(". ")[2] for line in reply.splitlines()])


@pytest.mark.parametrize("conversation", list(conversations()))
async def test_in_telegram(api: BotApiServer, conversation: Step) -> None:
    async with running(api):
        for step in conversation["steps"]:
            sent = await api.reply_to(api.private_message(5, step["say"], conversation["lang"]))
            check(step, conversation["lang"], sent.text, texts(sent))
