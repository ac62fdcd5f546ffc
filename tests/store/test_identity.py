"""The keyed names of chats and people, and the key they are made with."""

from __future__ import annotations

import concurrent.futures
import logging
import stat
from pathlib import Path

import pytest

from bot.store.identity import KEY_FILE, chat_key, load_key, message_key, person_key

KEY = b"k" * 32


def test_a_name_is_the_same_each_time_and_another_under_another_key() -> None:
    assert chat_key(KEY, -100) == chat_key(KEY, -100)
    assert chat_key(KEY, -100) != chat_key(b"other", -100)


def test_a_name_does_not_show_the_number_it_stands_for() -> None:
    assert "123456789" not in person_key(KEY, 123456789)
    assert len(person_key(KEY, 123456789)) == len("person-") + 32


def test_chats_people_and_messages_have_distinct_names() -> None:
    names = {
        chat_key(KEY, -5),
        person_key(KEY, 5),
        person_key(KEY, -5),
        message_key(KEY, 5, 5),
        message_key(KEY, -5, 5),
    }
    assert len(names) == 5


def test_a_private_chat_has_its_persons_name_so_that_forgetting_reaches_its_settings() -> None:
    assert chat_key(KEY, 5) == person_key(KEY, 5)


def test_the_key_is_made_once_and_for_the_owner_alone(tmp_path: Path) -> None:
    state = tmp_path / "state"
    key = load_key(state)
    assert load_key(state) == key
    assert stat.S_IMODE((state / KEY_FILE).stat().st_mode) == 0o600
    assert [file.name for file in state.iterdir()] == [KEY_FILE]


def test_copies_that_start_at_once_end_up_with_one_key(tmp_path: Path) -> None:
    with concurrent.futures.ThreadPoolExecutor(8) as pool:
        keys = set(pool.map(load_key, [tmp_path] * 32))
    assert len(keys) == 1


def test_a_given_secret_is_used_and_nothing_is_written(tmp_path: Path) -> None:
    assert load_key(tmp_path, "secret") == load_key(tmp_path / "elsewhere", "secret") != load_key(tmp_path, "other")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("spoilt", ["", "abc", "zz" * 32, "00" * 31])
def test_a_spoilt_key_is_said_and_not_overwritten(
    tmp_path: Path, spoilt: str, caplog: pytest.LogCaptureFixture
) -> None:
    """The right key may still be in a backup; a new one in its place would cut all chats off from their settings."""
    (tmp_path / KEY_FILE).write_text(spoilt)
    assert len(load_key(tmp_path)) == 32
    assert (tmp_path / KEY_FILE).read_text() == spoilt
    assert "identity key" in caplog.text


def test_without_a_folder_to_write_in_the_key_lasts_for_the_process(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "file").write_text("")
    caplog.set_level(logging.WARNING)
    assert load_key(tmp_path / "file") != load_key(tmp_path / "file")
    assert "until the bot stops" in caplog.text
