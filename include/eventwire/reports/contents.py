"""Everything that a report on one batch tells, before it is put in words."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

import duckdb

from include.eventwire.checks.audit import CheckResult
from include.eventwire.checks.batch_profile import BatchProfile
from include.eventwire.checks.history import read_history
from include.eventwire.comparison.tables import connect, make_view
from include.eventwire.lake.layout import BatchKey, LakeError, LakeLayout
from include.eventwire.lake.lookup import NotFoundError
from include.eventwire.lake.receipts import Receipt, read_receipt
from include.eventwire.reports.batch_tables import NEEDED, BatchTables, read_batch_tables
from include.eventwire.reports.trailing import Trailing, compare_with_days_before

# Files beyond these are told in a number.
MOST_INPUTS: Final = 200

Opener = Callable[[], AbstractContextManager[duckdb.DuckDBPyConnection]]


@dataclass(frozen=True, slots=True)
class BatchReport:
    """What is told of one batch.

    Attributes:
        lake: Where the lake lies.
        key: Day and name of the batch.
        receipt: Its receipt, of which all counts are.
        receipt_sha256: Hash of the receipt's file: what the report is of.
        trailing: The batch beside the days before; None for receipts of versions that kept no
            counts of sources.
        tables: What its tables tell; None where they cannot be read.
        trouble: Why not.
    """

    lake: str
    key: BatchKey
    receipt: Receipt
    receipt_sha256: str
    trailing: Trailing | None
    tables: BatchTables | None
    trouble: str | None = None

    @property
    def n_records(self) -> int:
        """How many records came in."""
        return self.receipt.counts.get("records_in", 0)

    @property
    def warnings(self) -> tuple[CheckResult, ...]:
        """The checks that did not pass."""
        return tuple(check for check in self.receipt.checks if not check.passed)

    @property
    def rejects(self) -> Mapping[str, int]:
        """Number of rejects by reason as the receipt tells them, the most frequent first."""
        if self.receipt.profile is None:
            return {one.reason: one.n_rejects for one in self.tables.reasons} if self.tables else {}
        found: Counter[str] = Counter()
        for source in BatchProfile.from_json(self.receipt.profile).sources.values():
            found.update(source.rejects)
        return dict(sorted(found.items(), key=lambda entry: (-entry[1], entry[0])))

    @property
    def event_types(self) -> Mapping[str, int]:
        """Number of events by type as the receipt tells them, the most frequent first."""
        if self.receipt.profile is not None:
            found = BatchProfile.from_json(self.receipt.profile).event_types
        else:
            found = {kind: n for kind, (n, _) in self.tables.types.items()} if self.tables else {}
        return dict(sorted(found.items(), key=lambda entry: (-entry[1], entry[0])))

    @property
    def duration(self) -> timedelta | None:
        """From its plan to its publication; None where the receipt tells no such times."""
        began, ended = (_moment(self.receipt.run.get(f"{name}_at")) for name in _TIMES)
        return ended - began if began and ended and ended >= began else None

    @property
    def input_bytes(self) -> int:
        """Size of all files that were read."""
        return sum(int(str(one.get("size") or 0)) for one in self.receipt.inputs)

    @property
    def replaced(self) -> Mapping[str, Any] | None:
        """What this batch replaced, as its receipt tells it; see `comparison.replaced`."""
        return self.receipt.replaced


_TIMES: Final = ("planned", "published")


def read_report(
    layout: LakeLayout, key: BatchKey, open_tables: Opener | None = None
) -> BatchReport:
    """Return what is told of one batch.

    Args:
        layout: The lake.
        key: The batch.
        open_tables: Gives a connection that has the views `batch_tables.NEEDED` of the day; None =
            one that is made for this.

    Raises:
        NotFoundError: The lake has no complete batch of that day and name.
        ReceiptError: Its receipt is damaged.
        OSError: The lake cannot be read.
    """
    path = layout.receipt_file(key.day, key.batch)
    try:
        receipt, content = read_receipt(path), path.read_bytes()
    except FileNotFoundError as error:
        raise NotFoundError(
            f"{layout.root}: {key} has no receipt there: no such batch was published, or one is "
            "being published at this moment"
        ) from error
    trailing = None
    if receipt.profile is not None:
        history = read_history(layout, key.day, key.batch)
        profile = BatchProfile.from_json(receipt.profile)
        trailing = compare_with_days_before(key.day, profile, history)
    tables, trouble = _read_tables(open_tables or (lambda: _open(layout, key)), key, receipt)
    sha256 = hashlib.sha256(content).hexdigest()
    return BatchReport(str(layout.root), key, receipt, sha256, trailing, tables, trouble)


def as_json(report: BatchReport) -> dict[str, Any]:
    """Return the numbers of a report as values that JSON has."""
    return {
        "day": report.key.day.isoformat(),
        "batch": report.key.batch,
        **{name: json.loads(report.receipt.to_json())[name] for name in ("counts", "versions")},
        "rejects": dict(report.rejects),
        "event_types": dict(report.event_types),
        "warnings": [check.to_json() for check in report.warnings],
    }


def _read_tables(
    open_tables: Opener, key: BatchKey, receipt: Receipt
) -> tuple[BatchTables | None, str | None]:
    try:
        with open_tables() as connection:
            tables = read_batch_tables(connection, key.batch)
    except (duckdb.IOException, duckdb.InvalidInputException, LakeError) as error:
        return None, f"its tables cannot be read ({error}); verify the lake"
    if tables.known.events != receipt.tables["events"].rows:
        return None, "its tables are not those of its receipt: it is being replaced, or is torn"
    return tables, None


@contextmanager
def _open(layout: LakeLayout, key: BatchKey) -> Iterator[duckdb.DuckDBPyConnection]:
    with connect(layout) as connection:
        for table in NEEDED:
            make_view(connection, table, layout, table, {key: None}, lambda one: one.batch)
        yield connection


def _moment(written: str | None) -> datetime | None:
    try:
        moment = datetime.fromisoformat(written or "")
    except ValueError:
        return None
    return moment if moment.tzinfo else None
