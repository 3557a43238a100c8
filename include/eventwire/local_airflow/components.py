"""The processes of the local Airflow: started together, watched, and all stopped."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Final

import psutil

from include.eventwire.local_airflow.home import AirflowHome
from include.eventwire.settings import Settings

# The tasks wait for nothing outside, so no triggerer is needed. The scheduler's server of logs
# would listen on all interfaces; on one machine the API reads the log files by itself.
COMPONENTS: Final[Mapping[str, tuple[str, ...]]] = {
    "api-server": ("api-server",),
    "scheduler": ("scheduler", "--skip-serve-logs"),
    "dag-processor": ("dag-processor",),
}
_SECONDS_TO_STOP: Final = 15.0


class ComponentError(RuntimeError):
    """A process did not start or ended by itself; the message ends with its log."""


@dataclass(frozen=True, slots=True)
class Running:
    """An Airflow that runs.

    Attributes:
        pid: Process that started it.
        created_at: When that process began, in seconds since 1970: a later one may get its number.
        port: Port of its API.
        settings: What the variables `EVENTWIRE_...` of its tasks come to.
    """

    pid: int
    created_at: float
    port: int
    settings: str


@dataclass(frozen=True, slots=True)
class Component:
    """One process of Airflow, or that it needs: the leader of a session with all that it starts."""

    name: str
    process: subprocess.Popen[bytes]
    log: Path

    def check(self) -> None:
        """Raise a ComponentError when the process has ended."""
        if (status := self.process.poll()) is not None:
            raise ComponentError(
                f"{self.name} ended with status {status}; the end of {self.log}:\n{tail(self.log)}"
            )


def migrate_database(home: AirflowHome, environment: Mapping[str, str]) -> None:
    """Bring the database in `home` to the installed Airflow; nothing to do when it is there.

    Raises:
        ComponentError: Airflow refused.
    """
    mark = home.folder / f"migrated-{version('apache-airflow-core')}"
    if mark.exists():
        return
    log = home.logs / "migration.log"
    with log.open("wb") as output:
        done = subprocess.run(  # noqa: S603 - our own interpreter, no shell
            airflow_command("db", "migrate"),
            env=dict(environment),
            stdout=output,
            stderr=subprocess.STDOUT,
            check=False,
        )
    if done.returncode:
        raise ComponentError(f"airflow db migrate failed; the end of {log}:\n{tail(log)}")
    mark.touch()


@contextmanager
def running_components(
    home: AirflowHome, environment: Mapping[str, str]
) -> Iterator[tuple[Component, ...]]:
    """Start all components, and stop them with everything they started when the block ends."""
    started: list[Component] = []
    try:
        for name, arguments in COMPONENTS.items():
            command = airflow_command(*arguments)
            log = home.logs / f"{name}.log"
            started.append(start_component(name, command, log, environment))
        _write_running(home, environment["AIRFLOW__API__PORT"])
        yield tuple(started)
    finally:
        stop_components(started)
        home.running_file.unlink(missing_ok=True)


def start_component(
    name: str,
    command: Sequence[str],
    log: Path,
    environment: Mapping[str, str],
    *,
    folder: Path | None = None,
    user: str | None = None,
) -> Component:
    """Start a process that writes what it says to `log`.

    Args:
        name: What messages call it.
        command: Its command line.
        log: File of its output; written anew.
        environment: All its variables.
        folder: Where it is to run; None = here.
        user: Whom it is to run as, which root alone can ask for; None = us.
    """
    with log.open("wb") as output:
        process = subprocess.Popen(  # noqa: S603 - no shell
            list(command),
            env=dict(environment),
            cwd=folder,
            user=user,
            group=user,
            extra_groups=None if user is None else [],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            # Ctrl-C reaches this process alone, which then stops all in order.
            start_new_session=True,
        )
    return Component(name, process, log)


def stop_components(components: Sequence[Component]) -> None:
    """Ask all to end and wait; end by force what has not ended in time.

    SIGINT lets the scheduler finish the tasks in hand; SIGTERM would leave its children running.
    """
    for component in components:
        if component.process.poll() is None:
            component.process.send_signal(signal.SIGINT)
    sessions = {component.process.pid for component in components}
    for process in _wait_for_end(sessions):
        process.kill()
    _wait_for_end(sessions)
    for component in components:
        component.process.wait()


def kill_session(component: Component) -> None:
    """Kill a process with all that it started; none of them can put anything in order."""
    for process in members_of_sessions({component.process.pid}):
        with suppress(psutil.NoSuchProcess):
            process.kill()
    component.process.wait()


def read_running(home: AirflowHome) -> Running | None:
    """Return the Airflow that runs from `home`, or None when none does."""
    try:
        running = Running(**json.loads(home.running_file.read_text(encoding="utf-8")))
        created_at = psutil.Process(running.pid).create_time()
    except (OSError, ValueError, TypeError, psutil.Error):
        return None
    return running if created_at == running.created_at else None


def describe_settings() -> str:
    """Return what the variables `EVENTWIRE_...` of this process come to."""
    return str(Settings.from_environment())


def airflow_command(*arguments: str) -> list[str]:
    """Return the command line of Airflow under this interpreter."""
    return [sys.executable, "-m", "airflow", *arguments]


def tail(path: Path, lines: int = 20) -> str:
    """Return the last lines of a log."""
    return "\n".join(path.read_text(encoding="utf-8", errors="replace").splitlines()[-lines:])


def members_of_sessions(sessions: set[int]) -> list[psutil.Process]:
    """Return the processes of `sessions`; a task leads a process group of its own within one."""
    return [process for process in psutil.process_iter() if _session(process) in sessions]


def _write_running(home: AirflowHome, port: str) -> None:
    running = Running(
        pid=os.getpid(),
        created_at=psutil.Process().create_time(),
        port=int(port),
        settings=describe_settings(),
    )
    home.running_file.write_text(json.dumps(asdict(running)), encoding="utf-8")


def _wait_for_end(sessions: set[int]) -> list[psutil.Process]:
    """Return the processes of `sessions` that have not ended in time."""
    deadline = time.monotonic() + _SECONDS_TO_STOP
    while (left := members_of_sessions(sessions)) and time.monotonic() < deadline:
        psutil.wait_procs(left, timeout=0.1)
    return left


def _session(process: psutil.Process) -> int | None:
    try:
        return None if process.status() == psutil.STATUS_ZOMBIE else os.getsid(process.pid)
    except (psutil.Error, OSError):
        return None  # it has ended, or is somebody else's
