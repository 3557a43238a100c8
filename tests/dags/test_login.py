"""Without a session Airflow's own app gives away nothing, and no password is one to guess."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from include.eventwire.local_airflow.components import migrate_database
from include.eventwire.local_airflow.home import make_environment, prepare_home
from include.eventwire.settings import PROJECT_ROOT

pytestmark = [pytest.mark.airflow, pytest.mark.slow]


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    return prepare_home(tmp_path_factory.mktemp("login") / "home")


@pytest.fixture(scope="module")
def told(home):
    """Return what Airflow's app answered; see `ask_api`."""
    environment = make_environment(home, port=1, inherited=os.environ)
    migrate_database(home, environment)
    asked = subprocess.run(
        [sys.executable, Path(__file__).with_name("ask_api.py"), home.password],
        env=environment,
        cwd=PROJECT_ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert asked.returncode == 0, asked.stderr
    return json.loads(asked.stdout.splitlines()[-1])


# What Airflow answers to anybody: that it is there and of which version, the way to the login, the
# empty frame of the UI, and that there is no such page. None of it tells of runs or of the lake.
PUBLIC = {
    "GET /api/v2/version": 200,
    "GET /api/v2/monitor/health": 200,
    "GET /api/v2/auth/login": 307,
    "GET /api/v2/auth/logout": 307,
    "GET /auth/{rest_of_path:path}": 200,
    "GET /{rest_of_path:path}": 200,
    "GET /execution/changelog": 200,
    "GET /execution/health": 200,
    "GET /execution/health/ping": 200,
    "GET /api/v1/{_:path}": 404,
    "GET /api/{_:path}": 404,
    "GET /health": 404,
}
# They take a name and a password, of which there are none here.
LOGINS = {"POST /auth/token", "POST /auth/token/cli"}


@pytest.mark.parametrize("who", ["nobody", "forged"])
def test_without_a_session_nothing_is_told(told, who):
    answers = told["answers"][who]
    assert len([route for route in answers if " /api/v2/" in route]) > 80
    assert len([route for route in answers if " /ui/" in route]) > 20
    let_in = {
        route: status
        for route, status in answers.items()
        if status not in (401, 403) and route not in LOGINS
    }
    assert let_in.items() <= PUBLIC.items()
    assert all(answers[route] >= 400 for route in LOGINS & set(answers))


def test_only_the_password_that_was_made_lets_in(told, home):
    let_in = {name for name, status in told["logins"].items() if status < 400}
    assert let_in == {f"admin:{home.password}"}


def test_all_that_the_login_rests_on_is_the_owners_alone(told, home):
    assert home.folder.stat().st_mode & 0o777 == 0o700
    for name in ("secrets.json", "passwords.json", "airflow.cfg"):
        assert (home.folder / name).stat().st_mode & 0o777 == 0o600
