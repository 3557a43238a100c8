"""What `make run`, `make up` and `make down` do with the local Airflow."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Final, TypeVar

from rich.console import Console

from include.eventwire.local_airflow.api import AirflowApi
from include.eventwire.local_airflow.components import (
    Component,
    ComponentError,
    airflow_command,
    describe_settings,
    migrate_database,
    read_running,
    running_components,
)
from include.eventwire.local_airflow.home import (
    USERNAME,
    AirflowHome,
    find_free_port,
    make_address,
    make_environment,
)
from include.eventwire.local_airflow.progress import run_days
from include.eventwire.settings import PROJECT_ROOT, Settings

DAG_ID: Final = "code_news"
_DAG_FILE: Final = PROJECT_ROOT / "dags" / f"{DAG_ID}.py"
# What Airflow knows of the DAG is older than these until it has read the file again.
_DAG_SOURCES: Final = (
    _DAG_FILE,
    PROJECT_ROOT / "include" / "eventwire" / "airflow_tasks" / "form_fields.py",
)
_SECONDS_TO_START: Final = 180.0
_SECONDS_BETWEEN_TRIES: Final = 0.2
_Found = TypeVar("_Found")


def landed_days(landing: Path) -> list[str]:
    """Return the days for which the landing area has a folder `<source>/dt=YYYY-MM-DD/`."""
    folders = [path for path in landing.glob("*/dt=*/") if not path.parent.name.startswith(".")]
    return sorted({path.name.removeprefix("dt=") for path in folders})


def run_landed_days(home: AirflowHome, console: Console, days: Sequence[str] = ()) -> bool:
    """Run the DAG for `days`, or for every day that has landed; return whether all succeeded.

    An Airflow that already runs from `home` is used and left running; else one is started for the
    purpose and stopped at the end. It starts no scheduled runs, so that the lake holds the
    landed days and nothing that depends on today's date.
    """
    landing = Settings.from_environment().landing
    if not (chosen := list(days) or landed_days(landing)):
        console.print(f"nothing has landed: {landing} has no folder <source>/dt=YYYY-MM-DD/")
        return False
    with open_session(home, console, port=find_free_port(), scheduled=False) as (api, _):
        console.print(f"{len(chosen)} days: {', '.join(chosen)}", highlight=False)
        return run_days(api, DAG_ID, chosen, console)


def serve(home: AirflowHome, console: Console, port: int | None) -> None:
    """Run Airflow with its UI until this process is interrupted."""
    if (other := read_running(home)) is not None:
        console.print(f"Airflow runs already: {make_address(other.port)}", highlight=False)
        return
    chosen = port or find_free_port()
    with open_session(home, console, port=chosen, scheduled=True) as (_, components):
        console.print(f"Airflow: {make_address(chosen)}", highlight=False)
        console.print(f"login: {USERNAME}   password: {home.password}", highlight=False)
        console.print(f"logs: {home.logs}   Ctrl-C stops it", highlight=False)
        while True:
            for component in components:
                component.check()
            time.sleep(1)


def stop(home: AirflowHome, console: Console) -> None:
    """Stop the Airflow that runs from `home` and wait until it has ended."""
    if (running := read_running(home)) is None:
        console.print("no Airflow runs here")
        return
    # A process that a script started in the background ignores SIGINT.
    os.kill(running.pid, signal.SIGTERM)
    wait_for(lambda: read_running(home) is None or None, "Airflow's end")
    console.print("stopped")


@contextmanager
def open_session(
    home: AirflowHome, console: Console, *, port: int, scheduled: bool
) -> Iterator[tuple[AirflowApi, tuple[Component, ...]]]:
    """Give a session with an Airflow that has read the DAG and lets it run.

    An Airflow that already runs from `home` is used; else one is started, and stopped at the end.

    Args:
        home: Folder of its state.
        console: Where to say what is going on.
        port: Port of one that has to be started.
        scheduled: Whether that one starts the runs that the timetables ask for.

    Raises:
        ComponentError: It does not start, cannot read the DAG, or runs with other settings.
    """
    if (running := read_running(home)) is not None:
        if running.settings != describe_settings():
            raise ComponentError(
                f"the Airflow at {make_address(running.port)} was started with other variables "
                "EVENTWIRE_...: stop it (make down), or set the same"
            )
        console.print(f"using the Airflow at {make_address(running.port)}", highlight=False)
        api = wait_for(lambda: AirflowApi.connect(home, running.port), "Airflow's API")
        with closing(api):
            yield make_ready(api, ()), ()
        return
    environment = make_environment(home, port=port, scheduled=scheduled, inherited=os.environ)
    console.print(f"starting Airflow in {home.folder}", highlight=False)
    migrate_database(home, environment)
    with running_components(home, environment) as components:
        api = wait_for(lambda: AirflowApi.connect(home, port), "Airflow's API", components)
        with closing(api):
            yield make_ready(api, components), components


def call_airflow(home: AirflowHome, arguments: Sequence[str]) -> int:
    """Run a command of Airflow's own command line on the local Airflow; return its status."""
    running = read_running(home)
    port = running.port if running else find_free_port()
    environment = make_environment(home, port=port, inherited=os.environ)
    migrate_database(home, environment)
    command = airflow_command(*arguments)
    return subprocess.run(command, env=environment, check=False).returncode  # noqa: S603


def make_ready(api: AirflowApi, components: Sequence[Component]) -> AirflowApi:
    """Wait until Airflow has read the DAG as it is now, let it run, and return the session.

    Raises:
        ComponentError: Airflow cannot import the DAG, or one of `components` ended.
    """
    changed = max(path.stat().st_mtime for path in _DAG_SOURCES)
    changed_at = datetime.fromtimestamp(changed, UTC)
    wait_for(lambda: _has_read(api, changed_at) or None, f"the DAG {DAG_ID}", components)
    api.unpause(DAG_ID)
    return api


def wait_for(
    look: Callable[[], _Found | None], what: str, components: Sequence[Component] = ()
) -> _Found:
    """Return what `look` finds, as soon as it finds something.

    Args:
        look: Returns None while there is nothing.
        what: What is waited for, in words.
        components: Processes that must go on running meanwhile.

    Raises:
        ComponentError: One of them ended, or the time is up.
    """
    deadline = time.monotonic() + _SECONDS_TO_START
    while time.monotonic() < deadline:
        for component in components:
            component.check()
        if (found := look()) is not None:
            return found
        time.sleep(_SECONDS_BETWEEN_TRIES)
    raise ComponentError(f"waited {_SECONDS_TO_START:.0f} seconds in vain for {what}")


def _has_read(api: AirflowApi, changed_at: datetime) -> bool:
    if errors := [error for error in api.import_errors() if _DAG_FILE.name in error]:
        raise ComponentError(f"Airflow cannot import the DAG:\n{errors[0]}")
    parsed_at = api.last_parsed_at(DAG_ID)
    return parsed_at is not None and datetime.fromisoformat(parsed_at) >= changed_at
