"""Parquet: one article a row."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

import pyarrow as pa
import pyarrow.parquet as pq

from include.eventwire.inputs.sources import USUAL_NAMES
from include.eventwire.readers.fields import FieldError, find_missing_text, name_fields
from include.eventwire.readers.raw import RawArticle, ReadContext
from include.eventwire.records import Reject

# Rows that Arrow holds at a time, and what they may take: a text that stands once in a file for
# thousands of rows stands as often in memory.
_BATCH_ROWS: Final = 256
_BATCH_BYTES: Final = 64 * 1024 * 1024
# What is read of a column at a time: otherwise all of it in a row group is.
_BUFFER_BYTES: Final = 1024 * 1024
# What Arrow raises for files that are damaged or made to look so; ValueError covers names of
# columns that are no UTF-8, LookupError time zones that do not exist.
_ERRORS: Final = (pa.ArrowException, ValueError, OverflowError, LookupError)


def read_parquet(context: ReadContext) -> Iterator[RawArticle | Reject]:
    """Yield the rows of a Parquet file; only the columns that an article is made of are read.

    Raises:
        OSError: The file is no Parquet or is damaged; Arrow's own errors are turned into it.
        ExpansionError: Columns or rows grow beyond what is allowed of a compressed file.
    """
    try:
        with pq.ParquetFile(context.file.path, buffer_size=_BUFFER_BYTES) as table:
            if problem := find_missing_text(table.schema_arrow.names, context.profile):
                yield context.reject(None, "broken_record", problem)
                return
            number = 0
            for batch in _read_batches(table, context):
                for row in _rows(_in_microseconds(batch)):
                    number += 1
                    yield _read_row(row, number, context)
    except _ERRORS as error:
        raise OSError(f"the file is no Parquet that can be read: {error}") from error


def _read_batches(table: pq.ParquetFile, context: ReadContext) -> Iterator[pa.RecordBatch]:
    columns = _wanted_columns(table.schema_arrow.names, context)
    pages, rows = (context.make_budget(context.file.size) for _ in range(2))
    for group in range(table.num_row_groups):
        # Of all columns: those of the metadata of one abort the process when they are damaged.
        size = max(1, table.metadata.row_group(group).total_byte_size)
        pages.take(size)
        # No value is larger than all pages.
        n_rows = min(max(1, _BATCH_BYTES // size), _BATCH_ROWS)
        for batch in table.iter_batches(n_rows, row_groups=[group], columns=columns):
            rows.take(batch.nbytes)
            yield batch


def _wanted_columns(names: list[str], context: ReadContext) -> list[str]:
    wanted = {name for part in USUAL_NAMES for name in context.profile.names_of(part)}
    return [name for name in names if name.lower() in wanted]


def _in_microseconds(batch: pa.RecordBatch) -> pa.RecordBatch:
    """Return `batch` with times in microseconds: Python's datetime holds no nanoseconds."""
    arrays = [
        column.cast(pa.timestamp("us", column.type.tz), safe=False)
        if pa.types.is_timestamp(column.type)
        else column
        for column in batch.columns
    ]
    return pa.RecordBatch.from_arrays(arrays, names=batch.schema.names)


def _rows(batch: pa.RecordBatch) -> Iterator[Mapping[str, object] | ValueError]:
    """Yield each row, or the error of a row that holds no valid UTF-8."""
    for index in range(batch.num_rows):
        try:
            yield batch.slice(index, 1).to_pylist()[0]
        except (UnicodeDecodeError, OverflowError, ValueError) as error:
            yield ValueError(str(error))


def _read_row(
    row: Mapping[str, object] | ValueError, number: int, context: ReadContext
) -> RawArticle | Reject:
    if isinstance(row, ValueError):
        detail = f"row {number}: {row}; write the column as UTF-8 strings"
        return context.reject(number, "undecodable_text", detail, stage="decode")
    try:
        return name_fields(row, number, context.profile)
    except FieldError as error:
        return context.reject(number, "broken_record", f"row {number}: {error}")
