"""Requests take turns where Airflow's database has one writer."""

import os
import subprocess
import sys

import pytest

from include.eventwire.local_airflow.home import make_environment, prepare_home
from include.eventwire.settings import PROJECT_ROOT

pytestmark = [pytest.mark.airflow, pytest.mark.slow]

PROGRAM = """
from airflow import plugins_manager
_, middlewares = plugins_manager.get_fastapi_plugins()
print([one["middleware"].__name__ for one in middlewares])
"""


def test_with_sqlite_requests_take_turns(tmp_path):
    home = prepare_home(tmp_path / "home")
    told = subprocess.run(
        [sys.executable, "-c", PROGRAM],
        env=make_environment(home, port=1, inherited=os.environ),
        cwd=PROJECT_ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert told.returncode == 0, told.stderr
    assert told.stdout.splitlines()[-1] == "['WritesInTurn']"
