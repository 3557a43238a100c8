import os
import sys

import pytest

from include.eventwire.local_airflow.api import TaskState
from include.eventwire.local_airflow.components import start_component, stop_components
from include.eventwire.local_engines.comparison import Outcome, make_table, overhead
from include.eventwire.local_engines.timings import (
    Cost,
    busy_seconds,
    processor_seconds,
    sum_tasks,
)

# Works for half a second of processor time in a child that ends, then waits.
WORKING = """
import subprocess, sys, time
code = "import time\\nwhile time.process_time() < 0.5: pass"
subprocess.run([sys.executable, "-c", code], process_group=0)
print("done", flush=True)
time.sleep(600)
"""


def task(start, end):
    """Return a task that ran from second `start` to second `end` of a minute."""
    times = [
        None if second is None else f"2026-11-25T01:00:{second:02}Z" for second in (start, end)
    ]
    return TaskState("code", -1, None, "success", 1, started_at=times[0], ended_at=times[1])


@pytest.mark.parametrize(
    ("spans", "busy", "total"),
    [
        ([], 0, 0),
        ([(1, 4), (6, 8)], 5, 5),
        ([(1, 9), (2, 4)], 8, 10),
        ([(3, 6), (1, 4)], 5, 6),
        ([(1, 2), (2, 3)], 2, 2),
        ([(None, None), (1, None), (5, 7)], 2, 2),
    ],
)
def test_counts_the_time_in_which_a_task_ran(spans, busy, total):
    tasks = [task(*span) for span in spans]
    assert busy_seconds(tasks) == busy
    assert sum_tasks(tasks) == total


def test_counts_the_work_of_children_that_have_ended(tmp_path):
    log = tmp_path / "log"
    component = start_component("worker", [sys.executable, "-c", WORKING], log, os.environ)
    try:
        while "done" not in log.read_text():
            component.check()
        assert processor_seconds([component]) >= 0.4  # it is counted in ticks of a clock
    finally:
        component.process.terminate()
        stop_components([component])
    assert processor_seconds([component]) == 0


def test_overhead_is_what_the_command_line_does_not_take():
    base = Cost(wall_seconds=100, cpu_seconds=200)
    cost = Cost(wall_seconds=108, cpu_seconds=204, task_seconds=205, idle_seconds=6)
    assert overhead(cost, base) == pytest.approx((0.08, 0.02))
    outcomes = [Outcome("Celery", cost, 12, 3456, ("events/x is missing",))]
    cells = [next(iter(column.cells)) for column in make_table(outcomes, base).columns]
    assert cells == [
        "Celery", "108.0", "204.0", "205.0", "6.0", "+8.0%", "+2.0%", "12", "3,456", "no",
    ]  # fmt: skip
