"""Commands of those who maintain a base by looking at it: due."""

from __future__ import annotations

import datetime
from typing import Annotated, Optional

import typer

from bot.cli.edge import MAINTAIN, Knowledge, app, note, settings_of


@app.command(rich_help_panel=MAINTAIN)
def due(
    within: Annotated[int, typer.Option("--within", help="Days from today.", min=0)] = 30,
    owner: Annotated[Optional[str], typer.Option("--owner", help="Only what this person is to look at.")] = None,  # noqa: UP045
    knowledge: Knowledge = None,
) -> None:
    """What should be held against its sources again: overdue, or due within so many days."""
    from bot.kb.load import due as due_in

    folder, today = settings_of(knowledge).knowledge_dir, datetime.date.today()
    found = due_in(folder, today + datetime.timedelta(days=within))
    if owner is not None:
        found = [one for one in found if (one.owner or "").casefold() == owner.strip().casefold()]
    for one in found:
        late = "overdue since" if one.by < today.isoformat() else "due by"
        checked = f"last checked on {one.checked}" if one.checked else "never checked"
        print(
            f"{folder}/{one.file}:{one.line} {one.name}: {late} {one.by}, {checked}"
            + f", {one.owner}" * bool(one.owner)
        )
    whose = f" for {owner}" if owner else ""
    note(f"{len(found)} part(s) of {folder} to look at{whose} within {within} days.")
