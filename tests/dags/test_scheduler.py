"""Runs on Airflow's own scheduler, over the sample, into a temporary lake."""

import hashlib
import io

import pytest
from rich.console import Console

from include.eventwire.lake.layout import LakeLayout
from include.eventwire.local_airflow.api import AirflowApiError
from include.eventwire.local_airflow.progress import run_days
from include.eventwire.local_airflow.sessions import DAG_ID, call_airflow
from include.eventwire.schemas import TABLES

pytestmark = [pytest.mark.airflow, pytest.mark.slow]


def hash_tables(lake, day):
    """Return the SHA-256 of the file of each table of a day."""
    files = sorted(lake.glob(f"*/dt={day}/daily.parquet"))
    return {file.parts[-3]: hashlib.sha256(file.read_bytes()).hexdigest() for file in files}


def published_days(airflow):
    """Return the days that have a receipt."""
    return {file.parent.name.removeprefix("dt=") for file in airflow.lake.glob("_receipts/dt=*/*")}


def test_a_day_of_the_sample_is_coded_twice_to_the_same_bytes(airflow):
    said = io.StringIO()
    hashes = []
    for _ in range(2):
        assert run_days(airflow.api, DAG_ID, ["2014-09-05"], Console(file=said, width=200))
        hashes.append(hash_tables(airflow.lake, "2014-09-05"))
    assert sorted(hashes[0]) == sorted(TABLES)
    assert hashes[0] == hashes[1]
    assert "2014-09-05 daily: " in said.getvalue()
    assert not list(airflow.lake.glob("_staging/**/*.parquet"))


def test_the_form_makes_a_batch_of_each_day_of_a_range(airflow):
    state, tasks = airflow.run(day="2018-04-24", last_day="2018-04-25", limit=3)
    assert state == "success"
    assert {"2018-04-24", "2018-04-25"} <= published_days(airflow)
    labels = {task.label for task in tasks if task.task_id == "finish.publish"}
    assert {label.split()[0] for label in labels} == {"2018-04-24", "2018-04-25"}


def test_a_backfill_makes_a_run_of_each_day(airflow, capfd):
    arguments = ["--dag-id", DAG_ID, "--from-date", "2025-02-02", "--to-date", "2025-02-03"]
    assert call_airflow(airflow.home, ["backfill", "create", *arguments]) == 0
    runs = airflow.api.runs(DAG_ID, run_type="backfill")
    assert sorted(runs.values()) == ["2025-02-02", "2025-02-03"]
    for run_id in runs:
        airflow.finish(run_id)
        assert airflow.api.run_state(DAG_ID, run_id) == "success"
    # Nothing landed on the first of them: its tables are there, and empty.
    assert sorted(hash_tables(airflow.lake, "2025-02-02")) == sorted(TABLES)
    assert {"2025-02-02", "2025-02-03"} <= published_days(airflow)


@pytest.mark.parametrize(
    ("form", "says"),
    [
        ({}, "no day is named"),
        ({"day": "2018-04-24", "last_day": "2018-04-23"}, "swap them"),
        ({"day": "2018-04-24", "input": "/etc/passwd"}, "outside the folders that may be read"),
        ({"day": "2018-04-24", "input": "nowhere/*.jsonl"}, "nowhere"),
        (
            {"day": "2018-04-24", "model": "en_core_web_missing"},
            "no spaCy pipeline 'en_core_web_missing'",
        ),
        ({"day": "2018-04-24", "publsher": "xinhua"}, "unknown: publsher"),
    ],
)
def test_what_cannot_be_done_fails_at_once_in_words(airflow, form, says):
    run_id = airflow.api.trigger(DAG_ID, conf=form)
    tasks = airflow.finish(run_id)
    assert airflow.api.run_state(DAG_ID, run_id) == "failed"
    assert [(task.task_id, task.try_number) for task in tasks if task.state == "failed"] == [
        ("plan", 1)
    ]
    assert says in airflow.log_of_failure(run_id, tasks)


def test_a_failing_day_is_told_with_the_end_of_its_log(airflow, monkeypatch):
    blocking = LakeLayout(airflow.lake).root / "articles" / "dt=2009-03-17"
    blocking.parent.mkdir(parents=True, exist_ok=True)
    blocking.write_text("a file where a folder must be")
    said = io.StringIO()
    try:
        assert not run_days(airflow.api, DAG_ID, ["2009-03-17"], Console(file=said, width=200))
    finally:
        blocking.unlink()
    assert "finish.publish failed; the end of its log:" in said.getvalue()
    assert "dt=2009-03-17" in said.getvalue()


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("day", "24.4.2018"),
        ("day", "2018-02-30"),
        ("day", 20180424),
        ("last_day", "soon"),
        ("input", ""),
        ("input", "x" * 1001),
        ("format", "pdf"),
        ("format", "JSONL"),
        ("publisher", "The Wire"),
        ("publisher", "../wire"),
        ("limit", 0),
        ("limit", "10"),
        ("limit", 1.5),
        ("model", "en core web"),
        ("model", "/tmp/model"),
    ],
)
def test_the_form_refuses_a_bad_value(airflow, field, value):
    with pytest.raises(AirflowApiError, match=f"param {field}"):
        airflow.api.trigger(DAG_ID, partition_key="2018-04-24", conf={field: value})


def test_a_partition_is_a_day(airflow):
    with pytest.raises(AirflowApiError, match="24 April"):
        airflow.api.trigger(DAG_ID, partition_key="24 April")
