from dataclasses import replace

import duckdb
import pytest

from include.eventwire.lake.layout import BatchKey, LakeError, LakeLayout
from include.eventwire.lake.publishing import publish_tables
from include.eventwire.lake.summary import summarise_lake
from include.eventwire.schemas import TABLES
from tests.lake_rows import DAY, make_batch, make_receipt, make_reject, stage_run


@pytest.fixture
def layout(tmp_path):
    return LakeLayout(tmp_path / "it's a lake")


def publish(layout, batch, name="daily"):
    tables = stage_run(layout, batch, "run", name)
    publish_tables(layout, DAY, name, tables, make_receipt(name))


def test_counts_rows_of_batches_and_reasons(layout):
    batch = make_batch()
    rejects = [make_reject(), make_reject(record_number=3), make_reject(reason="bad_date")]
    publish(layout, {**batch, "rejects": rejects})
    publish(layout, {table: [] for table in TABLES}, "empty")
    summary = summarise_lake(layout)
    assert [(item.key, item.is_complete) for item in summary.batches] == [
        (BatchKey(DAY, "daily"), True),
        (BatchKey(DAY, "empty"), True),
    ]
    assert summary.batches[0].rows == {
        "articles": 1, "mentions": 2, "events": 1, "event_parties": 2, "rejects": 3,
        "signatures": 1,
    }  # fmt: skip
    assert list(summary.reasons.items()) == [("empty_text", 2), ("bad_date", 1)]


def test_tells_events_in_words_one_of_a_type(layout):
    batch = make_batch()
    (event,) = batch["events"]
    doubtful = replace(event, event_id="d" * 32, event_index=1, confidence=0.2)
    publish(layout, {**batch, "events": [event, doubtful]})
    (told,) = summarise_lake(layout).events
    assert told.event_id == event.event_id
    assert told.words.startswith("China (GOV) CONSULT Japan")


def test_what_did_not_happen_is_no_example(layout):
    batch = make_batch()
    publish(layout, {**batch, "events": [replace(batch["events"][0], realis="negated")]})
    assert summarise_lake(layout).events == ()


def test_the_query_can_be_pasted(layout):
    publish(layout, make_batch())
    query = summarise_lake(layout).query
    assert duckdb.sql(query).fetchall() == [(DAY, "CONSULT", 1)]


def test_a_batch_without_its_receipt_is_incomplete(layout):
    publish(layout, make_batch())
    layout.receipt_file(DAY, "daily").unlink()
    assert [item.is_complete for item in summarise_lake(layout).batches] == [False]


def test_a_folder_that_is_no_lake_is_told(layout):
    with pytest.raises(LakeError, match="no lake"):
        summarise_lake(layout)
