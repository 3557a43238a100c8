"""SQL over the files of the tables of a lake and of its summaries."""

from __future__ import annotations

from collections.abc import Sequence

import pyarrow as pa

from include.eventwire.explorer.lake_state import PublishedBatch
from include.eventwire.lake.layout import LakeLayout
from include.eventwire.lake.parquet_files import exact_pattern
from include.eventwire.schemas import TABLES
from include.eventwire.summaries.layout import SummaryLayout
from include.eventwire.summaries.schemas import SUMMARY_TABLES


def select_files(layout: LakeLayout, table: str, batches: Sequence[PublishedBatch]) -> str:
    """Return a SELECT of all columns of a table, and of `dt` and `batch`, over batches' files.

    Args:
        layout: Where things of the lake lie.
        table: A table of the lake or a summary.
        batches: At least one, of a summary the days that were summarised.
    """
    place = SummaryLayout(layout.root) if table in SUMMARY_TABLES else layout
    files = ", ".join(
        quote(exact_pattern(place.table_file(table, batch.key.day, batch.key.batch)))
        for batch in batches
    )
    return (
        "SELECT *, parse_filename(filename, true) AS batch "  # noqa: S608 - paths of the lake in quotes
        f"FROM read_parquet([{files}], union_by_name = true, hive_partitioning = true, "
        "hive_types = {'dt': DATE})"
    )


def no_rows(table: str) -> pa.Table:
    """Return a table, or a summary, of which there is nothing, with `dt` and `batch`."""
    schema = {**TABLES, **SUMMARY_TABLES}[table]
    for name, type_ in (("dt", pa.date32()), ("batch", pa.string())):
        schema = schema.append(pa.field(name, type_))
    return schema.empty_table()


def quote(text: str) -> str:
    """Return `text` as a literal of SQL."""
    return "'" + text.replace("'", "''") + "'"
