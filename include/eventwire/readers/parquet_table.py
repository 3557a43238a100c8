"""Parquet: one article a row."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

import pyarrow as pa
import pyarrow.parquet as pq

from include.eventwire.readers.fields import FieldError, find_missing_text, name_fields
from include.eventwire.readers.raw import RawArticle, ReadContext
from include.eventwire.records import Reject
from include.eventwire.sources import USUAL_NAMES

# Rows in memory as Python objects at a time.
_BATCH_ROWS: Final = 256


def read_parquet(context: ReadContext) -> Iterator[RawArticle | Reject]:
    """Yield the rows of a Parquet file; only the columns that an article is made of are read.

    Raises:
        OSError: The file is no Parquet or is damaged; Arrow's own errors are turned into it.
    """
    try:
        with pq.ParquetFile(context.file.path) as table:
            columns = _wanted_columns(table.schema_arrow.names, context)
            if problem := find_missing_text(table.schema_arrow.names, context.profile):
                yield context.reject(None, "broken_record", problem)
                return
            number = 0
            for batch in table.iter_batches(_BATCH_ROWS, columns=columns):
                for row in _rows(_in_microseconds(batch)):
                    number += 1
                    yield _read_row(row, number, context)
    except pa.ArrowException as error:
        raise OSError(f"the file is no Parquet that can be read: {error}") from error


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
