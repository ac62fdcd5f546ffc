"""The balancers as `deploy/` has them, for one machine without a name of its own: its ports, and a certificate for the occasion."""

from __future__ import annotations

import asyncio
import os
import re
import shutil
import ssl
import subprocess
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from getpass import getuser
from pathlib import Path

import pytest

from tests.botapi.process import BotProcess
from tests.botapi.server import BotApiServer

DEPLOY = Path(__file__).parents[1] / "deploy"
SYSTEM = "/usr/sbin:/sbin"  # where Debian puts servers, which is in few people's path
_KINDS = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
_WRITTEN = ("/etc/ssl/bot.example.org.pem", "/etc/ssl/bot.example.org.key")


@dataclass(frozen=True, slots=True)
class Proxy:
    """How to start one, and where it listens; `trusted` knows its certificate."""

    command: Sequence[str]
    url: str
    env: dict[str, str] = field(default_factory=dict)
    trusted: ssl.SSLContext | None = None


def found(name: str) -> str | None:
    return shutil.which(name, path=f"{os.environ['PATH']}:{SYSTEM}")


def program(name: str) -> str:
    return found(name) or pytest.skip(f"{name} is not installed")


def nginx(folder: Path, port: int, upstreams: Sequence[int]) -> Proxy:
    """`deploy/nginx.conf` with these ports and another certificate; all that it writes goes into the folder."""
    pem, key = certificate(folder)
    part = (DEPLOY / "nginx.conf").read_text(encoding="utf-8")
    ours = dict(zip(re.findall(r"server 127\.0\.0\.1:(\d+)", part), upstreams, strict=True))
    part = re.sub(r"server 127\.0\.0\.1:(\d+)", lambda one: f"server 127.0.0.1:{ours[one[1]]}", part)
    for written, there in zip((*_WRITTEN, "listen 443 ssl"), (pem, key, f"listen 127.0.0.1:{port} ssl"), strict=True):
        assert written in part
        part = part.replace(written, str(there))
    folders = "".join(f"{kind}_temp_path {folder}/{kind};" for kind in _KINDS)
    main = f"user {getuser()}; pid {folder}/pid; daemon off; error_log stderr warn;"
    whole = f"{main} events {{}} http {{ access_log off; {folders}\n{part}}}"
    (folder / "nginx.conf").write_text(whole, encoding="utf-8")
    command = [program("nginx"), "-e", "stderr", "-p", str(folder), "-c", str(folder / "nginx.conf")]
    return Proxy(command, f"https://127.0.0.1:{port}/hook", trusted=ssl.create_default_context(cafile=pem))


def caddy(folder: Path, port: int, upstreams: Sequence[int]) -> Proxy:
    """`deploy/Caddyfile` as it is, without TLS: for that it would ask the world for a certificate."""
    listed = " ".join(f"127.0.0.1:{one}" for one in upstreams)
    env = {"BOT_HOST": f"http://127.0.0.1:{port}", "BOT_UPSTREAMS": listed, "CADDY_ADMIN": f"unix/{folder}/admin"}
    env |= {"XDG_DATA_HOME": str(folder), "XDG_CONFIG_HOME": str(folder), "HOME": str(folder)}
    command = [program("caddy"), "run", "--config", str(DEPLOY / "Caddyfile"), "--adapter", "caddyfile"]
    return Proxy(command, f"http://127.0.0.1:{port}/hook", env)


def certificate(folder: Path) -> tuple[Path, Path]:
    """Of 127.0.0.1, signed by itself: certificate and key."""
    pem, key = folder / "cert.pem", folder / "key.pem"
    made = ["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=bot.example.org", "-keyout", str(key)]
    named = ["-addext", "subjectAltName=IP:127.0.0.1", "-out", str(pem)]
    subprocess.run([program("openssl"), *made, *named], check=True, capture_output=True, timeout=120)
    return pem, key


@asynccontextmanager
async def serving(proxy: Proxy, api: BotApiServer, port: int) -> AsyncIterator[None]:
    """The proxy as a process, while it takes connections; Telegram trusts its certificate."""
    process = BotProcess(proxy.command, {"PATH": os.environ["PATH"]} | proxy.env)
    api.webhook.trusted = proxy.trusted
    await process.start()
    try:
        async with asyncio.timeout(10):
            while not await _listens(port):
                assert process.running, process.output()
                await asyncio.sleep(0.05)
        yield
    finally:
        await process.terminate()
        process.log.unlink()


async def _listens(port: int) -> bool:
    try:
        _, writer = await asyncio.open_connection("127.0.0.1", port)
    except OSError:
        return False
    writer.close()
    return True
