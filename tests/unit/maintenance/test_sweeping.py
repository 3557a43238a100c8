import os
import time

import pytest

from include.eventwire.lake.layout import LakeLayout
from include.eventwire.maintenance.sweeping import sweep_staging
from tests.lake_rows import DAY, make_batch, stage_run

DAYS = 86_400


@pytest.fixture
def layout(tmp_path):
    return LakeLayout(tmp_path / "lake")


def age(run, days, *, but=None):
    """Let a staging folder look as if it had last been changed so many days ago."""
    then = time.time() - days * DAYS
    for path in [*run.rglob("*"), run]:
        if path != but:
            os.utime(path, (then, then))


def staged(layout, name="daily", run="r1"):
    stage_run(layout, make_batch(), run, name)
    return layout.staging_run(DAY, name, run)


def test_what_was_left_long_ago_goes_with_its_empty_folders(layout):
    old = staged(layout)
    age(old, 8)
    assert sweep_staging(layout, 7) == [old]
    assert list(layout.staging.iterdir()) == []


def test_what_is_younger_stays(layout):
    old, young = staged(layout), staged(layout, run="r2")
    age(old, 8)
    age(young, 6)
    assert sweep_staging(layout, 7) == [old]
    assert list(layout.staging_runs()) == [young]


def test_a_run_that_still_writes_stays(layout):
    run = staged(layout)
    age(run, 30, but=run / "tables" / "events.parquet")
    assert sweep_staging(layout, 7) == []


def test_locks_stay(layout):
    lock = layout.lock_file(DAY, "daily")
    lock.parent.mkdir(parents=True)
    lock.touch()
    os.utime(lock, (0, 0))
    sweep_staging(layout, 7)
    assert lock.exists()


def test_what_a_half_published_batch_can_be_finished_from_stays(layout):
    needed, other = staged(layout), staged(layout, name="trial")
    announced = layout.publishing_file(DAY, "daily")
    announced.parent.mkdir(parents=True)
    announced.write_text("{}")
    for run in (needed, other):
        age(run, 8)
    assert sweep_staging(layout, 7) == [other]
    assert needed.exists()
