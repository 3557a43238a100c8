"""What is published in a lake: its complete batches, told by their receipts."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any, Final, cast

from include.eventwire.lake.layout import BatchKey, LakeError, LakeLayout
from include.eventwire.lake.locations import is_remote
from include.eventwire.summaries.layout import SummaryLayout

DEFAULT_DAYS: Final = 30


class EmptyLakeError(LakeError):
    """There is nothing to show yet; the message says what to run."""


@dataclass(frozen=True, slots=True)
class PublishedBatch:
    """One complete batch.

    Attributes:
        key: Day and name.
        receipt: Its receipt.
        size: Bytes of the receipt.
        changed: When the receipt was written, as the file system or store tells it.
    """

    key: BatchKey
    receipt: Path
    size: int
    changed: float


@dataclass(frozen=True, slots=True)
class LakeState:
    """What was published when it was last looked at.

    Attributes:
        batches: All complete batches, by day and name.
        summaries: The days that were summarised, see `summaries.layout`.
        first: No batch is of a day before.
        last: No batch is of a day after.
    """

    batches: tuple[PublishedBatch, ...]
    summaries: tuple[PublishedBatch, ...] = ()
    first: date = date.min
    last: date = date.max

    @property
    def days(self) -> tuple[date, ...]:
        """The days that have a batch, in order."""
        return tuple(dict.fromkeys(batch.key.day for batch in self.batches))

    def within(self, first: date, last: date) -> LakeState:
        """Return the batches of the days from `first` to `last`, both included."""
        return LakeState(
            tuple(batch for batch in self.batches if first <= batch.key.day <= last),
            tuple(batch for batch in self.summaries if first <= batch.key.day <= last),
            first,
            last,
        )

    def on(self, days: Collection[date]) -> LakeState:
        """Return the batches of some days."""
        return replace(
            self,
            batches=tuple(batch for batch in self.batches if batch.key.day in days),
            summaries=tuple(batch for batch in self.summaries if batch.key.day in days),
        )

    def default_days(self) -> tuple[date, date]:
        """Return the first and the last of the `DEFAULT_DAYS` days that end with the newest.

        Raises:
            EmptyLakeError: No batch is there.
        """
        if not self.batches:
            raise EmptyLakeError("the lake has no complete batch yet")
        last = self.batches[-1].key.day
        return max(self.batches[0].key.day, last - timedelta(days=DEFAULT_DAYS - 1)), last


def look_at(layout: LakeLayout) -> LakeState:
    """Return what is published now.

    Raises:
        LakeError: The lake cannot be read.
    """
    layout.check_version()
    try:
        return LakeState(_list_receipts(layout), _list_receipts(SummaryLayout(layout.root)))
    except OSError as error:
        raise LakeError(f"{layout.root}: the lake cannot be read ({error})") from error


def _list_receipts(layout: LakeLayout) -> tuple[PublishedBatch, ...]:
    found = list(layout.receipts())
    if not found or not is_remote(layout.root):
        return tuple(batch for key, path in found if (batch := _stat(key, path)))
    # One request for a thousand receipts, instead of one each.
    folder = cast("Any", found[0][1].parent.parent)
    told = folder.fs.find(folder.path, detail=True)
    return tuple(
        PublishedBatch(key, path, int(entry["size"]), entry["mtime"].timestamp())
        for key, path in found
        if (entry := told.get(cast("Any", path).path)) is not None
    )


def _stat(key: BatchKey, path: Path) -> PublishedBatch | None:
    """Return the batch, or None when its receipt is gone since it was listed."""
    try:
        status = path.stat()
    except FileNotFoundError:
        return None
    return PublishedBatch(key, path, status.st_size, status.st_mtime)
