"""Carries Bot API calls over aiohttp. Knows what can be said of a failed call, not whether to try again."""

from __future__ import annotations

import json
import re
from functools import lru_cache
from typing import Any, cast

import aiohttp
from telegram._utils.defaultvalue import DefaultValue
from telegram._utils.types import JSONDict, ODVInput
from telegram.error import NetworkError, RetryAfter
from telegram.request import BaseRequest, RequestData
from telegram.request._requestparameter import RequestParameter
from yarl import URL

from bot.channels.telegram.delivery.failures import (
    ConnectTimedOut,
    NoAnswer,
    NotSent,
    SentAndGone,
    ServerTrouble,
    SlowAnswer,
    TornAnswer,
)

_SUCCESS = re.compile(rb'\s*\{\s*"ok"\s*:\s*true')
_DELETED = "sent message was immediately deleted"
_JSON = {
    "Content-Type": "application/json",
    "User-Agent": BaseRequest.USER_AGENT,
}
_PLAIN = {"User-Agent": BaseRequest.USER_AGENT}
_DEFAULT = BaseRequest.DEFAULT_NONE


class AiohttpRequest(BaseRequest):
    """All timeouts in seconds. One object may serve both as `request` and as `get_updates_request`.

    Errors never hold an address, since an address holds the token:
    - `NotSent`: no connection (refused, DNS, TLS, time, pool), or it broke while the body was being written;
    - `ServerTrouble`: 5xx, or a refusal that is not Telegram's; but 504 is a `SlowAnswer`: a proxy lost patience;
    - `NoAnswer`: the connection ended after the request was written and before an answer that can be read;
    - `SlowAnswer`: no answer within `read_timeout`;
    - `TornAnswer`: half of an answer that begins with success.
    """

    def __init__(
        self,
        *,
        connections: int = 64,
        read_timeout: float = 10.0,
        connect_timeout: float = 5.0,
        pool_timeout: float = 5.0,
        upload_timeout: float = 30.0,
        proxy: str | None = None,
    ) -> None:
        """`proxy` is http://user:password@host:port or https://…"""
        self._connections = connections
        self._read_timeout = read_timeout
        self._connect_timeout = connect_timeout
        self._pool_timeout = pool_timeout
        self._upload_timeout = upload_timeout
        self._proxy = URL(proxy) if proxy else None  # never shown: it may hold a password
        self._session: aiohttp.ClientSession | None = None

    @property
    def read_timeout(self) -> float:
        return self._read_timeout

    async def initialize(self) -> None:
        if self._session is None or self._session.closed:
            # Telegram closes idle connections after a minute or so; closing first avoids calls on a dying one.
            connector = aiohttp.TCPConnector(limit=self._connections, keepalive_timeout=20.0, ttl_dns_cache=300)
            self._session = aiohttp.ClientSession(connector=connector, cookie_jar=aiohttp.DummyCookieJar())

    async def shutdown(self) -> None:
        session, self._session = self._session, None
        if session is not None:
            await session.close()

    async def call(self, url: str, parameters: dict[str, object], *, read_timeout: float) -> Any:
        """One call whose result is wanted as plain data, not as PTB's objects."""
        data = RequestData([RequestParameter.from_input(name, value) for name, value in parameters.items()])
        return await self.post(url, data, read_timeout=read_timeout)

    async def do_request(
        self,
        url: str,
        method: str,
        request_data: RequestData | None = None,
        read_timeout: ODVInput[float] = _DEFAULT,
        write_timeout: ODVInput[float] = _DEFAULT,
        connect_timeout: ODVInput[float] = _DEFAULT,
        pool_timeout: ODVInput[float] = _DEFAULT,
    ) -> tuple[int, bytes]:
        if self._session is None:
            raise RuntimeError("This AiohttpRequest is not initialized.")
        body, headers = _body(request_data)
        upload = _chosen(write_timeout, self._upload_timeout) if isinstance(body, aiohttp.FormData) else 0.0
        timeout = self._timeout(read_timeout, connect_timeout, pool_timeout, upload or 0.0)
        status, retry_after, payload = await self._exchange(method, url, body, headers, timeout)
        return status, payload if 200 <= status <= 299 else _refusal(status, retry_after, payload)

    def _timeout(
        self,
        read: ODVInput[float],
        connect: ODVInput[float],
        pool: ODVInput[float],
        upload: float,
    ) -> aiohttp.ClientTimeout:
        connect_seconds = _chosen(connect, self._connect_timeout)
        pool_seconds = _chosen(pool, self._pool_timeout)
        read_seconds = _chosen(read, self._read_timeout)
        waiting = None if connect_seconds is None or pool_seconds is None else connect_seconds + pool_seconds
        # aiohttp counts from the first byte written, so the time of an upload comes on top.
        return _timeout_of(waiting, connect_seconds, None if read_seconds is None else read_seconds + upload)

    async def _exchange(
        self,
        method: str,
        url: str,
        body: Any,
        headers: dict[str, str],
        timeout: aiohttp.ClientTimeout,
    ) -> tuple[int, str | None, bytes]:
        """Status, the header Retry-After, body. Nothing is chained to the errors: aiohttp's hold the address."""
        status: int | None = None
        try:
            async with cast(aiohttp.ClientSession, self._session).request(
                method,
                _url(url),
                data=body,
                headers=headers,
                timeout=timeout,
                allow_redirects=False,
                proxy=self._proxy,
            ) as response:
                status = response.status
                return (
                    status,
                    response.headers.get("Retry-After"),
                    await response.read(),
                )
        except (TimeoutError, aiohttp.ClientError, OSError, ValueError) as error:
            failure = _before_status(error) if status is None else _after_status(error, status)
        raise failure from None

    @staticmethod
    def parse_json_payload(payload: bytes) -> JSONDict:
        """PTB's own writes the whole payload to the log when it cannot be read: users' texts."""
        try:
            answer = json.loads(payload.decode("utf-8", "replace"))
        except ValueError:
            answer = None
        if isinstance(answer, dict) and (answer.get("ok") is not True or "result" in answer):
            return answer
        if _SUCCESS.match(payload):
            raise TornAnswer("Half an answer that begins with success.")
        raise NoAnswer("The answer is not one of the Bot API.")


@lru_cache(64)
def _timeout_of(connect: float | None, sock_connect: float | None, sock_read: float | None) -> aiohttp.ClientTimeout:
    return aiohttp.ClientTimeout(total=None, connect=connect, sock_connect=sock_connect, sock_read=sock_read)


@lru_cache(64)
def _url(text: str) -> URL:
    """There are as many as methods."""
    return URL(text, encoded=True)


def _chosen(given: ODVInput[float], default: float) -> float | None:
    return default if isinstance(given, DefaultValue) else given


def _body(
    data: RequestData | None,
) -> tuple[aiohttp.FormData | bytes | None, dict[str, str]]:
    if data is None or not (data.contains_files or data.parameters):
        return None, _PLAIN
    if not data.contains_files:
        # Lone surrogates come in with users' texts; they cannot be encoded, and must not cost the answer.
        return json.dumps(data.parameters, ensure_ascii=False).encode("utf-8", "replace"), _JSON
    form = aiohttp.FormData()
    for name, value in data.json_parameters.items():
        form.add_field(name, value.encode("utf-8", "replace").decode())
    for name, (filename, content, mime) in data.multipart_data.items():
        form.add_field(name, content, filename=filename, content_type=mime)
    return form, _PLAIN


def _before_status(error: Exception) -> NetworkError:
    """What a failure before the first line of the answer means."""
    name = type(error).__name__
    if isinstance(error, aiohttp.ConnectionTimeoutError):
        return ConnectTimedOut("No connection to Telegram in time; nothing was sent.")
    if isinstance(error, aiohttp.ClientHttpProxyError):
        return NotSent(f"The proxy gives no way to Telegram (status {error.status}); nothing was sent.")
    if isinstance(error, aiohttp.ClientProxyConnectionError):
        return NotSent("No connection to the proxy; nothing was sent.")
    if isinstance(error, (aiohttp.ClientConnectorError, aiohttp.InvalidURL)):
        return NotSent(f"No connection to Telegram ({name}); nothing was sent.")
    if isinstance(error, (aiohttp.ClientConnectionResetError, aiohttp.ClientOSError)) and _while_writing(error):
        return NotSent(f"The connection broke while the request was written ({name}).")
    if isinstance(error, TimeoutError):
        return SlowAnswer("Telegram did not answer in time; the request may have been carried out.")
    if isinstance(error, (aiohttp.ClientError, OSError)):
        return NoAnswer(f"The connection ended without an answer ({name}).")
    return NotSent(f"The request could not be written ({name}).")


def _while_writing(error: OSError) -> bool:
    """aiohttp tells this by words only. The whole request has then not been handed to the system, let alone Telegram."""
    return any(str(part).startswith(("Can not write", "Cannot write")) for part in error.args)


def _after_status(error: Exception, status: int) -> NetworkError:
    """The status has come, the body broke off: the status alone says what happened."""
    if 200 <= status <= 299:
        return TornAnswer(f"The answer broke off ({type(error).__name__}).")
    if status >= 500:
        return _server_error(status, "")
    return NoAnswer(f"The answer broke off after status {status} ({type(error).__name__}).")


def _refusal(status: int, retry_after: str | None, payload: bytes) -> bytes:
    """The body of an answer that is not a success, fit for PTB to turn into its errors; 5xx are raised here."""
    try:
        answer = json.loads(payload)
    except ValueError:
        answer = None  # a proxy's page
    fields: dict[str, Any] = answer if isinstance(answer, dict) else {}
    parameters = fields.get("parameters")
    if isinstance(parameters, dict) and parameters.get("retry_after"):
        return payload
    if status == 429:
        raise RetryAfter(int(retry_after) if retry_after and retry_after.isdigit() else 1)
    if status >= 500:
        raise _server_error(status, str(fields.get("description") or ""))
    if not fields:
        raise ServerTrouble(f"Status {status}, and not in Telegram's words: a proxy, or a wrong TELEGRAM_BASE_URL")
    return payload


def _server_error(status: int, description: str) -> NetworkError:
    if _DELETED in description.lower():
        return SentAndGone(f"Telegram has sent a message, and it was deleted at once ({status}).")
    if status == 504:
        return SlowAnswer("A proxy did not wait for Telegram's answer (504).")
    return ServerTrouble(f"Telegram has trouble: {description} ({status})" if description else f"Status {status}")
