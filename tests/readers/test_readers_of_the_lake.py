"""The engines that people use read the tables by plain path, several days and batches at once."""

from dataclasses import asdict
from datetime import date
from pathlib import Path

import duckdb
import pandas as pd
import polars as pl
import pyarrow as pa
import pyarrow.dataset as ds
import pytest

from include.eventwire.lake.layout import LakeLayout
from include.eventwire.lake.publishing import publish_tables
from include.eventwire.schemas import TABLES
from tests.lake_rows import make_batch, make_receipt, stage_batch

DAYS = (date(2018, 4, 24), date(2018, 4, 25), date(2021, 1, 6))
EMPTY_DAY = DAYS[1]


@pytest.fixture(scope="module")
def lake(tmp_path_factory) -> Path:
    """A lake of three days, the second of them without rows."""
    layout = LakeLayout(tmp_path_factory.mktemp("lake"))
    for day in DAYS:
        batch = make_batch(f"China met Japan in Tokyo by {day:%d %B %Y}, caf\u00e9 \U0001f600.")
        rows = {table: [] for table in TABLES} if day == EMPTY_DAY else batch
        folder = layout.create_staging_run(day, "daily", "run")
        tables = stage_batch(folder / "tables", rows)
        publish_tables(layout, day, "daily", tables, make_receipt(day=day))
    return layout.root


def expected(table: str) -> list[dict]:
    """Return the rows of a table as their records say, each with its day."""
    rows = []
    for day in DAYS:
        if day != EMPTY_DAY:
            batch = make_batch(f"China met Japan in Tokyo by {day:%d %B %Y}, caf\u00e9 \U0001f600.")
            rows += [asdict(row) | {"dt": day} for row in batch[table]]
    return rows


@pytest.mark.parametrize("table", TABLES)
def test_duckdb(lake, table):
    with duckdb.connect() as connection:
        path = f"{lake}/{table}/*/*.parquet"
        found = connection.execute("FROM read_parquet(?, hive_partitioning = true)", [path])
        assert found.to_arrow_table().to_pylist() == expected(table)


@pytest.mark.parametrize("table", TABLES)
def test_pandas(lake, table):
    frame = pd.read_parquet(lake / table, dtype_backend="pyarrow")
    assert list(frame.columns) == [*TABLES[table].names, "dt"]
    rows = pa.Table.from_pandas(frame, preserve_index=False).to_pylist()
    assert [row | {"dt": date.fromisoformat(str(row["dt"]))} for row in rows] == expected(table)


@pytest.mark.parametrize("table", TABLES)
def test_polars(lake, table):
    frame = pl.read_parquet(f"{lake}/{table}/**/*.parquet", hive_partitioning=True)
    assert frame.to_dicts() == expected(table)
    folder = pl.scan_parquet(lake / table, hive_partitioning=True).collect()
    assert folder.equals(frame)


@pytest.mark.parametrize("table", TABLES)
def test_pyarrow(lake, table):
    partitioning = ds.partitioning(pa.schema([("dt", pa.date32())]), flavor="hive")
    found = ds.dataset(lake / table, partitioning=partitioning).to_table()
    assert found.to_pylist() == expected(table)
    assert found.schema.field("article_id" if table != "rejects" else "reason").metadata


def test_one_file_is_read_by_its_plain_path(lake):
    path = lake / "events" / "dt=2018-04-24" / "daily.parquet"
    (event,) = make_batch("China met Japan in Tokyo by 24 April 2018, caf\u00e9 \U0001f600.")[
        "events"
    ]
    assert pd.read_parquet(path)["event_id"].tolist() == [event.event_id]
    assert pl.read_parquet(path)["trigger"].to_list() == ["met"]
    assert ds.dataset(path).to_table().column("confidence").to_pylist() == [0.75]
    with duckdb.connect() as connection:
        assert connection.execute(
            "SELECT event_date FROM read_parquet(?)", [str(path)]
        ).fetchall() == [(event.event_date,)]


def test_the_documented_sql_cuts_the_words_out_of_the_text(lake):
    with duckdb.connect() as connection:
        found = connection.execute(
            "SELECT DISTINCT substr(a.text, trigger_start_char + 1, "
            "trigger_end_char - trigger_start_char) "
            f"FROM read_parquet('{lake}/events/*/*.parquet') "
            f"JOIN read_parquet('{lake}/articles/*/*.parquet') AS a USING (article_id)"
        ).fetchall()
    assert found == [("met",)]
