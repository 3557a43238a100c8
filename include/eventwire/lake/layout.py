"""Where everything of a lake lies. No other module puts a path of the lake together.

articles/dt=2018-04-24/daily.parquet      a batch of a table; the same for every table
_receipts/dt=2018-04-24/daily.json        written last: the batch is complete
_receipts/dt=2018-04-24/daily.publishing  the receipt to be, while its tables are put in place
_receipts/dt=2018-04-24/trial.compacted   the receipt of a batch that is now part of another
_receipts/dt=2018-04-24/compacted.compaction  what is put together, until that is done
_reports/dt=2018-04-24/daily.html         what came in with the batch, to be looked at
_tombstones/<article_id>.json             an article that was forgotten and is kept out
_staging/dt=2018-04-24/daily/<run>/       work in progress
_staging/locks/2018-04-24.daily.lock      who publishes the batch holds it
views.sql, DATA_DICTIONARY.md             generated from the schemas

In a bucket the same lies below its prefix, but for the locks, which a bucket cannot have.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Final, cast

from include.eventwire.lake.locations import (
    StoreError,
    check_reachable,
    is_remote,
    list_files,
)
from include.eventwire.schemas import SCHEMA_VERSION, TABLES, VERSION_MARK, SchemaVersionError

# What the batches of one day that were started by hand are put together in.
COMPACTED: Final = "compacted"
# A name that is safe in a path of any disk and in a glob; none is hidden or reserved (_staging).
_BATCH: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}")
_PARTITION: Final = re.compile(r"dt=(\d{4}-\d\d-\d\d)")
_ADDRESS: Final = re.compile(r"[a-z][a-z0-9]+:")


class LakeError(OSError):
    """The lake cannot be read or written as it is; the message names the path and the remedy."""


class CompactedBatchError(ValueError):
    """A batch cannot be made again, since it became part of the compacted one of its day."""


class BatchNameError(ValueError):
    """A batch has a name that cannot be the name of a file."""


@dataclass(frozen=True, slots=True, order=True)
class BatchKey:
    """One batch of one day, which is one file in each table."""

    day: date
    batch: str

    def __str__(self) -> str:
        """Return the batch in words: "2018-04-24 daily"."""
        return f"{self.day.isoformat()} {self.batch}"


@dataclass(frozen=True, slots=True)
class LakeLayout:
    """The paths of the lake at `root`.

    Raises:
        LakeError: `root` is the address of something else than a bucket.
    """

    root: Path

    def __post_init__(self) -> None:
        """Refuse an address, which would be taken for a folder of that name."""
        if any(_ADDRESS.fullmatch(part) for part in self.root.parts):
            raise LakeError(
                f"{self.root}: a lake must be a folder on a disk of this machine or in a bucket "
                "(s3://bucket/prefix)"
            )

    @property
    def views(self) -> Path:
        """The file of SQL views over the tables."""
        return self.root / "views.sql"

    @property
    def data_dictionary(self) -> Path:
        """The file that describes the tables."""
        return self.root / "DATA_DICTIONARY.md"

    @property
    def staging(self) -> Path:
        """The folder of all work in progress."""
        return self.root / "_staging"

    @property
    def tombstones(self) -> Path:
        """The folder of what is kept of forgotten articles; see `tombstones`."""
        return self.root / "_tombstones"

    def table_folder(self, table: str) -> Path:
        """Return the folder of a table."""
        return self.root / table

    def table_file(self, table: str, day: date, batch: str) -> Path:
        """Return the file of one batch of a table."""
        return self.table_folder(table) / _partition(day) / f"{check_batch(batch)}.parquet"

    def receipt_file(self, day: date, batch: str) -> Path:
        """Return the receipt of one batch."""
        return self._receipts / _partition(day) / f"{check_batch(batch)}.json"

    def publishing_file(self, day: date, batch: str) -> Path:
        """Return the receipt that a batch will have once all its tables are in place."""
        return self.receipt_file(day, batch).with_suffix(".publishing")

    def compacted_file(self, day: date, batch: str) -> Path:
        """Return the receipt of a batch that became part of the compacted one of its day."""
        return self.receipt_file(day, batch).with_suffix(".compacted")

    def report_file(self, day: date, batch: str) -> Path:
        """Return the report on one batch; see `reports`."""
        return self._reports / _partition(day) / f"{check_batch(batch)}.html"

    def compaction_file(self, day: date) -> Path:
        """Return the file that tells which batches of a day are put together, while they are."""
        return self.receipt_file(day, COMPACTED).with_suffix(".compaction")

    def read_compaction(self, day: date) -> dict[str, Any] | None:
        """Return what is put together on a day at this moment, or was at a kill; None = nothing."""
        try:
            content = self.compaction_file(day).read_text(encoding="utf-8")
        except FileNotFoundError:
            return None
        return cast("dict[str, Any]", json.loads(content))

    def check_not_compacted(self, day: date, batch: str) -> None:
        """Check that a batch has not become part of another one.

        Raises:
            CompactedBatchError: It has; made again, its articles would stand there twice.
        """
        intent = self.read_compaction(day)
        if intent is not None and batch in intent["joined"]:
            raise CompactedBatchError(
                f"{self.root}: {day.isoformat()} {batch} is being put together with others; wait, "
                "or finish what was cut short: python -m include.eventwire maintain"
            )
        if self.compacted_file(day, batch).exists():
            raise CompactedBatchError(
                f"{self.root}: {day.isoformat()} {batch} became part of the batch `compacted` of "
                "its day, where its articles would stand twice if it were made again; recode that "
                "batch instead, or name a batch with other inputs"
            )

    def lock_file(self, day: date, batch: str) -> Path:
        """Return the file that whoever publishes the batch holds a lock on."""
        return self.staging / "locks" / f"{day.isoformat()}.{check_batch(batch)}.lock"

    def staging_run(self, day: date, batch: str, run: str) -> Path:
        """Return the folder in which one attempt at a batch works."""
        return self.staging / _partition(day) / check_batch(batch) / run

    def staging_run_of(self, path: Path) -> Path:
        """Return the staging folder of the attempt that `path` belongs to.

        Raises:
            LakeError: `path` does not lie in a staging folder of this lake.
        """
        try:
            partition, batch, run = path.relative_to(self.staging).parts[:3]
        except ValueError as error:
            raise LakeError(f"{path}: tables are published from within {self.staging}") from error
        return self.staging / partition / batch / run

    @classmethod
    def of_plan(cls, plan_path: Path) -> LakeLayout:
        """Return the lake in whose staging the plan of an attempt lies, or lay."""
        return cls(plan_path.parents[4])

    @classmethod
    def of_receipt(cls, receipt_path: Path) -> LakeLayout:
        """Return the lake that a receipt lies in."""
        return cls(receipt_path.parents[2])

    def receipt_of(self, plan_path: Path) -> Path:
        """Return the receipt of the batch that the plan at `plan_path` makes, or made."""
        partition, batch, _ = self.staging_run_of(plan_path).relative_to(self.staging).parts
        return self._receipts / partition / f"{batch}.json"

    def create_staging_run(self, day: date, batch: str, run: str) -> Path:
        """Make and return the folder in which one attempt at a batch works.

        Raises:
            LakeError: The lake is no folder or cannot be written.
            SchemaVersionError: The lake was written by a newer version of the schema.
            CompactedBatchError: The batch became part of another one.
        """
        self.check_version()
        self.check_not_compacted(day, batch)
        folder = self.staging_run(day, batch, run)
        self.create_folder(folder)
        return folder

    def create_folder(self, folder: Path) -> None:
        """Make a folder of the lake unless it is there; a bucket needs none.

        Raises:
            LakeError: The lake is no folder or cannot be written.
        """
        if is_remote(folder):
            return
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise LakeError(
                f"{self.root}: no lake can be written there ({error.strerror}: {error.filename}); "
                "name a folder on a disk that is writable and has space"
            ) from error

    def check_version(self) -> None:
        """Check that the code knows the version of the schema that the lake was written with.

        Raises:
            LakeError: The file of views cannot be read, or the bucket not be reached.
            SchemaVersionError: The lake was written by a newer version of the schema.
        """
        try:
            check_reachable(self.root)
        except StoreError as error:
            raise LakeError(str(error)) from error
        version = self._version()
        if version is not None and version > SCHEMA_VERSION:
            raise SchemaVersionError(
                f"{self.root}: written with version {version} of the schema, but this code knows "
                f"version {SCHEMA_VERSION} at most; update Eventwire"
            )

    def published_files(self, table: str) -> Iterator[tuple[BatchKey, Path]]:
        """Yield the batches of a table and their files, by day and name."""
        return _batches(self.table_folder(table), ".parquet")

    def receipts(self) -> Iterator[tuple[BatchKey, Path]]:
        """Yield the batches that have a receipt, and the receipts, by day and name."""
        return _batches(self._receipts, ".json")

    def unfinished(self) -> Iterator[tuple[BatchKey, Path]]:
        """Yield the batches that are being published, or were when the process died."""
        return _batches(self._receipts, ".publishing")

    def compacted(self) -> Iterator[tuple[BatchKey, Path]]:
        """Yield the batches that became part of another one, and their old receipts."""
        return _batches(self._receipts, ".compacted")

    def compactions(self) -> Iterator[tuple[BatchKey, Path]]:
        """Yield the batches that others were being put together in when the process died."""
        return _batches(self._receipts, ".compaction")

    def reports(self) -> Iterator[tuple[BatchKey, Path]]:
        """Yield the batches that a report was written on, and the reports, by day and name."""
        return _batches(self._reports, ".html")

    def lock_files(self) -> Iterator[Path]:
        """Yield the locks of all batches that were ever published, or are being for the first time.

        In a bucket there are none.
        """
        return iter(() if is_remote(self.root) else sorted(self.staging.glob("locks/*.lock")))

    def foreign_files(self) -> Iterator[Path]:
        """Yield what lies under the tables and is no batch; readers would take it for one."""
        for table in self.tables:
            known = {path for _, path in self.published_files(table)}
            yield from (path for path in _files(self.table_folder(table)) if path not in known)

    def staging_runs(self) -> Iterator[Path]:
        """Yield the staging folders of all attempts that are at work or were left behind."""
        return iter(sorted(self.staging.glob("dt=*/*/*")))

    def staged_files(self, run: Path) -> Iterator[tuple[Path, os.stat_result]]:
        """Yield the files of one attempt at a batch, hidden ones too; some may be gone by now."""
        for path in _files(run):
            with suppress(FileNotFoundError):
                yield path, path.stat()

    @property
    def tables(self) -> tuple[str, ...]:
        """Names of the tables that a batch has; those of summaries: `summaries.layout`."""
        return tuple(TABLES)

    @property
    def _receipts(self) -> Path:
        return self.root / "_receipts"

    @property
    def _reports(self) -> Path:
        return self.root / "_reports"

    def _version(self) -> int | None:
        try:
            with self.views.open(encoding="utf-8") as file:
                first = file.readline()
        except FileNotFoundError:
            return None
        except OSError as error:
            raise LakeError(
                f"{self.root}: no lake can be read there ({error.strerror}); name another folder"
            ) from error
        version = first.removeprefix(VERSION_MARK).strip()
        return int(version) if version.isdigit() else None


def check_batch(batch: str) -> str:
    """Return the name of a batch as it is.

    Raises:
        BatchNameError: It cannot be the name of a file.
    """
    if not _BATCH.fullmatch(batch):
        raise BatchNameError(
            f"batch name {batch!r}: use up to 100 letters, digits, dots, dashes and underscores, "
            "the first a letter or digit"
        )
    return batch


def _partition(day: date) -> str:
    return f"dt={day.isoformat()}"


def _files(folder: Path) -> list[Path]:
    """Return all files below a folder, by name."""
    if is_remote(folder):
        return [path for path, _ in list_files(folder)]
    return sorted(path for path in folder.rglob("*") if not path.is_dir())


def _batches(folder: Path, suffix: str) -> Iterator[tuple[BatchKey, Path]]:
    found = []
    for path in folder.glob(f"dt=*/*{suffix}"):
        day = _day(path.parent.name)
        if day is not None and _BATCH.fullmatch(path.stem):
            found.append((BatchKey(day, path.stem), path))
    return iter(sorted(found))


def _day(partition: str) -> date | None:
    if match := _PARTITION.fullmatch(partition):
        try:
            return date.fromisoformat(match[1])
        except ValueError:
            return None
    return None
