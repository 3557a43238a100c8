"""Parquet files of the tables: records in and out, the same bytes for the same rows.

A file is written under another name and renamed, so that its path never shows half a file; one in a
bucket is made on this machine and uploaded. Nothing is synced to the disk here: `publishing` does
that for the files that enter the lake.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Collection, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import partial
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from include.eventwire.lake.locations import (
    arrow_place,
    fetch_in_turn,
    is_of_store,
    is_remote,
    on_this_machine,
    upload_file,
)
from include.eventwire.records import Article, Event, EventParty, Mention, Reject, Signature
from include.eventwire.schemas import SCHEMA_VERSION, TABLES, SchemaVersionError
from include.eventwire.summaries.records import ActorPairDay, EventCluster, SourceDay, Story
from include.eventwire.summaries.schemas import SUMMARY_TABLES

Record = (
    Article | Mention | Event | EventParty | Reject | Signature
    | ActorPairDay | EventCluster | Story | SourceDay
)  # fmt: skip

RECORD_TYPES: Final[dict[str, type[Record]]] = {
    "articles": Article,
    "mentions": Mention,
    "events": Event,
    "event_parties": EventParty,
    "rejects": Reject,
    "signatures": Signature,
    "actor_pair_days": ActorPairDay,
    "event_clusters": EventCluster,
    "stories": Story,
    "source_days": SourceDay,
}
VERSION_KEY: Final = b"eventwire_schema_version"

_SCHEMAS: Final = {**TABLES, **SUMMARY_TABLES}

_ROW_GROUP_ROWS: Final = {"articles": 20_000}
_DEFAULT_ROW_GROUP_ROWS: Final = 122_880
# A row group is held in memory: long articles end it before it has all its rows.
_ROW_GROUP_BYTES: Final = 256 * 1024 * 1024
# Small enough that texts of the greatest length fit the 2 GiB of one Arrow string column.
_BATCH_ROWS: Final = 500
# In a bucket each is a wait of a tenth of a second or two.
_FOOTERS_AT_ONCE: Final = 8
# Values that never repeat: a dictionary would only be built and thrown away.
_NO_DICTIONARY: Final = {
    "articles": {
        "article_id", "source_id", "url", "headline", "text", "text_sha256", "cluster_id",
    },
    "events": {"event_id"},
    "event_clusters": {"event_cluster_id", "first_article_id", "event_ids", "article_ids"},
    "stories": {"story_id", "headline", "central_article_id", "article_ids"},
    "signatures": {
        "article_id", "cluster_id", "normalised_sha256", "signature",
        *(name for name in TABLES["signatures"].names if name.startswith("band_")),
    },
}  # fmt: skip
_BLOOM_COLUMN: Final = "article_id"
_BLOOM_FALSE_POSITIVES: Final = 0.01


class RowError(ValueError):
    """A record does not fit the schema of its table; the message names table, column and row."""


class TableFileError(ValueError):
    """A file does not hold the table that it should; the message names the file."""


def write_rows(path: Path, table: str, rows: Sequence[Record]) -> None:
    """Write `rows` to `path` in their order, whole or not at all.

    Args:
        path: File to write; its folder must exist.
        table: Name of the table.
        rows: Records of the table's class.

    Raises:
        RowError: A record does not fit the schema.
    """
    with _writing(path, table, len(rows)) as groups:
        for batch in _build_batches(table, rows):
            groups.add(batch)


def read_rows(path: Path, table: str) -> Iterator[Record]:
    """Yield the records of the file at `path` in their order, some hundreds in memory at a time.

    Columns that were added after the file was written are None.

    Raises:
        SchemaVersionError: The file was written by a newer schema.
        TableFileError: The file is no Parquet file, is damaged or holds another table.
    """
    make_record = RECORD_TYPES[table]
    for batch in _read_batches(path, table):
        for row in batch.to_pylist():
            yield make_record(**row)


def concatenate_files(paths: Sequence[Path], path: Path, table: str) -> int:
    """Write the rows of `paths`, one file after the other, to `path`; return their number.

    The bytes depend on the rows alone, not on how they were spread over `paths`. At most one row
    group is in memory. Without `paths` the file is written with no rows.

    Raises:
        SchemaVersionError: A file was written by a newer schema.
        TableFileError: A file is no Parquet file, is damaged or holds another table.
    """
    n_rows = count_all_rows(paths)
    with _writing(path, table, n_rows) as groups:
        for source, copy in zip(paths, fetch_in_turn(paths), strict=True):
            for batch in _read_copy(copy, source, table):
                groups.add(batch)
    return n_rows


def rewrite_rows(
    source: Path, target: Path, table: str, change: Callable[[pa.RecordBatch], pa.RecordBatch]
) -> None:
    """Write to `target` what `change` makes of each batch of rows of `source`.

    The bytes tell how many rows there were before; `concatenate_files` makes a file of the rows.

    Raises:
        SchemaVersionError: The file was written by a newer schema.
        TableFileError: The file is no Parquet file, is damaged or holds another table.
    """
    with _writing(target, table, count_rows(source)) as groups:
        for batch in _read_batches(source, table):
            groups.add(change(batch))


def read_columns(path: Path, columns: Sequence[str]) -> pa.Table:
    """Return some columns of all rows of a file, as they stand there.

    From a bucket the whole file is fetched: a request for each column takes longer.

    Raises:
        TableFileError: The file is no Parquet file or is damaged.
    """
    with on_this_machine(path) as here, _open_file(here, path) as file:
        return file.read(columns=list(columns))


def read_matching(
    path: Path, table: str, article_ids: Collection[str], columns: Sequence[str] | None = None
) -> pa.Table:
    """Return the rows of some articles in their order; at most a row group more is in memory.

    Args:
        path: A file of `table`.
        table: Name of the table.
        article_ids: Whose rows are wanted.
        columns: Columns to return, among them `article_id`; None = all.

    Raises:
        SchemaVersionError: The file was written by a newer schema.
        TableFileError: The file is no Parquet file, is damaged or holds another table.
    """
    wanted = pa.array(list(article_ids), pa.string())
    names = _SCHEMAS[table].names if columns is None else list(columns)
    with _open_file(path) as file:
        _check_schema(path, table, file.schema_arrow)
        found = [file.schema_arrow.empty_table().select(names)]
        try:
            for number in range(file.num_row_groups):
                ids = file.read_row_group(number, columns=[_BLOOM_COLUMN]).column(0)
                is_wanted = pc.is_in(ids, value_set=wanted)
                if pc.any(is_wanted).as_py():
                    group = file.read_row_group(number, columns=names).select(names)
                    found.append(group.filter(is_wanted))
        except (pa.ArrowException, OSError) as error:
            if is_of_store(error):
                raise
            raise TableFileError(f"{path}: damaged: {error}") from error
    return pa.concat_tables(found)


def count_rows(path: Path) -> int:
    """Return the number of rows of a Parquet file, from its footer.

    Raises:
        TableFileError: The file is no Parquet file or is damaged.
    """
    with _open_file(path) as file:
        return int(file.metadata.num_rows)


def count_all_rows(paths: Sequence[Path]) -> int:
    """Return the number of rows of some files together, the footers of several read at once.

    Raises:
        TableFileError: A file is no Parquet file or is damaged.
    """
    with ThreadPoolExecutor(_FOOTERS_AT_ONCE) as pool:
        return sum(pool.map(count_rows, paths))


def list_column_bytes(paths: Sequence[Path], column: str) -> list[int]:
    """Return how large a column of each file is, uncompressed, from the files' footers.

    Raises:
        TableFileError: A file is no Parquet file or is damaged.
    """
    with ThreadPoolExecutor(_FOOTERS_AT_ONCE) as pool:
        return list(pool.map(partial(_column_bytes, column=column), paths))


def check_file(path: Path, table: str) -> None:
    """Read all of the file at `path` and compare it with its page checksums.

    Raises:
        SchemaVersionError: The file was written by a newer schema.
        TableFileError: The file is no Parquet file, is damaged or holds another table.
    """
    for _ in _read_batches(path, table):
        pass


def exact_pattern(path: Path) -> str:
    """Return a pattern for DuckDB's `read_parquet` that is the name of this one file."""
    return "".join(f"[{char}]" if char in "*?[" else char for char in str(path))


def file_schema(table: str) -> pa.Schema:
    """Return the Arrow schema of a file of `table`, with the version in its metadata."""
    return _SCHEMAS[table].with_metadata({VERSION_KEY: str(SCHEMA_VERSION).encode()})


def _column_bytes(path: Path, column: str) -> int:
    with _open_file(path) as file:
        number = file.schema_arrow.names.index(column)
        groups = (file.metadata.row_group(n) for n in range(file.metadata.num_row_groups))
        return sum(group.column(number).total_uncompressed_size for group in groups)


class _RowGroups:
    """Collects batches and writes them as row groups of a size that depends on the rows alone."""

    def __init__(self, writer: pq.ParquetWriter, table: str) -> None:
        self._writer = writer
        self._most_rows = _ROW_GROUP_ROWS.get(table, _DEFAULT_ROW_GROUP_ROWS)
        self._batches: list[pa.RecordBatch] = []
        self._n_rows = 0
        self._n_bytes = 0

    def add(self, batch: pa.RecordBatch) -> None:
        while batch.num_rows:
            filled = pc.add(pc.cumulative_sum(_text_bytes(batch)), self._n_bytes)
            fitting = pc.sum(pc.less_equal(filled, _ROW_GROUP_BYTES)).as_py()
            if not fitting and self._n_rows:
                self.flush()
                continue
            # A row that is larger than a row group makes one by itself.
            taken = min(max(fitting, 1), batch.num_rows, self._most_rows - self._n_rows)
            self._batches.append(batch.slice(0, taken))
            self._n_rows += taken
            self._n_bytes = filled[taken - 1].as_py()
            batch = batch.slice(taken)
            if self._n_rows == self._most_rows:
                self.flush()

    def flush(self) -> None:
        if self._batches:
            # One chunk a column: the writer cuts pages anew at every chunk, and the bytes must not
            # tell how the rows came in.
            group = pa.Table.from_batches(self._batches).combine_chunks()
            self._writer.write_table(group, row_group_size=self._n_rows)
        self._batches, self._n_rows, self._n_bytes = [], 0, 0


@contextmanager
def _writing(path: Path, table: str, n_rows: int) -> Iterator[_RowGroups]:
    if is_remote(path):
        with TemporaryDirectory(prefix="eventwire-table-") as folder:
            made = Path(folder, path.name)
            with _writing(made, table, n_rows) as groups:
                yield groups
            upload_file(made, path)
        return
    partial = path.with_name(f".{path.name}-{uuid.uuid4().hex}")
    try:
        with pq.ParquetWriter(partial, file_schema(table), **_options(table, n_rows)) as writer:
            groups = _RowGroups(writer, table)
            yield groups
            groups.flush()
        partial.replace(path)
    finally:
        partial.unlink(missing_ok=True)


def _options(table: str, n_rows: int) -> dict[str, Any]:
    schema = _SCHEMAS[table]
    plain = _NO_DICTIONARY.get(table, set())
    most_rows = _ROW_GROUP_ROWS.get(table, _DEFAULT_ROW_GROUP_ROWS)
    # Each row group has its own filter; made for no more values than there can be.
    bloom = {"ndv": max(1, min(n_rows, most_rows)), "fpp": _BLOOM_FALSE_POSITIVES}
    return {
        "compression": "zstd",
        "compression_level": 3,
        "use_dictionary": [name for name in schema.names if name not in plain],
        "write_page_index": True,
        "write_page_checksum": True,
        "bloom_filter_options": {_BLOOM_COLUMN: bloom} if _BLOOM_COLUMN in schema.names else None,
    }


def _text_bytes(batch: pa.RecordBatch) -> pa.Array:
    """Return for each row the bytes of its texts, which are nearly all of its weight."""
    total = pa.repeat(0, batch.num_rows)
    for column in batch.columns:
        if pa.types.is_string(column.type):
            total = pc.add(total, pc.fill_null(pc.binary_length(column), 0))
    return total


def _build_batches(table: str, rows: Sequence[Record]) -> Iterator[pa.RecordBatch]:
    schema = _SCHEMAS[table]
    waiting = iter(rows)
    first = 0
    while batch := list(islice(waiting, _BATCH_ROWS)):
        _check_class(table, batch, first)
        columns = [_build_column(table, column, batch, first) for column in schema]
        yield pa.RecordBatch.from_arrays(columns, schema=schema)
        first += len(batch)


def _check_class(table: str, rows: Sequence[Record], first: int) -> None:
    expected = RECORD_TYPES[table]
    for number, row in enumerate(rows, first):
        if type(row) is not expected:
            raise RowError(f"{table}: row {number} is {row!r}, not a {expected.__name__}")


def _build_column(table: str, column: pa.Field, rows: Sequence[Record], first: int) -> pa.Array:
    values = [getattr(row, column.name) for row in rows]
    try:
        array = pa.array(values, type=column.type)
    except (pa.ArrowException, TypeError, ValueError, OverflowError) as error:
        raise _describe_misfit(table, column, rows, first, values) from error
    if (array.null_count and not column.nullable) or not _is_finite(array):
        raise _describe_misfit(table, column, rows, first, values)
    return array


def _describe_misfit(
    table: str, column: pa.Field, rows: Sequence[Record], first: int, values: Sequence[object]
) -> RowError:
    """Return an error that names the first row whose value does not fit `column`."""
    for position, value in enumerate(values):
        if not _fits(column, value):
            shown = repr(rows[position])[:300]
            return RowError(
                f"{table}: column {column.name} of row {first + position} is {value!r:.80}; "
                f"it must be {column.type}{' or None' if column.nullable else ''}: {shown}"
            )
    return RowError(f"{table}: column {column.name}: the values do not make one column")


def _is_finite(array: pa.Array) -> bool:
    """Return whether no number is NaN or infinite: engines disagree on what such compare to."""
    if not pa.types.is_floating(array.type):
        return True
    return bool(pc.all(pc.is_finite(array), min_count=0).as_py())


def _fits(column: pa.Field, value: object) -> bool:
    if value is None:
        return bool(column.nullable)
    try:
        return _is_finite(pa.array([value], type=column.type))
    except (pa.ArrowException, TypeError, ValueError, OverflowError):
        return False


def _read_batches(path: Path, table: str) -> Iterator[pa.RecordBatch]:
    """Yield the rows of a file in batches that have the columns of the current schema."""
    with on_this_machine(path) as here:
        yield from _read_copy(here, path, table)


def _read_copy(copy: Path, path: Path, table: str) -> Iterator[pa.RecordBatch]:
    schema = _SCHEMAS[table]
    with _open_file(copy, path) as file:
        _check_schema(path, table, file.schema_arrow)
        try:
            for batch in file.iter_batches(batch_size=_BATCH_ROWS):
                yield _add_new_columns(batch, schema)
        except (pa.ArrowException, OSError) as error:
            raise TableFileError(f"{path}: damaged: {error}") from error


def _open_file(path: Path, origin: Path | None = None) -> pq.ParquetFile:
    """Open the Parquet file at `path`, which may be a copy of `origin`."""
    place, filesystem = arrow_place(path)
    try:
        # Without pre-buffering a row group is read as it is needed, not all at once.
        return pq.ParquetFile(
            place, filesystem=filesystem, page_checksum_verification=True, pre_buffer=False
        )
    except FileNotFoundError:
        raise
    except (pa.ArrowException, OSError) as error:
        if is_of_store(error):
            raise
        raise TableFileError(f"{origin or path}: no whole Parquet file: {error}") from error


def _check_schema(path: Path, table: str, found: pa.Schema) -> None:
    version = _schema_version(path, found)
    if version > SCHEMA_VERSION:
        raise SchemaVersionError(
            f"{path}: written with version {version} of the schema, but this code knows version "
            f"{SCHEMA_VERSION} at most; update Eventwire"
        )
    schema = _SCHEMAS[table]
    for column in found:
        if column.name not in schema.names:
            raise TableFileError(f"{path}: column {column.name} does not belong to {table}")
        if column.type != schema.field(column.name).type:
            raise TableFileError(f"{path}: column {column.name} is {column.type}")
    for column in schema:
        if column.name not in found.names and not column.nullable:
            raise TableFileError(f"{path}: column {column.name} of {table} is missing")


def _schema_version(path: Path, found: pa.Schema) -> int:
    written = (found.metadata or {}).get(VERSION_KEY, b"")
    if not written.isdigit():
        raise TableFileError(f"{path}: not written by Eventwire: no version of the schema in it")
    return int(written)


def _add_new_columns(batch: pa.RecordBatch, schema: pa.Schema) -> pa.RecordBatch:
    columns = [
        batch.column(column.name)
        if column.name in batch.schema.names
        else pa.nulls(batch.num_rows, column.type)
        for column in schema
    ]
    return pa.RecordBatch.from_arrays(columns, schema=schema)
