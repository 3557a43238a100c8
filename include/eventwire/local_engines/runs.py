"""Runs of the DAG on one engine, or of the command line beside it, over the landed days."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Final

from rich.console import Console

from include.eventwire.local_airflow.api import AirflowApi
from include.eventwire.local_airflow.components import (
    COMPONENTS,
    Component,
    airflow_command,
    migrate_database,
    start_component,
    stop_components,
    tail,
)
from include.eventwire.local_airflow.home import AirflowHome, find_free_port, prepare_home
from include.eventwire.local_airflow.progress import run_days
from include.eventwire.local_airflow.sessions import DAG_ID, make_ready, wait_for
from include.eventwire.local_engines.engines import (
    WORKERS,
    Engine,
    Servers,
    airflow_environment,
    worker_environment,
)
from include.eventwire.local_engines.timings import (
    Cost,
    busy_seconds,
    processor_seconds,
    sum_tasks,
)
from include.eventwire.settings import PROJECT_ROOT, THREAD_VARIABLES

# What a worker needs of the project; nothing else is copied to it.
_WORKING_COPY: Final = ("dags", "include")
_READY: Final = " ready."


class EngineError(RuntimeError):
    """An engine did not do its work; the message says where its logs are."""


def run_command_line(landing: Path, days: Sequence[str], lake: Path, console: Console) -> Cost:
    """Code the landed days without Airflow, one after another.

    Raises:
        EngineError: The command line failed.
    """
    environment = {
        name: value for name, value in os.environ.items() if not name.startswith("AIRFLOW")
    } | {**dict.fromkeys(THREAD_VARIABLES, "1"), "EVENTWIRE_LANDING": str(landing)}
    before, began = os.times(), time.monotonic()
    for day in days:
        folders = sorted(map(str, landing.glob(f"*/dt={day}")))
        arguments = ["run", *folders, "--lake", str(lake), "--day", day, "--workers", str(WORKERS)]
        done = subprocess.run(  # noqa: S603 - our own interpreter, no shell
            [sys.executable, "-m", "include.eventwire", *arguments],
            cwd=PROJECT_ROOT,
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        if done.returncode:
            raise EngineError(f"the command line failed for {day}:\n{done.stdout}")
        console.print(f"{time.monotonic() - began:6.1f} s  {day}  done", highlight=False)
    after = os.times()
    cpu = after.children_user + after.children_system
    return Cost(
        wall_seconds=time.monotonic() - began,
        cpu_seconds=cpu - before.children_user - before.children_system,
    )


def run_engine(
    engine: Engine,
    servers: Servers,
    folder: Path,
    days: Sequence[str],
    console: Console,
    *,
    lake: str,
    landing: str,
) -> Cost:
    """Start Airflow on `engine`, run the DAG for the days, and stop it.

    Args:
        engine: The engine.
        servers: The servers that it needs, which run.
        folder: Folder to make, of all its homes and logs.
        days: Days that have landed.
        console: Where progress is shown.
        lake: Where the tables go: a folder, or s3://bucket/prefix.
        landing: Where the files are, likewise.

    Raises:
        EngineError: A run failed.
        ComponentError: A process did not start, or ended by itself.
    """
    folder.mkdir()
    home = prepare_home(folder / "home")
    port = find_free_port()
    environment = airflow_environment(
        engine,
        home,
        servers,
        port=port,
        lake=lake,
        landing=landing,
        inherited=os.environ,
    )
    if engine.on_postgres and servers.postgres is not None:
        servers.postgres.make_database(engine.database)
    migrate_database(home, environment)
    with _running(engine, home, environment, folder) as components:
        api = wait_for(lambda: AirflowApi.connect(home, port), "Airflow's API", components)
        with closing(api):
            make_ready(api, components)
            _wait_for_workers(components)
            return _measure(api, components, days, console, folder)


def count_tasks_of_workers(folder: Path) -> list[int]:
    """Return how many tasks each Celery worker of the engine in `folder` has done."""
    return [
        len(list((worker / "home" / "logs").glob(f"dag_id={DAG_ID}/**/*.log")))
        for worker in sorted(folder.glob("worker-*"))
    ]


def _measure(
    api: AirflowApi,
    components: Sequence[Component],
    days: Sequence[str],
    console: Console,
    folder: Path,
) -> Cost:
    cpu_before, began = processor_seconds(components), time.monotonic()
    succeeded = run_days(api, DAG_ID, days, console)
    wall = time.monotonic() - began
    cpu = processor_seconds(components) - cpu_before
    if not succeeded:
        raise EngineError(f"a run failed; its logs are in {folder}\n{_last_words(folder)}")
    runs = api.runs(DAG_ID, run_type="manual")
    tasks = [task for run_id in runs for task in api.task_states(DAG_ID, run_id)]
    return Cost(
        wall_seconds=wall,
        cpu_seconds=cpu,
        task_seconds=sum_tasks(tasks),
        idle_seconds=max(0.0, wall - busy_seconds(tasks)),
    )


def _last_words(folder: Path) -> str:
    """Return the end of what the last task wrote: the API does not see the logs of workers."""
    logs = list(folder.glob(f"**/dag_id={DAG_ID}/**/*.log"))
    return tail(max(logs, key=lambda log: log.stat().st_mtime)) if logs else ""


@contextmanager
def _running(
    engine: Engine, home: AirflowHome, environment: Mapping[str, str], folder: Path
) -> Iterator[list[Component]]:
    started: list[Component] = []
    try:
        for name, arguments in COMPONENTS.items():
            log = home.logs / f"{name}.log"
            started.append(start_component(name, airflow_command(*arguments), log, environment))
        if engine.on_celery:
            numbers = range(1, WORKERS + 1)
            started.extend(_start_worker(number, folder, environment) for number in numbers)
        yield started
    finally:
        stop_components(started)


def _start_worker(number: int, folder: Path, airflow: Mapping[str, str]) -> Component:
    """Start a Celery worker that has a folder and a working copy of its own."""
    own = folder / f"worker-{number}"
    project = own / "project"
    for name in _WORKING_COPY:
        shutil.copytree(PROJECT_ROOT / name, project / name)
    for name in ("home", "tmp"):
        (own / name).mkdir()
    # Its server of logs would listen on all interfaces.
    command = airflow_command(
        "celery", "worker", "--celery-hostname", f"worker-{number}", "--skip-serve-logs"
    )
    environment = worker_environment(own, airflow, project=project)
    return start_component(
        f"worker-{number}", command, own / "worker.log", environment, folder=project
    )


def _wait_for_workers(components: Sequence[Component]) -> None:
    workers = [component for component in components if component.name.startswith("worker-")]
    wait_for(lambda: all(map(_is_ready, workers)) or None, "Celery's workers", components)


def _is_ready(worker: Component) -> bool:
    return _READY in worker.log.read_text(encoding="utf-8", errors="replace")
