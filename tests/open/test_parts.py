"""An edit costs the fit of what it changes, and no other: fits are counted, by the parts that are new in the cache."""

from __future__ import annotations

import itertools
import re
import shutil
from pathlib import Path

import pytest

from bot.languages.packs import Packs
from bot.open.base import is_learned, open_service
from bot.open.cache import kept_base
from bot.open.parts import Parts
from tests.kb_bases import edit, fitted_soon, small_base

LANGUAGES = ("en", "ru")
INDEXES, GUARDS = ({f"{kind}-{lang}" for lang in LANGUAGES} for kind in ("index", "danger"))


@pytest.fixture(scope="module")
def opened(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a base and a cache that has all of it."""
    folder = tmp_path_factory.mktemp("opened")
    base = fitted_soon(small_base(folder))
    edit(
        base,
        "en/phrases/liberties.yaml",
        "[number of demonstrations,",
        "[how many marches, rallies held, protests so far,",
    )
    open_service(base, folder / "cache")
    return folder


@pytest.fixture
def place(opened: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(opened, tmp_path / "copy"))


def parts(place: Path) -> dict[str, int]:
    """The parts in the cache, by kind and name, and their inodes: what is written anew has another one. Notes of names, and
    of what is in order, are no parts."""
    found = (path for path in (place / "cache").glob("*/*") if not path.parent.name.startswith(("names", "in-order")))
    return {f"{path.parent.name}/{path.name}": path.stat().st_ino for path in found}


def learned(place: Path) -> set[str]:
    """The kinds of what the next start makes anew."""
    before = parts(place)
    assert is_learned(place / "knowledge", place / "cache") is False or not before
    open_service(place / "knowledge", place / "cache")
    made = [name for name, inode in parts(place).items() if before.get(name) != inode]
    assert is_learned(place / "knowledge", place / "cache")
    return {name.partition("/")[0] for name in made}


_YEARS = itertools.count(2024)


def one_more_phrase(place: Path, lang: str) -> None:
    """Made of one that is there, and another each time."""
    file = place / "knowledge" / lang / "phrases" / "liberties.yaml"
    file.write_text(
        re.sub(r"\[(.+?),", rf"[\1, \1 {next(_YEARS)},", file.read_text(encoding="utf-8"), count=1), encoding="utf-8"
    )


def test_what_has_been_opened_is_not_learned_again(place: Path) -> None:
    before = parts(place)
    assert is_learned(place / "knowledge", place / "cache")
    open_service(place / "knowledge", place / "cache")
    assert parts(place) == before


def test_what_has_been_opened_finds_its_parts_without_going_through_all_phrases(place: Path) -> None:
    folder, cache = place / "knowledge", place / "cache"
    base = kept_base(folder, cache)
    assert base is not None
    noted = Parts(base, cache, Packs.of_base(folder), noted=True)
    assert noted.complete()
    assert "lessons" not in vars(noted)
    (note,) = (cache / "names").iterdir()
    note.write_bytes(b"{")
    anew = Parts(base, cache, Packs.of_base(folder), noted=True)
    assert (anew.indexes, anew.guards) == (noted.indexes, noted.guards)
    assert "lessons" in vars(anew)


def test_an_edited_answer_costs_no_fit(place: Path) -> None:
    edit(place / "knowledge", "en/liberties.yaml", "There have been over 1,500 rallies.", "So far over 1,500 rallies.")
    assert learned(place) == {"base"}


def test_an_edited_answer_is_learned_from_where_there_are_few_phrases(place: Path) -> None:
    """It counts as one more."""
    edit(place / "knowledge", "en/presidency.yaml", "a single term of seven years", "one single term of seven years")
    assert learned(place) == {"base", "index-en"}


def test_an_edited_context_costs_no_fit(place: Path) -> None:
    edit(
        place / "knowledge", "en/presidency.yaml", "The decree was signed in September.", "It was signed in September."
    )
    assert learned(place) == {"base"}


def test_an_edited_phrase_costs_the_fit_of_its_language_and_the_guards(place: Path) -> None:
    """The guards learn from all languages what is no cry for help."""
    one_more_phrase(place, "ru")
    assert learned(place) == {"base", "index-ru", *GUARDS}


def test_a_cry_added_to_a_pack_costs_the_fit_of_its_guard(place: Path) -> None:
    """The file of the pack is no part of the base."""
    file = place / "knowledge" / "languages" / "en" / "danger.yaml"
    file.write_text(
        file.read_text(encoding="utf-8").replace("others:", "  more:\n  - they are coming for me\nothers:", 1)
    )
    assert learned(place) == {"danger-en"}


def test_an_entry_beside_another_costs_no_fit(place: Path) -> None:
    edit(place / "knowledge", "en/liberties.yaml", "related: [presidential-term]", "related: []")
    assert learned(place) == {"base"}


def test_a_part_that_is_damaged_is_learned_anew_and_no_other(place: Path) -> None:
    (head,) = (place / "cache").glob("index-ru/*/head.json")
    head.write_bytes(b"{")
    (detector,) = (place / "cache").glob("danger-en/*")
    detector.write_bytes(b"PK")
    before = parts(place)
    open_service(place / "knowledge", place / "cache")
    made = {name.partition("/")[0] for name, inode in parts(place).items() if before[name] != inode}
    assert made == {"index-ru", "danger-en"}


def test_a_part_that_is_gone_is_missed(place: Path) -> None:
    (detector,) = (place / "cache").glob("danger-ru/*")
    detector.unlink()
    assert learned(place) == {"danger-ru"}


def test_going_back_to_what_was_before_costs_nothing(place: Path) -> None:
    old = (place / "knowledge" / "ru" / "phrases" / "liberties.yaml").read_bytes()
    one_more_phrase(place, "ru")
    assert learned(place)
    (place / "knowledge" / "ru" / "phrases" / "liberties.yaml").write_bytes(old)
    assert is_learned(place / "knowledge", place / "cache")


def test_the_last_two_of_each_kind_are_kept(place: Path) -> None:
    for _ in range(3):
        one_more_phrase(place, "ru")
        open_service(place / "knowledge", place / "cache")
    kept = {folder.name: len(list(folder.iterdir())) for folder in (place / "cache").iterdir()}
    twice = {"base", "index-ru", *GUARDS}
    parts = {kind: count for kind, count in kept.items() if not kind.startswith(("in-order-", "names"))}
    assert parts == dict.fromkeys(twice, 2) | {"index-en": 1}
