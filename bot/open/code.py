"""Which code stands behind a module: a version that changes with each of its lines, and with no line of other code."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import bot

_ROOT = Path(bot.__file__).parent
_IMPORT = re.compile(
    rb"^[ \t]*(?:from[ \t]+(bot[\w.]*)[ \t]+import[ \t]+(\([^)]*\)|[^\n]*)|import[ \t]+(bot[\w.]*))", re.M
)
_NAME = re.compile(rb"\w+")


@cache
def version_of(modules: tuple[str, ...], but: tuple[str, ...] = (), root: Path = _ROOT) -> str:
    """12 hexadecimal digits over all files of `bot` that these modules are made of: their own, and those that they import,
    wherever the import stands. What begins with one of `but` is not followed: its work comes as data."""
    found = hashlib.sha256()
    for module, path in sorted(files_of(modules, but, root).items()):
        data = path.read_bytes()
        found.update(b"%s\0%d\0" % (module.encode(), len(data)))
        found.update(data)
    return found.hexdigest()[:12]


def files_of(modules: tuple[str, ...], but: tuple[str, ...] = (), root: Path = _ROOT) -> dict[str, Path]:
    """Module -> file."""
    found: dict[str, Path] = {}
    left = list(modules)
    while left:
        module = left.pop()
        path = _file(module, root)
        if path is not None and module not in found and not any(f"{module}.".startswith(f"{one}.") for one in but):
            found[module] = path
            left += _imported(path, root)
    return found


def _imported(path: Path, root: Path) -> Iterator[str]:
    """What a file may import: a name taken from a package may be a module of its own, and then the package, which tells who
    may use it, is none of it."""
    for origin, names, whole in _IMPORT.findall(path.read_bytes()):
        modules = [f"{origin.decode()}.{name.decode()}" for name in _NAME.findall(names)]
        yield from modules
        if not modules or not all(_file(module, root) for module in modules):
            yield (origin or whole).decode()


def _file(module: str, root: Path) -> Path | None:
    place = root.joinpath(*module.split(".")[1:])
    return next((path for path in (place.with_suffix(".py"), place / "__init__.py") if path.is_file()), None)
