"""The explorer within Airflow's own app: who is let in, and where it is linked."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from include.eventwire.lake.layout import LakeLayout
from include.eventwire.local_airflow.components import migrate_database
from include.eventwire.local_airflow.home import make_environment, prepare_home
from include.eventwire.settings import PROJECT_ROOT
from tests.unit.explorer.made_lakes import make_story, publish, rows_of

pytestmark = [pytest.mark.airflow, pytest.mark.slow]


@pytest.fixture(scope="module")
def told(tmp_path_factory):
    """Return what Airflow's app answered; see `ask_explorer`."""
    folder = tmp_path_factory.mktemp("explorer")
    publish(LakeLayout(folder / "lake"), rows_of(make_story()))
    home = prepare_home(folder / "home")
    environment = make_environment(home, port=1, inherited=os.environ)
    migrate_database(home, environment)
    asked = subprocess.run(
        [sys.executable, Path(__file__).with_name("ask_explorer.py")],
        env=environment | {"EVENTWIRE_LAKE": str(folder / "lake")},
        cwd=PROJECT_ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert asked.returncode == 0, asked.stderr
    return json.loads(asked.stdout.splitlines()[-1])


@pytest.mark.parametrize("who", ["nobody", "forged"])
def test_without_a_session_every_route_is_refused(told, who):
    answers = told["answers"][who]
    assert len(answers) > 20
    let_in = {route: status for route, status in answers.items() if status not in (401, 403)}
    assert let_in == {}


def test_who_may_not_see_runs_of_code_news_is_refused(told):
    answers = told["answers"]["no role"]
    assert set(answers.values()) == {403}


@pytest.mark.parametrize("who", ["viewer", "token"])
def test_who_may_see_runs_of_code_news_may_see_the_pages(told, who):
    answers = told["answers"][who]
    assert answers["GET /"] == answers["GET /events"] == 200
    assert answers["GET /static/explorer.css"] == answers["GET /data/overview"] == 200
    assert answers["GET /docs"] == answers["GET /openapi.json"] == 404
    assert answers["POST /events"] == 405


def test_other_processes_do_not_load_the_pages(told):
    assert told["heavy"] == []


def test_airflow_links_the_pages(told):
    (plugin,) = [entry for entry in told["plugins"] if entry["name"] == "eventwire_explorer"]
    views = {view["destination"]: view for view in plugin["external_views"]}
    assert views["nav"]["href"] == "/eventwire/"
    assert views["dag_run"]["href"] == ("/eventwire/runs/by-run?dag_id={DAG_ID}&run_id={RUN_ID}")
    assert plugin["fastapi_apps"][0]["url_prefix"] == "/eventwire"
