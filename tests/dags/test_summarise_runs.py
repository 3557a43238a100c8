"""Runs of `summarise_events` on Airflow's own scheduler, started by what `code_news` publishes."""

from __future__ import annotations

import json
import time

import pytest

from include.eventwire.lake import LakeLayout
from include.eventwire.verification import verify_lake

pytestmark = [pytest.mark.airflow, pytest.mark.slow]

DAG_ID = "summarise_events"
DAYS = ["2021-11-30", "2021-12-01"]
_SECONDS_TO_END = 300.0


@pytest.fixture(scope="module")
def summarised(airflow):
    """Code a day and the empty one after it, and wait for the runs that this starts."""
    airflow.api.unpause(DAG_ID)
    state, _ = airflow.run(day=DAYS[0], last_day=DAYS[1], limit=20)
    assert state == "success"
    deadline = time.monotonic() + _SECONDS_TO_END
    while True:
        runs = airflow.api.runs(DAG_ID, run_type="asset_triggered")
        states = {key: airflow.api.run_state(DAG_ID, run_id) for run_id, key in runs.items()}
        if set(DAYS) <= states.keys() and set(states.values()) <= {"success", "failed"}:
            return airflow, states
        assert time.monotonic() < deadline, states
        time.sleep(0.5)


def receipt_of(lake, day):
    path = lake / "_receipts" / "summaries" / f"dt={day}" / "summary.json"
    return json.loads(path.read_text())


def test_each_day_that_is_published_is_summarised(summarised):
    airflow, states = summarised
    assert {states[day] for day in DAYS} == {"success"}
    receipts = [receipt_of(airflow.lake, day) for day in DAYS]
    assert [len(receipt["inputs"]) for receipt in receipts] == [1, 2]
    assert receipts[0]["counts"]["stories"] > 0
    assert receipts[1]["counts"]["stories"] == 0
    assert receipts[0]["run"]["dag_id"] == DAG_ID
    layout = LakeLayout(airflow.lake)
    assert [finding for finding in verify_lake(layout) if finding.is_error] == []
