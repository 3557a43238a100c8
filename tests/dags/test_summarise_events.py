"""The wiring of `summarise_events`, and runs of it."""

import pytest

from include.eventwire.lake.layout import LakeLayout
from include.eventwire.lake.publishing import publish_tables
from include.eventwire.summaries.fields import FIELDS
from include.eventwire.summaries.layout import SummaryLayout
from include.eventwire.summaries.schemas import SUMMARY_TABLES
from tests.lake_rows import DAY, make_batch, make_receipt, stage_run

pytestmark = pytest.mark.airflow


@pytest.fixture
def summarise_events(dags):
    assert dags["errors"] == {}
    return dags["dags"]["summarise_events"]


def test_days_are_chosen_then_summarised_each(summarise_events):
    tasks = summarise_events["tasks"]
    assert {task_id: task["upstream"] for task_id, task in tasks.items()} == {
        "choose_days": [],
        "summarise": ["choose_days"],
    }
    assert tasks["summarise"]["is_mapped"]
    assert tasks["summarise"]["outlets"] == sorted(SUMMARY_TABLES)


def test_it_starts_when_events_are_published_one_run_at_a_time(summarise_events):
    assert summarise_events["timetable"] == "PartitionedAssetTimetable"
    assert summarise_events["max_active_runs"] == 1


def test_the_form_has_the_described_fields_all_empty(summarise_events):
    assert summarise_events["params"] == dict.fromkeys(FIELDS)


@pytest.mark.slow
def test_a_run_by_hand_summarises_the_day_of_the_form(run_dag, tmp_path):
    layout = LakeLayout(tmp_path / "lake")
    publish_tables(layout, DAY, "daily", stage_run(layout, make_batch(), "one"), make_receipt())
    states, _ = run_dag("summarise_events", {"day": DAY.isoformat()})
    assert states == {"run": "success", "choose_days": "success", "summarise": "success"}
    place = SummaryLayout(layout.root)
    assert [key.day for key, _ in place.receipts()] == [DAY]
    states, said = run_dag("summarise_events", {"day": "2017-01-01"})
    assert states["run"] == "failed"
    assert "no complete batch" in said
