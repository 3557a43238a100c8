import os
import threading
from dataclasses import replace
from datetime import date, timedelta

import duckdb
import pyarrow.parquet as pq
import pytest

from include.eventwire.explorer import lake_reading
from include.eventwire.explorer.lake_reading import (
    LakeReader,
    SlowQueryError,
)
from include.eventwire.explorer.lake_state import EmptyLakeError
from include.eventwire.lake.layout import BatchKey, LakeError, LakeLayout
from tests.lake_rows import DAY
from tests.unit.explorer.made_lakes import make_story, publish, rows_of

NEXT = DAY + timedelta(days=1)


@pytest.fixture
def layout(tmp_path):
    return LakeLayout(tmp_path / "it's a [lake]")


@pytest.fixture
def reader(layout):
    reader = LakeReader(layout.root)
    yield reader
    reader.close()


def ids(reader, first, last, table="articles"):
    with reader.open(first, last, (table,)) as connection:
        rows = connection.execute(f"SELECT dt, batch, article_id FROM {table} ORDER BY ALL")
        return rows.fetchall()


def test_shows_the_batches_of_the_days_asked_for(layout, reader):
    publish(layout, rows_of(make_story(number=1)))
    publish(layout, rows_of(make_story(number=2)), name="trial")
    publish(layout, rows_of(make_story(number=3)), day=NEXT)
    first, second, third = (f"{number:032x}" for number in (1, 2, 3))
    assert ids(reader, DAY, DAY) == [(DAY, "daily", first), (DAY, "trial", second)]
    assert ids(reader, NEXT, NEXT) == [(NEXT, "daily", third)]
    assert len(ids(reader, DAY, NEXT)) == 3
    assert reader.state().days == (DAY, NEXT)


def test_days_without_a_batch_have_empty_tables(layout, reader):
    publish(layout, rows_of(make_story()))
    assert ids(reader, date(2001, 1, 1), date(2001, 1, 2), "events") == []


def test_a_batch_without_its_receipt_is_not_shown(layout, reader):
    publish(layout, rows_of(make_story()))
    layout.receipt_file(DAY, "daily").rename(layout.publishing_file(DAY, "daily"))
    assert reader.state().batches == ()


def test_a_new_batch_is_seen_after_a_while(layout, reader, monkeypatch):
    publish(layout, rows_of(make_story(number=1)))
    assert len(reader.state().batches) == 1
    publish(layout, rows_of(make_story(number=2)), name="trial")
    assert len(reader.state().batches) == 1
    monkeypatch.setattr(lake_reading, "_FRESH_SECONDS", -1.0)
    assert [batch.key for batch in reader.state().batches] == [
        BatchKey(DAY, "daily"),
        BatchKey(DAY, "trial"),
    ]


def test_a_missing_lake_is_empty(reader):
    assert reader.state().batches == ()
    with pytest.raises(EmptyLakeError):
        reader.state().default_days()


def test_columns_that_older_files_lack_are_null(layout, reader):
    publish(layout, rows_of(make_story(number=1)))
    publish(layout, rows_of(make_story(number=2)), day=NEXT)
    path = layout.table_file("articles", DAY, "daily")
    older = pq.read_table(path, partitioning=None).drop_columns(["warnings"])
    pq.write_table(older, path)
    with reader.open(DAY, NEXT, ("articles",)) as connection:
        assert connection.execute("SELECT count(*), count(warnings) FROM articles").fetchone() == (
            2,
            0,
        )


def test_a_damaged_file_is_told_with_the_remedy(layout, reader):
    publish(layout, rows_of(make_story()))
    layout.table_file("articles", DAY, "daily").write_bytes(b"no parquet at all")
    with pytest.raises(LakeError, match="verify"):
        ids(reader, DAY, DAY)


def test_a_slow_query_is_stopped(layout):
    publish(layout, rows_of(make_story()))
    reader = LakeReader(layout.root, seconds=0.05)
    with (
        pytest.raises(SlowQueryError, match="choose fewer days"),
        reader.open(DAY, DAY, ("articles",)) as connection,
    ):
        connection.execute("SELECT sum(a.range * b.range) FROM range(10000000) a, range(100000) b")
    reader.close()


def test_more_requests_than_turns_wait_for_each_other(layout):
    publish(layout, rows_of(make_story()))
    reader = LakeReader(layout.root, at_once=1)
    found = []
    threads = [
        threading.Thread(target=lambda: found.append(ids(reader, DAY, DAY))) for _ in range(6)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 6
    assert all(len(rows) == 1 for rows in found)
    reader.close()


def test_what_is_remembered_is_made_anew_when_a_batch_changes(layout, reader, monkeypatch):
    monkeypatch.setattr(lake_reading, "_FRESH_SECONDS", -1.0)
    publish(layout, rows_of(make_story()))
    made = []

    def make():
        made.append(None)
        return len(made)

    assert [reader.remember("k", reader.state(), make) for _ in range(3)] == [1, 1, 1]
    assert reader.remember("other", reader.state(), make) == 2
    receipt = layout.receipt_file(DAY, "daily")
    os.utime(receipt, (1, 1))
    assert reader.remember("k", reader.state(), make) == 3


def test_what_is_remembered_is_bounded(layout, reader, monkeypatch):
    monkeypatch.setattr(lake_reading, "_MOST_REMEMBERED", 2)
    state = reader.state()
    for key in "abc":
        reader.remember(key, state, lambda key=key: key)
    assert reader.remember("a", state, lambda: "made anew") == "made anew"
    assert reader.remember("c", state, lambda: "made anew") == "c"


def test_tables_can_only_be_read(layout, reader):
    publish(layout, rows_of(make_story()))
    before = layout.table_file("articles", DAY, "daily").read_bytes()
    with (
        pytest.raises(duckdb.Error),
        reader.open(DAY, DAY, ("articles",)) as connection,
    ):
        connection.execute("DELETE FROM articles")
    assert layout.table_file("articles", DAY, "daily").read_bytes() == before


def test_an_article_of_two_batches_stands_twice(layout, reader):
    article, event, parties = make_story(number=1)
    publish(layout, rows_of((article, event, parties)))
    publish(layout, rows_of((replace(article, headline="Anew"), event, parties)), name="trial")
    assert len(ids(reader, DAY, DAY)) == 2
