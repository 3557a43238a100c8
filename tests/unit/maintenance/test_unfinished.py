"""Publications that were cut short are finished from what they had staged."""

import shutil

import pytest

from include.eventwire.lake import publishing
from include.eventwire.lake.layout import BatchKey, LakeLayout
from include.eventwire.lake.parquet_files import read_rows
from include.eventwire.lake.publishing import publish_tables
from include.eventwire.lake.receipts import read_receipt
from include.eventwire.lake.verification import verify_lake
from include.eventwire.maintenance.unfinished import finish_publications
from include.eventwire.schemas import TABLES
from tests.lake_rows import DAY, make_batch, make_receipt, stage_run

NEW = make_batch("China met Japan in Tokyo, and nobody else did.")


@pytest.fixture
def half(tmp_path, monkeypatch):
    """A lake in which the second of two publications was cut short between tables."""
    layout = LakeLayout(tmp_path / "lake")
    publish_tables(layout, DAY, "daily", stage_run(layout, make_batch(), "old"), make_receipt())
    tables, n_synced = stage_run(layout, NEW, "new"), 0

    def die(path):
        nonlocal n_synced
        n_synced += path.parent.name == "mentions"  # the second of the tables
        if n_synced:
            raise KeyboardInterrupt

    monkeypatch.setattr(publishing, "sync", die)
    receipt = make_receipt(run={"run_id": "new"})
    with pytest.raises(KeyboardInterrupt):
        publish_tables(layout, DAY, "daily", tables, receipt)
    monkeypatch.undo()
    return layout


def errors(layout):
    return [finding for finding in verify_lake(layout) if finding.is_error]


def published(layout):
    return {
        table: list(read_rows(layout.table_file(table, DAY, "daily"), table)) for table in TABLES
    }


def test_the_batch_becomes_the_new_one(half):
    assert errors(half)
    assert finish_publications(half) == [BatchKey(DAY, "daily")]
    assert errors(half) == []
    assert published(half) == NEW
    assert read_receipt(half.receipt_file(DAY, "daily")).run == {"run_id": "new"}
    assert list(half.staging_runs()) == []


def test_what_is_gone_from_staging_is_left_to_verify(half):
    shutil.rmtree(half.staging_run(DAY, "daily", "new"))
    before = errors(half)
    assert finish_publications(half) == []
    assert errors(half) == before


def test_files_of_another_run_are_not_taken(half):
    shutil.rmtree(half.staging_run(DAY, "daily", "new"))
    stage_run(half, make_batch(), "another")
    assert finish_publications(half) == []


def test_a_broken_announcement_is_left_to_verify(half):
    half.publishing_file(DAY, "daily").write_text("{")
    assert finish_publications(half) == []


def test_a_whole_lake_is_left_as_it_is(half):
    finish_publications(half)
    before = {path: path.stat().st_mtime_ns for path in half.root.rglob("*")}
    assert finish_publications(half) == []
    assert {path: path.stat().st_mtime_ns for path in half.root.rglob("*")} == before
