"""The columns that events are searched by, copied from the lake's files into one of DuckDB's own.

A lake of a year has hundreds of files of each table, and to look into all of them takes longer
than a page may, however little is read. So what the pages filter, sort and count by is copied, once
for each batch, when its day is first asked for; whole rows are still read from the lake, for the
few events that a page shows. The copy is a temporary file and nobody's record: it ends with the
process, and a batch that was published again is copied again.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Final

import duckdb

from include.eventwire.explorer.lake_state import PublishedBatch
from include.eventwire.explorer.lake_tables import no_rows, quote
from include.eventwire.lake.layout import BatchKey

# Columns by table, besides the day and the name of the batch.
INDEXED: Final[Mapping[str, str]] = {
    "events": (
        "article_id, event_id, event_index, event_type, event_mode, quad_class, realis, "
        "event_date, place_text, place_name, place_country, latitude, longitude, actor_codes, "
        "recipient_codes, confidence, plover_score"
    ),
    "articles": "article_id, publisher, is_canonical, cluster_id",
    "event_clusters": (
        "event_cluster_id, event_ids, n_reports, n_publishers, n_independent_publishers"
    ),
}
_SCHEMA: Final = "lake_index"
# So many batches are copied at once: those that were stay when the time is over.
_BATCHES_TOGETHER: Final = 50


class LakeIndex:
    """Copies of some columns of the batches that were asked for."""

    def __init__(
        self,
        database: duckdb.DuckDBPyConnection,
        file: Path,
        select_files: Callable[[str, Sequence[PublishedBatch]], str],
    ) -> None:
        """Begin an index in a new file.

        Args:
            database: The database that reads the lake; it must be allowed to write `file`.
            file: Where the copies are kept.
            select_files: Returns a SELECT of a table over the files of batches, at least one.
        """
        self._database = database
        self._select_files = select_files
        self._lock = threading.Lock()
        self._copied: dict[str, dict[BatchKey, PublishedBatch]] = {table: {} for table in INDEXED}
        database.execute(f"ATTACH {quote(str(file))} AS {_SCHEMA}")
        for table, columns in INDEXED.items():
            database.register("no_rows", no_rows(table))
            database.execute(
                f"CREATE TABLE {_SCHEMA}.{table} AS SELECT dt, batch, {columns} FROM no_rows"  # noqa: S608 - names are ours
            )
            database.unregister("no_rows")

    def select(
        self, table: str, batches: Sequence[PublishedBatch], first: date, last: date, until: float
    ) -> str:
        """Return a SELECT of the copies of a table, after copying what is new.

        Args:
            table: One of `INDEXED`.
            batches: All batches from `first` to `last`.
            first: First day.
            last: Last day.
            until: When to give up (`time.monotonic`).

        Raises:
            TimeoutError: There is more to copy than could be until then; what was copied stays.
            duckdb.Error: A file of the lake cannot be read, or the copy not be written.
        """
        copied, wanted = self._copied[table], {batch.key: batch for batch in batches}
        with self._lock:
            gone = [key for key in copied if first <= key.day <= last and key not in wanted]
            self._replace(table, gone, [])
            new = [batch for batch in batches if copied.get(batch.key) != batch]
            for start in range(0, len(new), _BATCHES_TOGETHER):
                if time.monotonic() > until:
                    raise TimeoutError
                some = new[start : start + _BATCHES_TOGETHER]
                self._replace(table, [row.key for row in some if row.key in copied], some)
        return (
            f"SELECT * FROM {_SCHEMA}.{table} "  # noqa: S608 - names and days of our own
            f"WHERE dt BETWEEN DATE '{first}' AND DATE '{last}'"
        )

    def _replace(self, table: str, old: Sequence[BatchKey], new: Sequence[PublishedBatch]) -> None:
        """Remove some batches and copy others, at once: nobody sees a batch missing meanwhile."""
        with self._database.cursor() as cursor:
            # Files of an older version may lack a column.
            cursor.register("no_rows", no_rows(table))
            cursor.begin()
            for key in old:
                cursor.execute(
                    f"DELETE FROM {_SCHEMA}.{table} WHERE dt = $day AND batch = $batch",  # noqa: S608 - names are ours
                    {"day": key.day, "batch": key.batch},
                )
            if new:
                cursor.execute(
                    f"INSERT INTO {_SCHEMA}.{table} SELECT dt, batch, {INDEXED[table]} "  # noqa: S608 - names are ours, paths in quotes
                    f"FROM ({self._select_files(table, new)} "
                    "UNION ALL BY NAME SELECT * FROM no_rows)"
                )
            cursor.commit()
        for key in old:
            del self._copied[table][key]
        self._copied[table].update((batch.key, batch) for batch in new)
