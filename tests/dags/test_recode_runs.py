"""Runs of `recode_news` on Airflow's own scheduler, over what `code_news` made of the sample."""

from __future__ import annotations

import hashlib
import json
import time

import pytest

from include.eventwire.local_airflow.sessions import call_airflow

pytestmark = [pytest.mark.airflow, pytest.mark.slow]

DAG_ID = "recode_news"
DAYS = ["2018-04-24", "2018-04-25"]
_SECONDS_OF_A_RUN = 600.0


@pytest.fixture(scope="module")
def coded(airflow):
    """Code a day and the empty one after it; return the Airflow."""
    assert airflow.run(day=DAYS[0], last_day=DAYS[1])[0] == "success"
    airflow.api.unpause(DAG_ID)
    return airflow


def finish(airflow, run_id):
    """Wait for the end of a run; return its state and its tasks."""
    deadline = time.monotonic() + _SECONDS_OF_A_RUN
    while (state := airflow.api.run_state(DAG_ID, run_id)) not in ("success", "failed"):
        assert time.monotonic() < deadline, airflow.api.task_states(DAG_ID, run_id)
        time.sleep(0.5)
    return state, airflow.api.task_states(DAG_ID, run_id)


def hash_tables(airflow):
    files = sorted(airflow.lake.glob("*/dt=*/*.parquet"))
    return {str(file): hashlib.sha256(file.read_bytes()).hexdigest() for file in files}


def receipt_of(airflow, day):
    return json.loads((airflow.lake / "_receipts" / f"dt={day}" / "daily.json").read_text())


def test_a_day_is_coded_again_to_the_same_bytes(coded):
    before, receipt = hash_tables(coded), receipt_of(coded, DAYS[0])
    run_id = coded.api.trigger(DAG_ID, conf={"day": DAYS[0], "force": True})
    state, tasks = finish(coded, run_id)
    assert state == "success"
    assert [task.label for task in tasks if task.task_id == "finish.report"] == ["2018-04-24 daily"]
    assert hash_tables(coded) == before
    after = receipt_of(coded, DAYS[0])
    assert after["inputs"] == receipt["inputs"]
    assert after["recoded_from"]["versions"] == receipt["versions"]
    assert after["run"]["dag_id"] == DAG_ID


def test_a_backfill_makes_a_run_of_each_day(coded):
    # Before the day's own partition is run: a backfill leaves out what has a run.
    before = hash_tables(coded)
    arguments = ["--dag-id", DAG_ID, "--from-date", DAYS[0], "--to-date", DAYS[1]]
    conf = ["--dag-run-conf", json.dumps({"force": True})]
    assert call_airflow(coded.home, ["backfill", "create", *arguments, *conf]) == 0
    runs = coded.api.runs(DAG_ID, run_type="backfill")
    assert sorted(runs.values()) == DAYS
    for run_id in runs:
        assert finish(coded, run_id)[0] == "success"
    assert hash_tables(coded) == before
    assert all(receipt_of(coded, day)["run"]["dag_id"] == DAG_ID for day in DAYS)


def test_what_is_up_to_date_is_left_and_the_run_succeeds(coded):
    run_id = coded.api.trigger(DAG_ID, partition_key=DAYS[0])
    state, tasks = finish(coded, run_id)
    assert state == "success"
    assert {task.task_id: task.state for task in tasks}["finish.publish"] == "skipped"


def test_nothing_starts_by_itself(coded):
    assert coded.api.runs(DAG_ID, run_type="scheduled") == {}


@pytest.mark.parametrize(
    ("form", "says"),
    [
        ({}, "no day is named"),
        ({"day": DAYS[1], "last_day": DAYS[0]}, "swap them"),
        ({"day": DAYS[0], "model": "en_core_web_missing"}, "no spaCy pipeline"),
    ],
)
def test_what_cannot_be_done_fails_at_once_in_words(coded, form, says):
    run_id = coded.api.trigger(DAG_ID, conf=form)
    state, tasks = finish(coded, run_id)
    assert state == "failed"
    (failed,) = (task for task in tasks if task.state == "failed")
    assert (failed.task_id, failed.try_number) == ("plan", 1)
    assert says in "\n".join(coded.api.log_of(DAG_ID, run_id, failed))
