"""Which published batches a new one is compared with."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from include.eventwire.batches.plan import DAILY
from include.eventwire.lake.layout import BatchKey, LakeError, LakeLayout
from include.eventwire.lake.locations import is_remote, on_this_machine
from include.eventwire.lake.publishing import lock_batch
from include.eventwire.lake.receipts import read_receipt


@dataclass(frozen=True, slots=True)
class ComparedBatch:
    """A published batch whose signatures a new one is compared with.

    Attributes:
        path: The file of its signatures, or a copy of it, on this machine.
        sha256: Hash of the file of signatures, from the batch's receipt.
    """

    key: BatchKey
    path: Path
    sha256: str

    def to_json(self) -> dict[str, str]:
        """Return what a receipt says of it."""
        day = self.key.day.isoformat()
        return {"day": day, "batch": self.key.batch, "signatures_sha256": self.sha256}


@contextmanager
def earlier_batches(
    layout: LakeLayout, new: BatchKey, n_days: int
) -> Iterator[list[ComparedBatch]]:
    """Yield the batches that `new` is compared with, the earliest first; none changes meanwhile.

    These are all batches of the `n_days` days before, and for a batch other than the daily one also
    the daily one of its day. So no batch is ever compared with itself, and no two with each other.
    Only complete batches count; those of schema version 1 have no signatures.

    Args:
        layout: The lake.
        new: The batch that is made.
        n_days: How many days before its own; with 0 it is compared with none at all.

    Raises:
        ReceiptError: The receipt of one of them cannot be read.
        LakeError: A file of signatures is not that of its receipt.
    """
    wanted = [key for key, _ in layout.receipts() if _is_compared(key, new, n_days)]
    wanted.sort(key=lambda key: (key.day, key.batch != DAILY, key.batch))
    with ExitStack() as held:
        found = []
        for key in wanted:
            held.enter_context(lock_batch(layout, key.day, key.batch, shared=True))
            if (batch := _find_signatures(layout, key, held)) is not None:
                found.append(batch)
        yield found


def _is_compared(key: BatchKey, new: BatchKey, n_days: int) -> bool:
    if key.day == new.day:
        return n_days > 0 and key.batch == DAILY != new.batch
    return 0 < (new.day - key.day).days <= n_days


def _find_signatures(layout: LakeLayout, key: BatchKey, held: ExitStack) -> ComparedBatch | None:
    """Return the signatures of a batch; None when it is being replaced, or too old to have any.

    In a bucket, where nothing can be locked, they are copied before they are compared with.
    """
    receipt_path = layout.receipt_file(key.day, key.batch)
    if not receipt_path.exists():
        return None
    file = read_receipt(receipt_path).tables.get("signatures")
    if file is None:
        return None
    path = layout.table_file("signatures", key.day, key.batch)
    if not path.exists() or path.stat().st_size != file.bytes:
        raise LakeError(f"{path}: not the file of its receipt; verify the lake and run {key} again")
    here = held.enter_context(on_this_machine(path))
    if is_remote(path) and not file.is_at(here):
        raise LakeError(f"{path}: replaced while it was read; run the batch again")
    return ComparedBatch(key, here, file.sha256)
