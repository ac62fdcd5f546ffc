"""What comes over the wire: request bodies in the four encodings Telegram takes, to fields and files."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl

from aiohttp import BodyPartReader, web

from tests.botapi.errors import violation


@dataclass(frozen=True, slots=True)
class Upload:
    """A file part of a multipart body."""

    name: str
    filename: str
    content_type: str
    content: bytes


@dataclass(slots=True)
class RawRequest:
    """Fields as they came: text in forms and queries, any JSON value in a JSON body."""

    fields: dict[str, Any] = field(default_factory=dict)
    files: dict[str, Upload] = field(default_factory=dict)


async def read(request: web.Request) -> RawRequest:
    """Read a request; raises ApiError when the body cannot be understood."""
    raw = RawRequest(dict(request.query))
    kind = request.content_type if request.body_exists else ""
    if kind.startswith("multipart/"):
        await _multipart(request, raw)
        return raw
    body = await request.read()
    if not body:
        return raw
    if kind == "application/json":
        raw.fields |= _json(body)
    elif kind == "application/x-www-form-urlencoded":
        raw.fields |= _form(body)
    else:
        raise violation(f"unsupported content type {kind!r} of a body")
    return raw


def _form(body: bytes) -> dict[str, Any]:
    try:
        pairs = parse_qsl(body.decode("ascii"), keep_blank_values=True, strict_parsing=True, errors="strict")
    except ValueError as error:
        raise violation("strings must be encoded in UTF-8") from error
    fields = dict(pairs)
    if len(fields) != len(pairs):
        raise violation("a parameter is given twice")
    return fields


def _json(body: bytes) -> dict[str, Any]:
    try:
        fields = json.loads(body)
    except ValueError as error:
        raise violation("can't parse the JSON body") from error
    if not isinstance(fields, dict):
        raise violation("the JSON body must be an object")
    return fields


async def _multipart(request: web.Request, raw: RawRequest) -> None:
    async for part in await request.multipart():
        if not isinstance(part, BodyPartReader) or part.name is None:
            raise violation("a part of the multipart body has no name")
        content = bytes(await part.read(decode=True))
        if part.filename is None:
            raw.fields[part.name] = _utf8(content)
        else:
            kind = part.headers.get("Content-Type", "")
            raw.files[part.name] = Upload(part.name, part.filename, kind, content)


def _utf8(content: bytes) -> str:
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError as error:
        raise violation("strings must be encoded in UTF-8") from error
