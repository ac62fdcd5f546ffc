"""Whole conversations from files: each step has the exact reply that it must get, by polling and by webhook.

A step is what a person does (`say`, `press`, `edit`) and what comes of it: `reply` (a new message), `toast` (the answer
to a button), `becomes` (our last message, edited) or `silence`. A reply is named by what it shows: `entry` (with `gap`,
`lead`, and `now` where it was asked about now), `topic` (with `page`), `voice` (with values), `small_talk`, `refusal`,
`danger`, `text`; `lang` is en if not given, and `messages` how many it takes, cut at a line, if more than one.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.kb.model import Context, Entry, Voice
from bot.reply import about_us, source_line
from tests.botapi.model import Sent
from tests.botapi.server import BotApiServer
from tests.small_service import small_base
from tests.telegram_bot import button, running, texts

pytest_plugins = ("tests.botapi.fixtures",)

FILES = sorted((Path(__file__).parents[1] / "conversations").glob("*.yaml"))
BASE = small_base()
Step = dict[str, Any]


class Expected:
    """A reply as a reader sees it, put together from the base alone, without the renderer."""

    def __init__(self, step: Step) -> None:
        self.step = step
        self.voice: Voice = BASE.voice(step.get("lang", "en"))
        kind = next(
            key
            for key in ("entry", "topic", "topics", "voice", "danger", "small_talk", "refusal", "text")
            if key in step
        )
        self.text, self.buttons = getattr(self, f"_{kind}")()

    def _entry(self) -> tuple[str, list[str]]:
        entry, lang = BASE.entries[self.step["entry"]], self.voice.lang
        text = entry.text(lang)
        gap, changed, now = self.step.get("gap"), self._as_of(entry), "now" in self.step
        blocks = [self.step["lead"]] if "lead" in self.step else []
        blocks += [changed or self.voice.say("still")] if now else []
        blocks += [text.question]
        filling = [item for item in text.context if gap in item.fills]
        if gap:
            blocks.append(text.gaps[gap].say)
        if filling:
            blocks.append(f"{self.voice.say('filled')}\n{self._items(filling)}")
        blocks.append(text.answer)
        if changed and not now:
            blocks.append(changed)
        blocks.append(self._source(entry.source, entry.section))
        if others := [item for item in text.context if item not in filling]:
            title = f"{self.voice.say('beyond')} ({self.voice.say('beyond_note')})"
            blocks.append(f"{title}\n{self._items(others)}")
        related = [BASE.entries[name].text(lang).label for name in entry.related[:3]]
        keys = ("more_on_topic", "share", "copy", "report", "thumbs_up", "thumbs_down", "not_this")
        watch = ("watch",) if gap and not filling else ()
        return "\n\n".join(blocks), [*related, *map(self.voice.say, (*watch, *keys))]

    def _as_of(self, entry: Entry) -> str | None:
        """What the world changed after the article, with the source that says so."""
        if entry.as_of is None:
            return None
        change = BASE.changes[entry.as_of]
        by = self._source(change.source, None)
        return f"{change.text(self.voice.lang).say} ({by})"

    def _items(self, items: list[Context]) -> str:
        return "\n\n".join(f"• {item.text}\n{self._source(item.source, None)}" for item in items)

    def _source(self, name: str, section: str | None) -> str:
        return source_line(BASE, BASE.sources[name], self.voice.lang, section).text

    def _topic(self) -> tuple[str, list[str]]:
        topic, page = BASE.topics[self.step["topic"]], self.step.get("page", 1)
        pages = -(-len(topic.entries) // 8)
        names = topic.entries[8 * (page - 1) : 8 * page]
        lines = f"{topic.emoji} {topic.text(self.voice.lang).title}\n\n{self.voice.say('topic_pick')}"
        if pages > 1:
            lines += "\n\n" + self.voice.say("page", page=page, pages=pages)
        turns = [self.voice.say("previous")] * (page > 1) + [self.voice.say("next")] * (page < pages)
        questions = [BASE.entries[name].text(self.voice.lang).label for name in names]
        return lines, [*questions, *turns, self.voice.say("back")]

    def _topics(self) -> tuple[str, list[str]]:
        titles = [f"{topic.emoji} {topic.text(self.voice.lang).title}" for topic in BASE.topics.values()]
        return self.voice.say("topics_title"), titles

    def _voice(self) -> tuple[str, list[str]]:
        if self.step["voice"] == "about":
            others = [(name, source) for name, source in BASE.sources.items() if source.kind == "context"]
            lines = sorted(f"• {self._source(name, None)}" for name, _ in others)
            return "\n\n".join([self.voice.say("about", sources="\n".join(lines)), *about_us(self.voice)]), []
        text = self.voice.say(self.step["voice"], **self.step.get("values", {}))
        return text, self.step.get("buttons", [])

    def _small_talk(self) -> tuple[str, list[str]]:
        return self.voice.small_talk[self.step["small_talk"]].say, []

    def _danger(self) -> tuple[str, list[str]]:
        told = self.voice.danger_again if self.step["danger"] == "again" else self.voice.danger
        talk = [self._small_talk()[0]] if "small_talk" in self.step else []
        return "\n\n".join([told or "", *talk]), []

    def _refusal(self) -> tuple[str, list[str]]:
        refusal = BASE.refusals[self.step["refusal"]]
        lines = [refusal.text(self.voice.lang).say]
        if refusal.near:
            title = BASE.topics[refusal.near].text(self.voice.lang).title
            lines.append(self.voice.say("decline_topic", topic=title, command=refusal.near))
        return "\n\n".join(lines), []

    def _text(self) -> tuple[str, list[str]]:
        return self.step["text"], self.step.get("buttons", [])


class Talk:
    """One conversation with the bot: what was said last, and what came."""

    def __init__(self, api: BotApiServer, head: Step) -> None:
        self.api = api
        self.chat = head.get("group")
        self.user = head.get("user", 5)
        self.language = head.get("language", "en")
        self.admin = head.get("admin")
        self.asked = 0
        self.shown: Sent | None = None

    async def step(self, step: Step) -> None:
        sent, edits = len(self.api.sent), len(self.api.edits)
        update_id = self._act(step)
        await self.api.confirmed(update_id)
        if "toast" in step:
            answer = await self.api.answer_to(update_id)
            assert answer.params.get("text") == Expected(step["toast"]).text
        if "reply" in step:
            await self.api.wait_for(lambda: len(self.api.sent) >= sent + step["reply"].get("messages", 1))
            await self._compare(self.api.sent[sent:], step["reply"])
        if "becomes" in step:
            await self.api.wait_for(lambda: len(self.api.edits) > edits)
            await self._compare(self.api.edits[edits:], step["becomes"])
        came = (len(self.api.sent) - sent, len(self.api.edits) - edits)
        assert came == (step.get("reply", {"messages": 0}).get("messages", 1), int("becomes" in step))

    def _act(self, step: Step) -> int:
        sender = step.get("user", self.user)
        language = step.get("language", self.language)
        if "press" in step:
            assert self.shown is not None
            if self.admin:
                self.api.state.chats[self.chat].admins.add(self.admin)
            return self.api.callback(sender, self.shown, button(self.shown, step["press"]), language)
        if "edit" in step:
            return self.api.edited_message(self.asked, step["edit"])
        if self.chat:
            self.asked = self.api.group_message(self.chat, sender, step["say"], language_code=language)
        else:
            self.asked = self.api.private_message(sender, step["say"], language)
        return self.asked

    async def _compare(self, got: list[Sent], wanted: Step) -> None:
        expected = Expected(wanted)
        assert "\n".join(sent.text for sent in got) == expected.text
        if expected.buttons or "voice" not in wanted:
            assert texts(got[-1]) == expected.buttons
        if got[-1].buttons:
            self.shown = got[-1]


def conversations() -> Iterator[Any]:
    for path in FILES:
        yield pytest.param(yaml.safe_load(path.read_text(encoding="utf-8")), id=path.stem)


@pytest.mark.parametrize("mode", ["polling", "webhook"])
@pytest.mark.parametrize("conversation", list(conversations()))
async def test_every_step_gets_its_reply(api: BotApiServer, conversation: Step, mode: str) -> None:
    async with running(api, mode=mode):
        if mode == "webhook":
            await api.wait_for(lambda: api.calls_of("setWebhook"))
        talk = Talk(api, conversation)
        for number, step in enumerate(conversation["steps"], 1):
            try:
                await talk.step(step)
            except (AssertionError, TimeoutError, StopIteration) as error:
                raise AssertionError(f"step {number}: {step}\n{error}") from error


def test_the_conversations_are_long_enough_to_mean_something() -> None:
    steps = [step for one in conversations() for step in one.values[0]["steps"]]
    assert len(steps) >= 60
