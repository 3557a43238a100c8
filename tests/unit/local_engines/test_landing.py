import gzip
import json

import pytest
from pyarrow.fs import LocalFileSystem

from include.eventwire.local_airflow.sessions import landed_days
from include.eventwire.local_engines.landing import BULK_DAY, BulkError, land_bulk, upload


@pytest.fixture
def bulk(tmp_path):
    """Return a file of three articles under the names that collections use."""
    path = tmp_path / "bulk.jsonl.gz"
    rows = [
        {"id": "1", "date": "1999-05-03", "title": "Talks", "text": "Envoys met in Lomé."},
        {"id": "2", "published_at": "1999-05-04", "publisher": "wire", "text": "They met again."},
        {"id": "3", "date": "1999-05-05", "text": "They parted."},
    ]
    with gzip.open(path, "wt", encoding="utf-8") as file:
        file.writelines(json.dumps(row) + "\n" for row in rows)
    return path


def test_the_first_articles_land_on_one_day_under_our_names(bulk, tmp_path):
    land_bulk(bulk, 2, tmp_path / "landing")
    assert landed_days(tmp_path / "landing") == [BULK_DAY]
    (file,) = (tmp_path / "landing").glob("*/*/*")
    rows = [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]
    assert rows[0] == {
        "id": "1",
        "publisher": "bulk",
        "published_at": "1999-05-03",
        "headline": "Talks",
        "text": "Envoys met in Lomé.",
    }
    assert [row["publisher"] for row in rows] == ["bulk", "wire"]


def test_too_few_articles_are_said(bulk, tmp_path):
    with pytest.raises(BulkError, match="has 3 articles, fewer than 4"):
        land_bulk(bulk, 4, tmp_path / "landing")


@pytest.mark.parametrize("content", [None, b"no gzip", gzip.compress(b"no JSON\n")])
def test_a_file_that_cannot_be_read_is_named(content, tmp_path):
    bulk = tmp_path / "odd.jsonl.gz"
    if content is not None:
        bulk.write_bytes(content)
    with pytest.raises(BulkError, match=r"odd\.jsonl\.gz"):
        land_bulk(bulk, 1, tmp_path / "landing")


def test_uploads_a_folder_as_it_is(tmp_path):
    (tmp_path / "landing/wire/dt=2018-04-24").mkdir(parents=True)
    (tmp_path / "landing/wire/dt=2018-04-24/a.txt").write_text("text")
    upload(tmp_path / "landing", LocalFileSystem(), str(tmp_path / "bucket"))
    assert (tmp_path / "bucket/wire/dt=2018-04-24/a.txt").read_text() == "text"
