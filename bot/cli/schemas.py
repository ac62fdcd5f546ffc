"""The command for editors: schema."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Optional

import typer

from bot.cli.edge import MAINTAIN, app, note
from bot.errors import UsageError


@app.command(rich_help_panel=MAINTAIN)
def schema(
    kind: Annotated[Optional[str], typer.Argument(help="Which one; without it, the kinds are listed.")] = None,  # noqa: UP045
    out: Annotated[Optional[Path], typer.Option("--out", help="A folder that gets all of them.")] = None,  # noqa: UP045
) -> None:
    """JSON Schemas of the YAML files, for editors: one a kind of file."""
    from bot.kb.editors import as_text, documents

    known = documents()
    if kind and out:
        raise UsageError("Give a kind, which is printed, or --out DIR for all of them.")
    if kind:
        if kind not in known:
            raise UsageError(f"No schema {kind!r}; there is {', '.join(known)}.")
        print(as_text(known[kind]), end="")
    elif out:
        _write(out, {f"{name}.json": as_text(document) for name, document in known.items()})
    else:
        for name, document in known.items():
            print(f"{name:23} {document['description']}")


def _write(folder: Path, texts: Mapping[str, str]) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, text in texts.items():
            (folder / name).write_text(text, encoding="utf-8", newline="\n")
    except OSError as error:
        raise UsageError(f"{folder}: cannot be written ({error.strerror}).") from None
    note(f"{len(texts)} schemas in {folder}.")
