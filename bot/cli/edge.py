"""What all commands share: options, settings, the service, what is said on stderr, exit codes."""

from __future__ import annotations

import gc
import sys
from contextlib import suppress
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Optional

import typer
from typer.core import TyperGroup

from bot.cli.progress import Progress
from bot.errors import UsageError

if TYPE_CHECKING:
    from bot.kb.lint.memory import Remembered
    from bot.service import Service
    from bot.settings import Settings


# The parts of the list of commands, in this order.
ASK, MAINTAIN, BEGIN, OPERATE = "Ask it", "Look after its knowledge", "A base of your own", "Operate it"
_PARTS = (ASK, MAINTAIN, BEGIN, OPERATE, "Commands")
_WHOLE = 1000  # characters: no sentence about a command is cut


class Listed(TyperGroup):
    """Lists the commands part by part, each with the whole of its first sentence.

    Plainly: to load what draws boxes takes longer than all else that `--help` does."""

    def list_commands(self, ctx: Any) -> list[str]:
        return sorted(super().list_commands(ctx), key=self._place)

    def format_commands(self, ctx: Any, formatter: Any) -> None:
        names = self.list_commands(ctx)
        widest = max(map(len, names))
        for part, own in groupby(names, self._part):
            rows = [(name.ljust(widest), self.commands[name].get_short_help_str(_WHOLE)) for name in own]
            with formatter.section(part):
                formatter.write_dl(rows)

    def _place(self, name: str) -> tuple[int, bool]:
        """One that has commands of its own stands behind those that have none."""
        return _PARTS.index(self._part(name)), isinstance(self.commands[name], TyperGroup)

    def _part(self, name: str) -> str:
        command: Any = self.commands[name]
        return command.rich_help_panel or _PARTS[-1]


app = typer.Typer(
    cls=Listed,
    help="A FAQ bot that answers from a maintained YAML knowledge base, always with its source.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)


def _tell_version(wanted: bool) -> None:
    if wanted:
        from bot.operations.versions import version_of

        print(f"reformbot {version_of('reformbot') or 'from a checkout'}, Python {sys.version.split()[0]}")
        raise typer.Exit


Version = Annotated[
    bool,
    typer.Option("--version", callback=_tell_version, is_eager=True, help="The release of the bot, and of Python."),
]


@app.callback()
def _options(version: Version = False) -> None:
    """What is asked without a command."""


Knowledge = Annotated[
    Optional[Path],  # noqa: UP045 - typer reads it at run time
    typer.Option("--knowledge", help="Folder of the knowledge base (default: KNOWLEDGE_DIR or the shipped one)."),
]
Lang = Annotated[Optional[str], typer.Option("--lang", help="Your language, where the question leaves it open.")]  # noqa: UP045


def service_of(settings: Settings, cache: Path | None = None) -> Service:
    gc.disable()  # nothing that is loaded here is garbage; looking for it takes a tenth of the start
    try:
        from bot.atomic import own_folder
        from bot.open.base import open_service

        with suppress(OSError):  # who writes into it says so
            own_folder(settings.state_dir)
        where = settings.knowledge_dir, cache or settings.cache_dir
        return open_service(*where, settings.caution, progress(), encoded=settings.encoder)
    finally:
        gc.freeze()  # nor later: Python would look through all of it once more when it ends
        gc.enable()


def settings_of(knowledge: Path | None) -> Settings:
    from bot.settings import read_settings

    return read_settings(**({"knowledge_dir": knowledge} if knowledge else {}))


def remembered() -> Remembered:
    """What earlier commands found in order, so that it need not be compared again."""
    from bot.open.cache import memory_of

    return memory_of(settings_of(None).cache_dir)


def progress() -> Progress:
    return Progress(sys.stderr)


def known_language(service: Service, lang: str | None) -> None:
    if lang and lang not in service.base.languages:
        raise UsageError(f"--lang {lang}: the base has {', '.join(service.base.languages)}.")


def text_of(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"{path}: cannot be read ({error}).") from None


def note(text: str) -> None:
    print(text, file=sys.stderr)


def fail(text: str, code: int) -> None:
    print(text, file=sys.stderr)
    sys.exit(code)
