"""Seals what waits, updates and people: whoever has the database but not the identity key reads nothing in it."""

from __future__ import annotations

import hmac
import os

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

_NONCE_BYTES = 12
_NAME_BYTES = 16


class Envelope:
    """Seals what is kept of who waits for an answer; each piece is tied to its name."""

    def __init__(self, key: bytes, purpose: bytes = b"reformbot watches") -> None:
        self._cipher = AESGCM(_derived(key, purpose))

    def close(self, name: str, content: bytes) -> bytes:
        nonce = os.urandom(_NONCE_BYTES)
        return nonce + self._cipher.encrypt(nonce, content, name.encode())

    def open(self, name: str, sealed: bytes) -> bytes | None:
        """None if it was sealed with another key, under another name, or is damaged."""
        nonce, content = sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:]
        try:
            return self._cipher.decrypt(nonce, content, name.encode())
        except (InvalidTag, ValueError):
            return None


class Seal:
    """One bot's seal of its inbox, made from the identity key. Copies that share an inbox must share the key."""

    def __init__(self, key: bytes, bot: int) -> None:
        self._envelope = Envelope(key, b"reformbot inbox")
        self._names = _derived(key, b"reformbot lanes")
        self._bot = bot

    def close(self, update_id: int, content: bytes) -> bytes:
        return self._envelope.close(self._place(update_id), content)

    def open(self, update_id: int, sealed: bytes) -> bytes | None:
        """None if it was sealed with another key, for another update, or is damaged."""
        return self._envelope.open(self._place(update_id), sealed)

    def name(self, lane: str) -> str:
        """The inbox's name for a lane: it tells nobody which chat that is."""
        return hmac.digest(self._names, lane.encode(), "sha256")[:_NAME_BYTES].hex()

    def _place(self, update_id: int) -> str:
        return f"{self._bot}/{update_id}"


def _derived(key: bytes, purpose: bytes) -> bytes:
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=purpose).derive(key)
