"""The wiring of `fetch_feeds`, and a run of it against a server of the test."""

import pytest

from include.eventwire.fetching.form import FIELDS
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
    declared = tmp_path / "sources.toml"
    declared.write_text(sources)
    states, said = run_dag("fetch_feeds", EVENTWIRE_SOURCES=str(declared))
    assert states == {"run": "success", "list_sources": "success", "fetch": "success"}
    (warc,) = (tmp_path / "landing").glob("wire/dt=*/fetch-20260302T080700Z.warc.gz")
    assert responses(warc) == [site.url("/feed"), site.url("/a")]
    declared.write_text("[[source]]\nname = 'silent'\n")
    states, said = run_dag("fetch_feeds", EVENTWIRE_SOURCES=str(declared))
    assert states == {"run": "success", "list_sources": "success", "fetch": "skipped"}
    assert "nothing to fetch" in said
