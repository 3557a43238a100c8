"""The processes of Airflow on one engine: how each is started, and when all are ready."""

from __future__ import annotations

import os
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from include.eventwire.local_airflow.api import AirflowApi
from include.eventwire.local_airflow.components import (
    COMPONENTS,
    Component,
    airflow_command,
    migrate_database,
    start_component,
)
from include.eventwire.local_airflow.home import AirflowHome, find_free_port, prepare_home
from include.eventwire.local_airflow.sessions import make_ready, wait_for
from include.eventwire.local_engines.engines import (
    WORKERS,
    Engine,
    Servers,
    airflow_environment,
    worker_environment,
)
from include.eventwire.settings import PROJECT_ROOT

# What a worker needs of the project; nothing else is copied to it.
_WORKING_COPY: Final = ("dags", "include")
_WORKER: Final = "worker-"
_READY: Final = " ready."


@dataclass(frozen=True, slots=True)
class Launch:
    """How one process is started, for the first time or again.

    Attributes:
        name: What messages call it.
        command: Its command line.
        log: File of what it says.
        environment: All its variables.
        folder: Where it runs; None = here.
    """

    name: str
    command: Sequence[str]
    log: Path
    environment: Mapping[str, str] = field(repr=False)
    folder: Path | None = None

    def start(self, number: int = 0) -> Component:
        """Start it; `number` counts the starts before, each of which has a log of its own."""
        log = self.log.with_name(f"{self.log.stem}-{number}.log") if number else self.log
        return start_component(self.name, self.command, log, self.environment, folder=self.folder)


@dataclass(frozen=True, slots=True)
class PreparedEngine:
    """An Airflow on an engine with everything but its processes.

    Attributes:
        home: State of its own processes.
        port: Port of its API.
        launches: Its processes, workers last.
    """

    home: AirflowHome
    port: int
    launches: tuple[Launch, ...]

    def connect(self, components: Sequence[Component]) -> AirflowApi:
        """Return a session once all of its processes are ready for work.

        Raises:
            ComponentError: One of them ended, or is not ready in time.
        """
        api = wait_for(
            lambda: AirflowApi.connect(self.home, self.port), "Airflow's API", components
        )
        try:
            make_ready(api, components)
            workers = [component for component in components if component.name.startswith(_WORKER)]
            wait_for(lambda: all(map(_is_ready, workers)) or None, "Celery's workers", components)
        except BaseException:
            api.close()
            raise
        return api


def prepare_engine(
    engine: Engine,
    servers: Servers,
    folder: Path,
    *,
    lake: str,
    landing: str,
    extra: Mapping[str, str] | None = None,
) -> PreparedEngine:
    """Make the folders and the database of an Airflow on `engine`.

    Args:
        engine: The engine.
        servers: The servers that it needs, which run.
        folder: Folder to make, of all its homes and logs.
        lake: Where the tables go: a folder, or s3://bucket/prefix.
        landing: Where the files are, likewise.
        extra: More variables of all processes.

    Raises:
        ComponentError: A database could not be made.
    """
    folder.mkdir()
    home = prepare_home(folder / "home")
    port = find_free_port()
    environment = airflow_environment(
        engine, home, servers, port=port, lake=lake, landing=landing, inherited=os.environ
    ) | dict(extra or {})
    if engine.on_postgres and servers.postgres is not None:
        servers.postgres.make_database(engine.database)
    migrate_database(home, environment)
    launches = [
        Launch(name, airflow_command(*arguments), home.logs / f"{name}.log", environment)
        for name, arguments in COMPONENTS.items()
    ]
    if engine.on_celery:
        numbers = range(1, WORKERS + 1)
        launches.extend(_prepare_worker(number, folder, environment) for number in numbers)
    return PreparedEngine(home, port, tuple(launches))


def _prepare_worker(number: int, folder: Path, airflow: Mapping[str, str]) -> Launch:
    """Make the folder and the working copy of a Celery worker that has nothing but them."""
    own = folder / f"{_WORKER}{number}"
    project = own / "project"
    for name in _WORKING_COPY:
        shutil.copytree(PROJECT_ROOT / name, project / name)
    for name in ("home", "tmp"):
        (own / name).mkdir()
    # Its server of logs would listen on all interfaces.
    command = airflow_command(
        "celery", "worker", "--celery-hostname", own.name, "--skip-serve-logs"
    )
    environment = worker_environment(own, airflow, project=project)
    return Launch(own.name, command, own / "worker.log", environment, folder=project)


def _is_ready(worker: Component) -> bool:
    return _READY in worker.log.read_text(encoding="utf-8", errors="replace")
