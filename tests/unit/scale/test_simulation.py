"""The scheduler and its slots, on cases that can be worked out by hand."""

import pytest

from benchmarks.scale.simulation import Scheduler, simulate
from benchmarks.scale.workload import Step

AT_ONCE = Scheduler(
    task_seconds=0,
    round_seconds=0,
    pause_seconds=0,
    tasks_per_round=100,
    runs_at_once=100,
    start_seconds=0,
    overhead_seconds=0,
)


def with_(**changes):
    return Scheduler(**{name: getattr(AT_ONCE, name) for name in AT_ONCE.__slots__} | changes)


def test_a_task_takes_its_time():
    outcome = simulate([[Step("plan", (10.0,))]], 1, AT_ONCE)
    assert (outcome.seconds, outcome.n_tasks, outcome.work_seconds) == (10, 1, 10)


def test_tasks_share_the_slots():
    outcome = simulate([[Step("code", (10.0,) * 5)]], 2, AT_ONCE)
    assert (outcome.seconds, outcome.most_at_once) == (30, 2)
    assert outcome.slot_seconds == 50


def test_a_step_waits_for_the_longest_task_of_the_one_before():
    outcome = simulate([[Step("ingest", (3.0, 7.0)), Step("deduplicate", (4.0,))]], 8, AT_ONCE)
    assert outcome.seconds == 11
    assert outcome.steps == {"ingest": 7, "deduplicate": 4}


def test_a_task_starts_late_and_has_work_of_its_own():
    scheduler = with_(start_seconds=2.0, overhead_seconds=1.0)
    assert simulate([[Step("plan", (10.0,))]], 1, scheduler).seconds == 13


def test_the_scheduler_queues_one_task_after_another():
    # Queued at 1, 2 and 3; the last ends at 13.
    outcome = simulate([[Step("code", (10.0,) * 3)]], 8, with_(task_seconds=1.0))
    assert outcome.seconds == 13
    assert outcome.scheduler_seconds == 3
    assert outcome.scheduler_load == pytest.approx(3 / 13)


def test_a_round_queues_so_many_tasks_at_most():
    # One in each of the rounds at 0, 1 and 2 s.
    scheduler = with_(tasks_per_round=1, round_seconds=1.0)
    assert simulate([[Step("code", (10.0,) * 3)]], 8, scheduler).seconds == 12


def test_an_end_is_noted_in_the_round_after_it():
    # Rounds begin at 0, 0.5 and, after pauses, at 2, 3.5, 5, 6.5, 8, 9.5 and 11.
    scheduler = with_(round_seconds=0.5, pause_seconds=1.0)
    outcome = simulate([[Step("plan", (10.0,))]], 1, scheduler)
    assert (outcome.seconds, outcome.n_rounds) == (11, 9)


def test_runs_wait_for_one_another():
    runs = [[Step("plan", (10.0,))]] * 3
    assert simulate(runs, 8, AT_ONCE).seconds == 10
    outcome = simulate(runs, 8, with_(runs_at_once=2))
    assert outcome.ends == {0: 10, 1: 10, 2: 20}


def test_slots_go_to_the_earlier_run_first():
    runs = [[Step("code", (10.0, 10.0))], [Step("code", (1.0,))]]
    assert simulate(runs, 1, AT_ONCE).ends == {0: 20, 1: 21}


def test_nothing_to_do_takes_no_time():
    assert simulate([], 1, AT_ONCE).seconds == 0
