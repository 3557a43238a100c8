import hashlib

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from pyarrow.fs import LocalFileSystem

from include.eventwire.local_engines.tables import count_rows, differences, hash_tables


@pytest.fixture
def lake(tmp_path):
    """Return a lake with one published file, and one in staging."""
    for folder, rows in (("events/dt=2018-04-24", 3), ("_staging/dt=2018-04-24/daily/run", 5)):
        (tmp_path / folder).mkdir(parents=True)
        pq.write_table(pa.table({"n": list(range(rows))}), tmp_path / folder / "daily.parquet")
    (tmp_path / "views.sql").write_text("SELECT 1")
    return tmp_path


def test_hashes_what_is_published_and_nothing_else(lake):
    path = "events/dt=2018-04-24/daily.parquet"
    digest = hashlib.sha256((lake / path).read_bytes()).hexdigest()
    assert hash_tables(LocalFileSystem(), str(lake)) == {path: digest}
    assert count_rows(LocalFileSystem(), str(lake)) == 3


def test_a_lake_that_is_not_there_is_empty(tmp_path):
    assert hash_tables(LocalFileSystem(), str(tmp_path / "none")) == {}


def test_names_each_file_that_is_not_alike():
    expected = {"a": "1", "b": "2", "c": "3"}
    assert differences(expected, dict(expected)) == []
    assert differences(expected, {"a": "1", "b": "9", "d": "4"}) == [
        "b has other bytes",
        "c is missing",
        "d was not expected",
    ]
