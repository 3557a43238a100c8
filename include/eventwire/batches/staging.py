"""Work in progress of one batch: what each job leaves for the next, as files below the plan.

A job writes into a folder of its own and renames it when it is done. So a job that is killed leaves
nothing that looks finished, and of two attempts at the same job the first to finish counts.

In a bucket, where nothing can be renamed, the files are uploaded when all are made, and last an
object that names them: a folder without it is not finished. Two attempts at the same job upload
the same bytes.
"""

from __future__ import annotations

import json
import os
import platform
import shutil
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from fnmatch import fnmatch
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

from include.eventwire.lake.locations import is_remote, upload_file, write_object
from include.eventwire.schemas import TABLES

_MARK: Final = "_done"
_TEMPORARY: Final = "eventwire-staging-"


@contextmanager
def finished_folder(folder: Path) -> Iterator[Path]:
    """Yield a new folder of this machine to write into; at the end of the block it is `folder`.

    When the block raises, or `folder` has come into being meanwhile, what was written is removed.

    Raises:
        FileNotFoundError: The folder of the plan is gone.
    """
    if is_remote(folder):
        with TemporaryDirectory(prefix=_TEMPORARY) as name:
            yield Path(name)
            if not is_finished(folder):
                write_json(folder / _MARK, _upload(Path(name), folder))
        return
    # Not the folder of the plan, which is gone when another attempt has published the batch.
    folder.parent.mkdir(exist_ok=True)
    partial = folder.parent / f".{folder.name}-{uuid.uuid4().hex}"
    partial.mkdir()
    try:
        yield partial
        try:
            partial.rename(folder)
        except OSError:
            if not folder.is_dir():
                raise
    finally:
        shutil.rmtree(partial, ignore_errors=True)


@contextmanager
def written_folder(folder: Path) -> Iterator[Path]:
    """Yield a folder of this machine whose files are those of `folder` at the end of the block."""
    if not is_remote(folder):
        folder.mkdir(exist_ok=True)
        yield folder
        return
    with TemporaryDirectory(prefix=_TEMPORARY) as name:
        yield Path(name)
        _upload(Path(name), folder)


def is_finished(folder: Path) -> bool:
    """Return whether a job has left all of its result in `folder`."""
    return (folder / _MARK).exists() if is_remote(folder) else folder.is_dir()


def ingest_folder(staging: Path, shard: int) -> Path:
    """Return the folder of ingest shard number `shard`."""
    return staging / "ingest" / f"{shard:05d}"


def list_chunks(staging: Path, n_shards: int) -> list[str]:
    """Return the names of the chunks of articles that were ingested, in the order of the plan."""
    return [
        f"{shard:05d}/{path.stem}"
        for shard in range(n_shards)
        for path in _list(ingest_folder(staging, shard), "articles-*.parquet")
    ]


def list_reject_files(staging: Path, n_shards: int) -> list[Path]:
    """Return the files of the rejects of ingestion, in the order of the plan."""
    return [
        path
        for shard in range(n_shards)
        for path in _list(ingest_folder(staging, shard), "rejects-*.parquet")
    ]


def chunk_file(staging: Path, chunk: str) -> Path:
    """Return the file that holds the ingested articles of `chunk`."""
    return staging / "ingest" / f"{chunk}.parquet"


def signature_file(staging: Path, chunk: str) -> Path:
    """Return the file that holds the signatures of the articles of `chunk`, in their order."""
    path = chunk_file(staging, chunk)
    return path.with_name(path.name.replace("articles-", "signatures-"))


def coded_folder(staging: Path, chunk: str) -> Path:
    """Return the folder with the tables of `chunk` after coding."""
    return staging / "coded" / chunk.replace("/", "-")


@contextmanager
def noted_attempt(staging: Path, chunk: str, *, is_careful: bool) -> Iterator[None]:
    """Note that coding `chunk` has begun, for whoever finds it neither finished nor given up.

    Args:
        staging: Folder of the plan.
        chunk: Name of the chunk.
        is_careful: Whether the note stays when an error ends the block. It always stays when the
            process ends, and when the chunk is finished, where it says nothing.
    """
    note = _note_file(staging, chunk)
    if not is_remote(note):
        note.parent.mkdir(exist_ok=True)
    write_json(note, {"host": platform.node(), "process": os.getpid()})
    try:
        yield
    except Exception:
        if not is_careful:
            note.unlink(missing_ok=True)
        raise


def was_begun(staging: Path, chunk: str) -> bool:
    """Return whether an attempt at coding `chunk` is at work, has finished or died."""
    return _note_file(staging, chunk).exists()


def was_cut_short(staging: Path, chunk: str) -> bool:
    """Return whether an attempt at coding `chunk` died, or is at work at this moment."""
    return was_begun(staging, chunk) and not is_finished(coded_folder(staging, chunk))


def staged_tables(staging: Path) -> dict[str, Path]:
    """Return the file of each table of the batch as it will be published."""
    return {table: tables_folder(staging) / f"{table}.parquet" for table in TABLES}


def tables_folder(staging: Path) -> Path:
    """Return the folder of the tables of the batch as they will be published."""
    return staging / "tables"


def write_json(path: Path, content: object) -> None:
    """Write `content` to `path`, whole or not at all; paths and dates become text."""
    text = json.dumps(content, ensure_ascii=False, default=str)
    if is_remote(path):
        write_object(path, text.encode())
        return
    partial = path.with_name(f".{path.name}-{uuid.uuid4().hex}")
    partial.write_text(text, encoding="utf-8")
    partial.replace(path)


def read_json(path: Path) -> Any:
    """Return the content of a file written by `write_json`."""
    return json.loads(path.read_text(encoding="utf-8"))


def _note_file(staging: Path, chunk: str) -> Path:
    return staging / "begun" / f"{chunk.replace('/', '-')}.json"


def _upload(made: Path, folder: Path) -> list[str]:
    """Put the files of a folder of this machine into a bucket; return their names."""
    files = sorted(made.iterdir())
    for path in files:
        upload_file(path, folder / path.name)
    return [path.name for path in files]


def _list(folder: Path, pattern: str) -> list[Path]:
    """Return the files of a finished folder whose names match `pattern`, by name."""
    if is_remote(folder):
        # Not what lies there: an attempt that was killed may have left more.
        names = read_json(folder / _MARK)
        return [folder / name for name in names if fnmatch(name, pattern)]
    return sorted(folder.glob(pattern))
