"""The engines that are compared, and the variables under which Airflow runs on each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from include.eventwire.local_airflow.home import AirflowHome, make_environment
from include.eventwire.local_engines.servers import Postgres, Redis, S3Server

# The same number of processes that code text on every engine, so that times can be compared.
WORKERS: Final = 2
_NOT_FOR_WORKERS: Final = frozenset(
    {
        "AIRFLOW__DATABASE__SQL_ALCHEMY_CONN",
        "AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_USERS",
        "AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_PASSWORDS_FILE",
    }
)


@dataclass(frozen=True, slots=True)
class Engine:
    """One way to run the same DAGs.

    Attributes:
        number: What the command line calls it.
        name: What people call it.
        on_postgres: Whether Airflow's database is PostgreSQL, else SQLite.
        on_celery: Whether tasks run on Celery's workers, with all files on S3; else as children
            of the scheduler, with all files on disk.
    """

    number: int
    name: str
    on_postgres: bool
    on_celery: bool

    @property
    def database(self) -> str:
        """Name of its database in PostgreSQL."""
        return f"engine_{self.number}"


ENGINES: Final = (
    Engine(1, "SQLite, LocalExecutor, disk", on_postgres=False, on_celery=False),
    Engine(2, "PostgreSQL, LocalExecutor, disk", on_postgres=True, on_celery=False),
    Engine(3, "PostgreSQL, Redis, Celery with 2 workers, S3", on_postgres=True, on_celery=True),
)


@dataclass(frozen=True, slots=True)
class Servers:
    """The servers that run; None for those that no engine asked for."""

    postgres: Postgres | None
    redis: Redis | None
    s3: S3Server | None


def airflow_environment(
    engine: Engine,
    home: AirflowHome,
    servers: Servers,
    *,
    port: int,
    lake: str,
    landing: str,
    inherited: Mapping[str, str],
) -> dict[str, str]:
    """Return the variables of Airflow's own processes on `engine`.

    Args:
        engine: The engine.
        home: Folder of the state of these processes.
        servers: Those that run.
        port: Port of the API on the loopback interface.
        lake: Where the tables go: a folder, or s3://bucket/prefix.
        landing: Where files arrive, likewise.
        inherited: Variables of the caller.
    """
    made = make_environment(home, port=port, scheduled=False, inherited=inherited) | {
        "AIRFLOW__CORE__PARALLELISM": str(WORKERS),
        "EVENTWIRE_LAKE": lake,
        "EVENTWIRE_LANDING": landing,
        "EVENTWIRE_ALLOWED_ROOTS": "",
    }
    if servers.postgres is not None and engine.on_postgres:
        made["AIRFLOW__DATABASE__SQL_ALCHEMY_CONN"] = servers.postgres.address(
            engine.database, "postgresql+psycopg2"
        )
    if engine.on_celery:
        made |= _celery_settings(engine, servers)
    return made


def worker_environment(
    folder: Path, airflow: Mapping[str, str], *, project: Path
) -> dict[str, str]:
    """Return the variables of a Celery worker that has nothing but its own folder.

    It gets no way into Airflow's database: tasks speak to the API, and Celery keeps what
    became of them in tables of its own.

    Args:
        folder: Its folder, with `home` and `tmp` in it.
        airflow: Variables of Airflow's own processes.
        project: Its working copy of the project.
    """
    made = {name: value for name, value in airflow.items() if name not in _NOT_FOR_WORKERS}
    return made | {
        "HOME": str(folder),
        "TMPDIR": str(folder / "tmp"),
        "PYTHONPATH": str(project),
        "AIRFLOW_HOME": str(folder / "home"),
        "AIRFLOW__CORE__DAGS_FOLDER": str(project / "dags"),
        "AIRFLOW__CORE__PLUGINS_FOLDER": str(project / "plugins"),
    }


def _celery_settings(engine: Engine, servers: Servers) -> dict[str, str]:
    if servers.postgres is None or servers.redis is None or servers.s3 is None:
        raise ValueError(f"{engine.name} needs PostgreSQL, Redis and an S3 server")
    return {
        "AIRFLOW__CORE__EXECUTOR": "CeleryExecutor",
        "AIRFLOW__CELERY__BROKER_URL": servers.redis.address(),
        "AIRFLOW__CELERY__RESULT_BACKEND": servers.postgres.address(
            engine.database, "db+postgresql"
        ),
        "AIRFLOW__CELERY__WORKER_CONCURRENCY": "1",
        # A task of ours takes minutes: one that waits behind another may go to the other worker.
        "AIRFLOW__CELERY__WORKER_PREFETCH_MULTIPLIER": "1",
        # Longer than any task may take, since the broker hands it out again after that.
        "AIRFLOW__CELERY_BROKER_TRANSPORT_OPTIONS__VISIBILITY_TIMEOUT": "86400",
        **servers.s3.variables(),
    }
