"""What a new batch changes against the one that it replaces, in numbers, for its receipt.

Once the new batch stands the old one is gone, so this is counted before. It holds no text.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any, Final

import duckdb

from include.eventwire.comparison.lakes import (
    count_articles,
    count_events,
    count_fields,
    count_moves,
    pair_events,
)
from include.eventwire.comparison.tables import connect
from include.eventwire.lake.layout import BatchKey, LakeLayout
from include.eventwire.lake.parquet_files import exact_pattern
from include.eventwire.lake.receipts import Receipt, read_receipt

_LOG = logging.getLogger(__name__)
_COMPARED: Final = ("articles", "events")


def describe_replaced(
    layout: LakeLayout, key: BatchKey, tables: Mapping[str, Path]
) -> dict[str, Any] | None:
    """Return what the batch is that stands in the lake, and how the new one differs from it.

    A batch that cannot be compared is no reason not to replace it: the log tells why it was not.

    Args:
        layout: The lake.
        key: The batch.
        tables: Staged files of the batch that is about to replace it.

    Returns:
        `published_at`, `versions`, `rows` (by table) and `event_types` of the old batch; of the
        articles that both have, `articles_in_both`, and `events` (a, b, gained, lost, changed),
        `fields` and `moves` as in `comparison.lakes.LakeDiff`. None where no complete batch stands.
    """
    try:
        standing = read_receipt(layout.receipt_file(key.day, key.batch))
        return {**_describe(standing), **_compare(layout, key, tables)}
    except FileNotFoundError:
        return None
    except (duckdb.Error, OSError, ValueError) as error:
        _LOG.warning("%s: not compared with the batch that it replaces: %s", key, error)
        return None


def _describe(standing: Receipt) -> dict[str, Any]:
    return {
        "published_at": standing.run.get("published_at"),
        "versions": dict(standing.versions),
        "rows": {name: file.rows for name, file in standing.tables.items()},
        "event_types": dict((standing.profile or {}).get("event_types", {})),
    }


def _compare(layout: LakeLayout, key: BatchKey, tables: Mapping[str, Path]) -> dict[str, Any]:
    old = {table: layout.table_file(table, key.day, key.batch) for table in _COMPARED}
    with connect(layout) as connection:
        for side, files in (("a", old), ("b", tables)):
            for table in _COMPARED:
                _make_view(connection, f"{side}_{table}", files[table])
        pair_events(connection)
        return {
            "articles_in_both": count_articles(connection).both,
            "events": asdict(count_events(connection)),
            "fields": count_fields(connection),
            "moves": [list(move) for move in count_moves(connection)],
        }


def _make_view(connection: duckdb.DuckDBPyConnection, name: str, path: Path) -> None:
    connection.execute(f"SET VARIABLE {name}_path = ?", [exact_pattern(path)])
    connection.execute(
        f"CREATE VIEW {name} AS SELECT *, '' AS batch "  # noqa: S608 - our names
        f"FROM read_parquet(getvariable('{name}_path'), hive_partitioning = false)"
    )
