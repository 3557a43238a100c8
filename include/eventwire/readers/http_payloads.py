"""Bodies of HTTP responses as they were sent, to the bytes of the page, within a budget.

FastWARC can do this too, but a body in another encoding than its header names then ends the
whole file, and how much comes out of one is not limited.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterable
from typing import Final

import brotli

_GZIP_MAGIC: Final = b"\x1f\x8b"
_STEP: Final = 64 * 1024
_LONGEST_CHUNK_LINE: Final = 1_000
# zlib: gzip or zlib by their own header; deflate without any, as some servers send it.
_ANY_HEADER: Final = zlib.MAX_WBITS | 32
_NO_HEADER: Final = -zlib.MAX_WBITS


class PayloadError(ValueError):
    """A body is not in the encoding that its header names."""


class PayloadTooLargeError(ValueError):
    """A body grows beyond the budget."""


def decode_payload(
    body: bytes, *, is_chunked: bool, encodings: Iterable[str], max_bytes: int
) -> bytes:
    """Return the bytes that a response carries.

    Programs that write WARC files often undo the encodings and leave the headers as they were: a
    body that does not look like what its header names is taken as it is.

    Args:
        body: The bytes after the HTTP header.
        is_chunked: Whether Transfer-Encoding names "chunked".
        encodings: Values of Content-Encoding, in the order in which they were applied.
        max_bytes: Most bytes that may come out.

    Raises:
        PayloadError: The body is damaged, or its encoding is not known.
        PayloadTooLargeError: More than `max_bytes` come out.
    """
    data = _join_chunks(body) if is_chunked else body
    for encoding in reversed([name.strip().lower() for name in encodings]):
        data = _decode(data, encoding, max_bytes)
    if len(data) > max_bytes:
        raise PayloadTooLargeError(f"the page is longer than {max_bytes:,} bytes")
    return data


def _decode(data: bytes, encoding: str, max_bytes: int) -> bytes:
    looks_plain = data.lstrip()[:1] == b"<"
    if encoding in ("", "identity") or looks_plain:
        return data
    try:
        match encoding:
            case "gzip" | "x-gzip" if data.startswith(_GZIP_MAGIC):
                return _inflate(data, _ANY_HEADER, max_bytes)
            case "gzip" | "x-gzip":
                return data
            case "deflate":
                return _inflate(data, _deflate_header(data), max_bytes)
            case "br":
                return _unbrotli(data, max_bytes)
    except (zlib.error, brotli.error) as error:
        raise PayloadError(f"the body is no {encoding}: {error}") from error
    raise PayloadError(f"the content encoding {encoding[:40]!r} is not known")


def _inflate(data: bytes, header: int, max_bytes: int) -> bytes:
    inflater = zlib.decompressobj(header)
    out = inflater.decompress(data, max_bytes + 1)
    if len(out) > max_bytes:
        raise PayloadTooLargeError(f"the page grows to more than {max_bytes:,} bytes")
    # A body that was cut off gives what there is of it, as browsers show it.
    return out


def _deflate_header(data: bytes) -> int:
    is_zlib = len(data) > 1 and data[0] & 0x0F == 8 and int.from_bytes(data[:2], "big") % 31 == 0
    return _ANY_HEADER if is_zlib else _NO_HEADER


def _unbrotli(data: bytes, max_bytes: int) -> bytes:
    decompressor = brotli.Decompressor()
    parts: list[bytes] = []
    size, rest = 0, data
    while not decompressor.is_finished():
        part = decompressor.process(rest, output_buffer_limit=_STEP)
        rest = b""
        size += len(part)
        parts.append(part)
        if size > max_bytes:
            raise PayloadTooLargeError(f"the page grows to more than {max_bytes:,} bytes")
        if not part and decompressor.can_accept_more_data():
            break  # it was cut off
    return b"".join(parts)


def _join_chunks(body: bytes) -> bytes:
    """Return a chunked body without the lengths in it; as it is when it has none."""
    parts: list[bytes] = []
    position = 0
    while position < len(body):
        end = body.find(b"\n", position, position + _LONGEST_CHUNK_LINE)
        length = _chunk_length(body[position:end]) if end >= 0 else None
        if length is None:
            return b"".join(parts) if parts else body
        if length == 0:
            break
        parts.append(body[end + 1 : end + 1 + length])
        position = end + 1 + length
        position += 2 if body[position : position + 2] == b"\r\n" else 1
    return b"".join(parts)


def _chunk_length(line: bytes) -> int | None:
    digits = line.split(b";")[0].strip()
    is_hex = 0 < len(digits) <= 8 and all(digit in b"0123456789abcdefABCDEF" for digit in digits)
    return int(digits, 16) if is_hex else None
