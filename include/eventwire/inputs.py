"""The files that a run reads: from paths, folders and globs to one sorted list."""

from __future__ import annotations

import glob
import os
import re
import stat
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Final

from include.eventwire.formats import UnknownFormatError, check_format, detect_format
from include.eventwire.records import Reject
from include.eventwire.sources import Sources

# What editors and copying programs leave beside a file while they work on it.
_LEFTOVERS: Final = ("~", ".swp", ".swo", ".part", ".crdownload")
_UNSTORABLE: Final = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")
# Python keeps a byte of a name that is no UTF-8 as this code point and the byte.
_BYTE_MARK: Final = 0xDC00


class InputError(ValueError):
    """An input that was named cannot be read at all; the message says what to do."""


@dataclass(frozen=True, slots=True)
class InputFile:
    """One file to read.

    Attributes:
        path: Where it is on this machine.
        uri: What the tables call it: the same on every machine.
        size: Bytes on disk.
        format: Name of the reader, by the suffix of its name or as the caller named it.
    """

    path: Path
    uri: str
    size: int
    format: str


@dataclass(frozen=True, slots=True)
class Inputs:
    """What was found: the files to read, by uri, and what within a folder cannot be taken."""

    files: tuple[InputFile, ...]
    rejects: tuple[Reject, ...]


def list_inputs(
    specs: Sequence[str | Path],
    *,
    allowed_roots: Sequence[Path] | None = None,
    landing: Path | None = None,
    sources: Sources | None = None,
    format: str | None = None,  # noqa: A002 - the word that users know
    max_files: int = 500_000,
) -> Inputs:
    """Return the files that `specs` name.

    Folders are read with all that lies below them, hidden files and leftovers of editors apart.
    A file within a folder or glob that cannot be taken is a reject and does not stop the rest.
    Empty files there are told of once for each folder.

    Args:
        specs: Files, folders or globs (`**` is known).
        allowed_roots: Folders that everything must lie in once links and ".." are resolved;
            None = everything that the user can read.
        landing: Landing area; a file in it is called by its path from there.
        sources: Declared sources: the format of one serves its files without a known suffix.
        format: Name of the reader of all files; None = by the suffix of each.
        max_files: Most files that are taken or refused.

    Raises:
        InputError: A path is missing, is no file or folder, cannot be read or lies outside
            `allowed_roots`; a glob matches nothing; two named files would have the same uri;
            there are more than `max_files`.
        UnknownFormatError: There is no reader called `format`.
    """
    if format is not None:
        check_format(format)
    listing = _Listing(allowed_roots, landing, sources or Sources(), format, max_files)
    for spec in specs:
        listing.add(str(spec))
    return listing.result()


def is_left_out(name: str) -> bool:
    """Return whether a file or folder of that name is hidden or a leftover of an editor."""
    return name.startswith((".", "#")) or name.endswith(_LEFTOVERS)


def storable_name(name: str) -> str:
    r"""Return `name` as tables can hold it and terminals show it.

    Bytes that are no UTF-8 (half surrogates, as Python keeps them) and control characters are
    written as in Python: "caf\xe9", "two\x0alines".
    """
    return _UNSTORABLE.sub(_escape, name)


@dataclass(slots=True)
class _EmptyFiles:
    """The empty files of one folder."""

    first: str
    base: Path
    count: int = 0

    def detail(self) -> str:
        files = "file" if self.count == 1 else "files"
        return (
            f"{self.count:,} empty {files}, the first is {storable_name(self.first)}; see whether "
            "what delivers them works"
        )


class _Listing:
    def __init__(
        self,
        allowed_roots: Sequence[Path] | None,
        landing: Path | None,
        sources: Sources,
        format_: str | None,
        max_files: int,
    ) -> None:
        self._roots = None if allowed_roots is None else [root.resolve() for root in allowed_roots]
        homes = [*([landing.resolve()] if landing else []), *(self._roots or [])]
        self._homes = homes
        self._max_files = max_files
        self._sources = sources
        self._format = format_
        self._files: dict[str, InputFile] = {}
        self._rejects: dict[str, Reject] = {}
        self._empty: dict[Path, _EmptyFiles] = {}
        # Thousands of files lie in one folder, and to resolve its name asks the disk.
        self._resolve = lru_cache(Path.resolve)

    def add(self, spec: str) -> None:
        """Add what one path or glob names."""
        if glob.has_magic(spec) and not Path(spec).exists():
            self._add_glob(spec)
            return
        path = self._check_named(Path(spec))
        if path.is_dir():
            self._add_folder(path, path.parent)
            return
        try:
            self._add_file(path, path.parent)
        except UnknownFormatError as error:
            raise InputError(str(error)) from error
        except OSError as error:
            raise InputError(f"{path.name} cannot be read: {error.strerror or error}") from error

    def result(self) -> Inputs:
        files, rejects = self._files, self._rejects
        for folder, empty in self._empty.items():
            uri = self._uri(folder, empty.base)
            rejects[uri] = Reject(uri, None, "read", "empty_text", empty.detail())
        return Inputs(
            files=tuple(files[uri] for uri in sorted(files)),
            rejects=tuple(rejects[uri] for uri in sorted(rejects)),
        )

    def _add_glob(self, pattern: str) -> None:
        fixed = self._check_named(_fixed_folder(pattern))
        found = sorted(glob.glob(pattern, recursive=True))  # noqa: PTH207 - takes absolute ones
        if not found:
            raise InputError(f"{pattern}: no file matches; check the pattern and its folder")
        for name in found:
            path = _absolute(Path(name))
            if path.is_dir():
                # "**" names the folders as well as the files in them: these are no loss.
                continue
            if not is_left_out(path.name):
                self._try_file(path, fixed.parent, fixed)

    def _add_folder(self, folder: Path, base: Path) -> None:
        for path in _walk(folder):
            self._try_file(path, base, folder)

    def _try_file(self, path: Path, base: Path, folder: Path) -> None:
        """Add a file that was found, not named: what is wrong with it is a reject."""
        try:
            _check_link(path, folder)
            if _ordinary_status(path).st_size == 0:
                self._empty.setdefault(path.parent, _EmptyFiles(path.name, base)).count += 1
                return
            self._add_file(path, base)
        except UnknownFormatError as error:
            self._reject(path, base, "unknown_format", str(error))
        except InputError as error:
            self._reject(path, base, "unreadable_file", str(error))
        except OSError as error:
            detail = f"{path.name} cannot be read: {error.strerror or error}"
            self._reject(path, base, "unreadable_file", detail)
        if len(self._files) + len(self._rejects) > self._max_files:
            raise InputError(
                f"{folder}: there are more than {self._max_files:,} files; pack them into archives "
                "(zip, tar) or JSONL, name fewer folders, or raise EVENTWIRE_MAX_FILES"
            )

    def _reject(self, path: Path, base: Path, reason: str, detail: str) -> None:
        uri = self._uri(path, base)
        self._rejects[uri] = Reject(uri, None, "read", reason, storable_name(detail))

    def _add_file(self, path: Path, base: Path) -> None:
        status = _ordinary_status(path)
        if not os.access(path, os.R_OK):
            raise InputError(f"{path.name} cannot be read; give this user the right to read it")
        self._check_allowed(path)
        uri = self._uri(path, base)
        file = InputFile(path, uri, status.st_size, self._format_of(path))
        if self._files.setdefault(uri, file).path != path:
            raise InputError(
                f"{path} and {self._files[uri].path} would both be called {uri!r} in the tables; "
                "name the folder that holds both"
            )

    def _format_of(self, path: Path) -> str:
        if self._format is not None:
            return self._format
        return detect_format(path, declared=self._sources.profile_for(path).format)

    def _check_named(self, path: Path) -> Path:
        """Return a path that the user named, absolute; it exists and is allowed."""
        self._check_allowed(path)
        if not path.exists():
            raise InputError(f"{path}: there is no such file or folder")
        if path.is_dir() and not os.access(path, os.R_OK | os.X_OK):
            raise InputError(f"{path}: cannot be read; give this user the right to read it")
        return _absolute(path)

    def _check_allowed(self, path: Path) -> None:
        if self._roots is None:
            return
        resolved = Path(os.path.realpath(path))
        if not any(resolved.is_relative_to(root) for root in self._roots):
            allowed = ", ".join(map(str, self._roots))
            raise InputError(
                f"{path} lies outside the folders that may be read ({allowed}); move it there or "
                "add its folder to EVENTWIRE_ALLOWED_ROOTS"
            )

    def _uri(self, path: Path, base: Path) -> str:
        # The path itself is not resolved (a link keeps its name), the folder that holds it is.
        place = self._resolve(path.parent) / path.name
        home = next((home for home in self._homes if place.is_relative_to(home)), None)
        name = place.relative_to(home) if home else path.relative_to(base)
        return storable_name(name.as_posix())


def _walk(folder: Path) -> Iterator[Path]:
    """Yield the files below `folder`, links to folders and folders that cannot be read."""
    unreadable: list[Path] = []
    walk = os.walk(folder, onerror=lambda error: unreadable.append(Path(str(error.filename))))
    for name, folders, files in walk:
        here = Path(name)
        folders[:] = sorted(child for child in folders if not child.startswith("."))
        yield from (here / child for child in folders if (here / child).is_symlink())
        yield from (here / child for child in sorted(files) if not is_left_out(child))
    yield from unreadable


def _ordinary_status(path: Path) -> os.stat_result:
    """Return what the disk tells of a file; nothing else than a file is looked at further."""
    status = path.stat()
    if stat.S_ISDIR(status.st_mode) and not os.access(path, os.R_OK | os.X_OK):
        raise InputError(f"the folder {path.name} cannot be read; give this user the right to")
    if not stat.S_ISREG(status.st_mode):
        raise InputError(f"{path.name} is no ordinary file (a pipe, device, socket or folder)")
    return status


def _escape(match: re.Match[str]) -> str:
    code = ord(match[0])
    if _BYTE_MARK <= code < _BYTE_MARK + 0x100:
        code -= _BYTE_MARK
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}"


def _fixed_folder(pattern: str) -> Path:
    """Return the folders of a glob before its first wildcard."""
    path = Path(pattern)
    while glob.has_magic(str(path)):
        path = path.parent
    return path


def _check_link(path: Path, folder: Path) -> None:
    if not path.is_symlink():
        return
    if not Path(os.path.realpath(path)).is_relative_to(os.path.realpath(folder)):
        raise InputError(f"{path.name} is a link out of the folder; name its target instead")


def _absolute(path: Path) -> Path:
    """Return `path` from the root, without "..", its links as they are."""
    return Path(os.path.abspath(path))  # noqa: PTH100 - `resolve` would follow links
