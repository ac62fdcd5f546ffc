"""Knowledge folders for the tests: a small base without a problem, to be copied and edited."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from bot.kb.lint.memory import Proven, Remembered
from bot.kb.load import check
from bot.kb.model import Problem
from bot.kb.voice_keys import SENTENCES

BROKEN = Path(__file__).parent / "broken"
SMALL_BASE = BROKEN / "_base"
SHIPPED = Path(__file__).parents[1] / "knowledge"
PACKS = Path(__file__).parents[1] / "bot" / "languages"
MEMORY = Remembered()  # of the bases of a process: their packs are parsed and compared once
_DANGER = ("cries", "others")  # the parts of danger.yaml that are sentences


def small_base(folder: Path) -> Path:
    """A copy of the small base inside `folder`."""
    base = Path(shutil.copytree(SMALL_BASE, folder / "knowledge"))
    for voice in base.glob("*/voice.yaml"):
        voice.write_text(_complete(voice.parent.name), encoding="utf-8")
    return base


def fitted_soon(base: Path, phrases: int = 3) -> Path:
    """The base with packs of its own: the shipped ones with a few sentences of each kind, so that a fit takes a second."""
    for code in (path.parent.name for path in base.glob("*/voice.yaml")):
        pack = Path(shutil.copytree(PACKS / code, base / "languages" / code))
        for name, text in _shortened_pack(code, phrases).items():
            (pack / name).write_text(text, encoding="utf-8")
    return base


@cache
def _shortened_pack(code: str, phrases: int) -> dict[Path, str]:
    """What of a shipped pack is otherwise. To read the whole pack takes as long as many a test."""
    pack = PACKS / code
    found = {
        file: _rewritten(file, lambda content: shortened(content, phrases))
        for file in (*pack.glob("phrases/*.yaml"), pack / "refusals.yaml")
    }
    danger = pack / "danger.yaml"
    found[danger] = _rewritten(
        danger, lambda all_of_it: all_of_it | {k: shortened(all_of_it[k], phrases) for k in _DANGER}
    )
    return {file.relative_to(pack): text for file, text in found.items()}


def rewrite(file: Path, change: Callable[[Any], Any]) -> None:
    file.write_text(_rewritten(file, change), encoding="utf-8")


def _rewritten(file: Path, change: Callable[[Any], Any]) -> str:
    content = change(yaml.load(file.read_bytes(), Loader=yaml.CSafeLoader))
    return str(yaml.dump(content, Dumper=yaml.CSafeDumper, allow_unicode=True, sort_keys=False))


def shortened(content: Any, most: int) -> Any:
    """Every list of phrases cut, whatever it hangs on."""
    if isinstance(content, dict):
        return {key: shortened(value, most) for key, value in content.items()}
    return content[:most] if isinstance(content, list) else content


def shared_memory(proven: Proven | None = None) -> Remembered:
    """What a reader would know that had read all that this process has read."""
    return Remembered(proven, MEMORY.parsed, MEMORY.alike, MEMORY._heard)


def check_small(folder: Path) -> list[Problem]:
    """As `check`, for a base whose voice says but little, which no bot could run with."""
    return [problem for problem in check(folder, memory=MEMORY) if problem.rule != "voice-missing"]


@cache
def _complete(code: str) -> str:
    """The voice of the small base, with the sentences that it leaves out."""
    content = yaml.safe_load((SMALL_BASE / code / "voice.yaml").read_text(encoding="utf-8"))
    for key, names in SENTENCES.items():
        content["sentences"].setdefault(key, " ".join([key, *(f"{{{name}}}" for name in sorted(names))]))
    return str(yaml.safe_dump(content, allow_unicode=True, sort_keys=False))


def edit(folder: Path, name: str, old: str, new: str) -> None:
    """Replaces the one place where `old` stands."""
    text = (folder / name).read_text(encoding="utf-8")
    assert text.count(old) == 1, (name, old)
    (folder / name).write_text(text.replace(old, new), encoding="utf-8")
