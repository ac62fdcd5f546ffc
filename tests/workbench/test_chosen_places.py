"""Where what was chosen may stand, and where it may not: in which part of the source, and beside what the folder has already."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from bot.errors import KnowledgeError, UsageError
from bot.service import Service
from bot.workbench import chosen
from bot.workbench.asked_again import AskedAgain
from bot.workbench.trial import reader, write
from bot.workbench.unanswered import look
from tests.workbench.bases import library, library_service
from tests.workbench.test_chosen import WIFI, changed, miss


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return library(tmp_path)


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Service:
    return library_service(library(tmp_path_factory.mktemp("library")))


def test_a_new_entry_cites_as_its_neighbour_in_the_same_topic_does(folder: Path, service: Service) -> None:
    [group] = look([miss("is there wifi in the hall", 1)], AskedAgain(service)).groups
    base = replace(service.base, entries=dict(service.base.entries))
    for name in base.topics["presidency"].entries:
        base.entries[name] = replace(base.entries[name], section="opening")
    near = (replace(group.near[0], entry="presidential-term"),)
    for topic, section in ("library", "agenda"), ("presidency", "opening"), (None, "opening"):
        words = chosen.NewWords("It is free.")
        patch = chosen.beginning(base, reader(folder), replace(group, near=near), topic, "wifi", words)
        assert f"+    section: {section}" in changed(patch)


def test_what_the_folder_has_and_the_base_in_use_has_not_is_not_written_over(folder: Path, service: Service) -> None:
    [group] = look([miss("is there wifi in the hall", 1)], AskedAgain(service)).groups
    write(folder, chosen.beginning(service.base, reader(folder), group, "library", "wifi"))
    with pytest.raises(UsageError, match=r"en/library\.yaml has wifi already"):
        chosen.beginning(service.base, reader(folder), group, "library", "wifi")
    (folder / "en/phrases/library.yaml").write_text("printing: [", "utf-8")  # the last good base may answer meanwhile
    with pytest.raises(KnowledgeError, match=r"en/phrases/library\.yaml has to be put right first"):
        chosen.adding(service.base, reader(folder), "printing", WIFI)


def test_nothing_leads_to_an_entry_where_it_is_not_translated(folder: Path, service: Service) -> None:
    base = replace(service.base, entries=dict(service.base.entries))
    fines = base.entries["fines"]
    base.entries["fines"] = replace(fines, texts={"en": fines.texts["en"]})
    with pytest.raises(UsageError, match="fines is not translated into ru"):
        chosen.adding(base, reader(folder), "fines", WIFI)


def test_a_group_that_is_taken_out_in_a_language_stays_out(folder: Path, service: Service) -> None:
    with (folder / "ru/refusals.yaml").open("a", encoding="utf-8") as file:
        file.write("jokes-and-small-games: null\n")
    patch = chosen.refusing(service.base, reader(folder), "jokes-and-small-games", WIFI[:1])
    assert [one.path for one in patch] == ["en/refusals.yaml"]
