"""A task is tried again while its first try still runs: both work on the same plan and staging."""

import subprocess
import sys
import time
from dataclasses import replace

import pytest

from include.eventwire import jobs
from include.eventwire.batches.plan import BatchRequest
from include.eventwire.lake.layout import LakeLayout
from include.eventwire.lake.locations import hash_file
from include.eventwire.lake.publishing import lock_batch
from include.eventwire.lake.receipts import read_receipt
from include.eventwire.lake.verification import verify_lake
from include.eventwire.schemas import TABLES
from include.eventwire.settings import PROJECT_ROOT
from tests.faults.twin import prepare, run_all
from tests.unit.made_batches import DAY, ENGLISH, land, make_settings

pytestmark = [pytest.mark.model, pytest.mark.slow]

N_TWINS = 3


class Twin:
    """A process that works on a plan, from the moment that it is told to."""

    def __init__(self, step, plan_path):
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.faults.twin", step, plan_path],
            cwd=PROJECT_ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )

    def wait_until(self, where):
        assert self._process.stdout.readline().strip() == where

    def go_on(self):
        self._process.stdin.write("\n")
        self._process.stdin.flush()

    def end(self):
        self._process.communicate()
        return self._process.returncode


def start(step, plan_path, n_twins=N_TWINS):
    twins = [Twin(step, plan_path) for _ in range(n_twins)]
    for twin in twins:
        twin.wait_until("ready")
    return twins


@pytest.fixture
def settings(tmp_path, monkeypatch):
    settings = make_settings(tmp_path, monkeypatch)
    records = [
        {"id": str(number), "text": f"Report {number}: {ENGLISH}{number}", "title": f"T{number}"}
        for number in range(9)
    ]
    for number in range(3):
        land(settings, f"{number}.jsonl", records[number * 3 : number * 3 + 3])
    return settings


def hashes(settings):
    layout = LakeLayout(settings.lake)
    return {table: hash_file(layout.table_file(table, DAY, "daily")) for table in TABLES}


def plan(settings):
    return jobs.plan_batch(BatchRequest(DAY), settings)


@pytest.mark.parametrize("delay", [0.0, 0.05, 0.3])
def test_whole_runs_of_twins_leave_one_whole_batch(settings, delay):
    run_all(plan(settings))
    undisturbed, shared = hashes(settings), plan(settings)
    twins = start("all", shared)
    for twin in twins:
        twin.go_on()
        time.sleep(delay)  # how far one is ahead of the next: what must hold does not depend on it
    assert 0 in [twin.end() for twin in twins]
    assert hashes(settings) == undisturbed
    layout = LakeLayout(settings.lake)
    assert read_receipt(layout.receipt_file(DAY, "daily")).run["attempt"] == shared.split("/")[-2]
    assert [finding for finding in verify_lake(layout) if finding.kind != "staging"] == []


def test_twins_that_publish_at_once_all_end_well(settings):
    prepare(shared := plan(settings))
    layout = LakeLayout(settings.lake)
    twins = start("publish", shared)
    with lock_batch(layout, DAY, "daily"):
        for twin in twins:
            twin.go_on()
        for twin in twins:
            twin.wait_until("measured")
    assert [twin.end() for twin in twins] == [0] * N_TWINS
    assert verify_lake(layout) == []


def test_one_that_goes_on_when_the_batch_is_published_brings_nothing_back(settings):
    shared = plan(replace(settings, articles_per_shard=9))
    for shard in jobs.list_shards(shared):
        jobs.ingest_shard(shared, shard)
    (slow,) = start("code", shared, 1)
    slow.go_on()
    slow.wait_until("coding")
    run_all(shared)
    published = hashes(settings)
    slow.go_on()
    assert slow.end() != 0
    assert hashes(settings) == published
    assert verify_lake(LakeLayout(settings.lake)) == []
