"""The wiring of `recode_news`, its timetable, and runs of it."""

from datetime import UTC, datetime

import pytest

from include.eventwire.airflow_tasks.recode_fields import FIELDS
from include.eventwire.schemas import TABLES

pytestmark = pytest.mark.airflow


@pytest.fixture
def recode_news(dags):
    assert dags["errors"] == {}
    return dags["dags"]["recode_news"]


def test_the_steps_follow_one_another(recode_news):
    upstream = {task_id: task["upstream"] for task_id, task in recode_news["tasks"].items()}
    assert upstream == {
        "plan": [],
        "cut": ["plan"],
        "code": ["cut"],
        "finish.audit": ["code", "plan"],
        "finish.publish": ["finish.audit"],
        "finish.report": ["finish.publish"],
    }


def test_chunks_and_batches_are_mapped(recode_news):
    mapped = {task_id for task_id, task in recode_news["tasks"].items() if task["is_mapped"]}
    assert mapped == {"code", "finish.audit", "finish.publish", "finish.report"}


def test_a_batch_without_articles_goes_on_past_the_skipped_step(recode_news):
    assert recode_news["tasks"]["finish.audit"]["trigger_rule"] == "none_failed"


def test_publishing_updates_the_tables(recode_news):
    updating = {task_id: task["outlets"] for task_id, task in recode_news["tasks"].items()}
    assert updating.pop("finish.publish") == sorted(TABLES)
    assert not any(updating.values())


def test_the_form_has_the_described_fields_all_empty(recode_news):
    assert recode_news["params"] == dict.fromkeys(FIELDS)
    assert recode_news["timetable"] == "BackfillTimetable"


def test_a_backfill_has_a_partition_for_each_day_and_nothing_is_ever_due():
    from airflow.timetables.base import TimeRestriction

    from include.eventwire.airflow_tasks.backfill_timetable import BackfillTimetable

    timetable = BackfillTimetable.deserialize(BackfillTimetable().serialize())
    days = timetable.iter_partition_dagrun_infos(
        earliest=datetime(2020, 2, 28, tzinfo=UTC), latest=datetime(2020, 3, 1, tzinfo=UTC)
    )
    assert [day.partition_key for day in days] == ["2020-02-28", "2020-02-29", "2020-03-01"]
    assert (timetable.partitioned, timetable.periodic) == (True, True)
    for catchup in (True, False):
        restriction = TimeRestriction(None, None, catchup)
        due = timetable.next_dagrun_info_v2(last_dagrun_info=None, restriction=restriction)
        assert due is None
