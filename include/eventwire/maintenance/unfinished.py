"""Finishes publications that were cut short, where the staged files are still there."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from include.eventwire.batches.staging import staged_tables
from include.eventwire.lake.layout import BatchKey, LakeError, LakeLayout
from include.eventwire.lake.publishing import publish_tables
from include.eventwire.lake.receipts import Receipt, ReceiptError, read_receipt
from include.eventwire.lake.tombstones import ForgottenArticleError


def finish_publications(layout: LakeLayout) -> list[BatchKey]:
    """Publish again what a kill left half published, as far as it is whole in staging.

    What is not stays as it is; `verify` tells of it.

    Returns:
        The batches that are whole now.
    """
    return [key for key, path in layout.unfinished() if _finish(layout, key, path)]


def _finish(layout: LakeLayout, key: BatchKey, announced: Path) -> bool:
    try:
        receipt = read_receipt(announced)
        staging = next(_whole_runs(layout, key, receipt), None)
        if staging is None:
            return False
        publish_tables(layout, key.day, key.batch, staged_tables(staging), receipt)
    except (FileNotFoundError, LakeError):
        # Whoever was at work has finished it, and swept what it had staged.
        return layout.receipt_file(key.day, key.batch).exists()
    except (ReceiptError, ForgottenArticleError):
        return False
    return True


def _whole_runs(layout: LakeLayout, key: BatchKey, receipt: Receipt) -> Iterator[Path]:
    for run in layout.staging_runs():
        if run.parent == layout.staging_run(key.day, key.batch, "any").parent:
            tables = staged_tables(run)
            if receipt.tables.keys() == tables.keys() and _are_those(tables, receipt):
                yield run


def _are_those(tables: Mapping[str, Path], receipt: Receipt) -> bool:
    return all(path.exists() and receipt.tables[name].is_at(path) for name, path in tables.items())
