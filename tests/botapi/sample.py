"""Smallest values of the described types, built from the description itself."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any

from tests.botapi.description import Api, Array, Field, Shape, load
from tests.botapi.model import JsonDict

_SCALARS: dict[str, Any] = {"Integer": 1, "Float": 1.0, "String": "x", "Boolean": True, "InputFile": "x"}
# What the description does not say: values of enumerations, and a field that a type needs although each is optional.
_CHOICES = {("Chat", "type"): "private", ("MessageEntity", "type"): "bold"}
_EXTRA: dict[str, JsonDict] = {"InlineKeyboardButton": {"callback_data": "x"}, "ReplyParameters": {"message_id": 1}}


class Sampler:
    """Values with the required fields only; users and private chats have the id `user_id`."""

    def __init__(self, user_id: int = 1, api: Api | None = None) -> None:
        self._api = api or load()
        self._user_id = user_id

    def value(self, type_name: str | Array) -> Any:
        """One value of a type such as an array of PhotoSize."""
        if isinstance(type_name, Array):
            return [self.value(type_name.of[0])]
        if type_name in _SCALARS:
            return _SCALARS[type_name]
        shape = self._api.types[type_name]
        if shape.subtypes:
            return self.value(shape.subtypes[0])
        fields = {name: self._field(shape, field) for name, field in shape.fields.items() if field.required}
        return fields | _EXTRA.get(type_name, {})

    def _field(self, shape: Shape, field: Field) -> Any:
        if field.const is not None:
            return field.const
        if (shape.name, field.name) in _CHOICES:
            return _CHOICES[(shape.name, field.name)]
        if field.name == "id" and shape.name in ("User", "Chat"):
            return self._user_id
        return int(time.time()) if field.name.endswith("date") else self.value(field.types[0])

    def kinds(self) -> list[str]:
        """The kinds of updates."""
        return [name for name in self._api.types["Update"].fields if name != "update_id"]

    def update(self, kind: str) -> JsonDict:
        """One update of a kind; without update_id."""
        return {kind: self.value(self._api.types["Update"].fields[kind].types[0])}

    def updates(self) -> Iterator[tuple[str, JsonDict]]:
        """One update of every kind, by its kind; without update_id."""
        return ((kind, self.update(kind)) for kind in self.kinds())

    def fields(self) -> list[str]:
        """The optional fields of Message."""
        return [name for name, field in self._api.types["Message"].fields.items() if not field.required]

    def message(self, name: str) -> JsonDict:
        """A message update with an optional field of Message."""
        extra = {"from": self.value("User"), name: self.value(self._api.types["Message"].fields[name].types[0])}
        return {"message": self.value("Message") | extra}

    def messages(self) -> Iterator[tuple[str, JsonDict]]:
        """One message update for every optional field of Message, by the field's name."""
        return ((name, self.message(name)) for name in self.fields())
