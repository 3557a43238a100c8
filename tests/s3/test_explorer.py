"""The pages over a lake in a bucket."""

import csv
import io
from datetime import timedelta

import pytest

from include.eventwire.lake.layout import LakeLayout
from tests.lake_rows import DAY
from tests.unit.explorer.made_lakes import look_at, make_story, publish, rows_of


@pytest.fixture
def layout(tmp_path):
    layout = LakeLayout(tmp_path / "it's a lake")
    publish(layout, rows_of(make_story(number=1, headline="First")))
    publish(layout, rows_of(make_story(number=2, headline="Second")), day=DAY + timedelta(days=1))
    return layout


@pytest.fixture
def client(layout):
    return look_at(str(layout.root))


def test_pages_and_exports_read_a_bucket(client):
    assert "2018-04-24" in client.get("/").text
    page = client.get("/events").text
    assert "First" in page
    assert "Second" in page
    assert '<mark class="trigger" title="trigger">met</mark>' in page
    exported = client.get("/events/export.csv").content.decode()
    assert [row["headline"] for row in csv.DictReader(io.StringIO(exported))] == ["First", "Second"]


def test_a_missing_file_is_told(layout, client):
    layout.table_file("articles", DAY, "daily").unlink()
    answer = client.get("/events")
    assert answer.status_code == 503
    assert "verify" in answer.text
