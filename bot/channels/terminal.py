"""The chat in a terminal: the same service, the same replies; coloured only where a person looks."""

from __future__ import annotations

import contextlib
import random
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TextIO

from bot import commands
from bot.conversation import Conversation
from bot.news import has_news, news
from bot.reply import Reply, plain
from bot.service import Outcome, Service
from bot.store.base import MissKind
from bot.turns import START, after
from bot.workbench.asked_again import miss_of, refused_by

_BOLD, _DIM, _OFF = "\033[1m", "\033[2m", "\033[0m"


@dataclass(frozen=True, slots=True)
class Missed:
    """What did not end in an answer here, for whoever keeps it. `nearest` was answered, or came closest."""

    question: str
    lang: str
    nearest: str | None
    kind: MissKind
    note: str = ""


Keep = Callable[[Missed], None]


class Terminal:
    """Reads lines, prints replies. `paint`: use ANSI styles. A number picks one of the last choices. `keep` is told what did
    not end in an answer."""

    def __init__(
        self,
        service: Service,
        out: TextIO,
        *,
        lang: str | None = None,
        paint: bool = False,
        keep: Keep = lambda missed: None,
    ) -> None:
        self._service = service
        self._out = out
        self._lang = lang
        self._paint = paint
        self._conversation = Conversation(service)
        self._state = START
        self._keep = keep
        self._last: Missed | None = None  # of the last question, if it was answered or offered a choice

    def welcome(self) -> None:
        self._print(self._service.info("terminal_welcome", self._lang).text)

    def answer(self, line: str) -> bool:
        """One line of the person; False when they want to leave."""
        line = line.strip()
        if not line:
            return True
        if line.startswith("/"):
            return self._command(line[1:])
        self._ask(line)
        return True

    def _ask(self, question: str) -> None:
        outcome, self._state = self._conversation.ask(question, self._lang, self._state)
        self._kept(question, outcome)
        self._print(self._styled(plain(outcome.reply), outcome.reply))

    def _kept(self, question: str, outcome: Outcome) -> None:
        """A choice of which nothing is taken is kept when the next thing is asked."""
        last, self._last = self._last, None
        if last is not None and (outcome.none or (last.kind is MissKind.OFFERED and not _picks(outcome))):
            answered = last.kind is not MissKind.OFFERED
            kind = MissKind.NOT_MEANT if answered else MissKind.NONE if outcome.none else MissKind.OFFERED
            self._keep(replace(last, kind=kind))
        missed = missed_in(outcome, question)
        if missed is None or outcome.followed:
            return
        if missed.kind in (MissKind.OFFERED, MissKind.NOT_MEANT):
            self._last = missed
        else:
            self._keep(missed)

    def close(self) -> None:
        """The person has left: what was offered last was not taken."""
        if self._last is not None and self._last.kind is MissKind.OFFERED:
            self._keep(self._last)
        self._last = None

    def _wrong(self) -> None:
        """What comes next, where another thing was meant than was answered."""
        last, self._last = self._last, None
        if last is None:
            self._show(self._service.info("none_forgotten", self._reply_lang))
            return
        answered = last.kind is not MissKind.OFFERED
        self._keep(replace(last, kind=MissKind.NOT_MEANT if answered else MissKind.NONE))
        others = self._service.others(last.question, last.lang, last.nearest or "") if answered else ()
        said = self._service.info("not_this_others" if others else "none_noted", last.lang)
        self._show(replace(said, text="", title=said.text, choices=others) if others else said)

    def _report(self, note: str) -> None:
        """An error in the last answer."""
        entry, lang = self._state.entry, self._reply_lang
        if entry is None:
            self._show(self._service.info("about_what", lang))
        else:
            asked = self._last.question if self._last and self._last.nearest == entry else ""
            self._keep(Missed(asked, lang, entry, MissKind.REPORTED, note))
            self._show(self._service.info("report_noted", lang))

    @property
    def _reply_lang(self) -> str:
        return self._lang or self._state.lang or self._service.default

    def _command(self, line: str) -> bool:
        name, _, rest = line.strip().partition(" ")
        name = name.split("@")[0].casefold()
        if name in ("quit", "exit", "q"):
            self._print(self._service.info("terminal_bye", self._reply_lang).text)
            return False
        if name in self._service.base.topics:
            self._show(self._service.topic_page(name, self._reply_lang))
        elif name in self._service.base.languages:
            self._set_language(name)
        elif name in ("language", "settings"):
            self._language(name, rest.strip().casefold())
        elif name == "forget":
            self._forget()
        elif name == "wrong" and rest.strip():
            self._report(rest.strip())
        elif name == "wrong":
            self._wrong()
        elif name == "ask" and rest.strip():
            self._ask(rest)
        elif name == "ask":
            self._show(self._service.info("ask_usage", self._reply_lang))
        elif name == "random":
            self._show(self._service.random_entry(self._reply_lang, random.Random()))
        elif name == "topics":
            self._topics()
        elif name == "about":
            self._show(self._service.about(self._reply_lang))
        elif name == commands.NEWS and has_news(self._service.base):
            self._show(news(self._service.base, self._reply_lang))
        elif name == "help":
            self._help()
        elif name in ("start", "privacy"):
            self._show(self._service.info(name, self._reply_lang))
        else:
            self._help()
        return True

    def _help(self) -> None:
        reply = self._service.info("help", self._reply_lang)
        if has_news(self._service.base):
            line = self._service.base.voice(self._reply_lang).say("help_news")
            reply = replace(reply, text=f"{reply.text}\n{line}")
        self._show(reply)

    def _topics(self) -> None:
        lang = self._reply_lang
        lines = [self._service.info("topics_title", lang).text]
        for topic in self._service.base.topics.values():
            lines.append(f"  {topic.emoji} {topic.text(lang).title}  /{topic.id}")
        self._print("\n".join(lines))

    def _set_language(self, lang: str | None) -> None:
        self._lang = lang
        if lang is None:
            self._language("settings", "")
        else:
            self._show(self._service.info("language_set", lang))

    def _language(self, command: str, wanted: str) -> None:
        """`/language ru` sets it, `/language auto` leaves it to the questions; without one, the choice and what is set."""
        voice = self._service.base.voice(self._reply_lang)
        names = {code: voice.languages.get(code, code) for code in self._service.base.languages}
        if wanted in names:
            self._set_language(wanted)
        elif wanted == "auto":
            self._set_language(None)
        else:
            automatic = voice.say("language_auto")
            chosen = names[self._lang] if self._lang else automatic
            lines = (
                [voice.say("settings_title", language=chosen)]
                if command == "settings"
                else [voice.say("language_pick")]
            )
            lines += [f"  {name}  /{code}" for code, name in names.items()] + [f"  {automatic}  /language auto"]
            self._print("\n".join(lines))

    def _forget(self) -> None:
        """All that is kept of a chat in a terminal is its last turns and the language chosen."""
        kept = self._state.said or self._lang
        lang, self._state, self._lang = self._reply_lang, START, None
        self._show(self._service.info("forget_done" if kept else "forget_nothing", lang))

    def _show(self, reply: Reply) -> None:
        self._state = after(self._state, reply)
        self._print(self._styled(plain(reply), reply))

    def _styled(self, text: str, reply: Reply) -> str:
        if not self._paint:
            return text
        for part in reply.answers:
            text = text.replace(part.answer, f"{_BOLD}{part.answer}{_OFF}", 1) if part.answer else text
            text = text.replace(part.source.text, f"{_DIM}{part.source.text}{_OFF}", 1)
        return text

    def _print(self, text: str) -> None:
        print(f"{text}\n", file=self._out, flush=True)


def missed_in(outcome: Outcome, question: str) -> Missed | None:
    """What came of a question, to be kept; an answer as what it is if another thing was meant. None where nothing is."""
    if outcome.danger or not outcome.verdicts:
        return None
    candidates = outcome.verdicts[0].ranking.candidates
    nearest = refused_by(outcome) or next(iter(outcome.entries), None)
    closest = nearest or (candidates[0].label.owner if candidates else None)
    kind = miss_of(outcome) or (MissKind.NOT_MEANT if outcome.entries else None)
    return Missed(question, outcome.reply.lang, closest, kind) if kind else None


def _picks(outcome: Outcome) -> bool:
    """Whether one of the choices was taken, by its number or its place."""
    return bool(outcome.reply.answers) and not outcome.verdicts


def chat(service: Service, history: Path | None, *, lang: str | None = None, keep: Keep = lambda missed: None) -> None:
    """Talks until end of input, /quit or Ctrl-C; with a prompt and history only where a person types."""
    person = sys.stdin.isatty()
    terminal = Terminal(service, sys.stdout, lang=lang, paint=person and sys.stdout.isatty(), keep=keep)
    if person:
        terminal.welcome()
    with _history(history if person else None):
        for line in _lines(service.base.voice(lang or service.default).say("terminal_prompt") if person else None):
            if not terminal.answer(line):
                break
    terminal.close()


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
