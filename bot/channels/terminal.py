"""The chat in a terminal: the same service, the same replies; coloured only where a person looks."""

from __future__ import annotations

import contextlib
import random
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TextIO

from bot.reply import Choice, Reply, ReplyKind, plain
from bot.service import Service

_BOLD, _DIM, _OFF = "\033[1m", "\033[2m", "\033[0m"


class Terminal:
    """Reads lines, prints replies. `paint`: use ANSI styles. A number picks one of the last choices."""

    def __init__(self, service: Service, out: TextIO, *, lang: str | None = None, paint: bool = False) -> None:
        self._service = service
        self._out = out
        self._lang = lang
        self._paint = paint
        self._choices: tuple[Choice, ...] = ()
        self._last: str | None = None
        self._spoken: str | None = None

    def welcome(self) -> None:
        self._print(self._service.info("terminal_welcome", self._lang).text)

    def answer(self, line: str) -> bool:
        """One line of the person; False when they want to leave."""
        line = line.strip()
        if not line:
            return True
        if line.startswith("/"):
            return self._command(line[1:].split("@")[0].casefold())
        if line.isdigit() and 1 <= int(line) <= len(self._choices):
            self._show(self._service.entry(self._choices[int(line) - 1].entry, self._reply_lang))
            return True
        outcome = self._service.ask(line, self._lang, self._last)
        self._last = outcome.entries[0] if outcome.entries else None
        self._show(outcome.reply)
        return True

    @property
    def _reply_lang(self) -> str:
        return self._lang or self._spoken or self._service.default

    def _command(self, name: str) -> bool:
        words = name.split()
        name = words[0] if words else ""
        if name in ("quit", "exit", "q"):
            self._print(self._service.info("terminal_bye", self._reply_lang).text)
            return False
        if name in self._service.base.topics:
            self._topic(name)
        elif name in self._service.base.languages:
            self._lang = name
            self._print(self._service.info("language_set", name).text)
        elif name == "random":
            self._show(self._service.random_entry(self._reply_lang, random.Random()))
        elif name == "topics":
            self._topics()
        elif name == "about":
            self._show(self._service.about(self._reply_lang))
        elif name in ("start", "help", "privacy"):
            self._show(self._service.info(name, self._reply_lang))
        else:
            self._show(self._service.info("help", self._reply_lang))
        return True

    def _topics(self) -> None:
        lang = self._reply_lang
        lines = [self._service.info("topics_title", lang).text]
        for topic in self._service.base.topics.values():
            lines.append(f"  {topic.emoji} {topic.text(lang).title}  /{topic.id}")
        self._print("\n".join(lines))

    def _topic(self, name: str) -> None:
        lang = self._reply_lang
        topic = self._service.base.topics[name]
        title = f"{topic.emoji} {topic.text(lang).title}\n{self._service.info('topic_pick', lang).text}"
        self._show(Reply(lang, ReplyKind.INFO, title=title, choices=self._service.topic(name, lang)))

    def _show(self, reply: Reply) -> None:
        self._spoken = reply.lang
        self._choices = reply.choices
        self._print(self._styled(plain(reply), reply))

    def _styled(self, text: str, reply: Reply) -> str:
        if not self._paint:
            return text
        for part in reply.answers:
            text = text.replace(part.answer, f"{_BOLD}{part.answer}{_OFF}", 1)
            text = text.replace(part.source.text, f"{_DIM}{part.source.text}{_OFF}", 1)
        return text

    def _print(self, text: str) -> None:
        print(f"{text}\n", file=self._out, flush=True)


def chat(service: Service, history: Path | None, *, lang: str | None = None) -> None:
    """Talks until end of input, /quit or Ctrl-C; with a prompt and history only where a person types."""
    person = sys.stdin.isatty()
    terminal = Terminal(service, sys.stdout, lang=lang, paint=person and sys.stdout.isatty())
    if person:
        terminal.welcome()
    with _history(history if person else None):
        for line in _lines(service.base.voice(lang or service.default).say("terminal_prompt") if person else None):
            if not terminal.answer(line):
                break


def _lines(prompt: str | None) -> Iterator[str]:
    if prompt is None:
        yield from sys.stdin
        return
    while True:
        try:
            yield input(prompt)
        except (EOFError, KeyboardInterrupt):
            print()  # noqa: T201 - the shell's prompt begins a line of its own
            return


@contextlib.contextmanager
def _history(path: Path | None) -> Iterator[None]:
    """readline's history, kept for the owner's eyes only; a folder that cannot be written costs the history, no more."""
    if path is None:
        yield
        return
    import readline

    with contextlib.suppress(OSError):
        readline.read_history_file(path)
    try:
        yield
    finally:
        with contextlib.suppress(OSError):
            path.parent.mkdir(parents=True, exist_ok=True)
            readline.set_history_length(500)
            readline.write_history_file(path)
            path.chmod(0o600)
