"""Files as streams of bytes, decompressed on the way and with a limit on what they grow to."""

from __future__ import annotations

import bz2
import io
import lzma
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final, Protocol

import pyarrow as pa

from include.eventwire.lake.locations import is_remote, open_binary

# By the last suffix of the file's name. Arrow's streams tell a file that was cut off, which those
# of the package `zstandard` do not; it has none for xz, and that for bz2 fails at an empty part.
CODECS: Final = {".bz2": "bz2", ".gz": "gzip", ".xz": "xz", ".zst": "zstd"}
# Suffixes that stand for two.
SHORT_FORMS: Final = {".tbz2": ".bz2", ".tgz": ".gz", ".txz": ".xz", ".tzst": ".zst"}

# A small file may grow to this, whatever the ratio: half a page of repeated words shrinks a lot.
_ALWAYS_ALLOWED_BYTES: Final = 64 * 1024 * 1024
# What xz may take to decompress; its greatest common setting (-9) needs 65 MiB. A file can claim
# to need gigabytes.
_XZ_MEMORY_BYTES: Final = 128 * 1024 * 1024
_CHUNK_BYTES: Final = 64 * 1024


class ByteStream(Protocol):
    """What a reader needs of an open file."""

    def read(self, size: int, /) -> bytes:
        """Return up to `size` bytes; none at the end."""


class ExpansionError(OSError):
    """A compressed file grows beyond what is allowed."""


def allowed_bytes(size: int, max_expansion: int) -> int:
    """Return what `size` compressed bytes may grow to: so many times their size, or 64 MiB."""
    return max(_ALWAYS_ALLOWED_BYTES, max_expansion * size)


class ByteBudget:
    """How many bytes may still come out of a compressed file.

    The budget of a file within an archive is charged to that of the archive as well, so that
    archives within archives do not multiply what is allowed.
    """

    def __init__(self, size: int, *, max_expansion: int, outer: ByteBudget | None = None) -> None:
        """Make the budget of a file of `size` compressed bytes.

        Args:
            size: Bytes of the file, compressed.
            max_expansion: How many times its own size it may grow, or 64 MiB if that is more.
            outer: Budget of the archive that holds the file.
        """
        self._total = allowed_bytes(size, max_expansion)
        self._left = self._total
        self._outer = outer

    def take(self, n_bytes: int) -> None:
        """Note that so many bytes came out.

        Raises:
            ExpansionError: They are more than is allowed.
        """
        self._left -= n_bytes
        if self._left < 0:
            raise ExpansionError(
                f"the file grows to more than {self._total:,} bytes when decompressed; if it is "
                "to be trusted, raise EVENTWIRE_MAX_EXPANSION"
            )
        if self._outer is not None:
            self._outer.take(n_bytes)


class LimitedStream(io.RawIOBase):
    """A stream whose bytes are charged to a budget."""

    def __init__(self, stream: ByteStream, budget: ByteBudget) -> None:
        """Make the stream of the bytes of `stream`."""
        self._stream = stream
        self._budget = budget

    def read(self, size: int = -1, /) -> bytes:
        """Return up to `size` bytes, none at the end.

        Raises:
            ExpansionError: The budget is spent.
        """
        try:
            data = self._stream.read(size)
        except pa.ArrowException as error:
            raise OSError(f"the compressed file is damaged: {error}") from error
        self._budget.take(len(data))
        return data


def open_file(path: Path) -> io.BufferedReader:
    """Open an ordinary file for reading, or one in a bucket.

    Raises:
        OSError: It cannot be opened, or is something else. Opening a pipe does not wait for one
            who writes into it.
    """
    if is_remote(path):
        return open_binary(path)
    # Asked of the open file: between a look at a name and its opening it may be exchanged.
    file = open(path, "rb", opener=_open_without_waiting)  # noqa: SIM115 - takes an opener
    if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
        file.close()
        raise OSError("it is no ordinary file (a pipe, device, socket or folder)")
    return file


def compression_suffix(path: Path) -> str | None:
    """Return the suffix in `CODECS` that tells how the file at `path` is compressed, or None."""
    suffix = path.suffix.lower()
    suffix = SHORT_FORMS.get(suffix, suffix)
    return suffix if suffix in CODECS else None


@contextmanager
def open_stream(
    path: Path, *, max_expansion: int, outer: ByteBudget | None = None
) -> Iterator[ByteStream]:
    """Open a file for reading; by its suffix it is decompressed as it is read.

    Args:
        path: The file.
        max_expansion: How many times its own size a compressed file may grow, or 64 MiB if that
            is more. What the file's own header says of its size is not believed.
        outer: Budget of the archive that holds the file.

    Raises:
        OSError: The file cannot be opened; or, while reading, it is cut off or damaged.
        ExpansionError: While reading: the file grows beyond the limit.
    """
    suffix = compression_suffix(path)
    with open_file(path) as file:
        if suffix is None:
            yield file
            return
        size = file.seek(0, os.SEEK_END)
        file.seek(0)
        budget = ByteBudget(size, max_expansion=max_expansion, outer=outer)
        if suffix in (".bz2", ".xz"):
            yield LimitedStream(_StreamOfParts(file, suffix), budget)
            return
        with pa.CompressedInputStream(file, CODECS[suffix]) as stream:
            yield LimitedStream(stream, budget)


def _open_without_waiting(path: str, flags: int) -> int:
    return os.open(path, flags | os.O_NONBLOCK)


class _StreamOfParts:
    """The bytes of a bz2 or xz file of one or several parts, with a limit on memory."""

    def __init__(self, file: ByteStream, suffix: str) -> None:
        self._file = file
        self._suffix = suffix
        self._decompressor: bz2.BZ2Decompressor | lzma.LZMADecompressor | None = None
        self._rest = b""

    def read(self, size: int, /) -> bytes:
        while self._decompressor is not None or self._start():
            decompressor = self._decompressor
            assert decompressor is not None
            data = self._decompress(decompressor, size)
            if decompressor.eof:
                self._rest = decompressor.unused_data.lstrip(b"\0")
                self._decompressor = None
            if data:
                return data
        return b""

    def _start(self) -> bool:
        """Begin the next part, where there is one; zeros may stand between two."""
        while not self._rest:
            if not (data := self._file.read(_CHUNK_BYTES)):
                return False
            self._rest = data.lstrip(b"\0")
        self._decompressor = (
            bz2.BZ2Decompressor()
            if self._suffix == ".bz2"
            else lzma.LZMADecompressor(lzma.FORMAT_XZ, memlimit=_XZ_MEMORY_BYTES)
        )
        return True

    def _decompress(
        self, decompressor: bz2.BZ2Decompressor | lzma.LZMADecompressor, size: int
    ) -> bytes:
        if decompressor.needs_input and not self._rest:
            self._rest = self._file.read(_CHUNK_BYTES)
            if not self._rest:
                raise OSError("the compressed file is cut off")
        given, self._rest = self._rest, b""
        try:
            return decompressor.decompress(given, size)
        except lzma.LZMAError as error:
            raise OSError(f"the compressed file is damaged: {error}") from error
