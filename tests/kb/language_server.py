"""The editors' language server for YAML, spoken to over its stdin and stdout. No tests here."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import ROOT

PLACE = ROOT / ".state" / "language-server"  # `make language-server` puts it there
SERVER = PLACE / "node_modules" / "yaml-language-server" / "bin" / "yaml-language-server"


def needed() -> Path:
    """The server, or the test is skipped. On a CI machine that has node the reason also stands among the warnings."""
    node = shutil.which("node")
    if node and SERVER.is_file():
        return SERVER
    reason = "`make language-server` puts yaml-language-server into .state" if node else "there is no node"
    if node and os.environ.get("CI"):
        import warnings

        warnings.warn(f"The schemas were not tried in the language server: {reason}.", stacklevel=2)
    pytest.skip(reason)


class LanguageServer:
    """One running server; `settings` are those that an editor would send."""

    def __init__(self, process: subprocess.Popen[bytes], root: Path, settings: Mapping[str, Any]) -> None:
        self._process = process
        self._settings = settings
        self._number = 0
        self._said: dict[str, list[dict[str, Any]]] = {}
        folder = {"uri": root.as_uri(), "name": root.name}
        opened = {
            "processId": os.getpid(),
            "rootUri": root.as_uri(),
            "capabilities": _ABLE,
            "workspaceFolders": [folder],
        }
        self._ask("initialize", opened)
        self._tell("initialized", {})
        self._tell("workspace/didChangeConfiguration", {"settings": settings})

    def diagnostics(self, path: Path) -> list[dict[str, Any]]:
        """What an editor would underline in a file that was not opened before."""
        uri = path.as_uri()
        text = path.read_text(encoding="utf-8")
        self._tell(
            "textDocument/didOpen", {"textDocument": {"uri": uri, "languageId": "yaml", "version": 1, "text": text}}
        )
        while uri not in self._said:
            self._hear()
        return self._said[uri]

    def hover(self, path: Path, line: int, column: int) -> str:
        """What an editor would show over a place, counted from 0."""
        uri = path.as_uri()
        text = path.read_text(encoding="utf-8")
        self._tell(
            "textDocument/didOpen", {"textDocument": {"uri": uri, "languageId": "yaml", "version": 1, "text": text}}
        )
        at = {"textDocument": {"uri": uri}, "position": {"line": line, "character": column}}
        return str(self._ask("textDocument/hover", at))

    def _tell(self, method: str, params: Any) -> None:
        self._send({"method": method, "params": params})

    def _ask(self, method: str, params: Any) -> Any:
        self._number += 1
        self._send({"id": self._number, "method": method, "params": params})
        while True:
            answer = self._hear()
            if answer.get("id") == self._number and "method" not in answer:
                return answer.get("result")

    def _send(self, message: Mapping[str, Any]) -> None:
        body = json.dumps({"jsonrpc": "2.0", **message}).encode()
        assert self._process.stdin
        self._process.stdin.write(b"Content-Length: %d\r\n\r\n" % len(body) + body)
        self._process.stdin.flush()

    def _hear(self) -> dict[str, Any]:
        """The next message; what the server asks of an editor is answered."""
        assert self._process.stdout
        length = 0
        while (line := self._process.stdout.readline()).strip():
            if line.lower().startswith(b"content-length:"):
                length = int(line.split(b":")[1])
        assert length, "the language server has ended"
        message: dict[str, Any] = json.loads(self._process.stdout.read(length))
        if message.get("method") == "textDocument/publishDiagnostics":
            self._said[message["params"]["uri"]] = message["params"]["diagnostics"]
        elif message.get("method") == "workspace/configuration":
            items = message["params"]["items"]
            self._send({"id": message["id"], "result": [self._settings.get(item.get("section")) for item in items]})
        elif "id" in message and "method" in message:
            self._send({"id": message["id"], "result": None})
        return message


_ABLE = {
    "textDocument": {"publishDiagnostics": {}, "hover": {"contentFormat": ["markdown"]}},
    "workspace": {"configuration": True, "workspaceFolders": True, "didChangeConfiguration": {}},
}


@contextmanager
def language_server(root: Path, settings: Mapping[str, Any]) -> Iterator[LanguageServer]:
    process = subprocess.Popen(
        [shutil.which("node") or "node", str(needed()), "--stdio"], cwd=root,
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        yield LanguageServer(process, root, settings)
    finally:
        process.kill()
        process.communicate()
