"""DuckDB over the Parquet files of a lake, for many requests at once, read only.

One database in memory serves all requests, so that its limit on memory holds for all of them
together. A request sees the tables as views over the files of the days that it asks for. Which
batches there are is told by their receipts, so that nothing that is half published is shown.
"""

from __future__ import annotations

import shutil
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from tempfile import mkdtemp
from typing import Any, Final, TypeVar, cast
from weakref import finalize

import duckdb
import pyarrow as pa

from include.eventwire.lake import BatchKey, LakeError, LakeLayout
from include.eventwire.locations import connect_duckdb, is_remote
from include.eventwire.parquet_files import exact_pattern
from include.eventwire.schemas import TABLES
from include.eventwire.summaries.layout import SummaryLayout
from include.eventwire.summaries.schemas import SUMMARY_TABLES

Connection = duckdb.DuckDBPyConnection
T = TypeVar("T")

DEFAULT_DAYS: Final = 30

# What the API server grows by at most is 300 MB; the rest of it is Python's and Arrow's own.
_MEMORY_LIMIT: Final = "128MB"
_DISK_LIMIT: Final = "2GB"
_THREADS: Final = 2
_AT_ONCE: Final = 4
_SECONDS: Final = 30.0
_LONG_SECONDS: Final = 300.0
_LONG_AT_ONCE: Final = 2
_SECONDS_TO_WAIT: Final = 5.0
# For so long a new batch may be overlooked.
_FRESH_SECONDS: Final = 5.0
_MOST_REMEMBERED: Final = 256


class EmptyLakeError(LakeError):
    """There is nothing to show yet; the message says what to run."""


class SlowQueryError(LakeError):
    """A query took longer than a page may; the message says what to narrow."""


class BusyError(RuntimeError):
    """Too much is being done at once; the message says when to try again."""


@dataclass(frozen=True, slots=True)
class PublishedBatch:
    """One complete batch.

    Attributes:
        key: Day and name.
        receipt: Its receipt.
        size: Bytes of the receipt.
        changed: When the receipt was written, as the file system or store tells it.
    """

    key: BatchKey
    receipt: Path
    size: int
    changed: float


@dataclass(frozen=True, slots=True)
class LakeState:
    """What was published when it was last looked at.

    Attributes:
        batches: All complete batches, by day and name.
        summaries: The days that were summarised, see `summaries.layout`.
    """

    batches: tuple[PublishedBatch, ...]
    summaries: tuple[PublishedBatch, ...] = ()

    @property
    def days(self) -> tuple[date, ...]:
        """The days that have a batch, in order."""
        return tuple(dict.fromkeys(batch.key.day for batch in self.batches))

    def within(self, first: date, last: date) -> LakeState:
        """Return the batches of the days from `first` to `last`, both included."""
        return LakeState(
            tuple(batch for batch in self.batches if first <= batch.key.day <= last),
            tuple(batch for batch in self.summaries if first <= batch.key.day <= last),
        )

    def default_days(self) -> tuple[date, date]:
        """Return the first and the last of the `DEFAULT_DAYS` days that end with the newest.

        Raises:
            EmptyLakeError: No batch is there.
        """
        if not self.batches:
            raise EmptyLakeError("the lake has no complete batch yet")
        last = self.batches[-1].key.day
        return max(self.batches[0].key.day, last - timedelta(days=DEFAULT_DAYS - 1)), last


class LakeReader:
    """Answers queries over one lake.

    Attributes:
        layout: Where things of the lake lie.
        scratch: Folder for files that live no longer than a request.
    """

    def __init__(
        self,
        root: Path,
        *,
        memory_limit: str = _MEMORY_LIMIT,
        threads: int = _THREADS,
        at_once: int = _AT_ONCE,
        seconds: float = _SECONDS,
    ) -> None:
        """Open a database for the lake at `root`, which may be missing as yet.

        Args:
            root: The lake.
            memory_limit: What all queries together may hold, in DuckDB's words.
            threads: How many threads they share.
            at_once: How many queries may run at once; others wait.
            seconds: Longest time that a request may hold its connection.

        Raises:
            LakeError: `root` is the address of something else than a bucket.
        """
        self.layout = LakeLayout(root)
        self._seconds = seconds
        self._turns = threading.BoundedSemaphore(at_once)
        self._long_turns = threading.BoundedSemaphore(_LONG_AT_ONCE)
        self._lock = threading.Lock()
        self._state: LakeState | None = None
        self._looked_at = 0.0
        self._remembered: OrderedDict[Hashable, object] = OrderedDict()
        self.scratch = Path(mkdtemp(prefix="eventwire-explorer-"))
        # With the reader, at the latest when the process ends.
        self._remove_scratch = finalize(self, shutil.rmtree, self.scratch, ignore_errors=True)
        self._database = connect_duckdb(
            root,
            memory_limit=memory_limit,
            threads=threads,
            temp_directory=str(self.scratch),
            max_temp_directory_size=_DISK_LIMIT,
            autoinstall_known_extensions="false",
            autoload_known_extensions="false",
            python_scan_all_frames="false",
        )

        for setting in self._settings():
            self._database.execute(f"SET GLOBAL {setting}")

    def _settings(self) -> Iterator[str]:
        """Yield what the database can only be told when it stands; the last one keeps it so."""
        yield "parquet_metadata_cache = true"
        yield "enable_external_file_cache = false"
        yield "TimeZone = 'UTC'"
        # Whatever a query says, no other file is read or written.
        root = self.layout.root
        allowed = (str(root), exact_pattern(root), str(self.scratch))
        yield f"allowed_directories = [{', '.join(map(_quote, allowed))}]"
        yield "enable_external_access = false"
        yield "lock_configuration = true"

    def close(self) -> None:
        """Close the database and remove its temporary files."""
        self._database.close()
        self._remove_scratch()

    def state(self) -> LakeState:
        """Return what is published, as of some seconds ago at most.

        Raises:
            LakeError: The lake cannot be read.
        """
        with self._lock:
            now = time.monotonic()
            if self._state is None or now - self._looked_at > _FRESH_SECONDS:
                self._state = _look_at(self.layout)
                self._looked_at = now
            return self._state

    @contextmanager
    def open(
        self, first: date, last: date, tables: Sequence[str] = tuple(TABLES)
    ) -> Iterator[Connection]:
        """Give a connection whose views are the tables, of the days from `first` to `last`.

        Besides its own columns each view has `dt`, the day of the batch, and `batch`, its name. The
        same article may stand in several batches: join by `article_id, dt, batch`. The tables of
        summaries are empty for days that were not summarised.

        Args:
            first: First day.
            last: Last day.
            tables: The tables that are needed, summaries among them; the fewer, the faster.

        Raises:
            SlowQueryError: The caller took longer than allowed.
            LakeError: The lake cannot be read.
        """
        with self._turns, self._connect(first, last, tables, self._seconds) as connection:
            yield connection

    @contextmanager
    def open_long(
        self, first: date, last: date, tables: Sequence[str] = tuple(TABLES)
    ) -> Iterator[Connection]:
        """Give a connection as `open` does, for work of minutes; few are given at once.

        Raises:
            BusyError: All are in use.
            SlowQueryError: The caller took longer than allowed.
            LakeError: The lake cannot be read.
        """
        if not self._long_turns.acquire(timeout=_SECONDS_TO_WAIT):
            raise BusyError(
                "other exports are being made; try again in a minute, or choose fewer days"
            )
        try:
            with self._connect(first, last, tables, _LONG_SECONDS) as connection:
                yield connection
        finally:
            self._long_turns.release()

    def remember(self, key: Hashable, state: LakeState, make: Callable[[], T]) -> T:
        """Return what `make` gives, without making it anew while the batches are the same.

        Only for what is small and depends on nothing but `key` and the batches.

        Args:
            key: What is made, with all that it depends on.
            state: The batches that it is made of; see `LakeState.within`.
            make: Makes it.
        """
        whole = (key, state)
        with self._lock:
            if whole in self._remembered:
                self._remembered.move_to_end(whole)
                return cast("T", self._remembered[whole])
        made = make()
        with self._lock:
            self._remembered[whole] = made
            while len(self._remembered) > _MOST_REMEMBERED:
                self._remembered.popitem(last=False)
        return made

    @contextmanager
    def _connect(
        self, first: date, last: date, tables: Sequence[str], seconds: float
    ) -> Iterator[Connection]:
        state = self.state().within(first, last)
        connection = self._database.cursor()
        timer = threading.Timer(seconds, connection.interrupt)
        timer.daemon = True
        timer.start()
        try:
            for table in tables:
                self._show(connection, table, state)
            yield connection
        except duckdb.InterruptException as error:
            raise SlowQueryError(
                f"{self.layout.root}: this took more than {seconds:.0f} seconds; choose fewer days "
                "or another filter"
            ) from error
        except (duckdb.IOException, duckdb.InvalidInputException) as error:
            raise LakeError(
                f"{self.layout.root}: a file cannot be read; verify the lake: "
                f"python -m include.eventwire verify ({error})"
            ) from error
        finally:
            timer.cancel()
            connection.close()

    def _show(self, connection: Connection, table: str, state: LakeState) -> None:
        summarised = table in SUMMARY_TABLES
        layout = SummaryLayout(self.layout.root) if summarised else self.layout
        files = [
            exact_pattern(layout.table_file(table, batch.key.day, batch.key.batch))
            for batch in (state.summaries if summarised else state.batches)
        ]
        if not files:
            connection.register(table, _no_rows(table))
            return
        quoted = ", ".join(map(_quote, files))
        connection.execute(
            f"CREATE TEMP VIEW {table} AS SELECT *, parse_filename(filename, true) AS batch "  # noqa: S608 - the name of a table, and paths of the lake in quotes
            f"FROM read_parquet([{quoted}], union_by_name = true, hive_partitioning = true, "
            "hive_types = {'dt': DATE})"
        )


def _quote(text: str) -> str:
    """Return `text` as a literal of SQL."""
    return "'" + text.replace("'", "''") + "'"


def _no_rows(table: str) -> pa.Table:
    schema = {**TABLES, **SUMMARY_TABLES}[table]
    for name, type_ in (("dt", pa.date32()), ("batch", pa.string())):
        schema = schema.append(pa.field(name, type_))
    return schema.empty_table()


def _look_at(layout: LakeLayout) -> LakeState:
    layout.check_version()
    try:
        return LakeState(*(_list_receipts(part) for part in (layout, SummaryLayout(layout.root))))
    except OSError as error:
        raise LakeError(f"{layout.root}: the lake cannot be read ({error})") from error


def _list_receipts(layout: LakeLayout) -> tuple[PublishedBatch, ...]:
    found = list(layout.receipts())
    if not found or not is_remote(layout.root):
        return tuple(batch for key, path in found if (batch := _stat(key, path)))
    # One request for a thousand receipts, instead of one each.
    folder = cast("Any", found[0][1].parent.parent)
    told = folder.fs.find(folder.path, detail=True)
    return tuple(
        PublishedBatch(key, path, int(entry["size"]), entry["mtime"].timestamp())
        for key, path in found
        if (entry := told.get(cast("Any", path).path)) is not None
    )


def _stat(key: BatchKey, path: Path) -> PublishedBatch | None:
    """Return the batch, or None when its receipt is gone since it was listed."""
    try:
        status = path.stat()
    except FileNotFoundError:
        return None
    return PublishedBatch(key, path, status.st_size, status.st_mtime)
