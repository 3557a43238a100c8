"""Puts the batches of a day that were started by hand together in one, `compacted`.

No row is changed, added or left out: each table of the new batch is the tables of the old ones, one
after the other. Batches of other versions than the rest stay apart, and so do those that hold an
article which another one holds too.

The order of the steps:

1. `compacted.compaction` names the old batches and the new table of articles. All is as it was.
2. The new batch is published like any other, in the place of an older `compacted`, and read again.
3. Each old batch leaves: its receipt is renamed (`trial.compacted`), then its files are removed.
4. `compacted.compaction` is removed.

While the files of step 3 go, a reader may see an article in both. After a kill `finish_compactions`
does what is left: it goes on with step 3 where the new batch stands, else all is as before step 1.
A batch whose receipt was renamed cannot be published again: `LakeLayout.check_not_compacted`.

On a disk the old batches are locked meanwhile. In a bucket, which has no locks, whoever publishes
one of them says so (`<batch>.publishing`) before he looks for step 1, and after step 1 it is looked
whether somebody said so; one of the two gives way. What a kill left before step 2 is taken for work
in progress there, for the hours that a task may take. One upkeep at a time is for the DAG to keep.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any, Final

from include.eventwire.batches.assembly import count_copies
from include.eventwire.batches.plan import DAILY
from include.eventwire.batches.staging import staged_tables
from include.eventwire.checks.audit import audit_tables
from include.eventwire.checks.batch_profile import measure_batch
from include.eventwire.deduplication.earlier_clusters import find_earlier_clusters
from include.eventwire.lake.layout import COMPACTED, BatchKey, LakeError, LakeLayout
from include.eventwire.lake.locations import copy_file, hash_file, is_remote, remove_folder
from include.eventwire.lake.parquet_files import concatenate_files, read_columns
from include.eventwire.lake.publishing import lock_batch, publish_tables, sync, write_synced
from include.eventwire.lake.receipts import Receipt, read_receipt
from include.eventwire.maintenance.rewriting import (
    check_files,
    now,
    read_whole_receipt,
    staged_batch,
)
from include.eventwire.reports.files import remove_report
from include.eventwire.schemas import TABLES

# No task of `maintain_lake` may take longer; see its `execution_timeout`.
_LONGEST: Final = timedelta(hours=6)


@dataclass(frozen=True, slots=True)
class Compaction:
    """What was done with the batches of one day.

    Attributes:
        day: The day.
        joined: Names of the batches that are part of `compacted` now.
        apart: Those that stay as they are, each with the reason.
    """

    day: date
    joined: tuple[str, ...]
    apart: Mapping[str, str]


def compact_lake(layout: LakeLayout, above: int) -> list[Compaction]:
    """Put the batches of each day together that has more than `above` of them, the daily one apart.

    Raises:
        LakeError: A batch is damaged; or, in a bucket, it is being published.
        AuditError: The batches do not fit together; they are left as they are.
    """
    finish_compactions(layout)
    by_day: dict[date, list[str]] = {}
    for key, _ in layout.receipts():
        if key.batch != DAILY:
            by_day.setdefault(key.day, []).append(key.batch)
    return [compact_day(layout, day, names) for day, names in by_day.items() if len(names) > above]


def compact_day(layout: LakeLayout, day: date, names: Sequence[str]) -> Compaction:
    """Put batches of one day together; return which were.

    Raises:
        LakeError, AuditError, ReplacedBatchError: See `compact_lake`.
    """
    if layout.compaction_file(day).exists():
        return Compaction(day, (), dict.fromkeys(names, "another upkeep is at it, or was killed"))
    with ExitStack() as locks:
        # The older compacted batch is locked when it is replaced.
        for name in sorted(set(names) - {COMPACTED}):
            locks.enter_context(lock_batch(layout, day, name))
        receipts = {
            key.batch: read_receipt(path)
            for key, path in layout.receipts()
            if key.day == day and key.batch in names
        }
        chosen, apart = _choose(layout, day, receipts)
        if len(chosen) > 1:
            _publish(layout, day, {name: receipts[name] for name in chosen})
            _finish(layout, day)
            return Compaction(day, tuple(chosen), apart)
    return Compaction(day, (), apart)


def finish_compactions(layout: LakeLayout) -> None:
    """Do what is left of compactions that were killed."""
    for key, _ in layout.compactions():
        if (intent := layout.read_compaction(key.day)) is None:
            continue  # another upkeep has done it
        with ExitStack() as locks:
            for name in sorted(intent["joined"]):
                locks.enter_context(lock_batch(layout, key.day, name))
            _finish(layout, key.day)
    for key, _ in layout.compacted():
        _remove_files(layout, key)


def _finish(layout: LakeLayout, day: date) -> None:
    """Let the old batches leave, which the caller has locked, if the new one stands."""
    if layout.publishing_file(day, COMPACTED).exists():
        return  # torn: the old batches are still needed
    if (intent := layout.read_compaction(day)) is None:
        return
    receipt_path = layout.receipt_file(day, COMPACTED)
    if receipt_path.exists() and _articles(read_receipt(receipt_path)) == intent["articles"]:
        for name, sha256 in intent["joined"].items():
            _remove_batch(layout, BatchKey(day, name), sha256)
    elif is_remote(layout.root) and _is_at_work(intent):
        return
    layout.compaction_file(day).unlink(missing_ok=True)


def _is_at_work(intent: Mapping[str, str]) -> bool:
    begun_at = datetime.fromisoformat(intent["begun_at"])
    return datetime.fromisoformat(now()) - begun_at < _LONGEST


def _remove_batch(layout: LakeLayout, key: BatchKey, articles: str) -> None:
    """Take a batch out of the lake whose rows stand in the compacted one now."""
    path = layout.receipt_file(key.day, key.batch)
    if path.exists() and _articles(read_receipt(path)) == articles:
        _rename(path, layout.compacted_file(key.day, key.batch))
        _remove_files(layout, key)


def _rename(path: Path, target: Path) -> None:
    if is_remote(path):
        copy_file(path, target)
        path.unlink(missing_ok=True)
    else:
        path.replace(target)
        sync(path.parent)


def _remove_files(layout: LakeLayout, key: BatchKey) -> None:
    for table in TABLES:
        layout.table_file(table, key.day, key.batch).unlink(missing_ok=True)
    remove_report(layout, key)


def _choose(
    layout: LakeLayout, day: date, receipts: Mapping[str, Receipt]
) -> tuple[list[str], dict[str, str]]:
    """Return which batches go together, in their order, and why the others do not."""
    versions = _most_common_versions(receipts)
    order = sorted(receipts, key=lambda name: (name != COMPACTED, name))
    chosen: list[str] = []
    apart: dict[str, str] = {}
    seen: dict[str, str] = {}
    for name in order:
        if dict(receipts[name].versions) != versions:
            apart[name] = "made by other versions; recode it first"
            continue
        path = layout.table_file("articles", day, name)
        ids = read_columns(path, ["article_id"])["article_id"].to_pylist()
        if (twin := next((seen[key] for key in ids if key in seen), None)) is not None:
            apart[name] = f"holds an article that {twin} holds too"
            continue
        seen |= dict.fromkeys(ids, name)
        chosen.append(name)
    return chosen, apart


def _most_common_versions(receipts: Mapping[str, Receipt]) -> dict[str, str]:
    """Return the versions of an older compacted batch, else those of most batches."""
    if COMPACTED in receipts:
        return dict(receipts[COMPACTED].versions)
    counted = Counter(tuple(sorted(receipt.versions.items())) for receipt in receipts.values())
    n_most = max(counted.values())
    return dict(max(versions for versions, n_batches in counted.items() if n_batches == n_most))


def _publish(layout: LakeLayout, day: date, receipts: Mapping[str, Receipt]) -> None:
    key = BatchKey(day, COMPACTED)
    with staged_batch(layout, key) as (staging, tables):
        for name, receipt in receipts.items():
            check_files(layout, BatchKey(day, name), receipt)
        n_rows = {
            table: concatenate_files(
                [layout.table_file(table, day, name) for name in receipts], path, table
            )
            for table, path in tables.items()
        }
        receipt = _merge(layout, day, receipts, n_rows, tables)
    try:
        joined = {name: _articles(old) for name, old in receipts.items() if name != COMPACTED}
        articles = hash_file(staged_tables(staging)["articles"])
        content = {"joined": joined, "articles": articles, "begun_at": now()}
        write_synced(layout.compaction_file(day), json.dumps(content))
        if is_remote(layout.root):
            _check_alone(layout, day, receipts)
        publish_tables(
            layout,
            day,
            COMPACTED,
            staged_tables(staging),
            receipt,
            replaces=receipts.get(COMPACTED),
        )
        check_files(layout, key, read_whole_receipt(layout, key))
    finally:
        remove_folder(staging)


def _check_alone(layout: LakeLayout, day: date, receipts: Mapping[str, Receipt]) -> None:
    """Give way to whoever publishes one of the batches at this moment, or has done it by now.

    Raises:
        LakeError: Somebody does.
    """
    for name, receipt in receipts.items():
        path = layout.receipt_file(day, name)
        is_announced = layout.publishing_file(day, name).exists()
        if is_announced or not path.exists() or read_receipt(path) != receipt:
            layout.compaction_file(day).unlink(missing_ok=True)
            raise LakeError(
                f"{path}: {day.isoformat()} {name} is published at this moment; nothing was put "
                "together, do it again"
            )


def _merge(
    layout: LakeLayout,
    day: date,
    receipts: Mapping[str, Receipt],
    n_rows: Mapping[str, int],
    tables: Mapping[str, Path],
) -> Receipt:
    """Return the receipt of the new batch."""
    counts = Counter[str]()
    for old in receipts.values():
        counts.update(old.counts)
    compared = _unique(named for old in receipts.values() for named in old.compared)
    earlier = find_earlier_clusters(layout, tables["articles"], compared)
    checks = audit_tables(tables, counts["records_in"], earlier)
    return Receipt(
        day=day,
        batch=COMPACTED,
        inputs=_unique(file for old in receipts.values() for file in old.inputs),
        versions=dict(next(iter(receipts.values())).versions),
        tables={},
        counts={**counts, **n_rows, "copies": count_copies(tables["articles"])},
        checks=tuple(checks),
        run={"maintained_at": now(), "joined": " ".join(receipts)},
        compared=compared,
        profile=measure_batch(tables).to_json(),
    )


def _articles(receipt: Receipt) -> str:
    return receipt.tables["articles"].sha256


def _unique(parts: Iterable[Mapping[str, Any]]) -> tuple[Mapping[str, Any], ...]:
    """Return `parts` in their order, each once."""
    found = {json.dumps(part, sort_keys=True): part for part in parts}
    return tuple(found.values())
