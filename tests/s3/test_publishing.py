"""Publishing into a bucket: what stands there after a kill, and when two runs meet."""

import pytest

from include.eventwire.lake import bucket_publishing
from include.eventwire.lake.layout import LakeError, LakeLayout
from include.eventwire.lake.locations import copy_file
from include.eventwire.lake.parquet_files import read_rows
from include.eventwire.lake.receipts import read_receipt
from include.eventwire.lake.verification import verify_lake
from include.eventwire.schemas import TABLES
from tests.faults.publisher import publish_run
from tests.lake_rows import DAY, make_batch, stage_run
from tests.unit.lake.test_publishing import (  # noqa: F401 - collected here
    publish,
    test_a_batch_whose_input_became_empty_leaves_empty_tables,
    test_a_lake_of_a_newer_schema_is_left_alone,
    test_a_missing_table_is_refused,
    test_a_staged_file_that_is_damaged_publishes_nothing,
    test_every_table_is_in_place_and_the_receipt_tells_its_rows_bytes_and_hash,
    test_only_the_runs_own_staging_is_swept,
    test_tables_that_are_not_staged_in_the_lake_are_refused,
    test_the_same_inputs_twice_give_the_same_bytes,
)

OLD, NEW = make_batch(), make_batch("China met Japan in Tokyo, and nobody else did.")
OTHER = make_batch("China met Japan in Tokyo, and others did as well.")


class KilledError(BaseException):
    """The process ends here: nothing that it would still do is done."""


def published(layout: LakeLayout, table: str) -> list | None:
    path = layout.table_file(table, DAY, "daily")
    return list(read_rows(path, table)) if path.exists() else None


def errors(layout: LakeLayout) -> dict[str, str]:
    return {finding.path: finding.kind for finding in verify_lake(layout) if finding.is_error}


def assert_whole(layout: LakeLayout, *batches: dict) -> None:
    assert errors(layout) == {}
    assert {table: published(layout, table) for table in TABLES} in batches
    assert layout.receipt_file(DAY, "daily").exists()


def test_nothing_but_the_contracts_files_stands_in_the_lake(tmp_path):
    publish(LakeLayout(tmp_path), make_batch(), "r1")
    files = {str(path.relative_to(tmp_path)) for path in tmp_path.rglob("*") if path.is_file()}
    assert files == {
        *(f"{table}/dt=2018-04-24/daily.parquet" for table in TABLES),
        "_receipts/dt=2018-04-24/daily.json",
        "views.sql",
        "DATA_DICTIONARY.md",
    }


@pytest.mark.parametrize("n_copied", range(len(TABLES)))
def test_a_run_that_is_killed_between_tables_is_told_by_verify_and_healed_by_the_next(
    tmp_path, monkeypatch, n_copied
):
    layout = LakeLayout(tmp_path)
    publish(layout, OLD, "old")
    n_done = 0

    def copy_until(source, target):
        nonlocal n_done
        if n_done == n_copied:
            raise KilledError
        n_done += 1
        copy_file(source, target)

    with monkeypatch.context() as patched:
        patched.setattr(bucket_publishing, "copy_file", copy_until)
        with pytest.raises(KilledError):
            publish(layout, NEW, "new")
    found = errors(layout)
    assert found.pop("_receipts/dt=2018-04-24/daily.publishing") == "unfinished"
    assert found == {
        f"{table}/dt=2018-04-24/daily.parquet": "torn"
        for table in list(TABLES)[n_copied:]
        if OLD[table] != NEW[table]
    }
    publish_run(layout, "new")
    assert_whole(layout, NEW)


def test_a_run_between_whose_tables_another_publishes_is_whole_in_the_end(tmp_path, monkeypatch):
    layout = LakeLayout(tmp_path)
    publish(layout, OLD, "old")
    stage_run(layout, OTHER, "other")
    waiting = ["other"]

    def copy_after_the_other(source, target):
        copy_file(source, target)
        if waiting and "/events/" in str(target):
            publish_run(layout, waiting.pop())

    monkeypatch.setattr(bucket_publishing, "copy_file", copy_after_the_other)
    publish(layout, NEW, "new")
    assert_whole(layout, NEW)


def test_the_receipt_of_a_run_that_came_later_stands(tmp_path, monkeypatch):
    layout = LakeLayout(tmp_path)
    stage_run(layout, OTHER, "other")
    look = bucket_publishing._is_whole
    waiting = ["other"]

    def look_after_the_other(*arguments):
        if waiting:
            publish_run(layout, waiting.pop())
        return look(*arguments)

    monkeypatch.setattr(bucket_publishing, "_is_whole", look_after_the_other)
    publish(layout, NEW, "new")
    assert_whole(layout, OTHER)
    assert read_receipt(layout.receipt_file(DAY, "daily")).run == {"run_id": "other"}


def test_a_run_that_another_one_keeps_overwriting_fails_and_says_so(tmp_path, monkeypatch):
    layout = LakeLayout(tmp_path)
    stage_run(layout, OTHER, "other")
    events = layout.table_file("events", DAY, "daily")
    look = bucket_publishing._is_whole

    def look_after_the_other(*arguments):
        copy_file(layout.staging_run(DAY, "daily", "other") / "tables" / "events.parquet", events)
        return look(*arguments)

    monkeypatch.setattr(bucket_publishing, "_is_whole", look_after_the_other)
    with pytest.raises(LakeError, match="another run publishes 2018-04-24 daily at the same time"):
        publish(layout, NEW, "new")
    assert errors(layout) == {"events/dt=2018-04-24/daily.parquet": "torn"}
