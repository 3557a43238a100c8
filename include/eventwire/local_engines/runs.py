"""Runs of the DAG on one engine, or of the command line beside it, over the landed days."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

from rich.console import Console

from include.eventwire.local_airflow.api import AirflowApi
from include.eventwire.local_airflow.components import Component, stop_components, tail
from include.eventwire.local_airflow.progress import run_days
from include.eventwire.local_airflow.sessions import DAG_ID
from include.eventwire.local_engines.engines import WORKERS, Engine, Servers
from include.eventwire.local_engines.processes import prepare_engine
from include.eventwire.local_engines.timings import (
    Cost,
    busy_seconds,
    processor_seconds,
    sum_tasks,
)
from include.eventwire.settings import PROJECT_ROOT, THREAD_VARIABLES


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
    prepared = prepare_engine(engine, servers, folder, lake=lake, landing=landing)
    components: list[Component] = []
    try:
        components.extend(launch.start() for launch in prepared.launches)
        with closing(prepared.connect(components)) as api:
            return _measure(api, components, days, console, folder)
    finally:
        stop_components(components)


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
