"""The command `reformbot`: wires everything, prints at the edge, and maps failures to exit codes.

The door: `main` and `app`; each file adds its commands to `app`."""

from bot.cli import (
    adding,
    asking,
    base_files,
    checking,
    comparing,
    maintaining,
    operating,
    schemas,
    starting,
    unanswered,
)  # isort: skip
from bot.cli.edge import app
from bot.cli.exits import main

__all__ = [
    "adding",
    "app",
    "asking",
    "base_files",
    "checking",
    "comparing",
    "main",
    "maintaining",
    "operating",
    "schemas",
    "starting",
    "unanswered",
]
