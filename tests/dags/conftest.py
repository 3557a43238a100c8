"""An Airflow of its own, in a temporary folder, for the tests of DAGs."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

from include.eventwire.local_airflow.api import AirflowApi, TaskState
from include.eventwire.local_airflow.components import migrate_database
from include.eventwire.local_airflow.home import (
    AirflowHome,
    find_free_port,
    make_environment,
    prepare_home,
)
from include.eventwire.local_airflow.sessions import DAG_ID, open_session
from include.eventwire.settings import PROJECT_ROOT

_SECONDS_OF_A_RUN = 600.0


@dataclass(frozen=True)
class RunningAirflow:
    """An Airflow with its scheduler, and the lake that its tasks write."""

    home: AirflowHome
    api: AirflowApi
    lake: Path

    def finish(self, run_id: str) -> list[TaskState]:
        """Wait for the end of a run and return where its tasks stand."""
        deadline = time.monotonic() + _SECONDS_OF_A_RUN
        while self.api.run_state(DAG_ID, run_id) not in ("success", "failed"):
            assert time.monotonic() < deadline, self.api.task_states(DAG_ID, run_id)
            time.sleep(0.5)
        return self.api.task_states(DAG_ID, run_id)

    def run(self, partition_key: str | None = None, **form: object) -> tuple[str, list[TaskState]]:
        """Run the DAG to its end and return the run's state and where its tasks stand."""
        run_id = self.api.trigger(DAG_ID, partition_key=partition_key, conf=form)
        tasks = self.finish(run_id)
        return self.api.run_state(DAG_ID, run_id), tasks

    def log_of_failure(self, run_id: str, tasks: list[TaskState]) -> str:
        """Return the log of the first task that failed."""
        failed = next(task for task in tasks if task.state == "failed")
        return "\n".join(self.api.log_of(DAG_ID, run_id, failed))


@pytest.fixture(scope="session")
def airflow(tmp_path_factory: pytest.TempPathFactory):
    """Start an Airflow whose tasks read the sample and write a temporary lake."""
    folder = tmp_path_factory.mktemp("airflow")
    lake = folder / "lake"
    home = prepare_home(folder / "home")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("EVENTWIRE_LAKE", str(lake))
        patch.delenv("EVENTWIRE_LANDING", raising=False)
        said = Console(file=io.StringIO())
        with open_session(home, said, port=find_free_port(), scheduled=False) as (api, _):
            yield RunningAirflow(home, api, lake)


@pytest.fixture(scope="session")
def dags(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """Return what Airflow finds in the folder of DAGs, described by another process."""
    home = prepare_home(tmp_path_factory.mktemp("parse"))
    described = subprocess.run(
        [sys.executable, Path(__file__).with_name("describe_dags.py")],
        env=make_environment(home, port=1, inherited={}),
        cwd=PROJECT_ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert described.returncode == 0, described.stderr
    return json.loads(described.stdout.splitlines()[-1])


@pytest.fixture
def run_dag(tmp_path: Path):
    """Return a function that runs a DAG to its end in a process of its own.

    It takes the DAG, the values of its form and variables of the environment, and returns the
    states of the run and of its tasks, and what was said. Lake and landing area are `lake` and
    `landing` in the test's folder.
    """
    home = prepare_home(tmp_path / "home")
    environment = make_environment(home, port=1, inherited=os.environ) | {
        "EVENTWIRE_LANDING": str(tmp_path / "landing"),
        "EVENTWIRE_LAKE": str(tmp_path / "lake"),
    }
    migrate_database(home, environment)

    def run(dag_id, form=None, **variables):
        told = subprocess.run(
            [sys.executable, Path(__file__).with_name("run_dag.py"), dag_id],
            env=environment | {"RUN_CONF": json.dumps(form or {})} | variables,
            cwd=PROJECT_ROOT,
            capture_output=True,
            text=True,
            check=False,
        )
        assert told.returncode == 0, told.stderr + told.stdout
        return json.loads(told.stdout.splitlines()[-1]), told.stdout + told.stderr

    return run
