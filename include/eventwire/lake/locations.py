"""Where files are: on a disk, or in the buckets of an object store that speaks S3.

A location is a `pathlib.Path` on this machine, or a path of the same kind into a bucket
(`s3://bucket/prefix`, a `UPath` over Arrow's file system), so that most code need not know which.
What it must know: a bucket has no folders to make, rename or lock, and a file there comes into
being as a whole, when its upload is complete. A stream into a bucket is no way to write: Arrow
completes the upload of one that is closed after an error. So files are made on this machine and
uploaded, by `upload_file`.
"""

from __future__ import annotations

import hashlib
import io
import shutil
import uuid
from collections import deque
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final, cast

import duckdb
from pyarrow.fs import FileSelector, FileSystem, FileType

SCHEME: Final = "s3://"
# What the message of each error of the store has in it.
_STORE_ERROR: Final = "AWS Error"
# These are of the object that was asked for.
_LASTING: Final = ("NO_SUCH_KEY", "RESOURCE_NOT_FOUND", "ACCESS_DENIED")

# Arrow sends less than 10 MiB in one request, and the rest in parts.
_ONE_REQUEST_BYTES: Final = 8 * 1024 * 1024
_PART_BYTES: Final = 16 * 1024 * 1024
_READ_BYTES: Final = 8 * 1024 * 1024
_LONGEST_SUFFIX: Final = 40
_FILES_AHEAD: Final = 8


class LocationError(ValueError):
    """What is written as a location in a bucket is none."""


class StoreError(OSError):
    """A bucket cannot be used; the message names the location and what to look at."""


class LostFileError(OSError):
    """A file of a bucket is gone or may not be read, whoever asks again."""


def to_location(written: str) -> Path:
    """Return the location that `written` names: a path, or `s3://bucket/prefix`.

    A location in a bucket is no `Path` by its class, but is used like one.

    Raises:
        LocationError: It names no bucket, or has "", "." or ".." for a folder.
    """
    if not is_remote(written):
        return Path(written)
    if not {"", ".", ".."}.isdisjoint(written.removeprefix(SCHEME).rstrip("/").split("/")):
        raise LocationError(f"{written!r} is no location in a bucket; write s3://bucket/prefix")
    return _locate(written.removeprefix(SCHEME).rstrip("/"))


def is_remote(location: str | Path) -> bool:
    """Return whether a location, or what is written of one, lies in a bucket."""
    return str(location).startswith(SCHEME)


def is_of_store(error: Exception) -> bool:
    """Return whether the object store could not do its part, so that it may go well next time."""
    return isinstance(error, OSError) and _STORE_ERROR in str(error) and not _is_lasting(error)


def lies_in(location: Path, folder: Path) -> bool:
    """Return whether `location` is `folder` or lies below it, as both are written."""
    return is_remote(location) == is_remote(folder) and location.is_relative_to(folder)


def check_reachable(location: Path) -> None:
    """Ask for what lies in a folder of a bucket; do nothing for one on this machine.

    Raises:
        StoreError: There is no such bucket, it may not be read, or the store does not answer.
    """
    if is_remote(location):
        from include.eventwire.lake.object_store import explain_failure

        try:
            _store(location).get_file_info(FileSelector(_key(location)))
        except FileNotFoundError:
            return  # the bucket is there, and nothing of that name in it
        except OSError as error:
            raise StoreError(f"{location}: {explain_failure(error)}") from error


def list_files(folder: Path, *, recursive: bool = True) -> list[tuple[Path, int]]:
    """Return the files in a folder of a bucket and their sizes, by name; none where there is none.

    Raises:
        OSError: The store does not answer.
    """
    selector = FileSelector(_key(folder), allow_not_found=True, recursive=recursive)
    return sorted(
        (_locate(info.path), info.size)
        for info in _store(folder).get_file_info(selector)
        if info.type is FileType.File
    )


def last_change(folder: Path) -> float:
    """Return when the latest file in a folder of a bucket was written; 0.0 where there is none.

    Returns:
        Seconds since 1970, by the clock of the store.

    Raises:
        OSError: The store does not answer.
    """
    selector = FileSelector(_key(folder), allow_not_found=True, recursive=True)
    found = _store(folder).get_file_info(selector)
    return max(
        (info.mtime.timestamp() for info in found if info.type is FileType.File and info.mtime),
        default=0.0,
    )


def glob_files(pattern: Path) -> list[tuple[Path, int]]:
    """Return the files of a bucket that match `pattern` and their sizes, by name."""
    store = cast("Any", pattern).fs
    found = store.glob(_key(pattern), detail=True)
    return sorted(
        (_locate(key), entry["size"]) for key, entry in found.items() if entry["type"] == "file"
    )


def arrow_place(location: Path) -> tuple[str, FileSystem | None]:
    """Return path and file system of a location for Arrow; None for this machine's."""
    if is_remote(location):
        return _key(location), _store(location)
    return str(location), None


def open_binary(path: Path) -> io.BufferedReader:
    """Open a file to be read from its beginning to its end."""
    if not is_remote(path):
        return path.open("rb")
    # Each read of the file itself is a request.
    raw = cast("io.RawIOBase", path.open("rb"))
    return io.BufferedReader(raw, _READ_BYTES)


def hash_file(path: Path) -> str:
    """Return the SHA-256 of a file, as 64 hexadecimal digits."""
    with open_binary(path) as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


@contextmanager
def on_this_machine(path: Path) -> Iterator[Path]:
    """Yield a file of this machine with the bytes of `path`: itself, or a temporary copy.

    The copy has another name, with the same last suffixes.

    Raises:
        LostFileError: The file is gone from the bucket, or may not be read.
        OSError: The store fails, or this machine has no space for the copy.
    """
    if not is_remote(path):
        yield path
        return
    with TemporaryDirectory(prefix="eventwire-copy-") as folder:
        copy = Path(folder, "copy" + "".join(path.suffixes[-2:])[-_LONGEST_SUFFIX:])
        _download(path, copy)
        yield copy


def fetch_in_turn(paths: Sequence[Path]) -> Iterator[Path]:
    """Yield for each of `paths` a file of this machine with its bytes, gone with the next one.

    Files of a bucket are fetched ahead, some at once: one after the other, thousands of small ones
    would be a wait of a tenth of a second each.

    Raises:
        LostFileError: A file is gone from the bucket, or may not be read.
        OSError: The store fails, or this machine has no space for the copies.
    """
    with (
        TemporaryDirectory(prefix="eventwire-copy-") as folder,
        ThreadPoolExecutor(_FILES_AHEAD) as pool,
    ):
        copies = (Path(folder, str(number)) for number in range(len(paths)))
        fetching = (pool.submit(_fetch, *pair) for pair in zip(paths, copies, strict=True))
        ahead = deque(islice(fetching, _FILES_AHEAD))
        while ahead:
            path = ahead.popleft().result()
            ahead.extend(islice(fetching, 1))
            yield path
            if path.parent == Path(folder):
                path.unlink()


def upload_file(source: Path, target: Path) -> None:
    """Put a file of this machine into a bucket; `target` is the old one or the new one, whole.

    Raises:
        OSError: The upload failed; `target` is as it was.
    """
    if source.stat().st_size <= _ONE_REQUEST_BYTES:
        target.write_bytes(source.read_bytes())
        return
    # One of several parts may be lost and the upload be completed none the less.
    aside = target.with_name(f".{target.name}-{uuid.uuid4().hex}")
    try:
        with source.open("rb") as file, aside.open("wb") as stream:
            shutil.copyfileobj(file, stream, _PART_BYTES)
        if (stored := aside.stat().st_size) != source.stat().st_size:
            raise OSError(f"{target}: {stored:,} bytes arrived of {source.stat().st_size:,}")
        copy_file(aside, target)
    finally:
        with suppress(OSError):
            aside.unlink(missing_ok=True)


def write_object(target: Path, content: bytes) -> None:
    """Put `content` into a bucket; `target` is the old file or the new one, whole.

    Raises:
        OSError: The upload failed; `target` is as it was.
    """
    with TemporaryDirectory(prefix="eventwire-object-") as folder:
        made = Path(folder, "made")
        made.write_bytes(content)
        upload_file(made, target)


def copy_file(source: Path, target: Path) -> None:
    """Copy a file within the object store; `target` is the old one or the new one, never a part.

    Stores copy files of up to 5 GiB.
    """
    _store(target).copy_file(_key(source), _key(target))


def remove_folder(folder: Path) -> None:
    """Remove a folder with all that lies in it, as far as that can be done."""
    if not is_remote(folder):
        shutil.rmtree(folder, ignore_errors=True)
        return
    with suppress(OSError):
        _store(folder).delete_dir(_key(folder))


def connect_duckdb(*places: Path, **config: Any) -> duckdb.DuckDBPyConnection:
    """Return a connection to DuckDB, in memory, that can read what lies at `places`.

    Args:
        *places: Files or folders that will be read.
        **config: Options of the database.
    """
    connection = duckdb.connect(config=config)
    remote = next((place for place in places if is_remote(place)), None)
    if remote is not None:
        connection.register_filesystem(cast("Any", remote).fs)
    return connection


def _fetch(path: Path, copy: Path) -> Path:
    """Return `path`, or its copy when it lies in a bucket."""
    if not is_remote(path):
        return path
    _download(path, copy)
    return copy


def _download(path: Path, copy: Path) -> None:
    try:
        with open_binary(path) as source, copy.open("wb") as target:
            shutil.copyfileobj(source, target, _READ_BYTES)
    except OSError as error:
        if isinstance(error, FileNotFoundError) or _is_lasting(error):
            raise LostFileError(error.errno, f"{path}: {error}") from error
        raise


def _is_lasting(error: OSError) -> bool:
    said = str(error)
    return _STORE_ERROR in said and any(sign in said for sign in _LASTING)


def _locate(key: str) -> Path:
    # Imported here: whoever uses no bucket need not wait for what they need.
    from upath import UPath

    import include.eventwire.lake.object_store  # noqa: F401 - registers itself

    return cast("Path", UPath(f"{SCHEME}{key}"))


def _store(location: Path) -> FileSystem:
    return cast("Any", location).fs.fs


def _key(location: Path) -> str:
    """Return the bucket and the key of a location within the store."""
    return str(cast("Any", location).path).rstrip("/")
