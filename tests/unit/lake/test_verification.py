from pathlib import Path

import pytest

from include.eventwire.lake.layout import LakeError, LakeLayout
from include.eventwire.lake.publishing import publish_tables
from include.eventwire.lake.verification import verify_lake
from include.eventwire.schemas import TABLES, SchemaVersionError
from tests.lake_rows import DAY, make_batch, make_receipt, stage_run

EVENTS = "events/dt=2018-04-24/daily.parquet"
RECEIPT = "_receipts/dt=2018-04-24/daily.json"


@pytest.fixture
def lake(tmp_path) -> Path:
    layout = LakeLayout(tmp_path / "lake")
    tables = stage_run(layout, make_batch(), "r1")
    publish_tables(layout, DAY, "daily", tables, make_receipt())
    return layout.root


def found(lake: Path) -> dict[str, str]:
    return {finding.path: finding.kind for finding in verify_lake(LakeLayout(lake))}


def test_a_whole_lake_has_no_findings(lake):
    assert found(lake) == {}


def test_an_empty_folder_is_a_lake_without_batches(tmp_path):
    assert found(tmp_path) == {}


def test_a_whole_file_of_another_run_is_torn(lake, tmp_path):
    other = LakeLayout(tmp_path / "other")
    tables = stage_run(other, make_batch("China met Japan in Tokyo."), "r1")
    publish_tables(other, DAY, "daily", tables, make_receipt())
    (lake / EVENTS).write_bytes((other.root / EVENTS).read_bytes())
    assert found(lake) == {EVENTS: "torn"}


def test_a_file_that_was_cut_is_corrupt(lake):
    content = (lake / EVENTS).read_bytes()
    (lake / EVENTS).write_bytes(content[:-10])
    (finding,) = verify_lake(LakeLayout(lake))
    assert (finding.path, finding.kind) == (EVENTS, "corrupt")
    assert "run 2018-04-24 daily again" in finding.detail


def test_a_flipped_bit_is_noticed(lake):
    content = bytearray((lake / EVENTS).read_bytes())
    content[60] ^= 1
    (lake / EVENTS).write_bytes(content)
    assert found(lake) in ({EVENTS: "corrupt"}, {EVENTS: "torn"})


def test_a_missing_file_is_named(lake):
    (lake / EVENTS).unlink()
    assert found(lake) == {EVENTS: "missing"}


def test_files_without_a_receipt_are_named(lake):
    (lake / RECEIPT).unlink()
    kinds = found(lake)
    assert len(kinds) == len(TABLES)
    assert set(kinds.values()) == {"unreceipted"}


def test_a_batch_of_which_one_file_was_put_there_is_unreceipted(lake):
    (lake / EVENTS).with_name("other.parquet").write_bytes((lake / EVENTS).read_bytes())
    assert found(lake) == {"events/dt=2018-04-24/other.parquet": "unreceipted"}


def test_a_broken_receipt_is_corrupt(lake):
    (lake / RECEIPT).write_text("{")
    assert found(lake) == {RECEIPT: "corrupt"}


def test_a_receipt_that_names_no_such_table_leaves_its_file_unreceipted(lake):
    text = (lake / RECEIPT).read_text()
    (lake / RECEIPT).write_text(text.replace('"events": {', '"happenings": {'))
    assert found(lake) == {EVENTS: "unreceipted"}


def test_other_files_under_a_table_are_foreign(lake):
    (lake / "events/notes.txt").write_text("")
    (lake / "events/dt=2018-04-24/daily.csv").write_text("")
    assert found(lake) == {
        "events/notes.txt": "foreign",
        "events/dt=2018-04-24/daily.csv": "foreign",
    }


def test_staging_is_information_not_an_error(lake):
    stage_run(LakeLayout(lake), make_batch(), "r2")
    (finding,) = verify_lake(LakeLayout(lake))
    assert (finding.path, finding.kind) == ("_staging/dt=2018-04-24/daily/r2", "staging")
    assert not finding.is_error


def test_verifying_changes_nothing(lake):
    before = {path: path.stat().st_mtime_ns for path in lake.rglob("*")}
    verify_lake(LakeLayout(lake))
    assert {path: path.stat().st_mtime_ns for path in lake.rglob("*")} == before


def test_no_lake_is_an_error(tmp_path):
    with pytest.raises(LakeError, match="no lake there"):
        verify_lake(LakeLayout(tmp_path / "lake"))


def test_a_newer_lake_is_refused(lake):
    (lake / "views.sql").write_text("-- Eventwire tables, schema version 3\n")
    with pytest.raises(SchemaVersionError):
        verify_lake(LakeLayout(lake))
