"""Members of archives, taken out one at a time and read like files that lie in a folder.

What is common to all kinds of archive: which members are refused, and how one is read. A member
never keeps its own name on disk, so a path that leads out of the archive leads nowhere; it is
refused all the same, since whoever made it meant harm or was mistaken.
"""

from __future__ import annotations

import hashlib
import re
import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Final

from include.eventwire.inputs.compression import ByteBudget, ByteStream, ExpansionError
from include.eventwire.inputs.file_search import is_left_out
from include.eventwire.inputs.formats import UnknownFormatError, detect_format
from include.eventwire.inputs.selection import InputFile, storable_name
from include.eventwire.readers import read_articles
from include.eventwire.readers.raw import Enclosure, ReadContext, tell_briefly
from include.eventwire.records import Article, Reject

# An archive may hold one that holds one.
_MOST_DEPTH: Final = 2
# What a member is charged beside its content, as in a tar: so that empty ones come to an end too.
_MEMBER_BYTES: Final = 512
_LONGEST_NAME: Final = 1_024
_CHUNK_BYTES: Final = 64 * 1024
# Programs that unpack archives for Macintosh leave this folder out: it holds no articles.
_MACINTOSH: Final = "__MACOSX"
_DRIVE: Final = re.compile(r"[A-Za-z]:")
_SUFFIX: Final = re.compile(r"\.[A-Za-z0-9]{1,10}")


@dataclass(frozen=True, slots=True)
class Member:
    """One member as its archive describes it.

    Attributes:
        name: Name as written, its folders separated by "/".
        size: Bytes that the archive says it has.
        is_folder: Whether it is a folder.
        problem: Reason and detail of the reject that it is, or None.
        open: Opens its content. What is damaged is an OSError, there or while reading.
    """

    name: str
    size: int
    is_folder: bool
    problem: tuple[str, str] | None
    open: Callable[[], AbstractContextManager[ByteStream]]


def read_members(
    context: ReadContext, members: Iterable[Member], budget: ByteBudget
) -> Iterator[Article | Reject]:
    """Yield what the members of an archive hold, in their order.

    Hidden files and folders are left out, as in folders. A member that is refused is a reject,
    and the others are read.

    Args:
        context: The archive.
        members: Its members; each is opened before the next is asked for.
        budget: What may be decompressed of it.

    Raises:
        OSError: The archive is damaged, or its budget is spent.
    """
    depth = context.archive.depth if context.archive else 0
    if depth > _MOST_DEPTH:
        detail = f"it lies within {depth} other archives; unpack the outer ones first"
        yield context.reject(None, "unsafe_input", detail)
        return
    most = context.settings.max_files
    seen: set[bytes] = set()
    with tempfile.TemporaryDirectory(prefix="eventwire-") as folder:
        for number, member in enumerate(members, 1):
            if number > most:
                detail = (
                    f"it holds more than {most:,} members and the rest was not read; split it, or "
                    "raise EVENTWIRE_MAX_FILES"
                )
                yield context.reject(None, "too_large", detail)
                return
            budget.take(_MEMBER_BYTES)
            place = Enclosure(context.place / _tidy(member.name), depth + 1, budget)
            uri = f"{context.file.uri}!/{storable_name(_tidy(member.name))[:_LONGEST_NAME]}"
            if problem := _find_problem(member, seen):
                yield _refuse(uri, *problem)
            elif not member.is_folder and not _is_left_out(member.name):
                yield from _read_member(member, uri, Path(folder), place, context)


def _find_problem(member: Member, seen: set[bytes]) -> tuple[str, str] | None:
    """Return why a member is refused before it is opened; remember its name otherwise."""
    name = member.name
    if (trap := _find_trap(name)) is not None:
        return "unsafe_input", f"the name {trap}; pack the archive again with relative names"
    if member.is_folder:
        return None
    if member.problem is not None:
        return member.problem
    # Programs differ in which of the two they take; a digest, since there may be many names.
    digest = hashlib.blake2b(_tidy(name).encode(errors="surrogatepass"), digest_size=16).digest()
    if digest in seen:
        return "unsafe_input", "a member of the same name stands before it; give each its own"
    seen.add(digest)
    return None


def _find_trap(name: str) -> str | None:
    if len(name) > _LONGEST_NAME:
        return f"has more than {_LONGEST_NAME:,} characters"
    if "\0" in name:
        return "holds a NUL character"
    if "\\" in name:
        return "holds a backslash"
    if name.startswith("/") or _DRIVE.match(name):
        return "is that of a place outside the archive"
    if ".." in name.split("/"):
        return 'leads out of the archive by ".."'
    return None


def _tidy(name: str) -> str:
    """Return `name` without the "./" that tar likes to begin with and without empty folders."""
    return str(PurePosixPath(name))


def _is_left_out(name: str) -> bool:
    parts = PurePosixPath(name).parts
    return _MACINTOSH in parts or any(map(is_left_out, parts))


def _read_member(
    member: Member, uri: str, folder: Path, place: Enclosure, context: ReadContext
) -> Iterator[Article | Reject]:
    path = folder / ("member" + _suffixes(member.name))
    try:
        found = _take_out(member, uri, path, context)
        if isinstance(found, Reject):
            yield found
            return
        inner = ReadContext(found, context.profile, context.settings, context.not_after, place)
        yield from read_articles(inner)
    except Exception as error:  # noqa: BLE001 - one member must not sink the archive
        detail = f"the rest of the member was not read: {type(error).__name__}: {error}"
        yield _refuse(uri, "unexpected_error", detail)
    finally:
        path.unlink(missing_ok=True)


def _suffixes(name: str) -> str:
    """Return the suffixes of `name` that can tell a format and a compression."""
    return "".join(filter(_SUFFIX.fullmatch, PurePosixPath(name).suffixes[-2:]))


def _take_out(member: Member, uri: str, path: Path, context: ReadContext) -> InputFile | Reject:
    """Write the content of a member to `path`; return it as a file to read, or why it is none."""
    try:
        size = _copy(member, path)
        if size != member.size:
            has = "more" if size > member.size else f"{size:,}"
            detail = f"it declares {member.size:,} bytes and has {has}; pack the archive again"
            return _refuse(uri, "unsafe_input", detail)
        format_ = detect_format(path, declared=context.profile.format)
    except ExpansionError as error:
        return _refuse(uri, "too_large", str(error))
    except UnknownFormatError as error:
        return _refuse(uri, "unknown_format", str(error))
    except OSError as error:
        detail = f"it cannot be taken out of its archive: {error.strerror or error}"
        return _refuse(uri, "unreadable_file", detail)
    return InputFile(path, uri, size, format_)


def _refuse(uri: str, reason: str, detail: str) -> Reject:
    return Reject(uri, None, "read", reason, tell_briefly(detail))


def _copy(member: Member, path: Path) -> int:
    """Write the content of a member to `path`; return its bytes, or more than it declares."""
    size = 0
    with member.open() as stream, path.open("wb") as file:
        while size <= member.size and (data := stream.read(_CHUNK_BYTES)):
            size += file.write(data)
    return size
