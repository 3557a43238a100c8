"""The wiring of `maintain_lake`."""

import pytest

from include.eventwire.maintenance.form import FIELDS

pytestmark = pytest.mark.airflow


@pytest.fixture
def maintain_lake(dags):
    assert dags["errors"] == {}
    return dags["dags"]["maintain_lake"]


def test_nothing_is_removed_before_the_lake_is_verified(maintain_lake):
    upstream = {task_id: task["upstream"] for task_id, task in maintain_lake["tasks"].items()}
    assert upstream == {
        "forget": [],
        "heal": ["forget"],
        "verify": ["heal"],
        "sweep": ["verify"],
        "compact": ["verify"],
    }


def test_a_run_without_a_request_to_forget_goes_on(maintain_lake):
    assert maintain_lake["tasks"]["heal"]["trigger_rule"] == "none_failed"


def test_it_starts_by_the_clock_one_run_at_a_time(maintain_lake):
    assert maintain_lake["timetable"] == "CronTriggerTimetable"
    assert maintain_lake["max_active_runs"] == 1


def test_the_form_has_the_described_fields_all_empty(maintain_lake):
    assert maintain_lake["params"] == dict.fromkeys(FIELDS)
