"""Puts the audited tables of a batch into the lake, so that a kill at any moment does no harm.

The order of the steps, each on the disk before the next begins:

1. The staged files are synced, hashed and linked under the names that they will be renamed from.
2. `<batch>.publishing`, the receipt to be, is written. The old batch is still whole.
3. The old receipt is removed: from here on the batch does not claim to be complete.
4. Each table's file is renamed over the old one. A reader sees the old file or the new one.
5. `<batch>.publishing` is renamed to the receipt: the batch is complete.
6. The staging folder is removed.

Everything that needs space on the disk is done by step 2, so a full disk leaves the old batch as
it was. After a kill between steps 3 and 5 `verification` tells old files from new by the hashes in
`<batch>.publishing`, and publishing again finishes it, since the staged files are only linked.
Two runs of one batch take turns by a lock that the system releases when its process ends: the
batch of the second stands, whole.

How the same is done in a bucket is told in `bucket_publishing`.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from pathlib import Path

from include.eventwire.lake.bucket_publishing import replace_objects
from include.eventwire.lake.layout import (
    COMPACTED,
    BatchKey,
    CompactedBatchError,
    LakeError,
    LakeLayout,
)
from include.eventwire.lake.locations import hash_file, is_remote, remove_folder, write_object
from include.eventwire.lake.parquet_files import count_rows
from include.eventwire.lake.receipts import Receipt, TableFile, read_receipt
from include.eventwire.lake.tombstones import (
    ForgottenArticleError,
    check_none_named,
    check_not_forgotten,
)
from include.eventwire.table_docs import describe_tables, has_summary_views, write_views


class ReplacedBatchError(ValueError):
    """A batch was replaced while another was made of its rows."""


def publish_tables(
    layout: LakeLayout,
    day: date,
    batch: str,
    tables: Mapping[str, Path],
    receipt: Receipt,
    *,
    replaces: Receipt | None = None,
) -> Path:
    """Put the staged files of a batch into the lake; return the path of its receipt.

    Args:
        layout: The lake.
        day: Day of the batch.
        batch: Name of the batch.
        tables: Staged file of every table, all in one staging folder of the lake.
        receipt: Receipt of the batch; its `tables` are filled in here.
        replaces: Receipt of the batch that the staged files were made of; None = whichever stands
            there is replaced.

    Raises:
        ForgottenArticleError: An article was forgotten since the batch was read.
        CompactedBatchError: The batch became part of another one.
        ReplacedBatchError: Another batch stands there than `replaces`.
        LakeError: The lake cannot be written, or a staged file is missing or lies elsewhere. What
            was published before stands, or `verify` says what is torn.
        SchemaVersionError: The lake was written by a newer version of the schema.
    """
    staging = _staging_run(layout, tables)
    layout.check_version()
    try:
        receipt = replace(receipt, tables=_measure(tables))
        with lock_batch(layout, day, batch):
            _check_forgotten(layout, tables)
            layout.check_not_compacted(day, batch)
            _check_replaced(layout, day, batch, replaces)
            write_docs(layout)
            if is_remote(layout.root):
                path = replace_objects(
                    *(layout, BatchKey(day, batch), tables, receipt),
                    lambda: _check_in_bucket(layout, day, batch, receipt, replaces),
                )
            else:
                path = _replace_batch(layout, day, batch, _link(tables, staging), receipt)
    except LakeError:
        raise
    except ForgottenArticleError:
        remove_folder(staging)  # the article is in there
        raise
    except OSError as error:
        raise LakeError(
            f"{layout.root}: {day.isoformat()} {batch} could not be published: {error}; see to the "
            f"{'bucket' if is_remote(layout.root) else 'disk'} and publish again"
        ) from error
    remove_folder(staging)
    return path


def write_docs(layout: LakeLayout, *, with_summaries: bool = False) -> None:
    """Write the views and the data dictionary of a lake unless they are as they should be.

    Args:
        layout: The lake.
        with_summaries: Whether the lake has summaries, so that views of them can be made; those
            that are there stay.
    """
    place = layout.root if is_remote(layout.root) else None
    old = layout.views.read_text(encoding="utf-8") if layout.views.exists() else ""
    views = write_views(place, with_summaries=with_summaries or has_summary_views(old))
    if old != views:
        write_synced(layout.views, views)
    path, content = layout.data_dictionary, describe_tables()
    if not path.exists() or path.read_text(encoding="utf-8") != content:
        write_synced(path, content)


def write_synced(path: Path, content: str) -> None:
    """Write a text file whole or not at all, and wait until it is on the disk."""
    if is_remote(path):
        write_object(path, content.encode())
        return
    partial = path.with_name(f".{path.name}-{uuid.uuid4().hex}")
    try:
        partial.write_text(content, encoding="utf-8")
        sync(partial)
        partial.replace(path)
    finally:
        partial.unlink(missing_ok=True)
    sync(path.parent)


def sync(path: Path) -> None:
    """Wait until a file, or what a folder lists, is on the disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


@contextmanager
def lock_batch(
    layout: LakeLayout, day: date, batch: str, *, shared: bool = False
) -> Iterator[None]:
    """Hold the lock of a batch during the block; wait while another process holds it.

    In a bucket there are no locks: the block runs at once.

    Args:
        layout: The lake.
        day: Day of the batch.
        batch: Name of the batch.
        shared: Whether the block only reads; it then runs without a lock in a lake that has none,
            such as a copy on a disk that cannot be written.
    """
    path = layout.lock_file(day, batch)
    if is_remote(path) or (shared and not path.exists()):
        yield
        return
    if not shared:
        layout.create_folder(path.parent)
    # The file stays when the lock goes: removing it would let two processes lock two files.
    with path.open("rb" if shared else "ab") as file:
        fcntl.flock(file, fcntl.LOCK_SH if shared else fcntl.LOCK_EX)
        yield


def _staging_run(layout: LakeLayout, tables: Mapping[str, Path]) -> Path:
    if set(tables) != set(layout.tables):
        raise ValueError(
            f"the tables of a batch are {', '.join(layout.tables)}, not {', '.join(tables)}"
        )
    for table, path in tables.items():
        if not path.is_file():
            raise LakeError(f"{path}: the staged file of {table} is missing; run the batch again")
    (staging,) = {layout.staging_run_of(path) for path in tables.values()}
    return staging


def _check_replaced(layout: LakeLayout, day: date, batch: str, replaces: Receipt | None) -> None:
    path = layout.receipt_file(day, batch)
    if replaces is not None and not (path.exists() and read_receipt(path) == replaces):
        raise ReplacedBatchError(
            f"{path}: {day.isoformat()} {batch} was replaced meanwhile and is left as it is; do "
            "it again"
        )


def _check_in_bucket(
    layout: LakeLayout, day: date, batch: str, receipt: Receipt, replaces: Receipt | None
) -> None:
    """Check once more what was checked before others could see that the batch is published."""
    layout.check_not_compacted(day, batch)
    intent = layout.read_compaction(day) if batch == COMPACTED else None
    if intent is not None and intent["articles"] != receipt.tables["articles"].sha256:
        raise CompactedBatchError(
            f"{layout.root}: other batches of {day.isoformat()} are being put together in {batch}; "
            "wait, and do it again"
        )
    _check_replaced(layout, day, batch, replaces)


def _measure(tables: Mapping[str, Path]) -> dict[str, TableFile]:
    return {
        table: TableFile(count_rows(path), path.stat().st_size, hash_file(path))
        for table, path in tables.items()
    }


def _link(tables: Mapping[str, Path], staging: Path) -> dict[str, Path]:
    """Return a second name of each staged file, synced, that can be renamed into the lake."""
    links = {}
    for table, path in tables.items():
        sync(path)
        links[table] = link = staging / f"{table}-{uuid.uuid4().hex}.parquet"
        try:
            link.hardlink_to(path)
        except OSError:  # some disks have no links; when this one is full the copy says so
            shutil.copyfile(path, link)
            sync(link)
    return links


def _replace_batch(
    layout: LakeLayout, day: date, batch: str, links: Mapping[str, Path], receipt: Receipt
) -> Path:
    targets = {table: layout.table_file(table, day, batch) for table in links}
    announced = layout.publishing_file(day, batch)
    path = layout.receipt_file(day, batch)
    for folder in (path.parent, *(target.parent for target in targets.values())):
        _create_synced(layout, folder)
    write_synced(announced, receipt.to_json())
    path.unlink(missing_ok=True)
    sync(path.parent)
    for table, link in links.items():
        link.replace(targets[table])
        sync(targets[table].parent)
    announced.replace(path)
    sync(path.parent)
    return path


def _check_forgotten(layout: LakeLayout, tables: Mapping[str, Path]) -> None:
    """Check that nothing of forgotten articles is published, be it a batch or a summary."""
    if "articles" in tables:
        check_not_forgotten(layout, tables["articles"])
    else:
        check_none_named(layout, tables["stories"])


def _create_synced(layout: LakeLayout, folder: Path) -> None:
    """Make a folder of the lake so that it is there after a power cut."""
    layout.create_folder(folder)
    sync(folder.parent)
    sync(layout.root)
