"""A detector of danger kept in a file: the same after a round trip, and None where the file is no good."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from bot.languages.packs import traits
from bot.match.learn import detector_file
from bot.match.learn.danger import COLUMNS, Detector
from tests.match.test_danger import CRIES, MESSAGES, detector, guard, margin


@pytest.fixture
def kept(tmp_path: Path) -> Path:
    path = tmp_path / "index" / "danger-en.npz"
    detector_file.save(detector(), path)
    return path


def test_a_detector_from_its_file_has_the_same_margins(kept: Path) -> None:
    again = detector_file.load(kept, traits("en"))
    assert again is not None
    assert [margin(one, again) for one in MESSAGES] == [margin(one) for one in MESSAGES]
    for name in ("bias", "threshold", "slope", "offset"):
        assert getattr(again, name) == getattr(detector(), name)
    assert again.language.group_keys == detector().language.group_keys
    assert guard(again).alarm(CRIES[0]) == guard().alarm(CRIES[0])


def test_no_file_is_no_detector(tmp_path: Path) -> None:
    assert detector_file.load(tmp_path / "nowhere.npz", traits("en")) is None
    assert detector_file.load(tmp_path, traits("en")) is None


@pytest.mark.parametrize("share", [0, 0.01, 0.5, 0.999])
def test_a_file_cut_short_is_no_detector(kept: Path, share: float) -> None:
    content = kept.read_bytes()
    kept.write_bytes(content[: int(len(content) * share)])
    assert detector_file.load(kept, traits("en")) is None


def test_a_flipped_byte_never_stops_the_start(kept: Path) -> None:
    content = kept.read_bytes()
    for at in [*range(0, 400, 13), *range(len(content) - 400, len(content), 13)]:
        kept.write_bytes(content[:at] + bytes([content[at] ^ 0x55]) + content[at + 1 :])
        found = detector_file.load(kept, traits("en"))
        assert found is None or isinstance(found, Detector)


HEAD = {"language": "en", "bias": 0, "threshold": 0, "slope": 1, "offset": 0, "groups": []}


@pytest.mark.parametrize(
    "head",
    [
        "{",
        "[]",
        "null",
        json.dumps(HEAD | {"bias": "x"}),
        json.dumps(HEAD | {"groups": 3}),
        json.dumps({"language": "en"}),
    ],
)
def test_a_head_of_another_shape_is_no_detector(kept: Path, head: str) -> None:
    np.savez(kept, head=head, idf=detector().idf, weights=detector().weights)
    assert detector_file.load(kept, traits("en")) is None


def test_weights_of_another_size_are_no_detector(kept: Path) -> None:
    np.savez(kept, head=json.dumps(HEAD), idf=detector().idf, weights=np.zeros(COLUMNS // 2))
    assert detector_file.load(kept, traits("en")) is None


def test_a_pickle_is_never_read(kept: Path) -> None:
    """Whoever can write into the cache must not be able to run code."""
    np.savez(kept, head=json.dumps(HEAD), idf=detector().idf, weights=np.array([{"a": 1}], dtype=object))
    assert detector_file.load(kept, traits("en")) is None


def test_saving_leaves_one_file_and_takes_the_place_of_an_old_one(kept: Path) -> None:
    detector_file.save(replace(detector(), bias=7.0), kept)
    again = detector_file.load(kept, traits("en"))
    assert again is not None
    assert again.bias == 7.0
    assert list(kept.parent.iterdir()) == [kept]


def test_a_place_that_cannot_be_written_says_so(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(OSError):  # noqa: PT011 - which one, the system decides
        detector_file.save(detector(), tmp_path / "file" / "danger-en.npz")
