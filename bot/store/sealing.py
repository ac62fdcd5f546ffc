"""Seals what waits in the inbox: whoever has the database but not the identity key reads nothing in it."""

from __future__ import annotations

import hmac
import os

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

_NONCE_BYTES = 12
_NAME_BYTES = 16


class Seal:
    """One bot's seal, made from the identity key. Copies that share an inbox must share the key."""

    def __init__(self, key: bytes, bot: int) -> None:
        self._cipher = AESGCM(_derived(key, b"reformbot inbox"))
        self._names = _derived(key, b"reformbot lanes")
        self._bot = bot

    def close(self, update_id: int, content: bytes) -> bytes:
        nonce = os.urandom(_NONCE_BYTES)
        return nonce + self._cipher.encrypt(nonce, content, self._place(update_id))

    def open(self, update_id: int, sealed: bytes) -> bytes | None:
        """None if it was sealed with another key, for another update, or is damaged."""
        nonce, content = sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:]
        try:
            return self._cipher.decrypt(nonce, content, self._place(update_id))
        except (InvalidTag, ValueError):
            return None

    def name(self, lane: str) -> str:
        """The inbox's name for a lane: it tells nobody which chat that is."""
        return hmac.digest(self._names, lane.encode(), "sha256")[:_NAME_BYTES].hex()

    def _place(self, update_id: int) -> bytes:
        return f"{self._bot}/{update_id}".encode()


def _derived(key: bytes, purpose: bytes) -> bytes:
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=purpose).derive(key)
