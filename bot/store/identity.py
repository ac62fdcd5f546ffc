"""Names for chats, people and messages that say nothing to somebody who has the database but not the key."""

from __future__ import annotations

import hashlib
import hmac
import logging
import secrets
from pathlib import Path

from bot.atomic import new_file, own_file, own_folder

log = logging.getLogger(__name__)

KEY_FILE = "identity.key"
_KEY_BYTES = 32
_NAME_BYTES = 16


def load_key(state_dir: Path, secret: str | None = None) -> bytes:
    """The key from `secret`, or from the state folder, where it is made once (mode 600).

    Copies of the bot that share a database must share the secret. Without a secret and without a folder to write in,
    the key lasts as long as the process.
    """
    if secret:
        return _from(secret)
    path = state_dir / KEY_FILE
    try:
        found = _read(path) or _create(path)
        _for_us_alone(path)
        return found
    except OSError as error:
        log.warning("No identity key in %s (%s): chats are remembered until the bot stops.", state_dir, error.strerror)
        return secrets.token_bytes(_KEY_BYTES)


def key_of(state_dir: Path, secret: str | None = None) -> bytes | None:
    """The key as `load_key` gives it where there is one; none is made. OSError for a file that holds none."""
    return _from(secret) if secret else _read(state_dir / KEY_FILE)


def chat_key(key: bytes, chat_id: int) -> str:
    """A private chat (its id is the person's) gets the person's name, so that forgetting the person reaches it."""
    return person_key(key, chat_id) if chat_id > 0 else _name(key, "chat", str(chat_id))


def person_key(key: bytes, user_id: int) -> str:
    return _name(key, "person", str(user_id))


def message_key(key: bytes, chat_id: int, message_id: int) -> str:
    return _name(key, "message", f"{chat_id}/{message_id}")


def _name(key: bytes, kind: str, value: str) -> str:
    digest = hmac.digest(key, f"{kind}:{value}".encode(), "sha256")
    return f"{kind}-{digest[:_NAME_BYTES].hex()}"


def _from(secret: str) -> bytes:
    return hashlib.sha256(b"reformbot identity\0" + secret.encode()).digest()


def _read(path: Path) -> bytes | None:
    try:
        text = path.read_text(encoding="ascii").strip()
        found = bytes.fromhex(text)
    except FileNotFoundError:
        return None
    except ValueError:
        found = b""
    if len(found) != _KEY_BYTES:
        raise OSError(0, f"{path.name} holds no key; put back the right one, or delete it and begin anew")
    return found


def _for_us_alone(path: Path) -> None:
    try:
        if own_file(path):
            log.warning("%s could be read by others, who can now tell whose the hashes are; its mode is 600 now.", path)
    except OSError:  # of another user, or on a system that takes no writes: as a secret that is mounted
        log.warning("%s can be read by others, and its mode cannot be changed: chmod 600 it.", path)


def _create(path: Path) -> bytes:
    own_folder(path.parent)
    with new_file(path, replace=False) as file:
        file.write(secrets.token_hex(_KEY_BYTES).encode() + b"\n")
    made = _read(path)
    if made is None:
        raise FileNotFoundError(2, "the key was deleted while it was being made", str(path))
    return made
