"""Addresses and secrets as people write them into settings: what is wrong with one is a ValueError that repeats none of it."""

from __future__ import annotations

import ipaddress
import re
from dataclasses import dataclass
from urllib.parse import SplitResult, urlsplit
from urllib.request import getproxies_environment, proxy_bypass

TELEGRAM = "https://api.telegram.org"
TELEGRAMS_PORTS = (443, 80, 88, 8443)  # the only ones that api.telegram.org delivers to

MAKE_SECRET = 'python3 -c "import secrets; print(secrets.token_urlsafe(32))" makes one'  # noqa: S105 - it tells how

_NAME = re.compile(r"[A-Za-z0-9_]([A-Za-z0-9_.-]*[A-Za-z0-9_])?\.?")
_IN_A_URL = re.compile(r"[!-~]+")
_PATH = re.compile(r"(/[A-Za-z0-9._~!$&'()*+,;=:@%/-]*)?")


@dataclass(frozen=True, slots=True)
class Listen:
    """Where a server listens; an empty host means all interfaces."""

    host: str
    port: int

    def __str__(self) -> str:
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"


def listen_address(text: str) -> Listen:
    """`host:port`; an IPv6 address stands in brackets."""
    if text.startswith("unix:") or "/" in text:
        raise ValueError("only host:port can be listened on, no socket file and no URL: 127.0.0.1:8080")
    host, colon, port = text.strip().rpartition(":")
    if not colon:
        raise ValueError("the host is missing: write host:port, such as 127.0.0.1:8080")
    if not (port.isascii() and port.isdigit() and 0 < int(port[:6]) < 65_536):
        raise ValueError("the port is no number from 1 to 65535: write host:port, such as 127.0.0.1:8080")
    if host.startswith("[") and host.endswith("]"):
        return Listen(str(ipaddress.IPv6Address(host[1:-1])), int(port))
    if ":" in host:
        raise ValueError("an IPv6 address stands in brackets: [::1]:8080")
    if host and not _NAME.fullmatch(host):
        raise ValueError("the host is neither a name nor an address: write host:port, such as 127.0.0.1:8080")
    return Listen(host, int(port))


def webhook_url(text: str, telegram: str = TELEGRAM) -> str:
    """What Telegram can deliver to. A Bot API server of one's own (`telegram`) takes http and any port besides."""
    parts = _split(text)
    official = telegram.rstrip("/") == TELEGRAM
    if parts.scheme != "https" and (official or parts.scheme != "http"):
        raise ValueError("Telegram delivers to https only: write https://bot.example.org/hook")
    if parts.username is not None or parts.fragment:
        raise ValueError("Telegram delivers to an address without user, password and #: https://bot.example.org/hook")
    if official and (parts.port or 443) not in TELEGRAMS_PORTS:
        raise ValueError("Telegram delivers to the ports 443, 80, 88 and 8443 only")
    if not _PATH.fullmatch(parts.path):
        raise ValueError("the path has letters that do not belong there: write https://bot.example.org/hook")
    return text.strip()


def server_url(text: str) -> str:
    """A Bot API server."""
    parts = _split(text)
    if parts.scheme not in ("http", "https") or parts.query or parts.fragment:
        raise ValueError(f"this is no address of a Bot API server: write {TELEGRAM}")
    return text.strip()


def goes_in_the_open(url: str) -> bool:
    """Whether what is said to this server can be read on the way: http to what is neither this machine nor a network of
    one's own (a private address, a name without dots as containers have, .internal, .local)."""
    parts = urlsplit(url)
    host = (parts.hostname or "").rstrip(".")
    if parts.scheme != "http":
        return False
    try:
        return not ipaddress.ip_address(host).is_private
    except ValueError:
        return "." in host and not host.endswith((".internal", ".local", ".localhost"))


def proxy_url(text: str) -> str:
    """An http or https proxy; without a scheme it is an http one, as with curl."""
    given = text.strip()
    parts = _split(given if "://" in given else f"http://{given}")
    if parts.scheme.startswith("socks"):
        raise ValueError(
            "socks proxies are not supported, only http:// and https:// ones: put an http proxy such as privoxy before it"
        )
    if parts.scheme not in ("http", "https") or parts.path.strip("/") or parts.query or parts.fragment:
        raise ValueError("this is no address of a proxy: write http://user:password@proxy.example.org:3128")
    return parts.geturl()


def proxy_from_environment(url: str) -> tuple[str, str] | None:
    """The variable that names a proxy for `url` and what it holds: HTTPS_PROXY or HTTP_PROXY, unless NO_PROXY has the host."""
    parts = urlsplit(url)
    found = getproxies_environment().get(parts.scheme)
    if not found or proxy_bypass(parts.netloc.rpartition("@")[2]):
        return None
    return f"{parts.scheme.upper()}_PROXY", found


def secret(text: str, at_least: int, letters: str = "") -> str:
    """`letters` is a class of a regular expression and those in words; without it any will do."""
    allowed, _, words = letters.partition(" ")
    if allowed and not re.fullmatch(f"[{allowed}]*", text):
        raise ValueError(f"only {words} may stand in it; {MAKE_SECRET}")
    if len(text.strip()) < at_least:
        raise ValueError(f"too short to be a secret: at least {at_least} characters; {MAKE_SECRET}")
    return text


def _split(text: str) -> SplitResult:
    text = text.strip()
    if not _IN_A_URL.fullmatch(text):
        raise ValueError("an address has no spaces and only ASCII letters (a name in others is written xn--…)")
    try:
        parts = urlsplit(text)
        name, _ = parts.hostname, parts.port
    except ValueError:
        raise ValueError("the host or the port of the address is wrong: a port is a number from 0 to 65535") from None
    if not parts.scheme or "://" not in text:
        raise ValueError("the address begins with no scheme: https://…")
    if not name or not (":" in name or _NAME.fullmatch(name)):
        raise ValueError("the address names no host")
    return parts
