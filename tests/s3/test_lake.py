"""A lake in a bucket: what is staged, verified, looked up and told of it."""

import pytest

from include.eventwire.batches.staging import (
    finished_folder,
    ingest_folder,
    is_finished,
    list_chunks,
)
from include.eventwire.lake.layout import LakeError, LakeLayout
from include.eventwire.lake.locations import connect_duckdb, to_location
from tests.lake_rows import make_batch
from tests.unit.batches.test_staging import (  # noqa: F401
    test_an_attempt_at_a_chunk_leaves_a_note_unless_it_gave_up,
    test_json_keeps_text_and_writes_paths_and_days_as_text,
    test_the_note_of_a_finished_chunk_says_nothing,
)
from tests.unit.lake.test_parquet_files import (  # noqa: F401
    test_a_failed_write_leaves_the_old_file,
    test_a_file_that_is_no_parquet_is_named,
    test_reads_what_was_written,
    test_the_same_rows_give_the_same_bytes,
)
from tests.unit.lake.test_publishing import publish
from tests.unit.lake.test_verification import (  # noqa: F401
    lake,
    test_a_batch_of_which_one_file_was_put_there_is_unreceipted,
    test_a_broken_receipt_is_corrupt,
    test_a_file_that_was_cut_is_corrupt,
    test_a_missing_file_is_named,
    test_a_newer_lake_is_refused,
    test_a_whole_file_of_another_run_is_torn,
    test_a_whole_lake_has_no_findings,
    test_files_without_a_receipt_are_named,
    test_no_lake_is_an_error,
    test_other_files_under_a_table_are_foreign,
    test_staging_is_information_not_an_error,
)


def test_a_folder_is_finished_when_all_its_files_are_there(tmp_path):
    folder = ingest_folder(tmp_path, 0)
    with finished_folder(folder) as partial:
        (partial / "articles-00000.parquet").write_bytes(b"one")
        assert not is_finished(folder)
    assert is_finished(folder)
    assert (folder / "articles-00000.parquet").read_bytes() == b"one"


def test_nothing_is_uploaded_of_a_folder_that_was_not_finished(tmp_path):
    def stop_half_way():
        with finished_folder(tmp_path / "folder") as partial:
            (partial / "a").write_text("content")
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        stop_half_way()
    assert not is_finished(tmp_path / "folder")
    assert not (tmp_path / "folder" / "a").exists()


def test_what_a_killed_attempt_left_is_no_chunk(tmp_path):
    folder = ingest_folder(tmp_path, 0)
    (folder / "articles-00001.parquet").write_bytes(b"left behind")
    with finished_folder(folder) as partial:
        (partial / "articles-00000.parquet").write_bytes(b"one")
    assert list_chunks(tmp_path, 1) == ["00000/articles-00000"]


def test_the_views_show_every_batch_with_its_day(tmp_path):
    layout = LakeLayout(tmp_path)
    publish(layout, make_batch(), "r1")
    with connect_duckdb(tmp_path) as connection:
        connection.execute(layout.views.read_text())
        for table, rows in make_batch().items():
            found = connection.execute(f"SELECT count(*), min(dt)::VARCHAR FROM {table}").fetchone()
            assert found == (len(rows), "2018-04-24")


def test_a_bucket_that_does_not_exist_is_told_in_one_line(store):
    layout = LakeLayout(to_location("s3://no-such-bucket/lake"))
    with pytest.raises(LakeError, match=r"^s3://no-such-bucket/lake: there is no such bucket"):
        layout.check_version()
