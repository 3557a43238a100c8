"""Nothing of a forgotten article stays in a summary, and what was cut short is finished."""

import os
from datetime import timedelta

import pytest

from include.eventwire.lake.layout import LakeLayout
from include.eventwire.lake.parquet_files import write_rows
from include.eventwire.lake.verification import verify_lake
from include.eventwire.maintenance.forgetting import ForgetRequest, forget
from include.eventwire.maintenance.jobs import heal_lake, sweep_lake, tell_forgotten
from include.eventwire.settings import Settings
from include.eventwire.summaries import upkeep
from include.eventwire.summaries.jobs import summarise_day
from include.eventwire.summaries.layout import SUMMARY, SummaryLayout
from tests.unit.summaries.rows import (
    DAM,
    DAY,
    FERRY,
    ORCHESTRA,
    article,
    hashes_of,
    meeting,
    publish,
    rows_of,
)

NEXT = DAY + timedelta(days=1)
FAR = DAY + timedelta(days=9)
WEEK = 7


@pytest.fixture
def layout(tmp_path):
    return LakeLayout(tmp_path / "lake")


@pytest.fixture
def place(layout):
    return SummaryLayout(layout.root)


@pytest.fixture
def gone(layout):
    """Publish and summarise three days; return the article of the first that will be forgotten."""
    gone, later = article(DAM), article(f"{DAM} The crack grew.", day=NEXT)
    publish(layout, [gone, article(FERRY)], [meeting(gone)])
    publish(layout, [later], [meeting(later)], day=NEXT)
    publish(layout, [article(ORCHESTRA, day=FAR)], day=FAR)
    for day in (DAY, NEXT, FAR):
        summarise_day(layout, day, WEEK)
    return gone


def content_of(layout):
    """Return all that can be read in the summaries, and in their receipts and staging."""
    days = [key.day for key, _ in SummaryLayout(layout.root).receipts()]
    rows = [
        rows_of(layout, table, day) for table in SummaryLayout(layout.root).tables for day in days
    ]
    return str(rows)  # fmt: skip


def test_forgetting_makes_the_summaries_anew_that_look_back_to_the_article(layout, gone):
    far = hashes_of(layout, FAR)
    assert gone.article_id in content_of(layout)
    done = forget(layout, ForgetRequest(gone.article_id))
    assert done.summaries == (DAY, NEXT)
    assert "summarised anew: 2018-04-25" in tell_forgotten(done)
    assert done.to_json()["summaries"] == ["2018-04-24", "2018-04-25"]
    assert gone.article_id not in content_of(layout)
    assert [row.headline for row in rows_of(layout, "stories")] == [FERRY]
    assert rows_of(layout, "event_clusters") == []
    (pair, *_) = rows_of(layout, "actor_pair_days", NEXT)
    assert (pair.n_events, pair.n_new_events) == (1, 1)  # now first reported on the next day
    assert hashes_of(layout, FAR) == far
    assert verify_lake(layout) == []


def test_what_a_kill_left_is_healed(layout, gone, monkeypatch):
    def die(*_):
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr("include.eventwire.maintenance.forgetting.forget_in_summaries", die)
        with pytest.raises(KeyboardInterrupt):
            forget(layout, ForgetRequest(gone.article_id))
    assert gone.article_id in content_of(layout)
    assert heal_lake(layout) == [
        "2018-04-24: its summary was made anew",
        "2018-04-25: its summary was made anew",
    ]
    assert gone.article_id not in content_of(layout)
    assert heal_lake(layout) == []


def test_a_summary_that_was_half_published_is_made_anew(layout, place, gone):
    before = hashes_of(layout, DAY)
    place.receipt_file(DAY, SUMMARY).rename(place.publishing_file(DAY, SUMMARY))
    place.table_file("stories", DAY, SUMMARY).unlink()
    assert {finding.kind for finding in verify_lake(layout)} == {"unfinished", "missing"}
    assert heal_lake(layout) == ["2018-04-24: its summary was made anew"]
    assert hashes_of(layout, DAY) == before
    assert verify_lake(layout) == []


def test_a_summary_keeps_the_window_that_it_was_made_with(layout, place, gone):
    summarise_day(layout, NEXT, 1)
    done = forget(layout, ForgetRequest(gone.article_id))
    assert done.summaries == (DAY,)


def test_a_summary_of_a_day_without_batches_goes_too(layout, place, gone):
    layout.receipt_file(DAY, "daily").unlink()
    assert upkeep.forget_in_summaries(layout, [gone.article_id], []) == [DAY, NEXT]
    assert {key.day for key, _ in place.receipts()} == {NEXT, FAR}
    assert [key.day for key, _ in place.published_files("stories")] == [NEXT, FAR]


def test_staging_that_names_the_article_is_removed(layout, place, gone):
    stories = rows_of(layout, "stories")
    for run, kept in (("naming", stories), ("other", stories[1:])):
        folder = place.create_staging_run(FAR, SUMMARY, run) / "tables"
        folder.mkdir(parents=True, exist_ok=True)
        rows = [row for row in kept if run == "naming" or gone.article_id not in row.article_ids]
        write_rows(folder / "stories.parquet", "stories", rows)
    forget(layout, ForgetRequest(gone.article_id))
    assert [run.name for run in place.staging_runs()] == ["other"]


def test_staging_of_stopped_runs_is_swept(layout, place, gone):
    run = place.create_staging_run(FAR, SUMMARY, "stopped")
    os.utime(run, (0, 0))
    assert sweep_lake(layout, Settings()) == [
        "_staging/summaries/dt=2018-05-03/summary/stopped: removed, left by a run"
    ]
    assert not run.exists()
