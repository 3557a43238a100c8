"""A store that stands before the real one, and fails when it is told to.

`python -m tests.s3.failing_store ADDRESS FILE` passes requests on to the store at ADDRESS, but
answers those in whose first line the text in FILE occurs with an internal error. It is a process of
its own: Arrow holds Python's lock while it closes what an error left open.
"""

from __future__ import annotations

import http.client
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from include.eventwire.settings import PROJECT_ROOT


@dataclass(frozen=True)
class FailingStore:
    """A store that can be made to fail.

    Attributes:
        address: Where it answers.
    """

    address: str
    told: Path

    def fail_at(self, request: str) -> None:
        """Fail from now on at requests whose first line has `request` in it; "" = at none."""
        self.told.write_text(request)


@contextmanager
def start_failing_store(behind: str, folder: Path) -> Iterator[FailingStore]:
    """Start a store before the one at the address `behind`; stop it at the end of the block."""
    told = folder / "fail-at"
    told.write_text("")
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.s3.failing_store", behind, str(told)],
        cwd=PROJECT_ROOT,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    try:
        yield FailingStore(process.stdout.readline().strip(), told)
    finally:
        process.terminate()
        process.wait()
        process.stdout.close()


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    behind: str
    told: Path

    def _pass_on(self) -> None:
        body = self._read_body()
        told = self.told.read_text()
        if told and told in f"{self.command} {self.path}":
            self._answer(500, {}, b"")
            return
        connection = http.client.HTTPConnection(self.behind, timeout=60)
        connection.putrequest(self.command, self.path, skip_host=True, skip_accept_encoding=True)
        for name, value in self.headers.items():
            if name.lower() != "expect":
                connection.putheader(name, value)
        connection.endheaders(body)
        answer = connection.getresponse()
        self._answer(answer.status, dict(answer.getheaders()), answer.read())
        connection.close()

    def _read_body(self) -> bytes:
        """Return the body of the request as it was sent, in chunks or not."""
        if self.headers.get("Transfer-Encoding") != "chunked":
            return self.rfile.read(int(self.headers.get("Content-Length", 0)))
        parts = []
        while size := int((line := self.rfile.readline()).split(b";")[0], 16):
            parts += [line, self.rfile.read(size + len(b"\r\n"))]
        parts.append(line)
        while (line := self.rfile.readline()) != b"\r\n":
            parts.append(line)
        return b"".join([*parts, line])

    def _answer(self, status: int, headers: dict[str, str], body: bytes) -> None:
        self.send_response(status)
        length = str(len(body))
        for name, value in headers.items():
            if name.lower() == "content-length" and self.command == "HEAD":
                length = value
            elif name.lower() not in ("content-length", "transfer-encoding", "connection"):
                self.send_header(name, value)
        self.send_header("Content-Length", length)
        self.end_headers()
        self.wfile.write(body)

    do_GET = do_PUT = do_POST = do_DELETE = do_HEAD = _pass_on  # noqa: N815 - as called

    def log_message(self, *_: Any) -> None:
        """Say nothing."""


def _serve(behind: str, told: str) -> None:
    _Handler.behind = urlsplit(behind).netloc
    _Handler.told = Path(told)
    with ThreadingHTTPServer(("127.0.0.1", 0), _Handler) as server:
        print(f"http://127.0.0.1:{server.server_address[1]}", flush=True)
        server.serve_forever()


if __name__ == "__main__":
    _serve(*sys.argv[1:])
