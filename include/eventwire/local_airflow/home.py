"""The folder of the local Airflow: its secrets, its database, its logs and its settings."""

from __future__ import annotations

import json
import os
import secrets
import socket
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from include.eventwire.settings import PROJECT_ROOT, THREAD_VARIABLES

DEFAULT_HOME: Final = PROJECT_ROOT / ".airflow"
USERNAME: Final = "admin"
_HOST: Final = "127.0.0.1"


@dataclass(frozen=True, slots=True)
class AirflowHome:
    """A prepared folder.

    Attributes:
        folder: The folder, readable by its owner alone.
        password: Password of the user `admin`, made once for this folder.
        jwt_secret: Key that signs the tokens by which the parts of Airflow know one another.
    """

    folder: Path
    password: str
    jwt_secret: str

    @property
    def logs(self) -> Path:
        """Folder of the logs of the components."""
        return self.folder / "logs" / "components"

    @property
    def passwords_file(self) -> Path:
        """File from which Airflow reads the passwords of its users."""
        return self.folder / "passwords.json"

    @property
    def running_file(self) -> Path:
        """File that says which Airflow runs from this folder, while one does."""
        return self.folder / "running.json"


def prepare_home(folder: Path = DEFAULT_HOME) -> AirflowHome:
    """Return the home in `folder`, made with new secrets when it does not stand yet."""
    folder = folder.resolve()
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    secrets_file = folder / "secrets.json"
    if not secrets_file.exists():
        made = {"password": secrets.token_urlsafe(15), "jwt_secret": secrets.token_hex(32)}
        _write_private(secrets_file, made)
    kept = json.loads(secrets_file.read_text(encoding="utf-8"))
    home = AirflowHome(folder, password=kept["password"], jwt_secret=kept["jwt_secret"])
    home.logs.mkdir(parents=True, exist_ok=True)
    _write_private(home.passwords_file, {USERNAME: home.password})
    return home


def make_environment(
    home: AirflowHome, *, port: int, scheduled: bool = True, inherited: Mapping[str, str]
) -> dict[str, str]:
    """Return the variables under which every process of the local Airflow is started.

    Args:
        home: Folder that holds its state.
        port: Port of the API and the UI on the loopback interface.
        scheduled: Whether the scheduler starts the runs that the timetables ask for, besides
            those that somebody triggers.
        inherited: Variables of the caller; settings of another Airflow among them are dropped.
    """
    others = {name: value for name, value in inherited.items() if not name.startswith("AIRFLOW")}
    return others | {
        "PYTHONPATH": str(PROJECT_ROOT),
        "AIRFLOW_HOME": str(home.folder),
        **dict.fromkeys(THREAD_VARIABLES, "1"),
        **{
            f"AIRFLOW__{name}": value
            for name, value in _settings(home, port=port, scheduled=scheduled).items()
        },
    }


def find_free_port() -> int:
    """Return a port of the loopback interface that nothing listens on."""
    with socket.socket() as probe:
        probe.bind((_HOST, 0))
        port: int = probe.getsockname()[1]
        return port


def make_address(port: int) -> str:
    """Return the address of the API and the UI at `port`."""
    return f"http://{_HOST}:{port}"


def _settings(home: AirflowHome, *, port: int, scheduled: bool) -> dict[str, str]:
    return {
        "CORE__DAGS_FOLDER": str(PROJECT_ROOT / "dags"),
        "CORE__PLUGINS_FOLDER": str(PROJECT_ROOT / "plugins"),
        "CORE__LOAD_EXAMPLES": "False",
        "CORE__EXECUTOR": "LocalExecutor",
        # Airflow's default is 32 worker processes; a task that codes text fills a core.
        "CORE__PARALLELISM": str(max(2, os.cpu_count() or 1)),
        "CORE__EXECUTION_API_SERVER_URL": f"{make_address(port)}/execution/",
        "CORE__SIMPLE_AUTH_MANAGER_USERS": f"{USERNAME}:admin",
        "CORE__SIMPLE_AUTH_MANAGER_PASSWORDS_FILE": str(home.passwords_file),
        "CORE__SIMPLE_AUTH_MANAGER_ALL_ADMINS": "False",
        "API__HOST": _HOST,
        "API__PORT": str(port),
        "API__BASE_URL": make_address(port),
        "API__WORKERS": "1",
        "API_AUTH__JWT_SECRET": home.jwt_secret,
        # SQLite has one writer at a time. The others wait for it, on a busy machine longer than the
        # five seconds after which they would fail.
        "DATABASE__SQL_ALCHEMY_CONN": f"sqlite:///{home.folder / 'airflow.db'}?timeout=120",
        # Small tasks wait mostly for the scheduler's next round; its default pause is a second.
        "SCHEDULER__SCHEDULER_IDLE_SLEEP_TIME": "0.2",
        # docs/reliability.md gives the reasons: an api-server or a database that is away for a
        # minute costs no task, and what a process that died had in hand is taken up soon.
        "WORKERS__EXECUTION_API_RETRIES": "12",
        "WORKERS__EXECUTION_API_RETRY_WAIT_MAX": "10",
        "SCHEDULER__ORPHANED_TASKS_CHECK_INTERVAL": "30",
        "SCHEDULER__TASK_INSTANCE_HEARTBEAT_TIMEOUT": "120",
        "SCHEDULER__USE_JOB_SCHEDULE": str(scheduled),
    }


def _write_private(path: Path, content: Mapping[str, str]) -> None:
    """Write JSON that only its owner can read, from the first byte on."""
    temporary = path.with_suffix(".tmp")
    temporary.unlink(missing_ok=True)
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        json.dump(content, file)
    temporary.replace(path)
