"""What came in, as a WARC file in the landing area: whole or not at all.

Each exchange is a record `response`, compressed by itself; what a feed says of a page follows in a
record `metadata` (its form is described in `readers/warc.py`). Bodies are kept decompressed, as the
usual crawls do, with the original of the header under `X-Crawl-Content-Encoding`.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from fastwarc.stream_io import GzipWriter
from fastwarc.warc import WarcRecord, WarcRecordType

from include.eventwire.fetching.client import Exchange
from include.eventwire.lake.locations import is_remote, upload_file

# They describe the bytes on the network, which are kept without their compression and chunks.
_RENAMED: Final = ("content-encoding", "transfer-encoding", "content-length")


class WarcFile:
    """A WARC file that is being written under a hidden name.

    Attributes:
        n_records: Exchanges that were added.
    """

    def __init__(self, path: Path) -> None:
        """Open the file at `path`, a name that no run reads."""
        self._path = path
        self._stream = GzipWriter(str(path))
        self.n_records = 0
        self._write_info()

    def add(self, exchange: Exchange, said: Mapping[str, str] | None = None) -> None:
        """Add an exchange.

        Args:
            exchange: What was sent and received.
            said: What a feed says of the page, by the names that the reader of WARC knows.
        """
        response = _make_record(WarcRecordType.response, exchange)
        response.headers["Content-Type"] = "application/http; msgtype=response"
        response.set_bytes_content(_http_response(exchange))
        response.write(self._stream, checksum_data=True)
        self._add_concurrent(response, exchange, WarcRecordType.request, _http_request(exchange))
        if said is not None:
            content = json.dumps(said, ensure_ascii=False, sort_keys=True).encode()
            self._add_concurrent(response, exchange, WarcRecordType.metadata, content)
        self.n_records += 1

    def place(self, target: Path) -> None:
        """Close the file, wait until it is on the disk and give it its name, or upload it."""
        self.close()
        if is_remote(target):
            upload_file(self._path, target)
            return
        sync(self._path)
        target.parent.mkdir(parents=True, exist_ok=True)
        self._path.replace(target)
        sync(target.parent)

    def close(self) -> None:
        """Close the file as it is."""
        self._stream.close()

    def _write_info(self) -> None:
        record = WarcRecord()
        record.init_headers(record_type=WarcRecordType.warcinfo)
        record.headers["Content-Type"] = "application/warc-fields"
        record.set_bytes_content(b"software: Eventwire\r\nformat: WARC File Format 1.1\r\n")
        record.write(self._stream)

    def _add_concurrent(
        self, response: WarcRecord, exchange: Exchange, kind: WarcRecordType, content: bytes
    ) -> None:
        record = _make_record(kind, exchange)
        is_request = kind == WarcRecordType.request
        record.headers["Content-Type"] = (
            "application/http; msgtype=request" if is_request else "application/json"
        )
        record.headers["WARC-Concurrent-To"] = response.headers["WARC-Record-ID"]
        record.set_bytes_content(content)
        record.write(self._stream, checksum_data=True)


@contextmanager
def open_warc(folder: Path, name: str) -> Iterator[WarcFile]:
    """Open a WARC file in `folder` under a hidden name, which goes unless the file is placed.

    Args:
        folder: Made if needed; for one in a bucket a temporary one of this machine is taken.
        name: Name that the file will have. What a killed run left under its hidden name is
            written over.
    """
    if is_remote(folder):
        with TemporaryDirectory() as here, open_warc(Path(here), name) as warc:
            yield warc
        return
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f".{name}.part"
    warc = WarcFile(path)
    try:
        yield warc
    finally:
        try:
            warc.close()
        finally:
            path.unlink(missing_ok=True)


def sync(path: Path) -> None:
    """Wait until a file, or the names in a folder, are on the disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _make_record(kind: WarcRecordType, exchange: Exchange) -> WarcRecord:
    record = WarcRecord()
    record.init_headers(record_type=kind)
    record.headers["WARC-Target-URI"] = exchange.url
    record.headers["WARC-Date"] = exchange.received_at.strftime("%Y-%m-%dT%H:%M:%SZ")
    return record


def _http_response(exchange: Exchange) -> bytes:
    lines = [f"HTTP/1.1 {exchange.status} {_one_line(exchange.reason)}"]
    for name, value in exchange.headers:
        kept = f"X-Crawl-{name}" if name.lower() in _RENAMED else name
        lines.append(f"{kept}: {_one_line(value)}")
    lines.append(f"Content-Length: {len(exchange.body)}")
    return _as_head(lines) + exchange.body


def _http_request(exchange: Exchange) -> bytes:
    lines = [f"GET {exchange.url} HTTP/1.1"]
    lines += [f"{name}: {_one_line(value)}" for name, value in exchange.request_headers.items()]
    return _as_head(lines)


def _as_head(lines: list[str]) -> bytes:
    return ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1", errors="replace")


def _one_line(value: str) -> str:
    return " ".join(value.split())
