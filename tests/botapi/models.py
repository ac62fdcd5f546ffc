"""Reads the Bot API from aiogram's models. Slow to import (some 700 models, 3 s of processor time): `description` keeps
what comes of it."""

from __future__ import annotations

import types
import typing
from collections.abc import Iterator
from datetime import datetime, timedelta
from enum import Enum
from typing import Any, get_args, get_origin

import aiogram
from aiogram import methods
from aiogram.client.default import Default
from aiogram.types import InputFile, TelegramObject, Update
from pydantic import BaseModel
from pydantic.fields import FieldInfo
from typing_extensions import TypeAliasType

from tests.botapi.description import Api, Array, Field, Shape, Types

_SCALARS = {int: "Integer", datetime: "Integer", float: "Float", str: "String", bool: "Boolean", InputFile: "InputFile"}
_UNIONS = (typing.Union, types.UnionType)
_NOT_SENT = (types.NoneType, Default, timedelta)  # a value left out, one to be filled in, and how soon for when


def read() -> Api:
    """The Bot API of the installed aiogram."""
    every = [getattr(methods, name) for name in methods.__all__]
    called = [model for model in every if isinstance(getattr(model, "__api_method__", None), str)]
    found = {model.__api_method__: _shape(model.__api_method__, model) for model in called}
    named: dict[str, Shape] = {}
    for annotation in [Update, *(part for model in called for part in _annotations(model))]:
        _describe(annotation, named)
    return Api(aiogram.__api_version__, found, named)


def _annotations(model: type[BaseModel]) -> Iterator[Any]:
    yield from (info.annotation for _, info in _fields(model))
    yield vars(model).get("__returning__")


def _fields(model: type[BaseModel]) -> Iterator[tuple[str, FieldInfo]]:
    """Without those that aiogram keeps for old programs, though Telegram does not take or send them any more."""
    for name, info in model.model_fields.items():
        extra = info.json_schema_extra
        if not (isinstance(extra, dict) and extra.get("deprecated")):
            yield info.alias or name, info


def _describe(annotation: Any, named: dict[str, Shape]) -> None:
    """Adds what the annotation names, and all that is named in there."""
    for part in _parts(annotation):
        name = _name(part)
        if name is None:
            for inner in get_args(part):
                _describe(inner, named)
        elif name not in named and name not in _SCALARS.values():
            if isinstance(part, TypeAliasType):
                named[name] = Shape(name, {}, _types(part.__value__))
                _describe(part.__value__, named)
            else:
                named[name] = _shape(name, part)
                for inner in _annotations(part):
                    _describe(inner, named)


def _shape(name: str, model: type[BaseModel]) -> Shape:
    return Shape(name, {field: _field(field, info) for field, info in _fields(model)})


def _field(name: str, info: FieldInfo) -> Field:
    const = _const(info.annotation)
    return Field(name, _types(info.annotation), info.is_required() or const is not None, const)


def _const(annotation: Any) -> str | int | None:
    if get_origin(annotation) is not typing.Literal:
        return None
    (value,) = get_args(annotation)
    const: str | int = value.value if isinstance(value, Enum) else value
    return const


def _types(annotation: Any) -> Types:
    found: list[str | Array] = []
    for part in _parts(annotation):
        name = _name(part)
        one = Array(_types(get_args(part)[0])) if name is None else name
        if one not in found:
            found.append(one)
    return tuple(found)


def _parts(annotation: Any) -> Iterator[Any]:
    """The members of a union, however it is nested; what is no type on the wire left out."""
    origin = get_origin(annotation)
    if isinstance(annotation, str):  # a type within itself
        yield getattr(aiogram.types, annotation)
    elif origin in _UNIONS:
        for part in get_args(annotation):
            yield from _parts(part)
    elif origin is typing.Annotated:
        yield from _parts(get_args(annotation)[0])
    elif annotation is not None and annotation not in _NOT_SENT:
        yield annotation


def _name(part: Any) -> str | None:
    """None for an array. TypeError for what is unknown."""
    if get_origin(part) is typing.Literal:
        return _SCALARS[type(_const(part))]
    if get_origin(part) is list:
        return None
    if part in _SCALARS:
        return _SCALARS[part]
    if isinstance(part, TypeAliasType) or (isinstance(part, type) and issubclass(part, TelegramObject)):
        return str(part.__name__)
    raise TypeError(f"{part!r} is no type of the Bot API")
