from datetime import date
from pathlib import Path

import pytest

from include.eventwire.lake.layout import BatchKey, BatchNameError, LakeError, LakeLayout
from include.eventwire.schemas import SchemaVersionError

DAY = date(2018, 4, 24)


def put(path: Path) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"")
    return path


def test_paths_are_those_of_the_contract():
    layout = LakeLayout(Path("/lake"))
    assert layout.table_file("events", DAY, "daily") == Path(
        "/lake/events/dt=2018-04-24/daily.parquet"
    )
    assert layout.receipt_file(DAY, "daily") == Path("/lake/_receipts/dt=2018-04-24/daily.json")
    assert layout.staging_run(DAY, "daily", "r").is_relative_to("/lake/_staging")
    assert layout.views == Path("/lake/views.sql")
    assert layout.data_dictionary == Path("/lake/DATA_DICTIONARY.md")


def test_a_batch_name_may_hold_dots_and_none_is_another_ones_suffix():
    layout = LakeLayout(Path("/lake"))
    assert layout.table_file("events", DAY, "a.b").name == "a.b.parquet"
    assert layout.publishing_file(DAY, "a.b").name == "a.b.publishing"


@pytest.mark.parametrize("name", ["", "../x", "a/b", ".hidden", "_staging", "a b", "*", "x" * 101])
def test_a_batch_name_that_is_no_file_name_is_refused(name):
    with pytest.raises(BatchNameError, match="letters, digits"):
        LakeLayout(Path("/lake")).table_file("events", DAY, name)


def test_an_address_is_no_lake():
    with pytest.raises(LakeError, match="folder on a disk"):
        LakeLayout(Path("gs://bucket/lake"))


def test_lists_batches_by_day_and_name_and_what_is_none_apart(tmp_path):
    layout = LakeLayout(tmp_path)
    late = put(layout.table_file("events", date(2019, 1, 1), "daily"))
    named = put(layout.table_file("events", DAY, "daily-2"))
    daily = put(layout.table_file("events", DAY, "daily"))
    put(layout.table_file("articles", DAY, "daily"))
    foreign = [
        put(tmp_path / "articles/dt=2018-02-30/daily.parquet"),
        put(tmp_path / "articles/notes.txt"),
        put(tmp_path / "events/dt=2018-04-24/.daily.parquet"),
    ]
    assert list(layout.published_files("events")) == [
        (BatchKey(DAY, "daily"), daily),
        (BatchKey(DAY, "daily-2"), named),
        (BatchKey(date(2019, 1, 1), "daily"), late),
    ]
    assert list(layout.foreign_files()) == foreign


def test_finds_the_staging_folder_of_a_staged_file(tmp_path):
    layout = LakeLayout(tmp_path)
    folder = layout.create_staging_run(DAY, "daily", "run-1")
    assert folder.is_dir()
    assert list(layout.staging_runs()) == [folder]
    assert layout.staging_run_of(folder / "tables" / "events.parquet") == folder


@pytest.mark.parametrize(
    "path", ["elsewhere/x.parquet", "lake/events/x.parquet", "lake/_staging/x"]
)
def test_a_file_outside_a_staging_folder_is_refused(tmp_path, path):
    with pytest.raises(LakeError, match="published from within"):
        LakeLayout(tmp_path / "lake").staging_run_of(tmp_path / path)


def test_a_lake_that_is_a_file_gives_a_clear_error(tmp_path):
    layout = LakeLayout(put(tmp_path / "lake"))
    with pytest.raises(
        LakeError, match=r"lake: no lake can be read there \(Not a directory\); name another"
    ):
        layout.create_staging_run(DAY, "daily", "run-1")


def test_a_lake_of_a_newer_schema_is_refused(tmp_path):
    layout = LakeLayout(tmp_path)
    layout.views.write_text("-- Eventwire tables, schema version 3\nCREATE VIEW ...\n")
    with pytest.raises(SchemaVersionError, match=r"version 3 of the schema.*version 2 at most"):
        layout.create_staging_run(DAY, "daily", "run-1")
    assert list(layout.staging_runs()) == []


@pytest.mark.parametrize(
    "first", ["", "-- my own views\n", "-- Eventwire tables, schema version 1\n"]
)
def test_a_lake_of_this_schema_or_with_other_views_is_taken(tmp_path, first):
    layout = LakeLayout(tmp_path)
    layout.views.write_text(first)
    layout.check_version()
