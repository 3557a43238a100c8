"""Work in progress of one batch: what each job leaves for the next, as files below the plan.

A job writes into a folder of its own and renames it when it is done. So a job that is killed leaves
nothing that looks finished, and of two attempts at the same job the first to finish counts.
"""

from __future__ import annotations

import json
import shutil
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from include.eventwire.schemas import TABLES


@contextmanager
def finished_folder(folder: Path) -> Iterator[Path]:
    """Yield a new folder to write into, which becomes `folder` at the end of the block.

    When the block raises, or `folder` has come into being meanwhile, what was written is removed.
    """
    folder.parent.mkdir(parents=True, exist_ok=True)
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


def ingest_folder(staging: Path, shard: int) -> Path:
    """Return the folder of ingest shard number `shard`."""
    return staging / "ingest" / f"{shard:05d}"


def list_chunks(staging: Path, n_shards: int) -> list[str]:
    """Return the names of the chunks of articles that were ingested, in the order of the plan."""
    return [
        f"{shard:05d}/{path.stem}"
        for shard in range(n_shards)
        for path in sorted(ingest_folder(staging, shard).glob("articles-*.parquet"))
    ]


def list_reject_files(staging: Path, n_shards: int) -> list[Path]:
    """Return the files of the rejects of ingestion, in the order of the plan."""
    return [
        path
        for shard in range(n_shards)
        for path in sorted(ingest_folder(staging, shard).glob("rejects-*.parquet"))
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


def staged_tables(staging: Path) -> dict[str, Path]:
    """Return the file of each table of the batch as it will be published."""
    return {table: staging / "tables" / f"{table}.parquet" for table in TABLES}


def write_json(path: Path, content: object) -> None:
    """Write `content` to `path`, whole or not at all; paths and dates become text."""
    partial = path.with_name(f".{path.name}-{uuid.uuid4().hex}")
    partial.write_text(json.dumps(content, ensure_ascii=False, default=str), encoding="utf-8")
    partial.replace(path)


def read_json(path: Path) -> Any:
    """Return the content of a file written by `write_json`."""
    return json.loads(path.read_text(encoding="utf-8"))
