"""Makes a published batch anew from its own rows, some of them left out or changed.

The new batch goes the way of every batch: staging, audit, publication. So a kill leaves the old one
or the new one, or what `unfinished` finishes. The same rows and changes give the same bytes.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Final, cast

import pyarrow as pa
import pyarrow.compute as pc

from include.eventwire.batches.assembly import count_copies
from include.eventwire.batches.staging import staged_tables, tables_folder, written_folder
from include.eventwire.checks.audit import audit_tables
from include.eventwire.checks.batch_profile import measure_batch
from include.eventwire.deduplication.earlier_clusters import find_earlier_clusters
from include.eventwire.deduplication.earlier_copies import Copy
from include.eventwire.deduplication.signatures import make_signatures
from include.eventwire.lake.layout import BatchKey, LakeError, LakeLayout
from include.eventwire.lake.locations import remove_folder
from include.eventwire.lake.parquet_files import (
    Record,
    concatenate_files,
    read_columns,
    read_rows,
    rewrite_rows,
    write_rows,
)
from include.eventwire.lake.publishing import lock_batch, publish_tables
from include.eventwire.lake.receipts import Receipt, read_receipt
from include.eventwire.lake.tombstones import DETAIL, reject_forgotten
from include.eventwire.records import Article
from include.eventwire.schemas import TABLES

_OF_ARTICLES: Final = ("mentions", "events", "event_parties")


@dataclass(frozen=True, slots=True)
class Changes:
    """What changes in one batch.

    Attributes:
        forgotten: Ids of articles that leave, each with a reject in its place.
        records: Input and number of records whose rejects may quote a forgotten article.
        clusters: What an article becomes a copy of, by its id; None = the canonical one.
        earlier_clusters: Those of the new clusters that stand in other batches.
    """

    forgotten: frozenset[str]
    records: frozenset[tuple[str, int]] = frozenset()
    clusters: Mapping[str, Copy | None] = field(default_factory=dict)
    earlier_clusters: frozenset[str] = frozenset()


def rewrite_batch(layout: LakeLayout, key: BatchKey, changes: Changes) -> Receipt:
    """Publish a batch anew with `changes`; return its receipt.

    Raises:
        LakeError: The batch is torn or damaged, or the lake cannot be written.
        AuditError: A check fails; the batch is left as it was.
        ReplacedBatchError: Another run replaced the batch meanwhile.
    """
    before = read_whole_receipt(layout, key)
    with staged_batch(layout, key) as (staging, tables):
        with lock_batch(layout, key.day, key.batch, shared=True):
            check_files(layout, key, before)
            n_rows = _write_tables(layout, key, changes, tables)
        records_in = before.counts["records_in"]
        earlier = find_earlier_clusters(layout, tables["articles"], before.compared)
        checks = audit_tables(tables, records_in, earlier | changes.earlier_clusters)
        n_new = n_rows["rejects"] - before.tables["rejects"].rows
        receipt = replace(
            before,
            tables={},
            counts={
                **before.counts,
                **n_rows,
                "copies": count_copies(tables["articles"]),
                "forgotten": before.counts.get("forgotten", 0) + n_new,
            },
            checks=tuple(checks),
            run={**before.run, "maintained_at": now()},
            recoded_from=_without_hashes(before.recoded_from),
            profile=measure_batch(tables).to_json(),
        )
    try:
        path = publish_tables(
            layout, key.day, key.batch, staged_tables(staging), receipt, replaces=before
        )
    finally:
        remove_folder(staging)
    return read_receipt(path)


@contextmanager
def staged_batch(layout: LakeLayout, key: BatchKey) -> Iterator[tuple[Path, dict[str, Path]]]:
    """Yield a new staging folder and the files of the tables to write; gone if the block raises."""
    staging = layout.create_staging_run(key.day, key.batch, uuid.uuid4().hex)
    try:
        with written_folder(tables_folder(staging)) as folder:
            yield staging, {table: folder / f"{table}.parquet" for table in TABLES}
    except BaseException:
        remove_folder(staging)
        raise


def read_whole_receipt(layout: LakeLayout, key: BatchKey) -> Receipt:
    """Return the receipt of a complete batch.

    Raises:
        LakeError: It has none.
    """
    try:
        return read_receipt(layout.receipt_file(key.day, key.batch))
    except FileNotFoundError as error:
        raise LakeError(
            f"{layout.root}: {key} has no receipt, so it may be incomplete; run it again, or see "
            "what verify says"
        ) from error


def check_files(layout: LakeLayout, key: BatchKey, receipt: Receipt) -> None:
    """Check that the files of a batch are those of its receipt, byte for byte.

    Raises:
        LakeError: One is not.
    """
    for table, file in receipt.tables.items():
        path = layout.table_file(table, key.day, key.batch)
        if not path.exists() or not file.is_at(path):
            raise LakeError(
                f"{path}: not the file of its receipt; verify the lake, run {key} again"
            )


def now() -> str:
    """Return the moment, for receipts and tombstones only."""
    return datetime.now(UTC).isoformat(timespec="seconds")


def _write_tables(
    layout: LakeLayout, key: BatchKey, changes: Changes, tables: Mapping[str, Path]
) -> dict[str, int]:
    """Write the changed tables; return the number of rows of each."""
    folder = tables["articles"].parent
    old = {table: layout.table_file(table, key.day, key.batch) for table in TABLES}
    rejects = folder / "new-rejects.parquet"
    write_rows(rejects, "rejects", _make_rejects(old["articles"], changes.forgotten))
    signatures = _find_signatures(old, folder)
    sources = {
        "articles": [_rewrite(old["articles"], folder, "articles", _article_changes(changes))],
        "signatures": [_rewrite(signatures, folder, "signatures", _signature_changes(changes))],
        "rejects": [_rewrite(old["rejects"], folder, "rejects", _reject_changes(changes)), rejects],
        **{
            table: [_rewrite(old[table], folder, table, _leave_out(changes.forgotten))]
            for table in _OF_ARTICLES
        },
    }
    n_rows = {table: concatenate_files(sources[table], tables[table], table) for table in TABLES}
    for path in folder.glob("new-*.parquet"):
        path.unlink()
    return n_rows


def _rewrite(
    source: Path, folder: Path, table: str, change: Callable[[pa.RecordBatch], pa.RecordBatch]
) -> Path:
    target = folder / f"new-{table}-part.parquet"
    rewrite_rows(source, target, table, change)
    return target


def _find_signatures(old: Mapping[str, Path], folder: Path) -> Path:
    """Return the signatures of a batch; they are made for one of before there were any."""
    if old["signatures"].exists():
        return old["signatures"]
    path = folder / "new-signatures.parquet"
    articles = cast("Iterable[Article]", read_rows(old["articles"], "articles"))
    made = [
        replace(signature, cluster_id=article.cluster_id)
        for article in articles
        for signature in make_signatures([article])
    ]
    write_rows(path, "signatures", made)
    return path


def _make_rejects(articles: Path, forgotten: Collection[str]) -> list[Record]:
    rows = read_columns(articles, ["article_id", "input_uri", "record_number"]).to_pylist()
    return [
        reject_forgotten(row["input_uri"], row["record_number"])
        for row in rows
        if row["article_id"] in forgotten
    ]


def _leave_out(article_ids: Collection[str]) -> Callable[[pa.RecordBatch], pa.RecordBatch]:
    gone = pa.array(sorted(article_ids), pa.string())

    def change(batch: pa.RecordBatch) -> pa.RecordBatch:
        return batch.filter(pc.invert(pc.is_in(batch["article_id"], value_set=gone)))

    return change


def _article_changes(changes: Changes) -> Callable[[pa.RecordBatch], pa.RecordBatch]:
    leave_out = _leave_out(changes.forgotten)
    return lambda batch: _recluster(
        leave_out(batch),
        changes.clusters,
        cluster_id=_cluster_of,
        is_canonical=lambda _, copy: copy is None,
        duplicate_kind=lambda _, copy: copy.kind if copy else None,
    )


def _signature_changes(changes: Changes) -> Callable[[pa.RecordBatch], pa.RecordBatch]:
    leave_out = _leave_out(changes.forgotten)
    return lambda batch: _recluster(leave_out(batch), changes.clusters, cluster_id=_cluster_of)


def _cluster_of(article_id: str, copy: Copy | None) -> str:
    return copy.cluster_id if copy else article_id


def _recluster(
    batch: pa.RecordBatch,
    clusters: Mapping[str, Copy | None],
    **columns: Callable[[str, Copy | None], object],
) -> pa.RecordBatch:
    """Return the rows with some columns changed in those whose cluster changes."""
    ids = batch["article_id"].to_pylist()
    for name, make in columns.items():
        old = batch[name].to_pylist()
        new = [
            make(key, clusters[key]) if key in clusters else value
            for key, value in zip(ids, old, strict=True)
        ]
        batch = _put(batch, name, new)
    return batch


def _reject_changes(changes: Changes) -> Callable[[pa.RecordBatch], pa.RecordBatch]:
    """Return what makes rejects of forgotten articles say nothing of them."""

    def change(batch: pa.RecordBatch) -> pa.RecordBatch:
        uris, numbers = batch["input_uri"].to_pylist(), batch["record_number"].to_pylist()
        hit = [record in changes.records for record in zip(uris, numbers, strict=True)]
        for name, value in (("reason", "forgotten"), ("detail", DETAIL)):
            old = batch[name].to_pylist()
            new = [value if is_hit else text for is_hit, text in zip(hit, old, strict=True)]
            batch = _put(batch, name, new)
        return batch

    return change


def _put(batch: pa.RecordBatch, name: str, values: list[object]) -> pa.RecordBatch:
    position = batch.schema.get_field_index(name)
    column = batch.schema.field(position)
    return batch.set_column(position, column, pa.array(values, column.type))


def _without_hashes(recoded_from: Mapping[str, object] | None) -> Mapping[str, object] | None:
    """Return what a receipt says of the batch before, which is no more what this one is made of."""
    return None if recoded_from is None else {**recoded_from, "sha256": {}}
