"""The receipt of a batch: what it was made of, by which versions, and what came out.

A receipt is written last, so a batch that has one is complete. All that differs between two runs of
the same inputs (run ids, clock times) stands here and never in a table.
"""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from include.eventwire.checks.audit import CheckResult
from include.eventwire.lake.locations import hash_file


class ReceiptError(ValueError):
    """A receipt cannot be read; the message names the file."""


@dataclass(frozen=True, slots=True)
class TableFile:
    """What a table's file of the batch must be, byte for byte."""

    rows: int
    bytes: int
    sha256: str

    def is_at(self, path: Path) -> bool:
        """Return whether the file at `path` is this one, byte for byte."""
        return path.stat().st_size == self.bytes and hash_file(path) == self.sha256


@dataclass(frozen=True, slots=True)
class Receipt:
    """What is known of one published batch.

    Attributes:
        day: Day of the batch.
        batch: Name of the batch.
        inputs: Each file that was read: uri, size, sha256 (None when it could not be opened).
        versions: Versions of code, coder, lexicon, model and schema.
        tables: File of each table; filled in by `publishing.publish_tables`.
        counts: Records that came in and rows of each table.
        checks: Results of the audit; those that did not pass are warnings.
        run: Who made it and when (dag_id, run_id, times).
        compared: Batches of which copies were looked for: day, batch, signatures_sha256. Making the
            batch again while these are the same gives the same bytes.
        recoded_from: For a batch whose articles were taken from a lake and coded again: versions
            that they were coded by before, and SHA-256 of the tables that they were taken from;
            see `origins.Origin`. Else None.
        profile: Counts of its sources and of its types of events, see
            `batch_profile.BatchProfile`; None in receipts of earlier versions.
        replaced: For a batch that stood in the place of another one: what that was and what
            differs, see `comparison.replaced`. Else None.
    """

    day: date
    batch: str
    inputs: Sequence[Mapping[str, object]]
    versions: Mapping[str, str]
    tables: Mapping[str, TableFile]
    counts: Mapping[str, int]
    checks: tuple[CheckResult, ...]
    run: Mapping[str, str]
    compared: Sequence[Mapping[str, str]] = ()
    recoded_from: Mapping[str, Any] | None = None
    profile: Mapping[str, Any] | None = None
    replaced: Mapping[str, Any] | None = None

    def to_json(self) -> str:
        """Return the receipt as text, the same for the same content."""
        content = {
            "day": self.day.isoformat(),
            "batch": self.batch,
            "inputs": list(self.inputs),
            "versions": dict(self.versions),
            "tables": {name: dataclasses.asdict(file) for name, file in self.tables.items()},
            "counts": dict(self.counts),
            "checks": [check.to_json() for check in self.checks],
            "run": dict(self.run),
            "compared": list(self.compared),
        }
        if self.recoded_from is not None:
            content["recoded_from"] = dict(self.recoded_from)
        if self.profile is not None:
            content["profile"] = dict(self.profile)
        if self.replaced is not None:
            content["replaced"] = dict(self.replaced)
        return json.dumps(content, ensure_ascii=False, indent=1, sort_keys=True) + "\n"


def read_receipt(path: Path) -> Receipt:
    """Return the receipt at `path`.

    Raises:
        ReceiptError: The file is no receipt.
        OSError: The file is missing or cannot be opened.
    """
    content = path.read_bytes()
    try:
        return _parse(json.loads(content.decode("utf-8")))
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise ReceiptError(f"{path}: no receipt: {type(error).__name__}: {error}") from error


def _parse(data: Mapping[str, Any]) -> Receipt:
    return Receipt(
        day=date.fromisoformat(data["day"]),
        batch=data["batch"],
        inputs=data["inputs"],
        versions=data["versions"],
        tables={name: TableFile(**file) for name, file in data["tables"].items()},
        counts=data["counts"],
        checks=tuple(CheckResult.from_json(check) for check in data["checks"]),
        run=data["run"],
        compared=tuple(data.get("compared", ())),  # receipts of schema version 1 have none
        recoded_from=data.get("recoded_from"),
        profile=data.get("profile"),
        replaced=data.get("replaced"),
    )
