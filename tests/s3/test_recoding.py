"""Stored articles are coded again in a bucket, and lakes there compared, as on a disk."""

from dataclasses import replace

from include.eventwire.comparison.lakes import Counts, compare_lakes
from include.eventwire.lake.layout import LakeLayout
from tests.unit.comparison.test_lakes import (  # noqa: F401 - collected here
    test_articles_of_one_lake_only_are_told_and_their_events_not_compared,
)
from tests.unit.comparison.test_within import test_days_are_chosen  # noqa: F401
from tests.unit.made_batches import hashes_of, make_batch
from tests.unit.test_recoding import (  # noqa: F401 - collected here
    FORCED,
    land_a_day,
    recode,
    renew,
    settings,
    test_a_batch_that_is_replaced_meanwhile_is_left,
    test_a_lake_from_before_signatures_gets_them,
    test_a_publication_that_was_cut_short_is_healed_by_the_next_run,
    test_copies_of_earlier_days_stay_copies_and_are_no_warning,
    test_tasks_that_are_tried_again_change_nothing,
    test_the_result_goes_to_another_lake_and_the_first_is_untouched,
    test_the_same_versions_give_the_same_bytes_without_the_inputs,
)


def test_from_a_bucket_to_a_disk_and_back(settings, here):  # noqa: F811 - the fixture above
    land_a_day(settings)
    make_batch(settings)
    recode(settings, replace(FORCED, into=here / "lake"))
    on_disk = replace(settings, lake=here / "lake")
    assert hashes_of(on_disk) == hashes_of(settings)
    diff = compare_lakes(LakeLayout(settings.lake), LakeLayout(on_disk.lake))
    assert (diff.articles.both, diff.events) == (4, Counts())
