"""Describes the tables from their schemas: the data dictionary, the SQL views and docs/tables.md.

`python -m include.eventwire.table_docs` writes docs/tables.md anew.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Final

import pyarrow as pa

from include.eventwire.codebook import QUAD_CLASSES, REALIS, load_codebook
from include.eventwire.schemas import (
    REJECT_REASONS,
    SCHEMA_VERSION,
    TABLE_DESCRIPTIONS,
    TABLES,
    VERSION_MARK,
)
from include.eventwire.settings import PROJECT_ROOT
from include.eventwire.summaries.schemas import SUMMARY_DESCRIPTIONS, SUMMARY_TABLES

DOCS_FILE: Final = PROJECT_ROOT / "docs" / "tables.md"

_INTRODUCTION: Final = """\
# The tables

Generated from `include/eventwire/schemas.py` (schema version {version}), from `schemas.py` in its
folder `summaries/` and from the codebook.

Each table is a folder of files `<table>/dt=YYYY-MM-DD/<batch>.parquet`. The day of the batch (UTC)
stands in the path alone: read it as the column `dt` by Hive partitioning. A batch is complete when
it has a receipt, `_receipts/dt=YYYY-MM-DD/<batch>.json`. `views.sql` makes a view of each table.

The last four tables are summaries of days (docs/analytics.md): a lake has them once they were made,
`<table>/dt=YYYY-MM-DD/summary.parquet`, with receipts in `_receipts/summaries/`.

Offsets count Unicode code points in `articles.text` from 0, the end exclusive:
`text[start_char:end_char]` in Python, `substr(text, start_char + 1, end_char - start_char)` in SQL.
"""

_ON_DISK: Final = "-- Run in the lake's folder, for instance: duckdb -init views.sql"
_IN_BUCKET: Final = "-- Needs the extension httpfs, and a secret: CREATE SECRET (TYPE s3, ...)"
_VIEW: Final = "CREATE OR REPLACE VIEW"
_NEW_COLUMNS: Final = "-- Columns that were added later are null in older files.\n"


_SCHEMAS: Final = {**TABLES, **SUMMARY_TABLES}
_DESCRIPTIONS: Final = {**TABLE_DESCRIPTIONS, **SUMMARY_DESCRIPTIONS}


def describe_tables() -> str:
    """Return the data dictionary of the tables and of their codes, in Markdown."""
    book = load_codebook()
    sections = [_INTRODUCTION.format(version=SCHEMA_VERSION)]
    sections += [_describe_table(table, schema) for table, schema in _SCHEMAS.items()]
    sections += [
        _describe_codes(
            "Event types",
            ("event_type", "quad_class", "score", "modes", "definition"),
            (
                (kind.code, kind.quad_class, kind.score, ", ".join(kind.modes), kind.definition)
                for kind in book.types.values()
            ),
        ),
        _describe_codes("Contexts", ("contexts", "definition"), book.contexts.items()),
        _describe_codes("Sectors", ("sector_code", "definition"), book.sectors.items()),
        _describe_codes("Reasons of rejects", ("reason", "meaning"), REJECT_REASONS.items()),
        "## Short lists\n",
        f"- quad_class: {', '.join(QUAD_CLASSES)}\n- realis: {', '.join(REALIS)}\n",
    ]
    return "\n".join(sections)


def write_views(place: Path | None = None, *, with_summaries: bool = False) -> str:
    """Return SQL that makes a view of each table, for DuckDB.

    Args:
        place: Where the lake is; None = the folder that it is run in.
        with_summaries: Whether the lake has summaries. A view of files that are not there is an
            error.
    """
    # The day is cast by the view: where read_parquet does it, DuckDB 1.5 dies of an internal error
    # on min(dt) or max(dt) when a single file is left to read (its issue 25629).
    lines = [f"{VERSION_MARK}{SCHEMA_VERSION}", _IN_BUCKET if place else _ON_DISK, _NEW_COLUMNS]
    for table in _SCHEMAS if with_summaries else TABLES:
        files = f"{table}/dt=*/*.parquet"
        pattern = str(place / files if place else files).replace("'", "''")
        lines += [
            f"-- {_DESCRIPTIONS[table]}",
            f"{_VIEW} {table} AS",
            "SELECT * REPLACE (CAST(dt AS DATE) AS dt) FROM read_parquet(",
            f"    '{pattern}', union_by_name = true,",
            "    hive_partitioning = true, hive_types_autocast = false",
            ");",
            "",
        ]
    return "\n".join(lines)


def has_summary_views(views: str) -> bool:
    """Return whether SQL from `write_views` makes the views of summaries too."""
    return f"{_VIEW} {next(iter(SUMMARY_TABLES))} AS" in views


def _describe_table(table: str, schema: pa.Schema) -> str:
    rows = (
        (column.name, column.type, "yes" if column.nullable else "", _description(column))
        for column in schema
    )
    listed = _write_grid(("column", "type", "null", "description"), rows)
    return f"## {table}\n\n{_DESCRIPTIONS[table]}\n\n{listed}"


def _description(column: pa.Field) -> str:
    metadata: Mapping[bytes, bytes] = column.metadata
    return metadata[b"description"].decode()


def _describe_codes(title: str, header: tuple[str, ...], rows: Iterable[tuple[object, ...]]) -> str:
    return f"## {title}\n\n{_write_grid(header, rows)}"


def _write_grid(header: tuple[str, ...], rows: Iterable[tuple[object, ...]]) -> str:
    lines = [_write_row(header), _write_row(["---"] * len(header)), *map(_write_row, rows)]
    return "\n".join(lines) + "\n"


def _write_row(cells: Iterable[object]) -> str:
    return "| " + " | ".join(str(cell).replace("|", "\\|") for cell in cells) + " |"


def _write_docs(path: Path) -> None:
    path.write_text(describe_tables(), encoding="utf-8")


if __name__ == "__main__":
    _write_docs(DOCS_FILE)
