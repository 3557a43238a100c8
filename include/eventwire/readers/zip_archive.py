"""ZIP archives of files in any format."""

from __future__ import annotations

import copy
import io
import os
import stat
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from functools import partial
from itertools import pairwise
from typing import BinaryIO, Final

from include.eventwire.inputs.compression import (
    ByteBudget,
    ByteStream,
    LimitedStream,
    allowed_bytes,
    open_file,
)
from include.eventwire.readers.archives import Member, read_members
from include.eventwire.readers.raw import ReadContext
from include.eventwire.records import Article, Reject

# The list of members is read at once: some 350,000 members with names of usual length.
_MOST_DIRECTORY_BYTES: Final = 32 * 1024 * 1024
# Of the others that Python knows, one piece of input may become a gigabyte of output.
_METHODS: Final = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_UNIX: Final = 3
_ENCRYPTED: Final = 0x1
_NAME_IN_UTF8: Final = 0x800
_LEAST_HEADER_BYTES: Final = 30
_ANY_SIZE: Final = 2**62
# What zipfile raises for archives that are damaged or made to look so; RuntimeError and
# NotImplementedError are about features, ValueError covers names that are no UTF-8.
_ERRORS: Final = (
    *(zipfile.BadZipFile, zlib.error, EOFError, RuntimeError, ValueError, OverflowError),
    LookupError,
)


def read_zip(context: ReadContext) -> Iterator[Article | Reject]:
    """Yield what the members of a ZIP archive hold, in the order of its list of members.

    Raises:
        OSError: The archive is damaged, or grows beyond what is allowed.
    """
    with open_file(context.file.path) as file:
        budget = context.make_budget(context.file.size)
        try:
            archive = zipfile.ZipFile(_SmallReads(file))
        except _ERRORS as error:
            raise OSError(f"no ZIP archive that can be read: {error}") from error
        with archive:
            yield from read_members(context, _list_members(archive, context, budget), budget)


class _SmallReads(io.RawIOBase):
    """A file that refuses to give very much at once, as zipfile asks for to list the members."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file

    def read(self, size: int = -1, /) -> bytes:
        if size > _MOST_DIRECTORY_BYTES:
            raise OSError(
                f"its list of members has more than {_MOST_DIRECTORY_BYTES:,} bytes; split it"
            )
        return self._file.read(size)

    def seek(self, offset: int, whence: int = os.SEEK_SET, /) -> int:
        return self._file.seek(offset, whence)

    def tell(self) -> int:
        return self._file.tell()

    def seekable(self) -> bool:
        return True


def _list_members(
    archive: zipfile.ZipFile, context: ReadContext, budget: ByteBudget
) -> Iterator[Member]:
    overlapping = _find_overlapping(archive.infolist())
    for info in archive.infolist():
        allowed = allowed_bytes(info.compress_size, context.settings.max_expansion)
        yield Member(
            name=_decode_name(info),
            size=info.file_size,
            is_folder=info.is_dir(),
            problem=_find_problem(info, info.header_offset in overlapping, allowed),
            open=partial(_open, archive, info, budget),
        )


def _find_overlapping(infos: Sequence[zipfile.ZipInfo]) -> set[int]:
    """Return where the members begin that reach into the next one.

    Bombs are made so: thousands of members share one piece of compressed data.
    """
    ordered = sorted((info.header_offset, info.compress_size) for info in infos)
    return {
        offset
        for (offset, size), (following, _) in pairwise(ordered)
        if offset + _LEAST_HEADER_BYTES + size > following
    }


def _find_problem(
    info: zipfile.ZipInfo, is_overlapping: bool, allowed: int
) -> tuple[str, str] | None:
    if is_overlapping:
        return "unsafe_input", "it shares its data with another member, as bombs do"
    if info.flag_bits & _ENCRYPTED:
        return "unsafe_input", "it is encrypted; pack the archive without a password"
    kind = stat.S_IFMT(info.external_attr >> 16) if info.create_system == _UNIX else 0
    if kind not in (0, stat.S_IFREG):
        return "unsafe_input", "it is no ordinary file (a link, pipe or device)"
    if info.compress_type not in _METHODS:
        detail = f"its compression (method {info.compress_type}) is not read; use deflate"
        return "unreadable_file", detail
    if info.file_size > allowed:
        detail = (
            f"it grows from {info.compress_size:,} to {info.file_size:,} bytes; if it is to be "
            "trusted, raise EVENTWIRE_MAX_EXPANSION"
        )
        return "too_large", detail
    return None


def _decode_name(info: zipfile.ZipInfo) -> str:
    """Return the name of a member as it was meant.

    Without a flag that tells UTF-8 it is in the code page of DOS by the book, and in UTF-8 from
    many programs all the same.
    """
    name = info.orig_filename
    if not info.flag_bits & _NAME_IN_UTF8:
        with suppress(UnicodeError):
            name = name.encode("cp437").decode("utf-8")
    return name


@contextmanager
def _open(
    archive: zipfile.ZipFile, info: zipfile.ZipInfo, budget: ByteBudget
) -> Iterator[ByteStream]:
    # zipfile gives as many bytes as are declared and no more: asked for any number, it gives all
    # that there are, and the two can be compared.
    whole = copy.copy(info)
    whole.file_size = _ANY_SIZE
    try:
        with archive.open(whole) as stream:
            yield LimitedStream(stream, budget)
    except _ERRORS as error:
        raise OSError(f"it is damaged: {str(error) or 'it ends too early'}") from error
