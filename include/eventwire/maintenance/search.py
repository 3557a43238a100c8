"""Finds where articles stand in a lake: their rows, their copies, and rejects that name them."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from include.eventwire.batches.plan import DAILY
from include.eventwire.lake.layout import BatchKey, LakeLayout
from include.eventwire.lake.locations import connect_duckdb
from include.eventwire.lake.parquet_files import exact_pattern

_COLUMNS: Final = (
    "article_id, cluster_id, canonical_url, published_at, input_uri, record_number, "
    "n_tokens IS NOT NULL"
)


@dataclass(frozen=True, slots=True)
class Occurrence:
    """An article as it stands in one batch.

    Attributes:
        key: The batch.
        row: 0-based row of the table of articles.
        is_coded: Whether its events were looked for.
    """

    key: BatchKey
    row: int
    article_id: str
    cluster_id: str | None
    canonical_url: str | None
    published_at: datetime | None
    input_uri: str
    record_number: int
    is_coded: bool


def find_articles(layout: LakeLayout, column: str, values: Collection[str]) -> list[Occurrence]:
    """Return where articles stand whose `column` is one of `values`, the earliest batch first.

    The order is that in which batches are compared: by day, the daily one before the others.
    """
    rows = _query(
        layout,
        "articles",
        f"SELECT filename, file_row_number, {_COLUMNS} FROM read_parquet($files, filename = true, "  # noqa: S608 - names of columns are ours
        f"file_row_number = true, union_by_name = true) WHERE list_contains($values, {column})",
        {"values": sorted(values)},
    )
    return sorted(
        (Occurrence(*row) for row in rows), key=lambda found: (*batch_order(found.key), found.row)
    )


def find_rejects(layout: LakeLayout, records: Collection[tuple[str, int]]) -> set[BatchKey]:
    """Return the batches with rejects of some records (input and number) that may quote them."""
    rows = _query(
        layout,
        "rejects",
        "SELECT DISTINCT filename, record_number, input_uri FROM read_parquet($files, filename = "
        "true, union_by_name = true) WHERE reason <> 'forgotten' "
        "AND list_contains($values, input_uri)",
        {"values": sorted({uri for uri, _ in records})},
    )
    return {key for key, number, uri in rows if (uri, number) in records}


def batch_order(key: BatchKey) -> tuple[Any, ...]:
    """Return what batches are ordered by when they are compared for copies."""
    return key.day, key.batch != DAILY, key.batch


def _query(
    layout: LakeLayout, table: str, sql: str, values: dict[str, Sequence[str]]
) -> list[tuple[Any, ...]]:
    """Return the rows, the name of the file in front replaced by its batch."""
    keys = {str(path): key for key, path in layout.published_files(table)}
    if not keys or not values["values"]:
        return []
    files = [exact_pattern(path) for _, path in layout.published_files(table)]
    with connect_duckdb(layout.root) as connection:
        rows = connection.execute(sql, {"files": files, **values}).fetchall()
    return [(keys[filename], *row) for filename, *row in rows]
