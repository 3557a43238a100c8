"""The upkeep of a lake in a bucket: forgetting, and finishing what was cut short."""

import pytest

from include.eventwire import bucket_publishing
from include.eventwire.lake import BatchKey, LakeError, LakeLayout
from include.eventwire.locations import copy_file
from include.eventwire.maintenance.compaction import compact_lake
from include.eventwire.maintenance.jobs import join_batches, sweep_lake
from include.eventwire.maintenance.unfinished import finish_publications
from tests.lake_rows import DAY, make_batch
from tests.s3.test_publishing import NEW, KilledError, assert_whole
from tests.unit.batches import article, land, make_settings
from tests.unit.batches import make_batch as run_batch
from tests.unit.maintenance.test_forgetting import (  # noqa: F401 - collected here
    layout,
    test_a_later_run_of_the_same_inputs_gives_the_same_articles,
    test_a_run_that_read_it_before_cannot_publish_it,
    test_copies_stay_and_the_earliest_stands_for_them,
    test_staging_that_holds_it_is_removed_and_other_staging_stays,
    test_the_article_leaves_every_table_of_every_day,
)
from tests.unit.test_publishing import publish

pytestmark = pytest.mark.slow


@pytest.fixture
def settings(tmp_path, monkeypatch):
    return make_settings(tmp_path, monkeypatch)


def test_a_publication_that_was_cut_short_is_finished(tmp_path, monkeypatch):
    lake = LakeLayout(tmp_path / "lake")
    publish(lake, make_batch(), "old")

    def copy_until(source, target):
        if "/events/" in str(target):
            raise KilledError
        copy_file(source, target)

    with monkeypatch.context() as patched:
        patched.setattr(bucket_publishing, "copy_file", copy_until)
        with pytest.raises(KilledError):
            publish(lake, NEW, "new")
    assert finish_publications(lake) == [BatchKey(DAY, "daily")]
    assert_whole(lake, NEW)
    assert list(lake.staging_runs()) == []


def test_sweeping_and_putting_together_are_left_out_in_words(settings):
    land(settings, "a.jsonl", [article(1)])
    run_batch(settings)
    lake = LakeLayout(settings.lake)
    assert "rule of the store" in sweep_lake(lake, settings)[0]
    assert "not put together" in join_batches(lake, settings)[0]
    with pytest.raises(LakeError, match="cannot be put together"):
        compact_lake(lake, 1)
