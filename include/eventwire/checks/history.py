"""The days before a batch, as far as their receipts tell of them; no table is read."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from typing import Final

from include.eventwire.checks.batch_profile import BatchProfile
from include.eventwire.lake.layout import LakeLayout
from include.eventwire.lake.receipts import Receipt, ReceiptError, read_receipt

DAYS_OF_HISTORY: Final = 28


def read_history(
    layout: LakeLayout, day: date, batch: str, n_days: int = DAYS_OF_HISTORY
) -> Mapping[date, BatchProfile]:
    """Return the profiles of the batches of the same name on the days before `day`.

    Days without such a batch are left out, and those whose receipt is damaged, which `verify`
    reports, or has no profile, as of batches made by earlier versions.

    Args:
        layout: The lake.
        day: Day of the batch that is compared.
        batch: Name of the batch.
        n_days: How many days before `day` are looked at.

    Raises:
        OSError: The lake cannot be read.
    """
    return {
        receipt.day: BatchProfile.from_json(receipt.profile)
        for receipt in _read_receipts(layout, day, batch, n_days)
        if receipt.profile is not None
    }


def find_missing_days(
    layout: LakeLayout, last: date, batch: str, n_days: int = DAYS_OF_HISTORY
) -> list[date]:
    """Return the days up to `last` that have no complete batch, from the first one that has.

    A lake without any batch in the last `n_days` misses none: nothing says that it is still fed.

    Args:
        layout: The lake.
        last: Last day that must be there.
        batch: Name of the batch.
        n_days: How many days up to `last` are looked at.

    Raises:
        OSError: The lake cannot be read.
    """
    days = [last - timedelta(days=before) for before in reversed(range(n_days))]
    present = [day for day in days if layout.receipt_file(day, batch).exists()]
    return [day for day in days if present and day > present[0] and day not in present]


def _read_receipts(layout: LakeLayout, day: date, batch: str, n_days: int) -> Iterator[Receipt]:
    for before in range(n_days, 0, -1):
        try:
            yield read_receipt(layout.receipt_file(day - timedelta(days=before), batch))
        except (FileNotFoundError, ReceiptError):
            continue
