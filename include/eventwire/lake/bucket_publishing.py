"""Puts the audited tables of a batch into a lake that lies in a bucket.

A store replaces an object as a whole, and whoever asks afterwards gets the new one. It replaces no
two objects at once and has no locks. So the order of the steps is that of `publishing`:

1. `<batch>.publishing`, the receipt to be, is written. The old batch is still whole. Whoever puts
   batches together says so first and looks for this file then; here it is the other way round. So
   one of the two sees the other, and gives way.
2. The old receipt is removed: from here on the batch does not claim to be complete.
3. Each table is copied, within the store, from staging onto the old one.
4. The receipt is written, and `<batch>.publishing` is removed.
5. What stands there is read again. If it is not what the receipt names, another run of the same
   batch wrote at the same time: all is written once more.

A run that is killed on the way leaves a batch that `verify` calls torn or unfinished, and that the
next run makes whole. Of several runs at once the one that writes last also looks last, so either
the batch is whole in the end or a run fails and says so. Only when that one is killed between its
last write and its look does a mixture stay that no run tells of; `verify` does.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final

from include.eventwire.lake.layout import BatchKey, LakeError, LakeLayout
from include.eventwire.lake.locations import copy_file, write_object
from include.eventwire.lake.receipts import Receipt, ReceiptError, read_receipt

_ATTEMPTS: Final = 3


def replace_objects(
    layout: LakeLayout,
    key: BatchKey,
    tables: Mapping[str, Path],
    receipt: Receipt,
    check: Callable[[], None],
) -> Path:
    """Put the staged objects of a batch in the place of the old ones; return its receipt.

    Args:
        layout: The lake.
        key: The batch.
        tables: Staged file of every table.
        receipt: The receipt, with its tables.
        check: Raises a ValueError when the batch must not be replaced. Called when others can see
            that it is about to be.

    Raises:
        ValueError: What `check` raised; the old batch stands.
        LakeError: Other runs of the batch keep writing at the same time.
        OSError: The store fails.
    """
    _announce(layout, key, receipt, check)
    for _ in range(_ATTEMPTS):
        _write(layout, key, tables, receipt)
        if _is_whole(layout, key):
            return layout.receipt_file(key.day, key.batch)
    raise LakeError(
        f"{layout.root}: another run publishes {key} at the same time; let it end, and publish "
        "again"
    )


def _announce(
    layout: LakeLayout, key: BatchKey, receipt: Receipt, check: Callable[[], None]
) -> None:
    announced = layout.publishing_file(key.day, key.batch)
    is_first = not announced.exists()
    write_object(announced, receipt.to_json().encode())
    try:
        check()
    except ValueError:
        if is_first:
            announced.unlink(missing_ok=True)
        raise


def _write(layout: LakeLayout, key: BatchKey, tables: Mapping[str, Path], receipt: Receipt) -> None:
    path = layout.receipt_file(key.day, key.batch)
    announced = layout.publishing_file(key.day, key.batch)
    content = receipt.to_json().encode()
    write_object(announced, content)
    path.unlink(missing_ok=True)
    for table, staged in tables.items():
        copy_file(staged, layout.table_file(table, key.day, key.batch))
    write_object(path, content)
    announced.unlink(missing_ok=True)


def _is_whole(layout: LakeLayout, key: BatchKey) -> bool:
    """Return whether there is a receipt, of whichever run, and the tables are those it names."""
    try:
        standing = read_receipt(layout.receipt_file(key.day, key.batch))
        return all(
            file.is_at(layout.table_file(table, key.day, key.batch))
            for table, file in standing.tables.items()
        )
    except (FileNotFoundError, ReceiptError):
        return False
