"""The schemas in the language server that editors run: nothing underlined in a good file, and what is wrong in a bad one."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.kb.editors import MODELINE, schema_of
from tests.conftest import ROOT
from tests.kb.language_server import LanguageServer, language_server, needed
from tests.kb_bases import SHIPPED

SETTINGS = json.loads((ROOT / ".vscode" / "settings.json").read_text(encoding="utf-8"))
NESTED = {"yaml": {key.removeprefix("yaml."): value for key, value in SETTINGS.items() if key.startswith("yaml.")}}
LARGE = 60_000  # bytes; the server takes seconds for such files, and the others show as much
FILES = sorted(path.relative_to(SHIPPED).as_posix() for path in SHIPPED.rglob("*.yaml") if path.stat().st_size < LARGE)


@pytest.fixture(scope="module")
def copied(tmp_path_factory: pytest.TempPathFactory) -> Path:
    needed()
    root = tmp_path_factory.mktemp("repository").resolve()
    shutil.copytree(SHIPPED, root / "knowledge")
    return root


@pytest.fixture(scope="module")
def server(copied: Path) -> Iterator[LanguageServer]:
    with language_server(copied, NESTED) as found:
        yield found


def underlined(server: LanguageServer, path: Path) -> list[tuple[int, str]]:
    return sorted((one["range"]["start"]["line"] + 1, one["message"]) for one in server.diagnostics(path))


def test_the_files_that_are_shipped_have_nothing_underlined(server: LanguageServer, copied: Path) -> None:
    assert {name: found for name in FILES if (found := underlined(server, copied / "knowledge" / name))} == {}


KINDS_OF_FILES = ["changes", "corrections", "names", "refusals", "sources", "synonyms", "voice", "any_topic"]
PLACES = [f"{lang}/{name}.yaml" for lang in ("en", "ru", "kk") for name in KINDS_OF_FILES]
PLACES += ["sources.yaml", "en/phrases/any_topic.yaml", "kk/phrases/smalltalk.yaml"]


@pytest.mark.parametrize("name", PLACES)
def test_the_settings_know_each_file_by_one_schema_whether_it_is_there_yet_or_not(name: str) -> None:
    found = {Path(schema).stem for schema, globs in SETTINGS["yaml.schemas"].items() if _meant(globs, name)}
    assert found == {schema_of(name, "en")}


def _meant(globs: list[str], name: str) -> bool:
    path = Path("knowledge") / name
    places = [glob for glob in globs if glob.startswith("knowledge/") and _fits(path, glob)]
    return bool(places) and not any(_fits(path, glob[1:]) for glob in globs if glob.startswith("!"))


def _fits(path: Path, glob: str) -> bool:
    return path.match(glob) and len(path.parts) == glob.count("/") + 1


BAD = [
    ("en/presidency.yaml", "    section: agenda\n", "    secton: agenda\n", r"secton is not allowed"),
    ("en/presidency.yaml", "    section: agenda\n", "", r'Missing property "section"'),
    ("en/presidency.yaml", "checked: 2026-11-28", "checked: 28.11.2026", r"does not match the pattern"),
    ("en/presidency.yaml", "  reform-agenda:", "  Reform agenda:", r"pattern"),
    ("ru/presidency.yaml", "topic:\n", "topic:\n  emoji: x\n", r"emoji is not allowed"),
    ("en/changes.yaml", "  text:", "  txt:", r"txt is not allowed"),
    ("en/voice.yaml", "sentences:\n", "sentences:\n  declin: No.\n", r"declin is not allowed"),
    ("sources.yaml", "kind: article", "kind: newspaper", r"article.*context"),
    ("sources.yaml", "url: null", "url: somewhere", r"does not match the pattern"),
    ("ru/sources.yaml", "publisher:", "publishr:", r"publishr is not allowed"),
    ("en/synonyms.yaml", "rural: [rural,", "rural: rural # [", r"Expected one of array"),
    ("en/phrases/presidency.yaml", "reform-agenda:", "reform agenda:", r"pattern"),
]


def another(root: Path, name: str, text: str) -> Path:
    """A file of this name in a base of its own, with the schemas beside it."""
    base = root / f"base-{len(list(root.iterdir()))}" / "knowledge"
    (base / name).parent.mkdir(parents=True)
    (base / "schemas").symlink_to(root / "knowledge" / "schemas")
    (base / name).write_text(text, encoding="utf-8")
    return base / name


@pytest.mark.parametrize(("name", "old", "new", "said"), BAD, ids=[f"{name} {new.strip()}" for name, _, new, _ in BAD])
@pytest.mark.parametrize("by", ["modeline", "settings"])
def test_what_is_wrong_is_underlined(
    server: LanguageServer, copied: Path, by: str, name: str, old: str, new: str, said: str
) -> None:
    """By the line at the head of a file, and by the globs of the settings where there is none."""
    whole = (copied / "knowledge" / name).read_text(encoding="utf-8")
    text = whole if by == "modeline" else whole.partition("\n")[2]
    assert whole.startswith(MODELINE)
    assert old in text
    assert underlined(server, another(copied, name, text)) == []
    found = underlined(server, another(copied, name, text.replace(old, new, 1)))
    assert [message for _, message in found if re.search(said, message, re.DOTALL)], found


def test_an_editor_shows_what_a_key_is_for(server: LanguageServer, copied: Path) -> None:
    path = copied / "knowledge" / "en" / "presidency.yaml"
    lines = path.read_text(encoding="utf-8").splitlines()
    at = next(number for number, line in enumerate(lines) if line.startswith("    section:"))
    assert "The part of the source" in server.hover(path, at, 6)
