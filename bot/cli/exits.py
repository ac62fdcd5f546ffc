"""Maps failures to exit codes: an expected one is a message, anything else a bug with its traceback."""

from __future__ import annotations

import os
import sys
import traceback

from bot.cli.edge import app, fail
from bot.errors import ReformbotError

BUG, INTERRUPTED = 3, 130


def main() -> None:
    """Runs the command; an expected failure is a message, anything else a bug with its traceback."""
    os.environ["PYTHONSAFEPATH"] = "1"  # what is started from here imports nothing from the working directory
    try:
        app()
    except ReformbotError as error:
        fail(str(error), error.exit_code)
    except KeyboardInterrupt:
        sys.exit(INTERRUPTED)
    except Exception:
        from bot.logs import Redactor

        fail(
            Redactor()(traceback.format_exc()) + "\nThis is a bug in reformbot; please report it with the lines above.",
            BUG,
        )
