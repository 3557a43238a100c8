"""The body of a response: read and decompressed, each within a budget of bytes."""

from __future__ import annotations

import zlib
from collections.abc import Iterator, Mapping
from typing import Final

from urllib3 import BaseHTTPResponse

from include.eventwire.fetching.errors import FetchError

_BLOCK: Final = 64 * 1024
# With 32 added, zlib tells gzip from zlib by the head; "deflate" is at times sent without either.
_GZIP_OR_ZLIB: Final = 32 + zlib.MAX_WBITS
_GZIP_MAGIC: Final = b"\x1f\x8b"


def read_body(response: BaseHTTPResponse, max_bytes: int) -> tuple[bytes, int]:
    """Return the body of `response`, decompressed, and how many bytes came over the network.

    Args:
        response: Its body has not been read.
        max_bytes: Budget of what comes and of what it grows to.

    Raises:
        FetchError: A budget is exceeded; the compression is unknown or damaged.
        urllib3.exceptions.HTTPError: The body ends early or stops coming.
    """
    stated = response.headers.get("Content-Length", "")
    if stated.isascii() and stated.isdigit() and int(stated) > max_bytes:
        raise _too_large(max_bytes, f"it has {int(stated):,} bytes")
    raw = bytearray()
    while block := response.read(_BLOCK, decode_content=False):
        raw += block
        if len(raw) > max_bytes:
            raise _too_large(max_bytes, "more came")
    return _decompress(bytes(raw), _encoding(response.headers), max_bytes), len(raw)


def gunzip_file(body: bytes, max_bytes: int) -> bytes:
    """Return the content of a body that is itself a gzip file (`sitemap.xml.gz`), or the body.

    Raises:
        FetchError: It is damaged or grows beyond `max_bytes`.
    """
    return _inflate(body, max_bytes) if body.startswith(_GZIP_MAGIC) else body


def _encoding(headers: Mapping[str, str]) -> str:
    return headers.get("Content-Encoding", "").strip().lower()


def _decompress(raw: bytes, encoding: str, max_bytes: int) -> bytes:
    if encoding in ("", "identity"):
        return raw
    if encoding in ("gzip", "x-gzip", "deflate"):
        return _inflate(raw, max_bytes)
    raise FetchError(
        "bad_response", f"it is compressed with {encoding[:40]!r}, which was not asked for"
    )


def _inflate(raw: bytes, max_bytes: int) -> bytes:
    parts = []
    left = max_bytes
    try:
        for part in _members(raw, max_bytes + 1):
            parts.append(part)
            left -= len(part)
            if left < 0:
                raise _too_large(max_bytes, "decompressed it has more")
    except zlib.error as error:
        raise FetchError("bad_response", f"its compression is damaged: {error}") from error
    return b"".join(parts)


def _members(raw: bytes, max_bytes: int) -> Iterator[bytes]:
    """Yield what each gzip member in `raw` holds, at most `max_bytes` of it."""
    window = _GZIP_OR_ZLIB if _has_head(raw) else -zlib.MAX_WBITS
    while raw:
        unpacker = zlib.decompressobj(window)
        yield unpacker.decompress(raw, max_bytes)
        if not unpacker.eof:
            if unpacker.unconsumed_tail:
                return  # the budget is used up, which the caller sees
            raise zlib.error("it ends early")
        raw = unpacker.unused_data
        if not raw.startswith(_GZIP_MAGIC):
            return  # padding after the last member is harmless


def _has_head(raw: bytes) -> bool:
    return raw.startswith(_GZIP_MAGIC) or (raw[:1] == b"\x78" and int.from_bytes(raw[:2]) % 31 == 0)


def _too_large(max_bytes: int, what: str) -> FetchError:
    return FetchError("too_large", f"{what}; at most {max_bytes:,} bytes are taken")
