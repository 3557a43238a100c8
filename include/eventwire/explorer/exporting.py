"""Tables as files: all rows of a choice as Parquet or CSV, whole or not at all.

A file is made on this machine's disk, a few thousand rows in memory at a time, and sent when it is
complete. So an error is told as a page, and no reader takes half a file for all there is.
"""

from __future__ import annotations

import csv
import ctypes
import io
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import IO, Any, Final
from urllib.parse import quote

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pacsv
import pyarrow.parquet as pq
from starlette.responses import Response, StreamingResponse

from include.eventwire.explorer.lake_reading import Connection

# A spreadsheet holds 1,048,576 rows.
MOST_ROWS: Final = 1_000_000
FORMATS: Final = ("parquet", "csv")

_MEDIA: Final = {
    "parquet": "application/vnd.apache.parquet",
    "csv": "text/csv; charset=utf-8",
}
_BATCH_ROWS: Final = 10_000
_ROW_GROUP_ROWS: Final = 20_000
_CHUNK_BYTES: Final = 256 * 1024
# What a spreadsheet takes for the beginning of a formula, wide forms included (OWASP, "CSV
# Injection").
_FORMULA: Final = "^[=+\\-@\t\r\n\uff1d\uff0b\uff0d\uff20]"


class TooManyRowsError(ValueError):
    """More rows are chosen than one export may have; the message says how many, and what to do."""


@dataclass(frozen=True, slots=True)
class ExportTable:
    """What is exported.

    Attributes:
        name: Name of the file without its ending.
        sql: SELECT of the rows of one part, in an order that is always the same.
        parts: Values of its parameters for each part, in order; rows of one part at a time are
            held in memory while they are sorted.
        descriptions: What each column holds, by name; those of a Parquet file carry them.
        prepare: SQL that is run before, and the values of its parameters.
    """

    name: str
    sql: str
    parts: Sequence[Mapping[str, Any]]
    descriptions: Mapping[str, str]
    prepare: tuple[str, Mapping[str, Any]] | None = None


def check_rows(n_rows: int) -> None:
    """Check that one export may have so many rows.

    Raises:
        TooManyRowsError: It may not.
    """
    if n_rows > MOST_ROWS:
        raise TooManyRowsError(
            f"{n_rows:,} rows are chosen, and one export has {MOST_ROWS:,} at most; choose fewer "
            "days or further filters and export them one by one, or read the lake's Parquet files"
        )


def send_export(connection: Connection, table: ExportTable, form: str, folder: Path) -> Response:
    """Return an answer that sends the rows as a file.

    Args:
        connection: Has the views that the table needs.
        table: What is exported.
        form: One of `FORMATS`.
        folder: Where the file is made; it is gone when it was sent.
    """
    file = tempfile.TemporaryFile(dir=folder)  # noqa: SIM115 - closed when it was sent
    try:
        _write(connection, table, form, file)
    except BaseException:
        file.close()
        raise
    finally:
        _give_memory_back()
    size = file.tell()
    file.seek(0)
    name = quote(f"{table.name}.{form}")
    return StreamingResponse(
        _read(file),
        media_type=_MEDIA[form],
        headers={
            "Content-Disposition": f'attachment; filename="{name}"',
            "Content-Length": str(size),
        },
    )


def send_list(name: str, header: Sequence[str], rows: Iterable[Sequence[str]]) -> Response:
    """Return an answer that sends a short list as CSV, made safe for spreadsheets."""
    written = io.StringIO()
    writer = csv.writer(written, quoting=csv.QUOTE_ALL, lineterminator="\n")
    writer.writerow(header)
    for row in rows:
        table = pa.table({"cell": pa.array(row, pa.string())})
        writer.writerow(disarm(table)["cell"].to_pylist())
    return Response(
        written.getvalue(),
        media_type=_MEDIA["csv"],
        headers={"Content-Disposition": f'attachment; filename="{quote(name)}.csv"'},
    )


def disarm(table: pa.Table) -> pa.Table:
    """Return the table with an apostrophe before each text that would be taken for a formula."""
    for number, field in enumerate(table.schema):
        if pa.types.is_string(field.type) or pa.types.is_large_string(field.type):
            texts = table.column(number)
            guarded = pc.binary_join_element_wise(pa.scalar("'", field.type), texts, "")
            safe = pc.if_else(pc.match_substring_regex(texts, _FORMULA), guarded, texts)
            table = table.set_column(number, field, safe)
    return table


def _write(connection: Connection, table: ExportTable, form: str, file: IO[bytes]) -> None:
    if table.prepare is not None:
        sql, values = table.prepare
        connection.execute(sql, dict(values))
    batches = _query(connection, table)
    first = next(batches)
    schema = _describe(first.schema, table.descriptions)
    if form == "csv":
        options = pacsv.WriteOptions(quoting_style="all_valid")
        with pacsv.CSVWriter(file, schema, write_options=options) as writer:
            for batch in chain([first], batches):
                writer.write_table(disarm(pa.table(batch.columns, schema=schema)))
        return
    with pq.ParquetWriter(file, schema, compression="zstd") as writer:
        for group in _gather(chain([first], batches)):
            writer.write_table(pa.Table.from_batches(group).cast(schema))


def _query(connection: Connection, table: ExportTable) -> Iterator[pa.RecordBatch]:
    """Yield the rows of all parts; before the first ones a batch without rows."""
    for number, values in enumerate(table.parts):
        reader = connection.execute(table.sql, dict(values)).to_arrow_reader(_BATCH_ROWS)
        if number == 0:
            yield pa.RecordBatch.from_pylist([], schema=reader.schema)
        yield from reader


def _describe(schema: pa.Schema, descriptions: Mapping[str, str]) -> pa.Schema:
    return pa.schema(
        [
            field.with_metadata({"description": descriptions[field.name]})
            if field.name in descriptions
            else field
            for field in schema
        ]
    )


def _gather(batches: Iterable[pa.RecordBatch]) -> Iterator[list[pa.RecordBatch]]:
    """Yield batches together that make a row group; many small groups are slow to read."""
    group: list[pa.RecordBatch] = []
    for batch in batches:
        group.append(batch)
        if sum(part.num_rows for part in group) >= _ROW_GROUP_ROWS:
            yield group
            group = []
    if group:
        yield group


def _give_memory_back() -> None:
    """Return to the system what the export held: the API server lives on for weeks.

    The allocators would keep a hundred megabytes in small free pieces.
    """
    pa.default_memory_pool().release_unused()
    # Only glibc has it, and only it needs it.
    if (trim := getattr(ctypes.CDLL(None), "malloc_trim", None)) is not None:
        trim(0)


def _read(file: IO[bytes]) -> Iterator[bytes]:
    with file:
        while chunk := file.read(_CHUNK_BYTES):
            yield chunk
