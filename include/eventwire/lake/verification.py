"""Compares a lake with its receipts: what is torn, missing, damaged or unaccounted for."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from include.eventwire.lake.layout import BatchKey, LakeError, LakeLayout
from include.eventwire.lake.parquet_files import TableFileError, check_file
from include.eventwire.lake.publishing import lock_batch
from include.eventwire.lake.receipts import Receipt, ReceiptError, read_receipt
from include.eventwire.schemas import SchemaVersionError
from include.eventwire.summaries.layout import SummaryLayout

Kind = Literal[
    "torn",
    "missing",
    "corrupt",
    "unfinished",
    "unreceipted",
    "foreign",
    "newer_schema",
    "staging",
]
# These say what goes on, not that anything is wrong.
_INFORMATION: frozenset[Kind] = frozenset({"staging"})


@dataclass(frozen=True, slots=True, order=True)
class Finding:
    """One thing that is not as the receipts say.

    Attributes:
        path: File or folder, relative to the lake.
        kind: "torn" (not the file of the receipt, though whole), "missing", "corrupt" (cannot be
            read, or its checksums are wrong), "unfinished" (a batch whose publication was cut
            short), "unreceipted" (a file that no receipt names), "foreign" (a file under a table
            that is no batch), "newer_schema", or "staging" (work in progress or left behind).
        detail: One sentence for a person: what is wrong and what to do.
    """

    path: str
    kind: Kind
    detail: str

    @property
    def is_error(self) -> bool:
        """Whether the lake is not as it should be, rather than merely at work."""
        return self.kind not in _INFORMATION


def verify_lake(layout: LakeLayout) -> list[Finding]:
    """Return all that is wrong in a lake and, as information, its staging; nothing is changed.

    Waits for publications that are under way, batch by batch; in a bucket, which has no locks, it
    tells of them as unfinished.

    Raises:
        LakeError: There is no lake at that path.
        SchemaVersionError: The lake was written by a newer version of the schema.
    """
    if not layout.root.is_dir():
        raise LakeError(f"{layout.root}: no lake there; name the folder that holds its tables")
    layout.check_version()
    return [*_verify(layout), *_verify(SummaryLayout(layout.root))]


def _verify(layout: LakeLayout) -> list[Finding]:
    """Return all that is wrong with the batches of a lake, or with its summaries."""
    findings: list[Finding] = []
    for key in _list_batches(layout):
        with lock_batch(layout, key.day, key.batch, shared=True):
            findings.extend(_verify_batch(layout, key))
    for path in layout.foreign_files():
        detail = "this is no batch, yet readers take it for one; move it out of the table"
        findings.append(_finding(layout, path, "foreign", detail))
    for path in layout.staging_runs():
        detail = "a run is at work here, or was stopped; a stopped run's folder may be deleted"
        findings.append(_finding(layout, path, "staging", detail))
    return findings


def _list_batches(layout: LakeLayout) -> list[BatchKey]:
    keys = {key for table in layout.tables for key, _ in layout.published_files(table)}
    keys |= {key for key, _ in layout.receipts()} | {key for key, _ in layout.unfinished()}
    return sorted(keys)


def _verify_batch(layout: LakeLayout, key: BatchKey) -> Iterator[Finding]:
    path = layout.receipt_file(key.day, key.batch)
    announced = layout.publishing_file(key.day, key.batch)
    try:
        if path.exists():
            yield from _verify_tables(layout, key, read_receipt(path), "its receipt")
        elif announced.exists():
            detail = f"the publication of {key} was cut short; run the batch again"
            yield _finding(layout, announced, "unfinished", detail)
            yield from _verify_tables(layout, key, read_receipt(announced), "the newest run")
        else:
            yield from _list_unreceipted(layout, key)
    except ReceiptError as error:
        yield _finding(layout, path, "corrupt", f"{error}; run the batch again")


def _verify_tables(
    layout: LakeLayout, key: BatchKey, receipt: Receipt, origin: str
) -> Iterator[Finding]:
    for table in layout.tables:
        path = layout.table_file(table, key.day, key.batch)
        if table not in receipt.tables:
            if path.exists():
                yield _finding(
                    layout, path, "unreceipted", f"the receipt of {key} names no {table}"
                )
        elif not path.exists():
            detail = f"the file of {origin} is missing; run {key} again"
            yield _finding(layout, path, "missing", detail)
        elif not receipt.tables[table].is_at(path):
            yield _describe_mismatch(layout, path, table, f"of {origin}; run {key} again")


def _describe_mismatch(layout: LakeLayout, path: Path, table: str, origin: str) -> Finding:
    """Return whether a file that is not the expected one is another whole one or damaged."""
    try:
        check_file(path, table)
    except SchemaVersionError as error:
        return _finding(layout, path, "newer_schema", str(error))
    except TableFileError as error:
        return _finding(layout, path, "corrupt", f"{error}; it is not the file {origin}")
    return _finding(layout, path, "torn", f"a whole file of another run, not the one {origin}")


def _list_unreceipted(layout: LakeLayout, key: BatchKey) -> Iterator[Finding]:
    for table in layout.tables:
        path = layout.table_file(table, key.day, key.batch)
        if path.exists():
            detail = f"{key} has no receipt, so it may be incomplete; run the batch again"
            yield _finding(layout, path, "unreceipted", detail)


def _finding(layout: LakeLayout, path: Path, kind: Kind, detail: str) -> Finding:
    return Finding(path.relative_to(layout.root).as_posix(), kind, detail)
