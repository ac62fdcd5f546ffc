"""Commands of those who run the bot: doctor, backup, restore."""

from __future__ import annotations

import datetime
from pathlib import Path
from typing import Annotated

import typer

from bot.cli.edge import OPERATE, app, note, settings_of
from bot.errors import ReformbotError


@app.command(rich_help_panel=OPERATE)
def doctor(as_json: Annotated[bool, typer.Option("--json", help="The findings as JSON.")] = False) -> None:
    """Look at all that the bot stands on: Telegram, database, disk, knowledge, settings; say what is wrong and what to do."""
    import asyncio

    from bot.operations import findings
    from bot.operations.doctor import examine

    found, hide = asyncio.run(examine())
    print(findings.as_json(found, hide) if as_json else findings.as_text(found, hide))
    if bad := sum(one.state is findings.Condition.WRONG for one in found):
        raise ReformbotError(f"{bad} thing(s) to mend. The lines above are fit for a bug report: secrets are left out.")


@app.command(rich_help_panel=OPERATE)
def backup(file: Annotated[Path, typer.Argument(help="The file to write, such as backup.tar.gz.")]) -> None:
    """Keep what the bot remembers in one file; the bot may run meanwhile."""
    import asyncio

    from bot.operations.backup import save

    settings = settings_of(None)
    asyncio.run(save(settings, file))
    note(
        f"{file} holds all that the bot remembers ({file.stat().st_size / 1e3:,.0f} kB). Keep it as you keep a password."
    )
    if settings.identity_secret is not None:
        note("IDENTITY_SECRET is not in it: without that, it is of no use.")


@app.command(rich_help_panel=OPERATE)
def restore(file: Annotated[Path, typer.Argument(help="A file that `reformbot backup` wrote.")]) -> None:
    """Bring back what a backup holds, where there is nothing yet; with the bot stopped."""
    import asyncio

    from bot.operations.backup import bring_back

    made = datetime.datetime.fromtimestamp(asyncio.run(bring_back(settings_of(None), file)).made, datetime.UTC)
    note(
        f"Restored what the bot remembered on {made:%d %B %Y at %H:%M} UTC. Start it, or look first: reformbot doctor."
    )
