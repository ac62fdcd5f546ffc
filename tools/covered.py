"""Says how much of the code the tests walked, and ends with 1 where a part has less than its floor.

    python -m tools.covered REPORT FLOOR=PATH[,PATH …] …        such as 98=bot/kb,bot/reply.py

REPORT is what SlipCover writes as JSON. Lines and branches count alike; a path is a file, or a folder with all in it."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePath
from typing import Any


@dataclass(frozen=True, slots=True)
class Part:
    """Files, by name, each as SlipCover reports it."""

    name: str
    files: Mapping[str, Mapping[str, Any]]

    @property
    def percent(self) -> float:
        """Of lines and branches; of nothing all."""
        walked, left = self._count("covered"), self._count("missing")
        return 100 * walked / (walked + left) if walked + left else 100.0

    def gaps(self) -> Iterator[str]:
        """What was not walked, a line a file."""
        for name, one in self.files.items():
            lines = ", ".join(map(str, one["missing_lines"]))
            steps = ", ".join(f"{first} to {then}" for first, then in one["missing_branches"])
            if lines or steps:
                yield f"{name}: {'; '.join(filter(None, (lines, steps)))}"

    def _count(self, what: str) -> int:
        return sum(one["summary"][f"{what}_{of}"] for one in self.files.values() for of in ("lines", "branches"))


def part_of(files: Mapping[str, Mapping[str, Any]], name: str) -> Part:
    places = [PurePath(one) for one in name.split(",")]
    return Part(name, {key: one for key, one in files.items() if any(PurePath(key).is_relative_to(p) for p in places)})


def judged(files: Mapping[str, Mapping[str, Any]], floors: Sequence[str]) -> Iterator[tuple[bool, str]]:
    """Each floor: whether it holds, and what is to be said. ValueError where none of the files is meant."""
    for floor, _, name in (one.partition("=") for one in floors):
        part = part_of(files, name)
        if not part.files:
            raise ValueError(f"{name}: the report has no such file")
        holds = part.percent >= float(floor)
        said = f"{part.percent:.1f} per cent of the lines and branches of {name} are walked; the floor is {floor}"
        yield holds, said if holds else "\n".join([*part.gaps(), said])


def main(report: str, *floors: str) -> None:
    found = list(judged(json.loads(Path(report).read_text(encoding="utf-8"))["files"], floors))
    print("\n".join(said for _, said in found))
    if not all(holds for holds, _ in found):
        raise SystemExit(1)


if __name__ == "__main__":
    main(*sys.argv[1:])
