"""People who look at pages while Airflow's scheduler has a run to see to."""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Final

import httpx

from benchmarks.explorer_addresses import Known, make_addresses
from benchmarks.explorer_servers import Server
from include.eventwire.local_airflow.api import AirflowApi
from include.eventwire.local_airflow.sessions import DAG_ID

# How long a person looks at a page before the next one, in seconds: nobody reads so fast.
_LOOKS: Final = (0.5, 1.5)
_SECONDS_BETWEEN_LOOKS: Final = 0.5
_DAY: Final = "2018-04-24"


@dataclass
class Crowd:
    """What people met.

    Attributes:
        seconds: How long each page took.
        errors: Answers that were none.
    """

    seconds: list[float] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Strain:
    """How a run went on, and the scheduler meanwhile.

    Attributes:
        wall: Seconds from the trigger to the run's end.
        waiting: Seconds of them in which no task ran: the scheduler's share.
        heartbeat: Greatest age of the scheduler's heartbeat, in seconds.
        crowd: What people met meanwhile.
    """

    wall: float
    waiting: float
    heartbeat: float
    crowd: Crowd


def run_under(server: Server, known: Known, *, n_people: int, seconds: float) -> Strain:
    """Return how a run of a small day goes on while so many people look at pages.

    They come before the run starts, stay for `seconds` at least, and until it has ended.
    """
    assert server.airflow is not None
    with _people(server, known, n_people) as crowd:
        began = time.monotonic()
        wall, waiting, heartbeat = _follow_run(server, server.airflow)
        while n_people and time.monotonic() - began < seconds:
            time.sleep(_SECONDS_BETWEEN_LOOKS)
    return Strain(wall, waiting, heartbeat, crowd)


@contextmanager
def _people(server: Server, known: Known, n_people: int) -> Iterator[Crowd]:
    crowd, is_over = Crowd(), threading.Event()
    people = [
        threading.Thread(target=_look, args=(server, known, number, crowd, is_over))
        for number in range(n_people)
    ]
    for person in people:
        person.start()
    try:
        yield crowd
    finally:
        is_over.set()
        for person in people:
            person.join()


def _look(
    server: Server, known: Known, number: int, crowd: Crowd, is_over: threading.Event
) -> None:
    chance = random.Random(number)  # noqa: S311 - for the same pauses every time
    with server.open_client() as client:
        for _, address in make_addresses(known, 1_000 + number):
            began = time.perf_counter()
            try:
                answer = client.get(server.address + address)
                crowd.seconds.append(time.perf_counter() - began)
                if not answer.is_success:
                    crowd.errors.append(f"{answer.status_code} {address}")
            except httpx.HTTPError as error:
                crowd.errors.append(f"{type(error).__name__} {address}")
            if is_over.wait(chance.uniform(*_LOOKS)):
                return


def _follow_run(server: Server, api: AirflowApi) -> tuple[float, float, float]:
    began = datetime.now(UTC)
    run_id = api.trigger(DAG_ID, partition_key=_DAY)
    ages = [0.0]
    with server.open_client() as client:
        health = server.address.removesuffix("/eventwire") + "/api/v2/monitor/health"
        while (state := api.run_state(DAG_ID, run_id)) not in ("success", "failed"):
            told = client.get(health).json()["scheduler"]["latest_scheduler_heartbeat"]
            ages.append((datetime.now(UTC) - datetime.fromisoformat(told)).total_seconds())
            time.sleep(_SECONDS_BETWEEN_LOOKS)
    if state == "failed":
        raise SystemExit(f"the run {run_id} failed")
    spans = sorted(
        (datetime.fromisoformat(task.started_at), datetime.fromisoformat(task.ended_at))
        for task in api.task_states(DAG_ID, run_id)
        if task.started_at and task.ended_at
    )
    end, busy = began, 0.0
    for first, last in spans:
        if last > end:
            busy += (last - max(first, end)).total_seconds()
            end = last
    wall = (end - began).total_seconds()
    return wall, wall - busy, max(ages)
