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
from collections.abc import Callable, Collection, Hashable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from functools import partial
from pathlib import Path
from tempfile import mkdtemp
from typing import Final, TypeVar, cast
from weakref import finalize

import duckdb

from include.eventwire.explorer.lake_index import LakeIndex
from include.eventwire.explorer.lake_state import LakeState, look_at
from include.eventwire.explorer.lake_tables import no_rows, quote, select_files
from include.eventwire.lake.layout import LakeError, LakeLayout
from include.eventwire.lake.locations import connect_duckdb
from include.eventwire.lake.parquet_files import exact_pattern
from include.eventwire.schemas import TABLES
from include.eventwire.summaries.schemas import SUMMARY_TABLES

Connection = duckdb.DuckDBPyConnection
T = TypeVar("T")

# What the API server grows by at most is 300 MB; the rest of it is Python's and Arrow's own.
_MEMORY_LIMIT: Final = "96MB"
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


class SlowQueryError(LakeError):
    """A query took longer than a page may; the message says what to narrow."""


class BusyError(RuntimeError):
    """Too much is being done at once; the message says when to try again."""


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
        self._folder = Path(mkdtemp(prefix="eventwire-explorer-"))
        # With the reader, at the latest when the process ends.
        self._remove_folder = finalize(self, shutil.rmtree, self._folder, ignore_errors=True)
        self.scratch = self._folder / "requests"
        self.scratch.mkdir()
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
        self._index = LakeIndex(
            self._database, self._folder / "index.duckdb", partial(select_files, self.layout)
        )
        for setting in self._settings():
            self._database.execute(f"SET GLOBAL {setting}")

    def _settings(self) -> Iterator[str]:
        """Yield what the database can only be told when it stands; the last one keeps it so."""
        yield "enable_external_file_cache = false"
        yield "TimeZone = 'UTC'"
        # Whatever a query says, no other file is read or written.
        root = self.layout.root
        allowed = (str(root), exact_pattern(root), str(self._folder))
        yield f"allowed_directories = [{', '.join(map(quote, allowed))}]"
        yield "enable_external_access = false"
        yield "lock_configuration = true"

    def close(self) -> None:
        """Close the database and remove its temporary files."""
        self._database.close()
        self._remove_folder()

    def state(self) -> LakeState:
        """Return what is published, as of some seconds ago at most.

        Raises:
            LakeError: The lake cannot be read.
        """
        with self._lock:
            now = time.monotonic()
            if self._state is None or now - self._looked_at > _FRESH_SECONDS:
                self._state = look_at(self.layout)
                self._looked_at = now
            return self._state

    @contextmanager
    def open(
        self,
        first: date,
        last: date,
        tables: Sequence[str] = tuple(TABLES),
        *,
        indexed: Collection[str] = (),
        only: Collection[date] | None = None,
    ) -> Iterator[Connection]:
        """Give a connection whose views are the tables, of the days from `first` to `last`.

        Besides its own columns each view has `dt`, the day of the batch, and `batch`, its name. The
        same article may stand in several batches: join by `article_id, dt, batch`. The tables of
        summaries are empty for days that were not summarised.

        Args:
            first: First day.
            last: Last day.
            tables: The tables that are needed, summaries among them; the fewer, the faster.
            indexed: Those of them of which the columns of the index are enough (`INDEXED`).
            only: The days that are needed, if not all from `first` to `last`; not for the index.

        Raises:
            SlowQueryError: The caller took longer than allowed.
            LakeError: The lake cannot be read.
        """
        state = self.state().within(first, last)
        if only is not None:
            state = state.on(only)
        with self._turns, self._connect(state, tables, indexed, self._seconds) as connection:
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
            state = self.state().within(first, last)
            with self._connect(state, tables, (), _LONG_SECONDS) as connection:
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
        self, state: LakeState, tables: Sequence[str], indexed: Collection[str], seconds: float
    ) -> Iterator[Connection]:
        until = time.monotonic() + seconds
        connection = self._database.cursor()
        timer = threading.Timer(seconds, connection.interrupt)
        timer.daemon = True
        timer.start()
        try:
            for table in tables:
                self._show(connection, table, state, until if table in indexed else None)
            yield connection
        except (duckdb.InterruptException, TimeoutError) as error:
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

    def _show(
        self, connection: Connection, table: str, state: LakeState, until: float | None
    ) -> None:
        """Give `connection` the view of a table, from the index if that may take until then."""
        batches = state.summaries if table in SUMMARY_TABLES else state.batches
        if not batches:
            connection.register(table, no_rows(table))
            return
        if until is not None:
            rows = self._index.select(table, batches, state.first, state.last, until)
        else:
            rows = select_files(self.layout, table, batches)
        connection.execute(f"CREATE TEMP VIEW {table} AS {rows}")
