"""Files as streams of bytes, decompressed on the way and with a limit on what they grow to."""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final, Protocol

import pyarrow as pa

# By the last suffix of the file's name. Arrow's streams tell a file that was cut off, which the
# stream of the package `zstandard` does not.
CODECS: Final = {".gz": "gzip", ".zst": "zstd"}

# A small file may grow to this, whatever the ratio: half a page of repeated words shrinks a lot.
_ALWAYS_ALLOWED_BYTES: Final = 64 * 1024 * 1024


class ByteStream(Protocol):
    """What a reader needs of an open file."""

    def read(self, size: int, /) -> bytes:
        """Return up to `size` bytes; none at the end."""


class ExpansionError(OSError):
    """A compressed file grows beyond what is allowed."""


@contextmanager
def open_stream(path: Path, *, max_expansion: int) -> Iterator[ByteStream]:
    """Open a file for reading; `.gz` and `.zst` are decompressed as they are read.

    Args:
        path: The file.
        max_expansion: How many times its own size a compressed file may grow, or 64 MiB if that
            is more. What the file's own header says of its size is not believed.

    Raises:
        OSError: The file cannot be opened; or, while reading, it is cut off or damaged.
        ExpansionError: While reading: the file grows beyond the limit.
    """
    codec = CODECS.get(path.suffix.lower())
    with path.open("rb") as file:
        if codec is None:
            yield file
            return
        budget = max(_ALWAYS_ALLOWED_BYTES, max_expansion * path.stat().st_size)
        with pa.CompressedInputStream(file, codec) as stream:
            yield _LimitedStream(stream, budget)


class _LimitedStream(io.RawIOBase):
    """A stream that fails once more than `budget` bytes came out of it."""

    def __init__(self, stream: ByteStream, budget: int) -> None:
        self._stream = stream
        self._budget = budget
        self._left = budget

    def read(self, size: int = -1, /) -> bytes:
        data = self._stream.read(size)
        self._left -= len(data)
        if self._left < 0:
            raise ExpansionError(
                f"the file grows to more than {self._budget:,} bytes when decompressed; if it is "
                "to be trusted, raise EVENTWIRE_MAX_EXPANSION"
            )
        return data
