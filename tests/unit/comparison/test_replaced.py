import logging
from dataclasses import replace

import pytest

from include.eventwire.checks.batch_profile import BatchProfile
from include.eventwire.comparison.replaced import describe_replaced
from include.eventwire.lake.layout import BatchKey, LakeLayout
from tests.lake_rows import DAY, make_batch, stage_batch
from tests.unit.explorer.made_lakes import make_story, publish, rows_of

KEY = BatchKey(DAY, "daily")


@pytest.fixture
def layout(tmp_path):
    return LakeLayout(tmp_path / "lake")


def stage(tmp_path, *stories):
    rows = {**{table: [] for table in make_batch()}, **rows_of(*stories)}
    return stage_batch(tmp_path / "staged", {table: list(found) for table, found in rows.items()})


def test_counts_what_is_gained_lost_and_changed(tmp_path, layout):
    kept, lost, changed = (make_story(number=number) for number in (1, 2, 3))
    publish(
        layout, rows_of(kept, lost, changed), profile=BatchProfile({}, {"CONSULT": 3}),
        run={"published_at": "2018-04-25T01:00:00+00:00"},
    )  # fmt: skip
    article, event, parties = changed
    now = replace(event, event_type="ACCUSE", event_mode=None, quad_class="verbal conflict")
    new = make_story(number=4)
    found = replace(lost[1], event_id="f" * 32, trigger_start_char=1, trigger_end_char=2)
    staged = stage(tmp_path, kept, (lost[0], found, []), (article, now, parties), new)
    assert describe_replaced(layout, KEY, staged) == {
        "published_at": "2018-04-25T01:00:00+00:00",
        "versions": {"code": "0.1.0", "schema": "1"},
        "rows": {"articles": 3, "mentions": 0, "events": 3, "event_parties": 6, "rejects": 0,
                 "signatures": 3},
        "event_types": {"CONSULT": 3},
        "articles_in_both": 3,
        "events": {"a": 3, "b": 3, "gained": 1, "lost": 1, "changed": 1},
        "fields": {"event_type": 1, "event_mode": 1},
        "moves": [["CONSULT", "ACCUSE", 1]],
    }  # fmt: skip


def test_a_first_batch_replaces_nothing(tmp_path, layout):
    assert describe_replaced(layout, KEY, stage(tmp_path, make_story())) is None


def test_a_damaged_batch_is_no_reason_not_to_replace_it(tmp_path, layout, caplog):
    caplog.set_level(logging.WARNING)
    publish(layout, rows_of(make_story()))
    layout.table_file("events", DAY, "daily").write_bytes(b"damaged")
    assert describe_replaced(layout, KEY, stage(tmp_path, make_story())) is None
    assert "2018-04-24 daily: not compared with the batch that it replaces" in caplog.text
