"""Runs of `summarise_events` on Airflow's own scheduler, started by what `code_news` publishes."""

from __future__ import annotations

import io
import json
import time

import pytest
from rich.console import Console

from include.eventwire.lake.layout import LakeLayout
from include.eventwire.lake.verification import verify_lake
from include.eventwire.local_airflow.home import find_free_port, prepare_home
from include.eventwire.local_airflow.sessions import open_session

pytestmark = [pytest.mark.airflow, pytest.mark.slow]

DAG_ID = "summarise_events"
DAYS = ["2021-11-30", "2021-12-01"]
_SECONDS_TO_END = 600.0


@pytest.fixture(scope="module")
def summarised(tmp_path_factory):
    """Code a day and the empty one after it; return the lake and the runs that this started.

    The scheduler must start runs by itself here, so it also codes yesterday, which is empty.
    """
    folder = tmp_path_factory.mktemp("summarised")
    home, lake = prepare_home(folder / "home"), folder / "lake"
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("EVENTWIRE_LAKE", str(lake))
        patch.delenv("EVENTWIRE_LANDING", raising=False)
        said = Console(file=io.StringIO())
        with open_session(home, said, port=find_free_port(), scheduled=True) as (api, _):
            api.unpause(DAG_ID)
            form = {"day": DAYS[0], "last_day": DAYS[1], "limit": 20}
            coded = api.trigger("code_news", conf=form)
            deadline = time.monotonic() + _SECONDS_TO_END
            while True:
                runs = api.runs(DAG_ID, run_type="asset_triggered")
                states = {key: api.run_state(DAG_ID, run_id) for run_id, key in runs.items()}
                if {states.get(day) for day in DAYS} <= {"success", "failed"}:
                    return lake, states
                assert time.monotonic() < deadline, (states, api.task_states("code_news", coded))
                time.sleep(0.5)


def receipt_of(lake, day):
    path = lake / "_receipts" / "summaries" / f"dt={day}" / "summary.json"
    return json.loads(path.read_text())


def test_each_day_that_is_published_is_summarised(summarised):
    lake, states = summarised
    assert {states[day] for day in DAYS} == {"success"}
    receipts = [receipt_of(lake, day) for day in DAYS]
    assert [len(receipt["inputs"]) for receipt in receipts] == [1, 2]
    assert receipts[0]["counts"]["stories"] > 0
    assert receipts[1]["counts"]["stories"] == 0
    assert receipts[0]["run"]["dag_id"] == DAG_ID
    summaries = [row for row in verify_lake(LakeLayout(lake)) if "summar" in row.path]
    assert [finding for finding in summaries if finding.is_error] == []
