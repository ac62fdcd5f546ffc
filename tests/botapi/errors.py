"""Refusals of the server, as Telegram words them."""

from __future__ import annotations

from typing import Any


class ApiError(Exception):
    """An answer with "ok": false; `broken_rule` tells a fault of the client from a state it could not know."""

    def __init__(
        self, code: int, description: str, parameters: dict[str, Any] | None = None, *, broken_rule: bool = False
    ) -> None:
        super().__init__(description)
        self.code = code
        self.description = description
        self.parameters = parameters
        self.broken_rule = broken_rule

    def body(self) -> dict[str, Any]:
        """The JSON object of the answer."""
        body = {"ok": False, "error_code": self.code, "description": self.description}
        return body | ({"parameters": self.parameters} if self.parameters else {})


def bad_request(description: str, **parameters: Any) -> ApiError:
    """A 400 that the state of the chat explains."""
    return ApiError(400, f"Bad Request: {description}", parameters or None)


def violation(description: str) -> ApiError:
    """A 400 that only a wrong client gets."""
    return ApiError(400, f"Bad Request: {description}", broken_rule=True)
