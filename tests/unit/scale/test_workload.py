"""The tasks of a day, on costs of one unit each."""

from collections import defaultdict

import pytest

from benchmarks.scale.costs import Costs
from benchmarks.scale.workload import (
    Day,
    chunks_of_tasks,
    count_chunks,
    count_files,
    count_passes,
    count_requests,
    list_steps,
)


def make_costs(**figures):
    divisors = {"store_bytes_per_second": float("inf"), "audit_requests_at_once": 1.0}
    return Costs(defaultdict(float, divisors | figures), {}, {})


def seconds_of(day, **figures):
    """Return the work of the tasks of each step."""
    return {step.name: step.seconds for step in list_steps(day, make_costs(**figures))}


def test_the_steps_are_those_of_the_dag_in_their_order():
    assert list(seconds_of(Day(10))) == [
        "plan", "list_shards", "ingest", "deduplicate", "code", "audit", "publish", "report",
    ]  # fmt: skip


def test_a_small_day_is_one_shard_and_as_many_tasks_as_can_run_at_once():
    day = Day(20_000, slots=4)
    assert count_files(day) == 2
    assert count_chunks(day) == 20
    assert chunks_of_tasks(day) == [5] * 4


def test_a_large_day_has_more_chunks_to_a_task():
    day = Day(10_000_000)
    assert count_chunks(day) == 10_000
    assert chunks_of_tasks(day) == [25] * 400


def test_batches_share_the_articles():
    day = Day(10_001, batches=2)
    assert day.articles_per_batch == 5_001
    assert count_chunks(day) == 6


def test_every_article_is_read_and_coded_once():
    work = seconds_of(Day(25_000), ingest_seconds_per_article=1.0, code_seconds_per_article=1.0)
    assert sum(work["ingest"]) == 25_000
    assert sum(work["code"]) == pytest.approx(25_000, rel=0.1)  # the last chunk is not full


def test_the_days_before_are_read_for_every_100_000_articles():
    assert count_passes(20_000) == 1
    assert count_passes(250_000) == 3
    work = seconds_of(Day(1_000), deduplicate_seconds_per_signature=1.0)
    assert work["deduplicate"] == (7 * 1_000,)


def test_a_batch_of_several_is_compared_with_all_earlier_articles():
    work = seconds_of(Day(1_000, batches=10), deduplicate_seconds_per_signature=1.0)
    assert work["deduplicate"] == (7 * 1_000,)


def test_parts_share_comparing_checking_and_publishing():
    figures = {"deduplicate_seconds_per_article": 1.0, "audit_seconds_per_article": 1.0}
    work = seconds_of(Day(1_000, parts=4), **figures)
    assert work["deduplicate"] == work["audit"] == (250,) * 4
    assert len(work["publish"]) == 4


def test_requests_of_a_step_wait_for_the_store():
    figures = {"store_request_seconds": 0.5}
    chunk = {"deduplicate_requests_per_chunk": 4.0, "audit_requests_per_chunk": 16.0}
    day = Day(10_000)  # ten chunks
    work = seconds_of(day, **figures, **chunk, audit_requests_at_once=8.0)
    assert work["deduplicate"] == pytest.approx((20,))
    assert work["audit"] == pytest.approx((10,))
    assert count_requests(day, make_costs(**chunk)) == 10 * 20 + 1
