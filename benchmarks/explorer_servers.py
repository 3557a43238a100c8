"""The explorer as it is served: by Airflow's API server, or by itself to compare with."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import httpx
import psutil
import uvicorn

from include.eventwire.explorer.app import make_app
from include.eventwire.local_airflow.api import AirflowApi
from include.eventwire.local_airflow.components import (
    COMPONENTS,
    Component,
    airflow_command,
    migrate_database,
    start_component,
    stop_components,
)
from include.eventwire.local_airflow.home import (
    USERNAME,
    find_free_port,
    make_address,
    make_environment,
    prepare_home,
)
from include.eventwire.local_airflow.sessions import make_ready, wait_for

_SECONDS_TO_ANSWER: Final = 120.0
_MEGABYTE: Final = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Server:
    """Something that serves the pages.

    Attributes:
        name: What it is, in words.
        address: Address of the pages, without a slash at its end.
        component: Its process.
        token: What a browser would have in its cookie after the login; empty = nobody asks.
        airflow: Session with its API, where it is Airflow's.
    """

    name: str
    address: str
    component: Component
    token: str = ""
    airflow: AirflowApi | None = None

    def open_client(self) -> httpx.Client:
        """Return a browser that has logged in."""
        cookies = {"_token": self.token} if self.token else {}
        return httpx.Client(cookies=cookies, timeout=_SECONDS_TO_ANSWER)

    def processor_seconds(self) -> float:
        """Return the processor time that its own process took so far, in steps of 10 ms."""
        taken = psutil.Process(self.component.process.pid).cpu_times()
        return float(taken.user + taken.system)

    def megabytes(self) -> float:
        """Return the memory that its processes hold (resident)."""
        root = psutil.Process(self.component.process.pid)
        held = [one.memory_info().rss for one in (root, *root.children(recursive=True))]
        return sum(held) / _MEGABYTE


@contextmanager
def serve_alone(lake: Path, folder: Path) -> Iterator[Server]:
    """Serve the pages by themselves, with no one asking who is there."""
    port = find_free_port()
    command = [sys.executable, "-m", "benchmarks.explorer_servers", str(lake), str(port)]
    component = start_component("explorer", command, folder / "explorer.log", os.environ)
    address = make_address(port)
    try:
        wait_for(lambda: _answers(f"{address}/static/icon.svg"), "the explorer", (component,))
        yield Server("the app alone", address, component)
    finally:
        stop_components([component])


@contextmanager
def serve_with_airflow(lake: Path, folder: Path) -> Iterator[Server]:
    """Serve the pages with an Airflow whose scheduler runs `code_news` into a lake of its own."""
    home = prepare_home(folder / "home")
    port = find_free_port()
    environment = make_environment(home, port=port, scheduled=False, inherited=os.environ)
    environment["EVENTWIRE_LAKE"] = str(folder / "lake")
    migrate_database(home, environment)
    lakes = {"api-server": {"EVENTWIRE_LAKE": str(lake)}}
    started: list[Component] = []
    try:
        for name, arguments in COMPONENTS.items():
            command, log = airflow_command(*arguments), home.logs / f"{name}.log"
            own = environment | lakes.get(name, {})
            started.append(start_component(name, command, log, own))
        api = wait_for(lambda: AirflowApi.connect(home, port), "Airflow's API", started)
        login = {"username": USERNAME, "password": home.password}
        answer = httpx.post(f"{make_address(port)}/auth/token", json=login)
        token = answer.raise_for_status().json()["access_token"]
        with closing(make_ready(api, started)):
            address = f"{make_address(port)}/eventwire"
            yield Server("in Airflow's API server", address, started[0], token, api)
    finally:
        stop_components(started)


def _answers(address: str) -> bool | None:
    try:
        return httpx.get(address).is_success or None
    except httpx.TransportError:
        return None


if __name__ == "__main__":
    uvicorn.run(make_app(sys.argv[1]), host="127.0.0.1", port=int(sys.argv[2]), log_level="warning")
