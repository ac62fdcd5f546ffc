"""A fitted index kept in files: the same after a round trip, and None where the files are no good."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest

from bot.languages.packs import traits
from bot.match.decide.matcher import Matcher
from bot.match.learn import archive, crossfit
from bot.match.learn.index import Index, fit_large, fit_large_fold, index_of, prepare
from bot.match.learn.phrases import Phrases
from bot.match.words.language import Language
from tests.match.test_decision import indexes, labelled
from tests.match.test_matcher import MUSEUM, museum

QUESTIONS = ("what does a ticket cost", "tikcet prcie", "will it rain", "are dogs allowed in paris", "xqz")
FILES = ("head.json", "small.npz", "row-starts.npy", "row-ids.npy", "row-values.npy", "weights",
         "texts-letters.npy", "texts-ends.npy", "names.marisa")  # fmt: skip
WEIGHTS = {"kernel": "dual.npy", "linear": "weights.npy"}


@cache
def linear_index() -> Index:
    """The museum again, by the learner of large bases."""
    phrases = Phrases.of(Language(traits("en")), labelled(MUSEUM))
    vocabulary, ready = prepare(phrases)
    held = crossfit.join([fit_large_fold(ready, number) for number in range(crossfit.FOLDS)])
    return index_of(phrases, vocabulary, ready, fit_large(ready), held)


@pytest.fixture
def kept(tmp_path: Path) -> Path:
    folder = tmp_path / "index" / "en"
    archive.save(museum().index, folder)
    return folder


@pytest.fixture(params=["kernel", "linear"])
def damaged(request: pytest.FixtureRequest, tmp_path: Path, name: str) -> Path:
    """The file of that name in the archive of either learner."""
    folder = tmp_path / "index" / "en"
    archive.save(museum().index if request.param == "kernel" else linear_index(), folder)
    assert archive.load(folder, traits("en")) is not None
    return folder / (WEIGHTS[request.param] if name == "weights" else name)


def test_a_matcher_from_the_archive_ranks_as_before(kept: Path) -> None:
    index = archive.load(kept, traits("en"))
    assert index is not None
    again = Matcher(index)
    for question in QUESTIONS:
        assert again.rank(question, phrases=True) == museum().rank(question, phrases=True)


def test_names_groups_and_the_rule_come_back(kept: Path) -> None:
    index = archive.load(kept, traits("en"))
    assert index is not None
    assert index.language.names == museum().language.names
    assert index.language.group_keys == museum().language.group_keys
    assert index.rule.threshold() == museum().index.rule.threshold()
    assert index.unseen == museum().index.unseen > (0, 0)


def test_saving_again_replaces_the_folder(kept: Path) -> None:
    (kept / "stray").write_text("from before")
    archive.save(indexes()["ru"], kept)
    index = archive.load(kept, traits("ru"))
    assert index is not None
    assert list(index.texts()) == list(indexes()["ru"].texts())
    assert not (kept / "stray").exists()
    assert list(kept.parent.iterdir()) == [kept]


def test_no_folder_is_no_index(tmp_path: Path) -> None:
    assert archive.load(tmp_path / "nowhere", traits("en")) is None


@pytest.mark.parametrize("name", FILES)
def test_an_empty_file_is_no_index(damaged: Path) -> None:
    damaged.write_bytes(b"")
    assert archive.load(damaged.parent, traits("en")) is None


@pytest.mark.parametrize("name", FILES)
def test_a_file_cut_in_half_is_no_index(damaged: Path) -> None:
    content = damaged.read_bytes()
    damaged.write_bytes(content[: len(content) // 2])
    assert archive.load(damaged.parent, traits("en")) is None


@pytest.mark.parametrize("name", FILES)
def test_a_missing_file_is_no_index(damaged: Path) -> None:
    damaged.unlink()
    assert archive.load(damaged.parent, traits("en")) is None


@pytest.mark.parametrize("name", ["head.json", "small.npz", "weights"])
def test_a_flipped_byte_never_stops_the_start(damaged: Path) -> None:
    """An index or none, but no exception, whichever byte it is."""
    content = damaged.read_bytes()
    for at in range(0, min(len(content), 600), 7):
        damaged.write_bytes(content[:at] + bytes([content[at] ^ 0x55]) + content[at + 1 :])
        found = archive.load(damaged.parent, traits("en"))
        assert found is None or isinstance(found, Index)


@pytest.mark.parametrize("content", ["[]", "null", "{}", '{"names": []}', "{", '{"labels": 3, "names": 4}'])
def test_a_head_of_another_shape_is_no_index(kept: Path, content: str) -> None:
    (kept / "head.json").write_text(content)
    assert archive.load(kept, traits("en")) is None


def test_weights_of_another_base_are_no_index(kept: Path, tmp_path: Path) -> None:
    archive.save(indexes()["ru"], tmp_path / "ru")
    (kept / "dual.npy").write_bytes((tmp_path / "ru" / "dual.npy").read_bytes())
    assert archive.load(kept, traits("en")) is None


def test_a_pickle_is_never_read(kept: Path) -> None:
    """Whoever can write into the cache must not be able to run code."""
    import numpy as np

    np.save(kept / "dual.npy", np.array([{"a": 1}], dtype=object), allow_pickle=True)
    assert archive.load(kept, traits("en")) is None


def test_a_failed_save_leaves_nothing_behind(tmp_path: Path) -> None:
    def broken() -> list[str]:
        raise OSError("disk full")

    from dataclasses import replace

    index: Index = replace(museum().index, texts=broken)
    with pytest.raises(OSError, match="disk full"):
        archive.save(index, tmp_path / "index")
    assert list(tmp_path.iterdir()) == []


def test_a_place_that_cannot_be_written_says_so(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(OSError):  # noqa: PT011 - which one, the system decides
        archive.save(museum().index, tmp_path / "file" / "index")
