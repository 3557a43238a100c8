import csv
import io
from dataclasses import replace

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from include.eventwire.explorer import exporting
from include.eventwire.explorer.exporting import disarm
from include.eventwire.lake.layout import LakeLayout
from include.eventwire.schemas import EVENTS
from tests.unit.explorer.made_lakes import TEXT, look_at, make_story, publish, rows_of


@pytest.fixture
def layout(tmp_path):
    return LakeLayout(tmp_path / "lake")


def read_csv(answer):
    assert answer.status_code == 200, answer.text
    return list(csv.DictReader(io.StringIO(answer.content.decode("utf-8"), newline="")))


def read_parquet(answer):
    assert answer.status_code == 200, answer.text
    return pq.read_table(io.BytesIO(answer.content))


def publish_some(layout, n_stories=3):
    stories = []
    for number in range(n_stories):
        article, event, parties = make_story(number=number, headline=f"Story {number}")
        stories.append((article, replace(event, plover_score=-1.5 * number), parties))
    publish(layout, rows_of(*stories))


def test_all_rows_of_a_choice_are_exported_in_both_forms(layout):
    publish_some(layout, 60)
    client = look_at(layout.root)
    table = read_parquet(client.get("/events/export.parquet"))
    rows = read_csv(client.get("/events/export.csv"))
    assert table.num_rows == len(rows) == 60
    assert table.column_names == list(rows[0])
    assert table.column_names[:2] == ["dt", "batch"]
    assert set(EVENTS.names) < set(table.column_names)
    assert [row["headline"] for row in rows] == table["headline"].to_pylist()
    assert rows[1]["plover_score"] == "-1.5"
    assert rows[0]["dt"] == "2018-04-24"
    assert rows[0]["published_at"].startswith("2018-04-24 09:30:00")


def test_filters_hold_for_exports(layout):
    publish_some(layout)
    client = look_at(layout.root)
    assert len(read_csv(client.get("/events/export.csv?text=story+1"))) == 1
    assert read_parquet(client.get("/events/export.parquet?type=PROTEST")).num_rows == 0
    assert read_csv(client.get("/events/export.csv?type=PROTEST")) == []
    assert client.get("/events/export.csv?type=x").status_code == 400


def test_an_empty_csv_has_its_header(layout):
    publish_some(layout)
    text = look_at(layout.root).get("/events/export.csv?type=PROTEST").text
    assert text.startswith('"dt","batch","event_id"')


def test_columns_of_parquet_carry_what_they_hold(layout):
    publish_some(layout)
    schema = read_parquet(look_at(layout.root).get("/events/export.parquet")).schema
    for field in schema:
        assert field.metadata[b"description"], field.name
    assert schema.field("event_type").metadata[b"description"] == b"PLOVER type, one of 16."


@pytest.mark.parametrize("start", ["=1+1", "+1", "-1", "@a", "\tx", "\rx", "\nx", "\uff1d1"])
def test_what_a_spreadsheet_would_run_is_disarmed_in_csv_alone(layout, start):
    publish(layout, rows_of(make_story(f"{start} {TEXT}", headline=start, publisher=start)))
    client = look_at(layout.root)
    (row,) = read_csv(client.get("/events/export.csv"))
    assert row["headline"] == row["publisher"] == f"'{start}"
    assert read_parquet(client.get("/events/export.parquet"))["headline"].to_pylist() == [start]


def test_numbers_and_harmless_texts_stay_as_they_are():
    table = pa.table({"text": ["a=1", "", None, "it's"], "number": [-1, 2, None, 3]})
    assert disarm(table).to_pydict() == table.to_pydict()


def test_quotes_and_line_breaks_of_texts_survive(layout):
    headline = 'He said "no",\nthen left'
    publish(layout, rows_of(make_story(headline=headline)))
    (row,) = read_csv(look_at(layout.root).get("/events/export.csv"))
    assert row["headline"] == headline


def test_too_many_rows_are_told_and_not_cut(layout, monkeypatch):
    monkeypatch.setattr(exporting, "MOST_ROWS", 2)
    publish_some(layout)
    answer = look_at(layout.root).get("/events/export.csv")
    assert answer.status_code == 413
    assert "3 rows are chosen, and one export has 2 at most" in answer.text


def test_files_are_named_and_told_their_length(layout):
    publish_some(layout)
    answer = look_at(layout.root).get("/events/export.parquet?from=2018-04-01&to=2018-04-24")
    assert answer.headers["content-disposition"] == (
        'attachment; filename="events_2018-04-01_2018-04-24.parquet"'
    )
    assert int(answer.headers["content-length"]) == len(answer.content)


def test_nothing_is_left_on_the_disk(layout):
    publish_some(layout)
    client = look_at(layout.root)
    client.get("/events/export.csv")
    assert not list(client.app.state.reader.scratch.iterdir())


def test_the_guide_tells_every_column(layout):
    publish_some(layout)
    client = look_at(layout.root)
    guide = read_csv(client.get("/events/columns.csv"))
    exported = read_csv(client.get("/events/export.csv"))
    assert [row["column"] for row in guide] == list(exported[0])
    assert all(row["description"] and row["type"] for row in guide)


def test_the_codebook_tells_every_code_of_the_events(layout):
    publish_some(layout)
    client = look_at(layout.root)
    codes = {(row["column"], row["code"]) for row in read_csv(client.get("/events/codebook.csv"))}
    assert {("event_type", "CONSULT"), ("event_mode", "CONSULT visit"), ("realis", "asserted"),
            ("sector", "GOV"), ("country", "JPN"), ("contexts", "military")} <= codes  # fmt: skip
