"""kill -9 at many moments of forgetting an article that stands in two days."""

import shutil
import signal
from datetime import timedelta

import pytest

from include.eventwire.lake.layout import LakeLayout
from include.eventwire.lake.parquet_files import read_rows
from include.eventwire.lake.publishing import publish_tables
from include.eventwire.lake.verification import verify_lake
from include.eventwire.maintenance.forgetting import forget_all
from include.eventwire.maintenance.jobs import heal_lake
from tests.faults.publisher import run_publisher
from tests.lake_rows import DAY, make_article, make_batch, make_receipt, make_signature, stage_batch

# Forgetting has some 180 steps; each of the lakes is killed a few later than the one before.
N_LAKES, STRIDE = 40, 5


pytestmark = pytest.mark.slow


def make_lake(folder):
    """Return a lake whose two days hold the same article, the second as a copy of the first."""
    layout = LakeLayout(folder)
    rows = make_batch()
    other = make_article("Another story of the day.", record_number=2)
    rows["articles"].append(other)
    rows["signatures"].append(make_signature(other))
    rows["rejects"] = []
    for day in (DAY, DAY + timedelta(days=1)):
        staging = layout.create_staging_run(day, "daily", "run") / "tables"
        tables = stage_batch(staging, rows)
        publish_tables(layout, day, "daily", tables, make_receipt(day=day))
    return layout, rows["articles"][0].article_id, other.article_id


def stored_ids(layout):
    return [
        [row.article_id for row in read_rows(path, "articles")]
        for _, path in layout.published_files("articles")
    ]


def test_each_table_is_old_or_new_and_the_next_upkeep_does_the_rest(tmp_path):
    template, wanted, other = make_lake(tmp_path / "template")
    lakes = [tmp_path / f"killed-{number:02d}" for number in range(N_LAKES)]
    for lake in lakes:
        shutil.copytree(template.root, lake)
    statuses = run_publisher(wanted, "0", str(STRIDE), *lakes, module="forgetter")
    n_killed = statuses.count(-signal.SIGKILL)
    assert statuses == [-signal.SIGKILL] * n_killed + [0] * (N_LAKES - n_killed)
    assert 20 < n_killed < N_LAKES, "some are killed, the last ones are beyond"
    n_begun = 0
    for lake in map(LakeLayout, lakes):
        assert all(ids in ([wanted, other], [other]) for ids in stored_ids(lake)), lake
        begun = any((lake.root / "_tombstones").glob("*.json"))
        n_begun += begun
        heal_lake(lake)
        assert stored_ids(lake) == ([[other]] * 2 if begun else [[wanted, other]] * 2), lake
        assert [finding for finding in verify_lake(lake) if finding.is_error] == [], lake
        assert forget_all(lake) is None
    assert n_begun > 20
