"""The shipped packs: each complete, all alike; and what is a language's or a base's stands in no code."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.kb.lint.answers import numbers
from bot.kb.lint.voice import placeholders
from bot.kb.voice_keys import PLACES, SENTENCES
from bot.languages.packs import SHIPPED, Packs, traits
from tests.fitted import shipped_base

CODE = Path(__file__).parents[2] / "bot"
LANGUAGES = sorted(path.parent.name for path in SHIPPED.glob("*/language.yaml"))
FOREIGN = re.compile("[\u0370-\u1fff]")  # letters of other scripts than the Latin


def read(code: str, name: str) -> Any:
    return yaml.safe_load((SHIPPED / code / name).read_text(encoding="utf-8"))


def literals(folder: Path) -> Iterator[tuple[str, str]]:
    """Every string of the code but docstrings, and where it stands."""
    for path in sorted(folder.rglob("*.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        docs = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
        for node in ast.walk(tree):
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docs:
                yield node.value, f"{path.relative_to(CODE.parent)}:{node.lineno}"


def test_the_matcher_knows_no_language() -> None:
    found = [(place, text) for text, place in literals(CODE / "match") if text in LANGUAGES]
    assert found == []
    lettered = [
        str(path) for path in (CODE / "match").rglob("*.py") if FOREIGN.search(path.read_text(encoding="utf-8"))
    ]
    assert lettered == []


def test_no_code_knows_the_shipped_base() -> None:
    base = shipped_base()
    ids = {*base.entries, *base.refusals, *base.sources, *base.voice("en").small_talk, *base.changes}
    ids = {one for one in ids if "-" in one} - {
        "source-kind"
    }  # a rule of `check`; words alone code may have for itself
    assert len(ids) > 150
    assert [(place, text) for text, place in literals(CODE) if text in ids] == []


def test_no_pack_speaks_of_the_shipped_base() -> None:
    words = re.compile(r"Euractiv|Tokayev|Токаев|Тоқаев|human rights|прав[а]? человека|адам құқықтары", re.IGNORECASE)
    for code in LANGUAGES:
        for name in ("voice.yaml", "refusals.yaml", "phrases/smalltalk.yaml"):
            assert words.findall((SHIPPED / code / name).read_text(encoding="utf-8")) == [], (code, name)


@pytest.mark.parametrize("code", LANGUAGES)
def test_a_pack_says_all_that_a_bot_says(code: str) -> None:
    voice = read(code, "voice.yaml")
    assert set(voice["sentences"]) == set(SENTENCES)
    for key, text in voice["sentences"].items():
        assert (placeholders(text) or set()) <= SENTENCES[key] | PLACES, key
    assert set(voice["small_talk"]) == set(read(code, "phrases/smalltalk.yaml"))
    assert all(len(phrases) >= 20 for phrases in read(code, "phrases/smalltalk.yaml").values())


@pytest.mark.parametrize("code", LANGUAGES)
def test_all_packs_have_the_same(code: str) -> None:
    ours, first = read(code, "voice.yaml"), read(LANGUAGES[0], "voice.yaml")
    for part in ("commands", "profile", "small_talk"):
        assert list(ours[part]) == list(first[part]), part
    assert list(read(code, "refusals.yaml")) == list(read(LANGUAGES[0], "refusals.yaml"))
    assert sorted(numbers(ours["danger"]["say"])) == sorted(numbers(first["danger"]["say"])) != []
    leaning = [kind for kind, item in ours["small_talk"].items() if item.get("may_lean")]
    assert leaning == [kind for kind, item in first["small_talk"].items() if item.get("may_lean")] != []


@pytest.mark.parametrize("code", LANGUAGES)
def test_a_list_that_is_made_names_the_command(code: str) -> None:
    head = (SHIPPED / code / "names.yaml").read_text(encoding="utf-8").splitlines()[0]
    assert "python tools/make_names.py" in head
    assert (CODE.parent / "tools" / "make_names.py").is_file()


def test_a_pack_of_a_base_takes_the_place_of_the_shipped_one(tmp_path: Path) -> None:
    assert Packs(tmp_path).folder("en") == SHIPPED / "en"
    own = tmp_path / "en"
    own.mkdir()
    (own / "language.yaml").write_text("name: English\nalphabet: abc\n", encoding="utf-8")
    assert Packs(tmp_path).folder("en") == own
    assert list(Packs(tmp_path).files("en")) == [own / "language.yaml"]
    assert Packs(tmp_path).folder("xx") is None


def test_a_language_that_is_not_shipped_has_no_traits() -> None:
    with pytest.raises(KeyError):
        traits("xx")


@pytest.mark.parametrize("code", LANGUAGES)
def test_the_labels_of_buttons_that_share_a_row_are_short_enough_to_be_read_on_a_phone(code: str) -> None:
    """What half the width of a message shows at 390 px: Latin letters are narrower. A longer label ends in dots."""
    said = read(code, "voice.yaml")["sentences"]
    labels = {key: said[key] for key in ("more_on_topic", "share", "copy", "report", "not_this")}
    assert {key: text for key, text in labels.items() if len(text) > (18 if text.isascii() else 17)} == {}
