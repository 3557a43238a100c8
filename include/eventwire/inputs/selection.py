"""The files that a run reads: from paths, folders and globs to one sorted list."""

from __future__ import annotations

import glob
import os
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Final

from include.eventwire.inputs.file_search import (
    FoundFile,
    UnusableFileError,
    absolute,
    check_link,
    check_readable,
    find_matches,
    fixed_folder,
    is_left_out,
    ordinary_size,
    walk_folder,
)
from include.eventwire.inputs.formats import UnknownFormatError, check_format, detect_format
from include.eventwire.inputs.sources import Sources
from include.eventwire.lake.locations import (
    StoreError,
    check_reachable,
    is_of_store,
    is_remote,
    lies_in,
    to_location,
)
from include.eventwire.records import Reject

_UNSTORABLE: Final = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")
# How much a message shows of a name that no disk can have.
_SHOWN: Final = 200
# Python keeps a byte of a name that is no UTF-8 as this code point and the byte.
_BYTE_MARK: Final = 0xDC00


class InputError(ValueError):
    """An input that was named cannot be read at all; the message says what to do."""


@dataclass(frozen=True, slots=True)
class InputFile:
    """One file to read.

    Attributes:
        path: Where it is, on this machine or in a bucket.
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
        specs: Files, folders or globs (`**` is known), on this machine or in a bucket.
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
        self._resolve = lru_cache(lambda path: path.resolve())

    def add(self, spec: str) -> None:
        """Add what one path or glob names."""
        if glob.has_magic(spec):
            # Nothing is asked of a place that may not be read, not even whether it is there.
            self._check_allowed(fixed_folder(spec))
            if not _exists(to_location(spec)):
                self._add_glob(spec)
                return
        path = self._check_named(to_location(spec))
        if path.is_dir():
            self._add_folder(path, path.parent)
            return
        try:
            self._add_file(path, path.parent, ordinary_size(path))
        except (UnknownFormatError, UnusableFileError) as error:
            raise InputError(str(error)) from error
        except OSError as error:
            if is_of_store(error):
                raise
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
        fixed = self._check_named(fixed_folder(pattern))
        if not (found := find_matches(pattern)):
            raise InputError(f"{pattern}: no file matches; check the pattern and its folder")
        for file in found:
            # "**" names the folders as well as the files in them: these are no loss.
            if file.size is None and file.path.is_dir():
                continue
            if not is_left_out(file.path.name):
                self._try_file(file, fixed.parent, fixed)

    def _add_folder(self, folder: Path, base: Path) -> None:
        for file in walk_folder(folder):
            self._try_file(file, base, folder)

    def _try_file(self, file: FoundFile, base: Path, folder: Path) -> None:
        """Add a file that was found, not named: what is wrong with it is a reject."""
        path = file.path
        try:
            check_link(path, folder)
            size = ordinary_size(path) if file.size is None else file.size
            if size == 0:
                self._empty.setdefault(path.parent, _EmptyFiles(path.name, base)).count += 1
                return
            self._add_file(path, base, size)
        except UnknownFormatError as error:
            self._reject(path, base, "unknown_format", str(error))
        except (InputError, UnusableFileError) as error:
            self._reject(path, base, "unreadable_file", str(error))
        except OSError as error:
            if is_of_store(error):
                raise
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

    def _add_file(self, path: Path, base: Path, size: int) -> None:
        check_readable(path)
        self._check_allowed(path)
        uri = self._uri(path, base)
        file = InputFile(path, uri, size, self._format_of(path))
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
        try:
            check_reachable(path)
        except StoreError as error:
            raise InputError(str(error)) from error
        if not _exists(path):
            raise InputError(f"{path}: there is no such file or folder")
        if not is_remote(path) and path.is_dir() and not os.access(path, os.R_OK | os.X_OK):
            raise InputError(f"{path}: cannot be read; give this user the right to read it")
        return absolute(path)

    def _check_allowed(self, path: Path) -> None:
        if self._roots is None:
            return
        resolved = path if is_remote(path) else Path(os.path.realpath(path))
        if not any(lies_in(resolved, root) for root in self._roots):
            allowed = ", ".join(map(str, self._roots))
            raise InputError(
                f"{path} lies outside the folders that may be read ({allowed}); move it there or "
                "add its folder to EVENTWIRE_ALLOWED_ROOTS"
            )

    def _uri(self, path: Path, base: Path) -> str:
        # The path itself is not resolved (a link keeps its name), the folder that holds it is.
        place = self._resolve(path.parent) / path.name
        home = next((home for home in self._homes if lies_in(place, home)), None)
        name = place.relative_to(home) if home else path.relative_to(base)
        return storable_name(name.as_posix())


def _exists(path: Path) -> bool:
    try:
        return path.exists()
    except OSError as error:
        if is_remote(path):
            raise
        # Such as a name that is too long for any disk.
        raise InputError(f"{str(path)[:_SHOWN]}: {error.strerror}; name another") from error


def _escape(match: re.Match[str]) -> str:
    code = ord(match[0])
    if _BYTE_MARK <= code < _BYTE_MARK + 0x100:
        code -= _BYTE_MARK
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}"
