"""What a lake holds, in short: rows per batch, rejects by reason, some events in words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import duckdb

from include.eventwire.event_words import describe_event
from include.eventwire.lake.layout import BatchKey, LakeError, LakeLayout
from include.eventwire.lake.locations import connect_duckdb
from include.eventwire.lake.lookup import find_event
from include.eventwire.lake.parquet_files import count_rows
from include.eventwire.schemas import TABLES

_MOST_EVENTS: Final = 8

# One event a type, of those that are known best; the same ones each time.
_CHOOSE_EVENTS: Final = """
    SELECT event_id FROM read_parquet($paths, union_by_name = true)
    WHERE realis = 'asserted'
    QUALIFY row_number() OVER (
        PARTITION BY event_type
        ORDER BY (actor_codes IS NULL)::INT + (recipient_codes IS NULL)::INT
            + (event_date IS NULL)::INT + (place_text IS NULL)::INT,
            confidence DESC NULLS LAST, event_id
    ) = 1
    ORDER BY (actor_codes IS NULL) OR (recipient_codes IS NULL), event_type
    LIMIT $most
"""
_COUNT_REASONS: Final = """
    SELECT reason, count(*) FROM read_parquet($paths, union_by_name = true)
    GROUP BY reason ORDER BY count(*) DESC, reason
"""


@dataclass(frozen=True, slots=True)
class BatchRows:
    """Rows of one batch, by table.

    Attributes:
        is_complete: Whether the batch has its receipt.
    """

    key: BatchKey
    rows: Mapping[str, int]
    is_complete: bool


@dataclass(frozen=True, slots=True)
class EventInWords:
    """One event as an example."""

    event_id: str
    article_id: str
    words: str


@dataclass(frozen=True, slots=True)
class LakeSummary:
    """What a lake holds.

    Attributes:
        batches: All batches, by day and name.
        reasons: Number of rejects by reason, the most frequent first.
        events: A few coded events.
        query: SQL for DuckDB that counts the events of each type and day.
    """

    batches: tuple[BatchRows, ...]
    reasons: Mapping[str, int]
    events: tuple[EventInWords, ...]
    query: str


def summarise_lake(layout: LakeLayout) -> LakeSummary:
    """Return what the lake holds.

    Raises:
        LakeError: There is no lake.
        SchemaVersionError: The lake was written by a newer version of the schema.
    """
    layout.check_version()
    batches = _count_batches(layout)
    if not batches:
        raise LakeError(f"{layout.root}: no lake with tables there; name the folder of the tables")
    with connect_duckdb(layout.root) as connection:
        reasons = {
            str(reason): int(n_rejects)
            for reason, n_rejects in _query(connection, layout, "rejects", _COUNT_REASONS)
        }
        chosen = _query(connection, layout, "events", _CHOOSE_EVENTS, most=_MOST_EVENTS)
    events = tuple(_put_in_words(layout, str(event_id)) for (event_id,) in chosen)
    return LakeSummary(batches, reasons, events, write_query(layout))


def write_query(layout: LakeLayout) -> str:
    """Return SQL for DuckDB, for any folder to paste it in: events of each type and day."""
    pattern = str(layout.table_folder("events").resolve() / "dt=*" / "*.parquet").replace("'", "''")
    return (
        "SELECT dt, event_type, count(*) AS n_events "  # noqa: S608 - quoted above
        f"FROM read_parquet('{pattern}', hive_partitioning = true) "
        "GROUP BY ALL ORDER BY ALL;"
    )


def _count_batches(layout: LakeLayout) -> tuple[BatchRows, ...]:
    complete = {key for key, _ in layout.receipts()}
    rows: dict[BatchKey, dict[str, int]] = {}
    for table in TABLES:
        for key, path in layout.published_files(table):
            rows.setdefault(key, {})[table] = count_rows(path)
    return tuple(BatchRows(key, rows[key], key in complete) for key in sorted(rows))


def _query(
    connection: duckdb.DuckDBPyConnection, layout: LakeLayout, table: str, sql: str, **values: int
) -> list[tuple[Any, ...]]:
    paths = [str(path) for _, path in layout.published_files(table)]
    if not paths:
        return []
    return connection.execute(sql, {"paths": paths, **values}).fetchall()


def _put_in_words(layout: LakeLayout, event_id: str) -> EventInWords:
    found, event = find_event(layout, event_id)
    words = describe_event(event, found.parties_of(event))
    return EventInWords(event_id, event.article_id, words)
