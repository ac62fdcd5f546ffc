"""Plays conversations with the real bot against the tests' Bot API server and draws what it answered.

python -m tools.tour                 docs/tour/*.png (needs Chromium; without it: how to get it)
python -m tools.tour --pages FOLDER  only the HTML pages
python -m tools.tour --only stats    one scene
"""

from __future__ import annotations

import argparse
import asyncio
import sys
import tempfile
from pathlib import Path

from bot.open.base import open_service
from bot.service import Service
from tests.botapi.server import BotApiServer
from tests.telegram_bot import running
from tools import tour_shots
from tools.tour_page import Scene, page
from tools.tour_scenes import ADMIN, SCENES, Stage

ROOT = Path(__file__).parents[1]
PICTURES = ROOT / "docs" / "tour"


async def play(service: Service, names: list[str] | None = None) -> list[Scene]:
    """The scenes, each with what the bot really answered. RuntimeError where it broke a rule of the Bot API."""
    scenes = []
    for name, script in SCENES.items():
        if names and name not in names:
            continue
        async with BotApiServer(username="kz_reform_facts_bot") as api:
            api.state.add_chat(ADMIN)
            async with running(api, service=service, admin_ids=(ADMIN,)) as bot:
                scenes.append(await script(Stage(name, api, bot)))
            if api.violations:
                raise RuntimeError("\n".join(api.violations))
    return scenes


def write(scenes: list[Scene], folder: Path) -> list[Path]:
    """One page a scene, in its order."""
    folder.mkdir(parents=True, exist_ok=True)
    pages = [(folder / f"{scene.name}.html", page(scene)) for scene in scenes]
    for path, text in pages:
        path.write_text(text, encoding="utf-8")
    return [path for path, _ in pages]


def main(arguments: list[str] | None = None) -> int:
    """0 fine; 1 without Chromium."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--pages", type=Path, metavar="FOLDER", help="write the HTML pages there, and no pictures")
    parser.add_argument("--only", nargs="+", choices=list(SCENES), help="these scenes only")
    options = parser.parse_args(arguments)
    program = tour_shots.browser()
    if options.pages is None and program is None:
        sys.stderr.write(tour_shots.ADVICE + "\n")
        return 1
    service = open_service(ROOT / "knowledge", ROOT / ".state" / "cache")
    scenes = asyncio.run(play(service, options.only))
    if options.pages is not None:
        write(scenes, options.pages)
        return 0
    with tempfile.TemporaryDirectory(prefix="tour-") as folder:
        PICTURES.mkdir(parents=True, exist_ok=True)
        for path in write(scenes, Path(folder)):
            picture = PICTURES / f"{path.stem}.png"
            tour_shots.shoot(str(program), path, picture)
            sys.stdout.write(f"{picture.relative_to(ROOT)}  {picture.stat().st_size // 1024} kB\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
