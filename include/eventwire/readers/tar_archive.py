"""Tar archives of files in any format, compressed or not, read in one pass."""

from __future__ import annotations

import io
import sys
import tarfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from typing import Final, Self

from include.eventwire.inputs.compression import ByteStream
from include.eventwire.readers.archives import Member, read_members
from include.eventwire.readers.raw import ReadContext
from include.eventwire.records import Article, Reject

# The name and the properties of one member are held in memory; a few thousand bytes are usual.
_MOST_HEADER_BYTES: Final = 1024 * 1024
_CHUNK_BYTES: Final = 64 * 1024
# What tarfile raises for archives that are damaged or made to look so.
_ERRORS: Final = (
    *(tarfile.TarError, RecursionError, ValueError, OverflowError, LookupError, EOFError),
)


def read_tar(context: ReadContext) -> Iterator[Article | Reject]:
    """Yield what the members of a tar archive hold, in their order.

    Raises:
        OSError: The archive is damaged or cut off, or grows beyond what is allowed.
    """
    with context.open_stream() as stream:
        bounded = _BoundedHeaders(stream)
        with _told():
            archive = tarfile.open(fileobj=bounded, mode="r|", tarinfo=_Header)  # noqa: SIM115
        budget = context.make_budget(context.file.size)
        with archive:
            yield from read_members(context, _list_members(archive, bounded), budget)


class _BoundedHeaders(io.RawIOBase):
    """A stream that is not read much further than the content of the member that is known."""

    def __init__(self, stream: ByteStream) -> None:
        self._stream = stream
        self._position = 0
        self._limit = _MOST_HEADER_BYTES

    def read(self, size: int = -1, /) -> bytes:
        if self._position > self._limit:
            raise OSError(f"the description of a member has more than {_MOST_HEADER_BYTES:,} bytes")
        data = self._stream.read(size)
        self._position += len(data)
        return data

    def allow(self, position: int) -> None:
        """Let the stream be read to `position`, and as far beyond as a header may go."""
        self._limit = position + _MOST_HEADER_BYTES


class _Header(tarfile.TarInfo):
    """The header of a member; one that is broken is an error and not the end of the archive."""

    @classmethod
    def fromtarfile(cls, tarfile_: tarfile.TarFile) -> Self:
        try:
            return super().fromtarfile(tarfile_)
        except tarfile.EOFHeaderError:  # type: ignore[attr-defined]  # not in its types
            raise
        except tarfile.HeaderError as error:
            raise OSError(f"the archive is damaged or cut off: {error}") from error


def _list_members(archive: tarfile.TarFile, bounded: _BoundedHeaders) -> Iterator[Member]:
    while True:
        with _told():
            header = archive.next()
        if header is None:
            break
        if header.size < 0:
            raise OSError("the archive is damaged: a member has fewer than no bytes")
        # tarfile keeps all members, with their properties, for those who ask for them again.
        archive.members = []  # type: ignore[attr-defined]  # not in its types
        bounded.allow(header.offset_data + header.size)
        yield Member(
            name=header.name,
            size=header.size,
            is_folder=header.isdir(),
            problem=_find_problem(header),
            open=partial(_open, archive, header),
        )
    _check_end(archive, bounded)


def _find_problem(header: tarfile.TarInfo) -> tuple[str, str] | None:
    if header.issparse():
        return "unsafe_input", "it is a sparse file, which declares more than it has"
    if not header.isreg():
        return "unsafe_input", "it is no ordinary file (a link, pipe or device)"
    return None


@contextmanager
def _open(archive: tarfile.TarFile, header: tarfile.TarInfo) -> Iterator[ByteStream]:
    with _told():
        file = archive.extractfile(header)
        assert file is not None  # of an ordinary file there is one
        with file:
            yield file


def _check_end(archive: tarfile.TarFile, bounded: _BoundedHeaders) -> None:
    """Read to the end of the file: it may be cut off there, or go on after the end mark."""
    assert archive.fileobj is not None
    bounded.allow(sys.maxsize)
    while True:
        with _told():
            data = archive.fileobj.read(_CHUNK_BYTES)
        if not data:
            return
        if data.strip(b"\0"):
            raise OSError("more follows after its end mark and was not read: are these two tars?")


@contextmanager
def _told() -> Iterator[None]:
    """Turn what tarfile raises into an OSError."""
    try:
        yield
    except _ERRORS as error:
        raise OSError(f"the archive is damaged or cut off: {error}") from error
