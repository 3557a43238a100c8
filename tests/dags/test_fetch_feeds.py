"""The wiring of `fetch_feeds`, and a run of it against a server of the test."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from include.eventwire.fetching.form import FIELDS
from include.eventwire.local_airflow.components import migrate_database
from include.eventwire.local_airflow.home import make_environment, prepare_home
from include.eventwire.settings import PROJECT_ROOT
from tests.fetching.conftest import responses, site

pytestmark = pytest.mark.airflow
__all__ = ["site"]  # a fixture


@pytest.fixture
def fetch_feeds(dags):
    assert dags["errors"] == {}
    return dags["dags"]["fetch_feeds"]


def test_a_task_for_each_source_follows_the_list(fetch_feeds):
    tasks = fetch_feeds["tasks"]
    assert {name: task["upstream"] for name, task in tasks.items()} == {
        "list_sources": [],
        "fetch": ["list_sources"],
    }
    assert tasks["fetch"]["is_mapped"]


def test_it_starts_by_the_clock_one_run_at_a_time(fetch_feeds):
    assert fetch_feeds["timetable"] == "CronTriggerTimetable"
    assert fetch_feeds["max_active_runs"] == 1


def test_the_form_has_the_described_fields_all_empty(fetch_feeds):
    assert fetch_feeds["params"] == dict.fromkeys(FIELDS)


@pytest.fixture
def run_dag(tmp_path):
    """Run the DAG to its end in a process of its own; return what it says."""
    home = prepare_home(tmp_path / "home")
    environment = make_environment(home, port=1, inherited=os.environ)
    migrate_database(home, environment)

    def run(sources, **conf):
        (tmp_path / "sources.toml").write_text(sources)
        told = subprocess.run(
            [sys.executable, Path(__file__).with_name("run_dag.py"), "fetch_feeds"],
            env=environment
            | {
                "EVENTWIRE_SOURCES": str(tmp_path / "sources.toml"),
                "EVENTWIRE_LANDING": str(tmp_path / "landing"),
                "RUN_CONF": json.dumps(conf),
            },
            cwd=PROJECT_ROOT,
            capture_output=True,
            text=True,
            check=False,
        )
        assert told.returncode == 0, told.stderr + told.stdout
        return json.loads(told.stdout.splitlines()[-1]), told.stdout + told.stderr

    return run


@pytest.mark.slow
def test_a_run_lands_the_pages_of_its_moment_and_succeeds_without_sources(site, run_dag, tmp_path):
    site.feed([site.url("/a")])
    site.page("/a")
    sources = f"""
        [[source]]
        name = "wire"
        feeds = ["{site.url("/feed")}"]
        seconds_between_requests = 0
        local = true
        [[source]]
        name = "silent"
    """
    states, said = run_dag(sources)
    assert states == {"run": "success", "list_sources": "success", "fetch": "success"}
    (warc,) = (tmp_path / "landing").glob("wire/dt=*/fetch-20260302T080700Z.warc.gz")
    assert responses(warc) == [site.url("/feed"), site.url("/a")]
    states, said = run_dag("[[source]]\nname = 'silent'\n")
    assert states == {"run": "success", "list_sources": "success", "fetch": "skipped"}
    assert "nothing to fetch" in said
