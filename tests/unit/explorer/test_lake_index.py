import threading
from datetime import timedelta
from functools import partial

import duckdb
import pyarrow.parquet as pq
import pytest

from include.eventwire.explorer import lake_index, lake_reading
from include.eventwire.explorer.lake_index import INDEXED, LakeIndex
from include.eventwire.explorer.lake_reading import LakeReader, SlowQueryError
from include.eventwire.explorer.lake_state import look_at
from include.eventwire.explorer.lake_tables import select_files
from include.eventwire.lake.layout import LakeError, LakeLayout
from tests.lake_rows import DAY
from tests.unit.explorer.made_lakes import make_story, publish, rows_of, summarise

NEXT = DAY + timedelta(days=1)


@pytest.fixture
def layout(tmp_path):
    return LakeLayout(tmp_path / "it's a lake")


@pytest.fixture
def reader(layout, monkeypatch):
    monkeypatch.setattr(lake_reading, "_FRESH_SECONDS", -1.0)
    reader = LakeReader(layout.root)
    yield reader
    reader.close()


def select(reader, table, first=DAY, last=NEXT, columns="*", indexed=tuple(INDEXED)):
    with reader.open(first, last, (table,), indexed=indexed) as connection:
        rows = connection.execute(f"SELECT {columns} FROM {table} ORDER BY ALL").fetchall()
    return rows


def publishers(reader, first=DAY, last=NEXT):
    return [
        publisher for (publisher,) in select(reader, "articles", first, last, columns="publisher")
    ]


@pytest.mark.parametrize("table", INDEXED)
def test_the_index_has_what_the_files_have(layout, reader, table):
    publish(layout, rows_of(make_story(number=1), make_story(number=2)))
    publish(layout, rows_of(make_story(number=3)), day=NEXT, name="trial")
    clusters = [
        {"event_cluster_id": "a", "event_ids": "a,b", "n_reports": 3, "n_publishers": 2},
        {"event_cluster_id": "c", "event_ids": "c", "n_reports": 1, "n_publishers": 1},
    ]
    summarise(layout, clusters)
    columns = f"dt, batch, {INDEXED[table]}"
    rows = select(reader, table, columns=columns)
    assert rows
    assert rows == select(reader, table, columns=columns, indexed=())


def test_only_the_days_asked_for_are_shown(layout, reader):
    for number in range(3):
        day = DAY + timedelta(days=number)
        publish(layout, rows_of(make_story(number=number, publisher=f"p{number}")), day=day)
    assert publishers(reader, DAY, DAY + timedelta(days=2)) == ["p0", "p1", "p2"]
    assert publishers(reader, NEXT, NEXT) == ["p1"]
    assert publishers(reader, DAY - timedelta(days=9), DAY) == ["p0"]


def test_a_batch_that_was_published_again_is_copied_again(layout, reader):
    publish(layout, rows_of(make_story(number=1, publisher="before")))
    publish(layout, rows_of(make_story(number=2, publisher="other")), day=NEXT)
    assert publishers(reader) == ["before", "other"]
    publish(layout, rows_of(make_story(number=1, publisher="after")))
    assert publishers(reader) == ["after", "other"]


def test_a_batch_that_is_gone_is_shown_no_more(layout, reader):
    publish(layout, rows_of(make_story(number=1, publisher="gone")))
    publish(layout, rows_of(make_story(number=2, publisher="kept")), name="trial")
    assert publishers(reader) == ["gone", "kept"]
    layout.receipt_file(DAY, "daily").unlink()
    assert publishers(reader) == ["kept"]


def test_a_batch_is_copied_once(layout, reader):
    publish(layout, rows_of(make_story(publisher="copied")))
    assert publishers(reader) == ["copied"]
    # The receipt stands as it was, so nobody looks at the file.
    layout.table_file("articles", DAY, "daily").write_bytes(b"no parquet at all")
    assert publishers(reader) == ["copied"]
    with pytest.raises(LakeError, match="verify"):
        select(reader, "articles", indexed=())


def test_a_column_that_files_lack_is_null(layout, reader):
    publish(layout, rows_of(make_story()))
    path = layout.table_file("events", DAY, "daily")
    pq.write_table(pq.read_table(path, partitioning=None).drop_columns(["latitude"]), path)
    assert select(reader, "events", columns="latitude") == [(None,)]


def test_what_was_copied_stays_when_the_time_is_over(layout, monkeypatch, tmp_path):
    monkeypatch.setattr(lake_index, "_BATCHES_TOGETHER", 1)
    for number in range(3):
        publish(layout, rows_of(make_story(number=number)), day=DAY + timedelta(days=number))
    moments = iter([0.0, 0.0, 9.0, 0.0])
    monkeypatch.setattr(lake_index.time, "monotonic", lambda: next(moments))
    batches, last = look_at(layout).batches, DAY + timedelta(days=2)
    copied = []

    def select_noting(table, some):
        copied.extend(batch.key.day for batch in some)
        return select_files(layout, table, some)

    with duckdb.connect() as database:
        index = LakeIndex(database, tmp_path / "index", select_noting)
        with pytest.raises(TimeoutError):
            index.select("articles", batches, DAY, last, until=1.0)
        rows = database.execute(index.select("articles", batches, DAY, last, until=1.0)).fetchall()
    assert len(rows) == 3
    assert copied == [batch.key.day for batch in batches]


def test_a_page_that_waits_too_long_for_the_index_is_told_what_to_do(layout):
    publish(layout, rows_of(make_story()))
    reader = LakeReader(layout.root, seconds=-1)
    with pytest.raises(SlowQueryError, match="choose fewer days"):
        select(reader, "articles")
    reader.close()


def test_many_at_once_see_each_batch_once(layout, reader):
    for number in range(20):
        publish(layout, rows_of(make_story(number=number)), day=DAY + timedelta(days=number))
    counts = []

    def count(n_days):
        rows = select(reader, "events", DAY, DAY + timedelta(days=n_days - 1), columns="event_id")
        counts.append((n_days, len(rows)))

    threads = [threading.Thread(target=partial(count, n_days)) for n_days in (20, 3, 11, 20, 7, 15)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(counts) == [(3, 3), (7, 7), (11, 11), (15, 15), (20, 20), (20, 20)]
