import json

import duckdb
import pytest

from include.eventwire.lake.layout import LakeError, LakeLayout
from include.eventwire.lake.locations import hash_file
from include.eventwire.lake.parquet_files import TableFileError, read_rows
from include.eventwire.lake.publishing import publish_tables
from include.eventwire.lake.receipts import read_receipt
from include.eventwire.schemas import TABLES, SchemaVersionError
from include.eventwire.table_docs import describe_tables, write_views
from tests.lake_rows import DAY, make_batch, make_receipt, stage_batch, stage_run


def publish(layout: LakeLayout, batch: dict, staging: str, **receipt):
    tables = stage_run(layout, batch, staging)
    return publish_tables(layout, DAY, "daily", tables, make_receipt(**receipt))


def hashes(layout: LakeLayout) -> dict[str, str]:
    return {table: hash_file(layout.table_file(table, DAY, "daily")) for table in TABLES}


def test_every_table_is_in_place_and_the_receipt_tells_its_rows_bytes_and_hash(tmp_path):
    layout = LakeLayout(tmp_path)
    path = publish(layout, make_batch(), "r1")
    assert path == layout.receipt_file(DAY, "daily")
    receipt = read_receipt(path)
    assert {table: file.rows for table, file in receipt.tables.items()} == {
        "articles": 1, "mentions": 2, "events": 1, "event_parties": 2, "rejects": 1,
        "signatures": 1,
    }  # fmt: skip
    for table, file in receipt.tables.items():
        published = layout.table_file(table, DAY, "daily")
        assert (file.bytes, file.sha256) == (published.stat().st_size, hash_file(published))
    assert receipt.counts == {"records_in": 2}
    assert json.loads(path.read_text())["run"] == {"run_id": "manual"}


def test_nothing_but_the_contracts_files_stands_in_the_lake(tmp_path):
    publish(LakeLayout(tmp_path), make_batch(), "r1")
    files = {str(path.relative_to(tmp_path)) for path in tmp_path.rglob("*") if path.is_file()}
    assert files == {
        *(f"{table}/dt=2018-04-24/daily.parquet" for table in TABLES),
        "_receipts/dt=2018-04-24/daily.json",
        "_staging/locks/2018-04-24.daily.lock",
        "views.sql",
        "DATA_DICTIONARY.md",
    }


def test_the_same_inputs_twice_give_the_same_bytes(tmp_path):
    layout = LakeLayout(tmp_path)
    publish(layout, make_batch(), "r1", run={"run_id": "one"})
    first = hashes(layout)
    publish(layout, make_batch(), "r2", run={"run_id": "two"})
    assert hashes(layout) == first


def test_a_batch_whose_input_became_empty_leaves_empty_tables(tmp_path):
    layout = LakeLayout(tmp_path)
    publish(layout, make_batch(), "r1")
    path = publish(layout, {table: [] for table in TABLES}, "r2")
    for table in TABLES:
        assert list(read_rows(layout.table_file(table, DAY, "daily"), table)) == []
    assert {file.rows for file in read_receipt(path).tables.values()} == {0}


def test_only_the_runs_own_staging_is_swept(tmp_path):
    layout = LakeLayout(tmp_path)
    stage_run(layout, make_batch(), "other")
    publish(layout, make_batch(), "r1")
    assert list(layout.staging_runs()) == [layout.staging_run(DAY, "daily", "other")]


def test_a_disk_without_links_gets_copies(tmp_path, monkeypatch):
    def refuse(self, target):
        raise PermissionError(1, "Operation not permitted")

    layout = LakeLayout(tmp_path / "linked")
    publish(layout, make_batch(), "r1")
    monkeypatch.setattr("pathlib.Path.hardlink_to", refuse)
    copied = LakeLayout(tmp_path / "copied")
    publish(copied, make_batch(), "r1")
    assert hashes(copied) == hashes(layout)


def test_views_and_dictionary_are_written_and_renewed(tmp_path):
    layout = LakeLayout(tmp_path)
    layout.views.write_text("stale")
    publish(layout, make_batch(), "r1")
    assert layout.views.read_text() == write_views()
    assert layout.data_dictionary.read_text() == describe_tables()


def test_the_views_show_every_batch_with_its_day(tmp_path, monkeypatch):
    publish(LakeLayout(tmp_path), make_batch(), "r1")
    monkeypatch.chdir(tmp_path)
    with duckdb.connect() as connection:
        connection.execute(write_views())
        for table, rows in make_batch().items():
            found = connection.execute(f"SELECT count(*), min(dt) FROM {table}").fetchone()
            assert found == (len(rows), DAY)


def test_tables_that_are_not_staged_in_the_lake_are_refused(tmp_path):
    layout = LakeLayout(tmp_path / "lake")
    tables = stage_batch(tmp_path / "elsewhere", make_batch())
    with pytest.raises(LakeError, match=r"published from within .*_staging"):
        publish_tables(layout, DAY, "daily", tables, make_receipt())


def test_a_missing_table_is_refused(tmp_path):
    layout = LakeLayout(tmp_path)
    tables = stage_run(layout, make_batch(), "r1")
    tables["events"].unlink()
    with pytest.raises(
        LakeError, match=r"the staged file of events is missing; run the batch again"
    ):
        publish_tables(layout, DAY, "daily", tables, make_receipt())
    del tables["events"]
    with pytest.raises(ValueError, match="the tables of a batch are articles, mentions"):
        publish_tables(layout, DAY, "daily", tables, make_receipt())


def test_a_staged_file_that_is_damaged_publishes_nothing(tmp_path):
    layout = LakeLayout(tmp_path)
    publish(layout, make_batch(), "r1")
    before = hashes(layout)
    tables = stage_run(layout, make_batch("China met Japan in Tokyo."), "r2")
    tables["rejects"].write_bytes(b"PAR1")
    with pytest.raises(TableFileError, match="no whole Parquet file"):
        publish_tables(layout, DAY, "daily", tables, make_receipt())
    assert hashes(layout) == before


def test_a_lake_of_a_newer_schema_is_left_alone(tmp_path):
    layout = LakeLayout(tmp_path)
    tables = stage_run(layout, make_batch(), "r1")
    layout.views.write_text("-- Eventwire tables, schema version 3\n")
    with pytest.raises(SchemaVersionError, match="update Eventwire"):
        publish_tables(layout, DAY, "daily", tables, make_receipt())
    assert not layout.table_folder("events").exists()
