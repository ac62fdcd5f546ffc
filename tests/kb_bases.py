"""Knowledge folders for the tests: a small base without a problem, to be copied and edited."""

from __future__ import annotations

import shutil
from pathlib import Path

import yaml

from bot.kb.load import check
from bot.kb.model import Problem
from bot.kb.voice_keys import SENTENCES

BROKEN = Path(__file__).parent / "broken"
SMALL_BASE = BROKEN / "_base"
SHIPPED = Path(__file__).parents[1] / "knowledge"


def small_base(folder: Path) -> Path:
    """A copy of the small base inside `folder`."""
    base = Path(shutil.copytree(SMALL_BASE, folder / "knowledge"))
    for voice in base.glob("*/voice.yaml"):
        _complete(voice)
    return base


def check_small(folder: Path) -> list[Problem]:
    """As `check`, for a base whose voice says but little, which no bot could run with."""
    return [problem for problem in check(folder) if problem.rule != "voice-missing"]


def _complete(voice: Path) -> None:
    content = yaml.safe_load(voice.read_text(encoding="utf-8"))
    for key, names in SENTENCES.items():
        content["sentences"].setdefault(key, " ".join([key, *(f"{{{name}}}" for name in sorted(names))]))
    voice.write_text(yaml.safe_dump(content, allow_unicode=True, sort_keys=False), encoding="utf-8")


def edit(folder: Path, name: str, old: str, new: str) -> None:
    """Replaces the one place where `old` stands."""
    text = (folder / name).read_text(encoding="utf-8")
    assert text.count(old) == 1, (name, old)
    (folder / name).write_text(text.replace(old, new), encoding="utf-8")
