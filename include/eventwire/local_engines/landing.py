"""The landing area that all engines read: the sample, a folder of one's own, or bulk news."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Final

from pyarrow.fs import FileSystem, LocalFileSystem, copy_files

BULK_DAY: Final = "2020-01-01"
_SOURCE: Final = "bulk"
# What collections of news call the fields of our JSONL.
_FIELDS: Final = {"date": "published_at", "title": "headline"}


class BulkError(ValueError):
    """The bulk news cannot be used; the message says why."""


def land_bulk(bulk: Path, n_articles: int, landing: Path) -> None:
    """Write the first articles of a file as the one day that has landed in `landing`.

    Args:
        bulk: JSON lines, compressed by gzip, each with `text` and, where known, `id`, `date` and
            `title`, or the names that our own JSONL has for them.
        n_articles: How many to take.
        landing: Folder to make.

    Raises:
        BulkError: The file cannot be read or has not so many.
    """
    folder = landing / _SOURCE / f"dt={BULK_DAY}"
    folder.mkdir(parents=True)
    written = 0
    try:
        with (folder / "articles.jsonl").open("w", encoding="utf-8") as file:
            for line in islice(_lines(bulk), n_articles):
                row = json.loads(line)
                named = {_FIELDS.get(name, name): value for name, value in row.items()}
                file.write(json.dumps({"publisher": _SOURCE} | named, ensure_ascii=False) + "\n")
                written += 1
    except (OSError, EOFError, ValueError) as error:
        raise BulkError(f"{bulk}: {error}") from error
    if written < n_articles:
        raise BulkError(f"{bulk} has {written:,} articles, fewer than {n_articles:,}")


def upload(folder: Path, store: FileSystem, target: str) -> None:
    """Copy all files below `folder` into a store, to the prefix `target` of a bucket."""
    copy_files(
        str(folder),
        target,
        source_filesystem=LocalFileSystem(),
        destination_filesystem=store,
        use_threads=False,
    )


def _lines(path: Path) -> Iterator[str]:
    with gzip.open(path, "rt", encoding="utf-8") as file:
        yield from file
