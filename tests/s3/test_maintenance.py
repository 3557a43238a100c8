"""The upkeep of a lake in a bucket, where nothing can be locked and nothing renamed."""

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest

from include.eventwire.lake import bucket_publishing
from include.eventwire.lake.layout import BatchKey, CompactedBatchError, LakeError, LakeLayout
from include.eventwire.lake.locations import copy_file, last_change, list_files
from include.eventwire.maintenance import compaction, rewriting, sweeping
from include.eventwire.maintenance.compaction import compact_lake
from include.eventwire.maintenance.jobs import heal_lake, sweep_lake
from include.eventwire.maintenance.sweeping import sweep_staging
from include.eventwire.maintenance.unfinished import finish_publications
from include.eventwire.summaries.layout import SummaryLayout
from tests.lake_rows import DAY, make_batch, stage_run
from tests.s3 import test_publishing
from tests.s3.test_publishing import NEW, assert_whole
from tests.unit.lake.test_publishing import publish
from tests.unit.made_batches import article, make_settings, rows_of
from tests.unit.maintenance.lakes import errors, run_by_hand, source_ids, stored
from tests.unit.maintenance.test_compaction import (  # noqa: F401 - collected here
    KilledError,
    make_three,
    steps,
    test_a_batch_that_became_part_of_another_is_not_made_again,
    test_a_batch_that_was_replaced_while_it_was_rewritten_is_left_alone,
    test_a_damaged_batch_stops_it_before_anything_leaves,
    test_an_article_is_forgotten_in_a_compacted_batch,
    test_batches_that_come_later_join_the_compacted_one,
    test_the_rows_stay_what_they_were_in_the_order_of_the_batches,
)
from tests.unit.maintenance.test_forgetting import (  # noqa: F401 - collected here
    test_a_later_run_of_the_same_inputs_gives_the_same_articles,
    test_a_run_that_read_it_before_cannot_publish_it,
    test_copies_stay_and_the_earliest_stands_for_them,
    test_staging_that_holds_it_is_removed_and_other_staging_stays,
    test_the_article_leaves_every_table_of_every_day,
)

pytestmark = pytest.mark.slow


@pytest.fixture
def settings(tmp_path, monkeypatch):
    return make_settings(tmp_path, monkeypatch)


@pytest.fixture
def layout(settings):
    return LakeLayout(settings.lake)


@pytest.fixture
def three(settings):
    """A day with a daily batch and three that were started by hand."""
    make_three(settings)


def test_a_publication_that_was_cut_short_is_finished(tmp_path, monkeypatch):
    lake = LakeLayout(tmp_path / "lake")
    publish(lake, make_batch(), "old")

    def copy_until(source, target):
        if "/events/" in str(target):
            raise test_publishing.KilledError
        copy_file(source, target)

    with monkeypatch.context() as patched:
        patched.setattr(bucket_publishing, "copy_file", copy_until)
        with pytest.raises(test_publishing.KilledError):
            publish(lake, NEW, "new")
    assert finish_publications(lake) == [BatchKey(DAY, "daily")]
    assert_whole(lake, NEW)
    assert list(lake.staging_runs()) == []


def later(monkeypatch, module, **passed):
    """Let some time have passed for one module."""
    at = datetime.now(UTC) + timedelta(**passed)
    if hasattr(module, "now"):
        monkeypatch.setattr(module, "now", at.isoformat)
    else:
        monkeypatch.setattr(module, "time", SimpleNamespace(time=at.timestamp))


def test_what_was_left_long_ago_is_swept_and_what_is_younger_stays(tmp_path, monkeypatch):
    lake = LakeLayout(tmp_path / "lake")
    stage_run(lake, make_batch(), "r1", "daily")
    run = lake.staging_run(DAY, "daily", "r1")
    later(monkeypatch, sweeping, days=6)
    assert sweep_staging(lake, 7) == []
    later(monkeypatch, sweeping, days=8)
    assert sweep_staging(lake, 7) == [run]
    assert list(lake.staging_runs()) == []
    assert list_files(lake.staging) == []


def test_a_run_that_still_writes_is_not_swept(tmp_path, monkeypatch):
    lake = LakeLayout(tmp_path / "lake")
    stage_run(lake, make_batch(), "r1", "daily")
    (lake.staging_run(DAY, "daily", "r1") / "late.json").write_text("{}")
    monkeypatch.setattr(sweeping, "last_change", lambda run: last_change(run) + 8 * 86_400)
    later(monkeypatch, sweeping, days=14)
    assert sweep_staging(lake, 7) == []


def test_what_a_half_published_batch_is_finished_from_is_not_swept(tmp_path, monkeypatch):
    lake = LakeLayout(tmp_path / "lake")
    for name in ("daily", "trial"):
        stage_run(lake, make_batch(), "r1", name)
    lake.publishing_file(DAY, "daily").write_text("{}")
    later(monkeypatch, sweeping, days=8)
    assert sweep_staging(lake, 7) == [lake.staging_run(DAY, "trial", "r1")]


def test_summaries_are_swept_as_well(settings, monkeypatch):
    place = SummaryLayout(settings.lake)
    run = place.staging_run(DAY, "summary", "r1")
    (run / "tables.json").write_text("{}")
    later(monkeypatch, sweeping, days=8)
    lines = sweep_lake(LakeLayout(settings.lake), settings)
    assert lines == [f"{run.relative_to(settings.lake)}: removed, left by a run"]


# Before and after the new batch is published, and while the first and the last old one leaves.
@pytest.mark.parametrize("step", [1, 2, 4, 7])
def test_a_killed_compaction_is_finished_once_nobody_can_be_at_it(
    settings, layout, three, monkeypatch, step
):
    before = sorted(row.article_id for rows in stored(settings).values() for row in rows)
    with monkeypatch.context() as patched:
        steps(patched, step)
        with pytest.raises(KilledError):
            compact_lake(layout, 2)
    if step == 1:  # announced, and nothing else: somebody may be at it
        (done,) = compact_lake(layout, 2)
        assert set(done.apart.values()) == {"another upkeep is at it, or was killed"}
        later(monkeypatch, compaction, hours=7)
    heal_lake(layout)
    after = sorted(row.article_id for rows in stored(settings).values() for row in rows)
    assert after == before
    assert errors(settings) == []
    assert list(layout.compactions()) == []
    compact_lake(layout, 2)
    assert source_ids(settings)["2018-04-24 compacted"] == ["1", "2", "3", "4", "5"]


def test_who_publishes_meanwhile_sees_that_batches_are_put_together_and_gives_way(
    settings, layout, three, monkeypatch
):
    """The batch is checked, put together with others by somebody else, and only then announced."""
    write = bucket_publishing.write_object
    before = source_ids(settings)["2018-04-24 a"]
    with monkeypatch.context() as patched:

        def write_late(target, content):
            patched.setattr(bucket_publishing, "write_object", write)
            compact_lake(layout, 2)
            write(target, content)

        patched.setattr(bucket_publishing, "write_object", write_late)
        with pytest.raises(CompactedBatchError, match="became part of the batch `compacted`"):
            run_by_hand(settings, "a", article(1), article(9))
    assert before == ["1", "2"]
    assert source_ids(settings)["2018-04-24 compacted"] == ["1", "2", "3", "4", "5"]
    assert list(layout.unfinished()) == []
    assert errors(settings) == []


def test_batches_are_not_put_together_while_one_of_them_is_published(settings, layout, three):
    announced = layout.publishing_file(DAY, "b")
    announced.write_text(layout.receipt_file(DAY, "b").read_text())
    with pytest.raises(LakeError, match="2018-04-24 b is published at this moment"):
        compact_lake(layout, 2)
    assert list(layout.compactions()) == []
    announced.unlink()
    assert len(source_ids(settings)) == 4
    assert errors(settings) == []
    (done,) = compact_lake(layout, 2)
    assert done.joined == ("a", "b", "c")


def test_the_compacted_batch_is_not_replaced_by_one_without_what_joins_it(
    settings, layout, three, monkeypatch
):
    compact_lake(layout, 2)
    run_by_hand(settings, "d", article(6))
    publish = compaction.publish_tables

    def recode_meanwhile(*arguments, **options):
        forgotten = rows_of(settings, "articles", "compacted")[0].article_id
        with pytest.raises(CompactedBatchError, match="are being put together in compacted"):
            rewriting.rewrite_batch(
                layout, BatchKey(DAY, "compacted"), rewriting.Changes(frozenset({forgotten}))
            )
        return publish(*arguments, **options)

    monkeypatch.setattr(compaction, "publish_tables", recode_meanwhile)
    compact_lake(layout, 1)
    assert source_ids(settings)["2018-04-24 compacted"] == ["1", "2", "3", "4", "5", "6"]
    assert errors(settings) == []
