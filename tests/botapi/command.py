"""The command line of the driver: `python -m tests.botapi.driver [options] -- COMMAND ...`."""

from __future__ import annotations

import argparse
import asyncio
import json
import sys
from collections.abc import Sequence
from dataclasses import asdict

from tests.botapi import faults
from tests.botapi.driver import Driver, Plan, Report
from tests.botapi.server import BotApiServer

_EPILOG = """The bot gets TELEGRAM_BOT_TOKEN, TELEGRAM_BASE_URL, BOT_MODE, WEBHOOK_URL, WEBHOOK_LISTEN and
WEBHOOK_SECRET in its environment, and what --env adds.
Exit code 1 if a question was lost, the bot ended by itself or a rule of the Bot API was broken.

example: python -m tests.botapi.driver --questions 1500 --rate 100 --kills 0.25 0.5 0.75 -- reformbot run"""


def parser() -> argparse.ArgumentParser:
    """The options."""
    made = argparse.ArgumentParser(
        prog="python -m tests.botapi.driver",
        description=sys.modules["tests.botapi.driver"].__doc__,
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    add = made.add_argument
    add("--questions", type=int, default=300)
    add("--rate", type=float, default=0.0, help="questions a second; 0: all at once")
    add("--users", type=int, default=0, help="0: each question from a user of its own")
    add("--mode", choices=("polling", "webhook"), default="polling")
    add("--kills", type=float, nargs="*", default=(), metavar="SHARE", help="SIGKILL when this share is answered")
    add("--terms", type=float, nargs="*", default=(), metavar="SHARE", help="SIGTERM when this share is answered")
    add("--grace", type=float, default=10.0, help="seconds from SIGTERM to SIGKILL")
    add("--quiet", type=float, default=5.0, help="seconds without a message after which the rest counts as lost")
    add("--replies", type=int, default=1, help="messages the bot sends for one question")
    add("--text", action="append", help="a question to ask, may be repeated; default: question N")
    add("--odd", action="store_true", help="odd updates between the questions")
    add("--latency", type=float, default=0.0, help="seconds each call takes the server")
    add("--fault", choices=sorted(faults.KINDS))
    add("--probability", type=float, default=0.1, help="that the fault hits a call")
    add("--methods", nargs="+", default=["sendMessage"], help="the methods that the fault hits")
    add("--duplicates", type=float, default=0.0, help="probability of an update to come twice")
    add("--seed", type=int, default=1)
    add("--env", action="append", default=[], metavar="NAME=VALUE")
    add("--keep-log", action="store_true", help="print the place of the bot's output")
    add("command", nargs="+", metavar="COMMAND")
    return made


def plan(options: argparse.Namespace) -> Plan:
    """The plan of the options."""
    texts: list[str] = options.text or []
    return Plan(
        questions=options.questions,
        rate=options.rate,
        users=options.users,
        mode=options.mode,
        kills=options.kills,
        terms=options.terms,
        grace=options.grace,
        quiet=options.quiet,
        replies=options.replies,
        odd=options.odd,
        text=lambda number: texts[number % len(texts)] if texts else f"question {number}",
    )


async def drive(options: argparse.Namespace) -> tuple[Report, Driver]:
    """One run."""
    async with BotApiServer(latency=options.latency, seed=options.seed) as server:
        server.faults.duplicates = options.duplicates
        if options.fault:
            server.faults.on(options.methods, faults.KINDS[options.fault](), probability=options.probability)
        extra = dict(pair.split("=", 1) for pair in options.env)
        driver = Driver(server, options.command, plan(options), extra)
        return await driver.run(), driver


def main(arguments: Sequence[str] | None = None) -> None:
    """Run and print the report as JSON."""
    options = parser().parse_args(arguments)
    report, driver = asyncio.run(drive(options))
    print(json.dumps(asdict(report) | {"rate": report.rate}, indent=2))
    if options.keep_log:
        print(driver.bot.log, file=sys.stderr)
    else:
        driver.bot.log.unlink()
    sys.exit(1 if report.lost or report.died or report.violations else 0)
