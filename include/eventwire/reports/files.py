"""The reports that are kept in a lake: written, found out of date, and taken away.

A report names the receipt that it is of by its hash. One whose receipt is gone or is another by now
is stale: it may quote what was forgotten since.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

from include.eventwire.lake.layout import BatchKey, LakeError, LakeLayout
from include.eventwire.lake.locations import is_remote
from include.eventwire.lake.lookup import NotFoundError
from include.eventwire.lake.publishing import lock_batch, write_synced
from include.eventwire.reports.contents import read_report
from include.eventwire.reports.rendering import MARK, render_file

# The mark stands in the first lines.
_HEAD_BYTES: Final = 2_000
_MARKED: Final = re.compile(rf'<meta name="{MARK}" content="([0-9a-f]{{64}})">'.encode())
_ATTEMPTS: Final = 3


def write_report(layout: LakeLayout, key: BatchKey) -> Path:
    """Write the report on a batch in the place of the old one; return its file.

    No other run publishes the batch meanwhile; in a bucket, where nothing can be locked, the report
    is made anew when one did.

    Raises:
        NotFoundError: The lake has no complete batch of that day and name.
        ReceiptError: Its receipt is damaged.
        LakeError: The batch is being replaced over and over, or the lake cannot be written.
        OSError: The lake cannot be read or written.
    """
    path = layout.report_file(key.day, key.batch)
    for _ in range(_ATTEMPTS):
        with lock_batch(layout, key.day, key.batch, shared=True):
            content = render_file(read_report(layout, key))
            layout.create_folder(path.parent)
            write_synced(path, content)
        if not is_stale(layout, key):
            return path
    raise LakeError(f"{path}: {key} is being replaced at this moment; report on it again")


def is_stale(layout: LakeLayout, key: BatchKey) -> bool:
    """Return whether a report is of another receipt than the one that stands there."""
    with layout.report_file(key.day, key.batch).open("rb") as file:
        marked = _MARKED.search(file.read(_HEAD_BYTES))
    try:
        receipt = layout.receipt_file(key.day, key.batch).read_bytes()
    except FileNotFoundError:
        return True
    return marked is None or marked[1].decode() != hashlib.sha256(receipt).hexdigest()


def find_stale(layout: LakeLayout) -> list[BatchKey]:
    """Return the batches whose reports are of another receipt, by day and name."""
    return [key for key, _ in layout.reports() if is_stale(layout, key)]


def remove_report(layout: LakeLayout, key: BatchKey) -> bool:
    """Take the report on a batch away; return whether there was one."""
    path = layout.report_file(key.day, key.batch)
    was_there = path.exists()
    path.unlink(missing_ok=True)
    if was_there and not is_remote(path) and not any(path.parent.iterdir()):
        path.parent.rmdir()
    return was_there


def renew_reports(layout: LakeLayout, keys: Iterable[BatchKey]) -> Iterator[tuple[BatchKey, bool]]:
    """Write reports anew; yield each batch and whether it has one now.

    A batch that is not there any more, having become part of another one, has none.
    """
    for key in keys:
        remove_report(layout, key)
        try:
            write_report(layout, key)
        except NotFoundError:
            yield key, False
        else:
            yield key, True
