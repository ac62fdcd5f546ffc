"""Writes docs/constants.md: every named number that is set by hand in the matcher, and what it stands on, as the code says it.

    python -m tools.make_constants

A reason is the comment behind a constant, or the one above it and those that follow without a blank line."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
MATCHER, PAGE = ROOT / "bot" / "match", ROOT / "docs" / "constants.md"
_HEAD = """# The numbers of the matcher

Whatever the matcher can learn from a base it learns. These numbers, all that have a name, are set by hand; each says beside it in the code what it
stands on, and this page is made of that (`python -m tools.make_constants`). Most bound what a message may cost, or are sizes
of memories; those that decide say on what they were measured. "Labelled questions" are those of the shipped base
(`tests/cases`), the public sets those of [benchmarks.md](benchmarks.md). What stands in brackets behind a number of
`decision.py` is what is otherwise without it, of 6,917 labelled questions.
"""


@dataclass(frozen=True, slots=True)
class Constant:
    """`reason` is empty where the code gives none."""

    file: str
    name: str
    value: str
    reason: str


def constants() -> Iterator[Constant]:
    """By file and line; without those that hold no number but nought."""
    for path in sorted(MATCHER.rglob("*.py")):
        yield from _of_file(path)


def page(found: list[Constant]) -> str:
    parts = [_HEAD]
    for file in dict.fromkeys(one.file for one in found):
        rows = [f"| `{one.name}` | `{one.value}` | {one.reason} |" for one in found if one.file == file]
        parts.append(
            "\n".join([f"## `{file}`\n", "| name | value | what it stands on |", "| --- | --- | --- |", *rows, ""])
        )
    return "\n".join(parts)


def _of_file(path: Path) -> Iterator[Constant]:
    text = path.read_text(encoding="utf-8")
    lines = text.splitlines()
    for node in ast.parse(text).body:
        if not isinstance(node, (ast.Assign, ast.AnnAssign)) or node.value is None:
            continue
        name = ast.unparse(node.targets[0] if isinstance(node, ast.Assign) else node.target).strip("()")
        if name.strip("_").split(",")[0].isupper() and _is_number(node.value):
            value = " ".join(ast.unparse(node.value).replace("|", "\\|").split())
            yield Constant(path.relative_to(ROOT).as_posix(), name, value, _reason(lines, node))


def _is_number(value: ast.expr) -> bool:
    """Whether there is a number in it, and neither a pattern nor the seed of a hash."""
    calls = {ast.unparse(one.func) for one in ast.walk(value) if isinstance(one, ast.Call)}
    numbers = [
        one.value for one in ast.walk(value) if isinstance(one, ast.Constant) and isinstance(one.value, (int, float))
    ]
    return any(numbers) and calls.isdisjoint({"re.compile", "crc32"})


def _reason(lines: list[str], node: ast.stmt) -> str:
    own = lines[node.lineno - 1 : node.end_lineno]
    behind = " ".join(line.split("  # ", 1)[1] for line in own if "  # " in line)
    at = node.lineno - 1
    while at and lines[at - 1].strip() and not lines[at - 1].startswith("#"):
        at -= 1
    above = []
    while at and lines[at - 1].startswith("#"):
        at -= 1
        above.insert(0, lines[at].removeprefix("#").strip())
    # What stands behind it says more of it than what stands above several.
    return (behind or " ".join(above)).replace("|", "\\|")


if __name__ == "__main__":
    PAGE.write_text(page(list(constants())), encoding="utf-8")
