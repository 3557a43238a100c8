"""The wiring of the DAG, without running it."""

import pytest

from include.eventwire.airflow_tasks.form_fields import FIELDS
from include.eventwire.schemas import TABLES

pytestmark = pytest.mark.airflow


@pytest.fixture
def code_news(dags):
    assert dags["errors"] == {}
    return dags["dags"]["code_news"]


def test_every_dag_says_who_when_and_what(dags):
    assert dags["errors"] == {}
    for dag_id, dag in dags["dags"].items():
        assert dag["file"].endswith(f"/dags/{dag_id}.py")
        assert dag["owner"] == "eventwire"
        assert dag["tags"], dag_id
        assert dag["catchup"] is False
        assert dag["max_active_runs"] >= 1
        for word in ("Reads", "Writes", "Starts", "Safe to re-run"):
            assert f"**{word}**" in dag["doc"], (dag_id, word)
        for task_id, task in dag["tasks"].items():
            assert task["retries"] == 2, task_id
            assert task["retry_delay"] > 0, task_id
            assert task["has_retry_policy"], task_id
            assert task["execution_timeout"] > 0, task_id
            # Airflow does not take over the docstring of a task that is mapped.
            assert task["doc"] or task["is_mapped"], task_id


def test_a_scheduled_run_is_for_a_day(code_news):
    assert code_news["timetable"] == "CronPartitionTimetable"


def test_the_steps_follow_one_another(code_news):
    upstream = {task_id: task["upstream"] for task_id, task in code_news["tasks"].items()}
    assert upstream == {
        "plan": [],
        "list_shards": ["plan"],
        "ingest": ["list_shards"],
        "deduplicate": ["ingest", "plan"],
        "code": ["deduplicate"],
        "finish.audit": ["code", "plan"],
        "finish.publish": ["finish.audit"],
        "finish.report": ["finish.publish"],
    }


def test_shards_chunks_and_batches_are_mapped(code_news):
    mapped = {task_id for task_id, task in code_news["tasks"].items() if task["is_mapped"]}
    assert mapped == {"ingest", "code", "finish.audit", "finish.publish", "finish.report"}


def test_a_day_without_articles_goes_on_past_the_skipped_steps(code_news):
    for after_mapped in ("deduplicate", "finish.audit"):
        assert code_news["tasks"][after_mapped]["trigger_rule"] == "none_failed"


def test_publishing_updates_the_tables(code_news):
    updating = {task_id: task["outlets"] for task_id, task in code_news["tasks"].items()}
    assert updating.pop("finish.publish") == sorted(TABLES)
    assert not any(updating.values())


def test_the_form_has_the_described_fields_all_empty(code_news):
    assert code_news["params"] == dict.fromkeys(FIELDS)
    assert list(code_news["schemas"]) == list(FIELDS)
