"""The published tables of lakes as views of DuckDB; work beyond its memory goes to the disk."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from tempfile import TemporaryDirectory
from typing import Any, Final

import duckdb
import pyarrow as pa

from include.eventwire.lake.layout import BatchKey, LakeError, LakeLayout
from include.eventwire.lake.locations import connect_duckdb
from include.eventwire.lake.parquet_files import exact_pattern, file_schema
from include.eventwire.lake.receipts import Receipt, read_receipt

# Beyond this the database works from its temporary folder.
_MEMORY_LIMIT: Final = "1GB"

Receipts = Mapping[BatchKey, Receipt]


@contextmanager
def connect(*layouts: LakeLayout) -> Iterator[duckdb.DuckDBPyConnection]:
    """Yield a connection to a database that can read the lakes and holds little in memory."""
    with TemporaryDirectory(prefix="eventwire-diff-") as folder:
        connection = connect_duckdb(
            *(layout.root for layout in layouts),
            memory_limit=_MEMORY_LIMIT,
            temp_directory=folder,
            preserve_insertion_order=False,
        )
        with connection:
            yield connection


def read_receipts(
    layout: LakeLayout, first_day: date | None = None, last_day: date | None = None
) -> Receipts:
    """Return the complete batches of the days; None leaves a side open.

    Raises:
        LakeError: There are none.
        ReceiptError: A receipt cannot be read.
    """
    found = {
        key: read_receipt(path)
        for key, path in layout.receipts()
        if (first_day is None or first_day <= key.day) and (last_day is None or key.day <= last_day)
    }
    if not found:
        raise LakeError(f"{layout.root}: no complete batch of these days there")
    return found


def make_view(
    connection: duckdb.DuckDBPyConnection,
    name: str,
    layout: LakeLayout,
    table: str,
    batches: Mapping[BatchKey, object],
    label: Callable[[BatchKey], str] = str,
) -> None:
    """Make the view `name` of the rows of `batches`, with the label of its batch as `batch`."""
    files = {path: label(key) for key, path in layout.published_files(table) if key in batches}
    if not files:
        connection.register(name, file_schema(table).empty_table().append_column("batch", _NONE))
        return
    connection.register(
        f"{name}_files", pa.table({"filename": [*map(str, files)], "batch": list(files.values())})
    )
    connection.execute(f"SET VARIABLE {name}_paths = ?", [[*map(exact_pattern, files)]])
    connection.execute(
        f"CREATE VIEW {name} AS SELECT * EXCLUDE (filename) FROM read_parquet("  # noqa: S608 - our names
        f"getvariable('{name}_paths'), filename = true, union_by_name = true, "
        f"hive_partitioning = false) JOIN {name}_files USING (filename)"
    )


def fetch_all(
    connection: duckdb.DuckDBPyConnection, sql: str, **values: object
) -> list[tuple[Any, ...]]:
    """Return the rows of a query."""
    return connection.execute(sql, values or None).fetchall()


_NONE: Final = pa.array([], pa.string())
