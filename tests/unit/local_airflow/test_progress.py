import io

import pytest
from rich.console import Console

from include.eventwire.local_airflow import progress
from include.eventwire.local_airflow.api import TaskState
from include.eventwire.local_airflow.progress import describe_steps, run_days


def task(task_id, state, map_index=-1):
    return TaskState(task_id, map_index=map_index, label=None, state=state, try_number=1)


@pytest.mark.parametrize(
    ("tasks", "phrases"),
    [
        ([], []),
        ([task("plan", None)], []),
        ([task("plan", "success"), task("ingest", "running")], ["plan: done", "ingest: running"]),
        ([task("finish.audit", "success", 0)], ["audit: done"]),
        ([task("code", "skipped", 0)], ["code: nothing to do"]),
        ([task("code", "success", 0), task("code", "running", 1)], ["code: 1 of 2 done"]),
        ([task("code", "success", 0), task("code", "failed", 1)], ["code: 1 of 2 failed"]),
        (
            [task("code", "up_for_retry", 0), task("code", "success", 1)],
            ["code: 1 of 2 up_for_retry"],
        ),
    ],
)
def test_describes_each_step_once(tasks, phrases):
    assert describe_steps(tasks) == phrases


class AirflowOfTwoLooks:
    """An Airflow whose runs are running at the first look and ended at the second."""

    def __init__(self, failing_day=None):
        self.failing_day = failing_day
        self.looks = {}

    def trigger(self, dag_id, *, partition_key):
        self.looks[partition_key] = 0
        return partition_key

    def run_state(self, dag_id, run_id):
        self.looks[run_id] += 1
        if self.looks[run_id] == 1:
            return "running"
        return "failed" if run_id == self.failing_day else "success"

    def task_states(self, dag_id, run_id):
        if self.looks[run_id] == 1:
            return [task("plan", "running")]
        if run_id == self.failing_day:
            return [task("plan", "failed")]
        return [task("plan", "success"), task("finish.report", "success", 0)]

    def returned(self, dag_id, run_id, task):
        return f"{run_id} daily: 7 records"

    def log_of(self, dag_id, run_id, task):
        return ["InputError: [odd] is missing"]


@pytest.fixture
def follow(monkeypatch):
    """Follow two days and return whether all went well, and what was said."""
    monkeypatch.setattr(progress, "_SECONDS_BETWEEN_LOOKS", 0)

    def follow_days(api):
        said = io.StringIO()
        went_well = run_days(
            api, "code_news", ["2018-04-24", "2018-04-25"], Console(file=said, width=200)
        )
        return went_well, said.getvalue()

    return follow_days


def test_tells_what_each_day_gave(follow):
    went_well, said = follow(AirflowOfTwoLooks())
    assert went_well
    for day in ("2018-04-24", "2018-04-25"):
        assert f"{day}  plan: running" in said
        assert f"{day}  {day} daily: 7 records" in said


def test_ends_with_the_log_of_what_failed(follow):
    went_well, said = follow(AirflowOfTwoLooks(failing_day="2018-04-25"))
    assert not went_well
    assert "2018-04-25  plan failed; the end of its log:" in said
    assert "InputError: [odd] is missing" in said  # brackets are no markup
    assert "2018-04-24 daily: 7 records" in said
