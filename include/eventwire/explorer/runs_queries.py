"""Which batch a run of Airflow made, as the receipts tell."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from include.eventwire.explorer.lake_state import PublishedBatch
from include.eventwire.lake.layout import COMPACTED, BatchKey, LakeLayout
from include.eventwire.lake.receipts import ReceiptError, read_receipt

Run = tuple[str, str]


def find_batches_of_run(
    layout: LakeLayout, batches: tuple[PublishedBatch, ...], dag_id: str, run_id: str
) -> list[BatchKey]:
    """Return the batches that a run made, by day and name.

    A batch that became part of another one is told by that. One that a later run made again is
    that run's.

    Args:
        layout: The lake.
        batches: What is published.
        dag_id: The DAG.
        run_id: The run, as Airflow names it; a plus may have become a blank on its way.
    """
    wanted = (dag_id, _without_blanks(run_id))
    found = {batch.key for batch in batches if read_run(batch) == wanted}
    if not found:
        joined = {
            BatchKey(key.day, COMPACTED)
            for key, path in layout.compacted()
            if _name_run(json.loads(path.read_text(encoding="utf-8")).get("run", {})) == wanted
        }
        found = joined & {batch.key for batch in batches}
    return sorted(found)


def tell_maker(batch: PublishedBatch) -> str | None:
    """Return who made a batch: DAG and run, or what else the receipt says; None if nothing."""
    told = _read_made_by(batch)
    return " ".join(told.run) if told.run else told.started_by


def read_run(batch: PublishedBatch) -> Run | None:
    """Return DAG and run that made a batch; None where the receipt names none, or is damaged."""
    return _read_made_by(batch).run


@dataclass(frozen=True, slots=True)
class _MadeBy:
    run: Run | None = None
    started_by: str | None = None


@lru_cache(maxsize=16_384)
def _read_made_by(batch: PublishedBatch) -> _MadeBy:
    try:
        run = read_receipt(batch.receipt).run
    except (ReceiptError, FileNotFoundError):
        return _MadeBy()
    return _MadeBy(_name_run(run), run.get("started_by"))


def _name_run(run: Mapping[str, str]) -> Run | None:
    return (run["dag_id"], run["run_id"]) if {"dag_id", "run_id"} <= run.keys() else None


def _without_blanks(run_id: str) -> str:
    """Return a run's id as it was: "+00:00" in an address may be read as " 00:00"."""
    return run_id.replace(" ", "+")
