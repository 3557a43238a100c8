"""Upkeep of a lake in a bucket: articles are forgotten there; sweeping and compaction say no."""

import pytest

from include.eventwire.lake import LakeError, LakeLayout
from include.eventwire.maintenance.compaction import compact_lake
from include.eventwire.maintenance.jobs import check_lake, heal_lake, join_batches, sweep_lake
from include.eventwire.parquet_files import read_rows
from include.eventwire.receipts import read_receipt
from include.eventwire.schemas import TABLES
from tests.lake_rows import DAY, make_batch, make_receipt, stage_run
from tests.unit.batches import article, land, make_settings
from tests.unit.batches import make_batch as run_batch
from tests.unit.maintenance.test_forgetting import (
    layout,
    test_a_later_run_of_the_same_inputs_gives_the_same_articles,
    test_a_run_that_read_it_before_cannot_publish_it,
    test_copies_stay_and_the_earliest_stands_for_them,
    test_forgetting_twice_changes_nothing,
    test_its_place_is_taken_by_a_reject_that_says_nothing_of_it,
    test_the_article_leaves_every_table_of_every_day,
)
from tests.unit.test_publishing import publish_tables

__all__ = [
    "layout",
    "test_a_later_run_of_the_same_inputs_gives_the_same_articles",
    "test_a_run_that_read_it_before_cannot_publish_it",
    "test_copies_stay_and_the_earliest_stands_for_them",
    "test_forgetting_twice_changes_nothing",
    "test_its_place_is_taken_by_a_reject_that_says_nothing_of_it",
    "test_the_article_leaves_every_table_of_every_day",
]


@pytest.fixture
def settings(tmp_path, monkeypatch):
    return make_settings(tmp_path, monkeypatch)


def test_a_publication_that_was_cut_short_is_finished(tmp_path):
    bucket = LakeLayout(tmp_path / "lake")
    rows = make_batch()
    path = publish_tables(bucket, DAY, "daily", stage_run(bucket, rows, "one"), make_receipt())
    stage_run(bucket, rows, "one")
    bucket.publishing_file(DAY, "daily").write_bytes(path.read_bytes())
    path.unlink()
    bucket.table_file("events", DAY, "daily").unlink()
    assert heal_lake(bucket) == ["2018-04-24 daily: its publication was finished"]
    assert check_lake(bucket) == "1 batches, nothing is wrong"
    for table in TABLES:
        assert list(read_rows(bucket.table_file(table, DAY, "daily"), table)) == rows[table]
    assert read_receipt(path).counts == {"records_in": 2}


def test_sweeping_and_compaction_are_refused_in_words(settings):
    land(settings, "a.jsonl", [article(1)])
    run_batch(settings)
    lake = LakeLayout(settings.lake)
    assert "rule of the store" in sweep_lake(lake, settings)[0]
    assert "not put together" in join_batches(lake, settings)[0]
    with pytest.raises(LakeError, match="cannot be put together"):
        compact_lake(lake, 1)
