"""Finds files below a folder or by a pattern, on a disk or in a bucket."""

from __future__ import annotations

import glob
import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from include.eventwire.lake.locations import (
    LocationError,
    glob_files,
    is_remote,
    list_files,
    to_location,
)

# What editors and copying programs leave beside a file while they work on it.
_LEFTOVERS: Final = ("~", ".swp", ".swo", ".part", ".crdownload")


class UnusableFileError(ValueError):
    """What was found is no file that can be read; the message says why, and what to do."""


@dataclass(frozen=True, slots=True)
class FoundFile:
    """A file that was found, or what looks like one.

    Attributes:
        size: Bytes, where finding it told them.
    """

    path: Path
    size: int | None = None


def is_left_out(name: str) -> bool:
    """Return whether a file or folder of that name is hidden or a leftover of an editor."""
    return name.startswith((".", "#")) or name.endswith(_LEFTOVERS)


def walk_folder(folder: Path) -> Iterator[FoundFile]:
    """Yield the files below `folder`, links to folders and folders that cannot be read.

    Hidden files and folders and leftovers of editors are left out.
    """
    if is_remote(folder):
        yield from (
            FoundFile(path, size)
            for path, size in list_files(folder)
            if not _is_hidden(path, folder) and not is_left_out(path.name)
        )
        return
    unreadable: list[Path] = []
    walk = os.walk(folder, onerror=lambda error: unreadable.append(Path(str(error.filename))))
    for name, folders, files in walk:
        here = Path(name)
        folders[:] = sorted(child for child in folders if not child.startswith("."))
        yield from (FoundFile(here / child) for child in folders if (here / child).is_symlink())
        yield from (FoundFile(here / child) for child in sorted(files) if not is_left_out(child))
    yield from map(FoundFile, unreadable)


def find_matches(pattern: str) -> list[FoundFile]:
    """Return the files and folders that match a pattern (`**` is known), by name.

    In a bucket, where folders are nothing by themselves, only files.
    """
    if is_remote(pattern):
        fixed = fixed_folder(pattern)
        return [
            FoundFile(path, size)
            for path, size in glob_files(to_location(pattern))
            if not _is_hidden(path, fixed)
        ]
    found = sorted(glob.glob(pattern, recursive=True))  # noqa: PTH207 - takes absolute ones
    return [FoundFile(absolute(Path(name))) for name in found]


def fixed_folder(pattern: str) -> Path:
    """Return the folders of a pattern before its first wildcard.

    Raises:
        LocationError: The bucket itself is a pattern.
    """
    path = to_location(pattern)
    while glob.has_magic(str(path)):
        if path.parent == path:
            raise LocationError(f"{pattern}: no pattern can stand for a bucket; name it")
        path = path.parent
    return path


def absolute(path: Path) -> Path:
    """Return `path` from the root, without "..", its links as they are."""
    if is_remote(path):
        return path
    return Path(os.path.abspath(path))  # noqa: PTH100 - `resolve` would follow links


def check_readable(path: Path) -> None:
    """Check that this user may read a file, or list a folder.

    Raises:
        UnusableFileError: He may not, or its name in the bucket cannot be asked for.
    """
    if is_remote(path):
        # A name that nothing on a disk can have; asking for it gives another file or an error.
        if not {"", ".", ".."}.isdisjoint(str(path).split("/")[2:]):
            raise UnusableFileError(f"{path.name} has a folder without a name, '.' or '..' in it")
        return
    if path.is_dir():
        if not os.access(path, os.R_OK | os.X_OK):
            raise UnusableFileError(
                f"the folder {path.name} cannot be read; give this user the right to"
            )
    elif not os.access(path, os.R_OK):
        raise UnusableFileError(f"{path.name} cannot be read; give this user the right to read it")


def ordinary_size(path: Path) -> int:
    """Return the size of a file; nothing else than an ordinary one is looked at further.

    Raises:
        UnusableFileError: It is something else.
        OSError: There is no such file, or it cannot be asked for.
    """
    status = path.stat()
    if is_remote(path):
        return status.st_size
    if stat.S_ISDIR(status.st_mode):
        check_readable(path)
    if not stat.S_ISREG(status.st_mode):
        raise UnusableFileError(
            f"{path.name} is no ordinary file (a pipe, device, socket or folder)"
        )
    return status.st_size


def check_link(path: Path, folder: Path) -> None:
    """Check that `path`, if it is a link, leads to what lies in `folder`.

    Raises:
        UnusableFileError: It leads out of it.
    """
    if is_remote(path) or not path.is_symlink():
        return
    if not Path(os.path.realpath(path)).is_relative_to(os.path.realpath(folder)):
        raise UnusableFileError(f"{path.name} is a link out of the folder; name its target instead")


def _is_hidden(path: Path, folder: Path) -> bool:
    """Return whether a file lies in a hidden folder below `folder`."""
    return any(part.startswith(".") for part in path.relative_to(folder).parts[:-1])
