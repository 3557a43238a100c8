"""The wiring of `maintain_lake`, and runs of it."""

import pytest

from include.eventwire.lake.layout import LakeLayout
from include.eventwire.lake.parquet_files import read_rows
from include.eventwire.lake.publishing import publish_tables
from include.eventwire.maintenance.form import FIELDS
from tests.lake_rows import DAY, make_batch, make_receipt, stage_run

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


@pytest.mark.slow
def test_a_run_forgets_the_article_of_the_form_and_a_torn_lake_fails_it(run_dag, tmp_path):
    layout = LakeLayout(tmp_path / "lake")
    rows = make_batch()
    publish_tables(layout, DAY, "daily", stage_run(layout, rows, "one"), make_receipt())
    states, said = run_dag("maintain_lake", {"forget": rows["articles"][0].article_id})
    assert states == {
        "run": "success",
        "forget": "success",
        "heal": "success",
        "verify": "success",
        "sweep": "skipped",
        "compact": "skipped",
    }
    assert list(read_rows(layout.table_file("articles", DAY, "daily"), "articles")) == []
    layout.table_file("events", DAY, "daily").unlink()
    states, said = run_dag("maintain_lake")
    assert states == {
        "run": "failed",
        "forget": "skipped",
        "heal": "success",
        "verify": "failed",
        "sweep": "upstream_failed",
        "compact": "upstream_failed",
    }
    assert "run 2018-04-24 daily again" in said
