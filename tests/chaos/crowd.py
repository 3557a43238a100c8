"""Many users who trigger small batches at the same time, and what their Airflow goes through."""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

import psutil
import pyarrow.parquet as pq

from include.eventwire.local_airflow.api import AirflowApi
from include.eventwire.local_airflow.components import Component, members_of_sessions
from include.eventwire.local_airflow.home import AirflowHome
from include.eventwire.local_airflow.sessions import DAG_ID
from tests.chaos.news import make_articles, write_articles

DAY = "2018-04-24"
_USERS = 4
_SECONDS_BETWEEN_LOOKS = 2.0
_LOCKED = "database is locked"


@dataclass(slots=True)
class Seen:
    """What was seen while the runs went on.

    Attributes:
        answers: Seconds that each look at the runs took through the API.
        refused: What the API said instead of an answer.
        memory: Resident bytes of all processes together, at each look.
    """

    answers: list[float] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    memory: list[int] = field(default_factory=list)

    def tell(self) -> str:
        """Return the figures in one line."""
        answers = sorted(self.answers) or [0.0]
        return (
            f"{len(self.answers)} looks: median {answers[len(answers) // 2]:.2f} s, longest "
            f"{answers[-1]:.2f} s, {len(self.refused)} without an answer; most memory "
            f"{max(self.memory, default=0) / 2**20:,.0f} MB"
        )


def land_batches(landing: Path, n_batches: int, n_articles: int = 3) -> list[str]:
    """Write files of a few articles each, no two alike; return their names in the landing area."""
    names = [f"crowd/hand-{number:03}.jsonl" for number in range(n_batches)]
    for number, name in enumerate(names):
        write_articles(landing / name, make_articles(n_articles, seed=1_000 + number))
    return names


def trigger_all(api: AirflowApi, names: Sequence[str], seconds: float) -> tuple[list[str], float]:
    """Trigger a run for each file, several at once and evenly over `seconds`.

    Returns:
        The ids of the runs, and the seconds that it really took.
    """
    began = time.monotonic()

    def trigger(number: int) -> str:
        due = began + seconds * number / len(names)
        time.sleep(max(0.0, due - time.monotonic()))
        return api.trigger(DAG_ID, conf={"day": DAY, "input": names[number]})

    with ThreadPoolExecutor(_USERS) as users:
        runs = list(users.map(trigger, range(len(names))))
    return runs, time.monotonic() - began


def wait_for_runs(api: AirflowApi, runs: Sequence[str], seconds: float) -> Counter[str]:
    """Wait until all runs have ended; return how many ended in which state.

    Raises:
        TimeoutError: Some have not ended after `seconds`.
    """
    deadline = time.monotonic() + seconds
    states: dict[str, str] = {}
    while len(states) < len(runs):
        for run in runs:
            if run not in states and (state := api.run_state(DAG_ID, run)) in (
                "success",
                "failed",
            ):
                states[run] = state
            elif run not in states:
                break  # they start in their order
        if time.monotonic() > deadline:
            raise TimeoutError(f"{len(states)} of {len(runs)} runs ended in {seconds:.0f} s")
        time.sleep(_SECONDS_BETWEEN_LOOKS)
    return Counter(states.values())


class Watching:
    """Looks at the runs as the UI does, and at the memory, during a `with` block."""

    def __init__(self, home: AirflowHome, port: int, components: Sequence[Component]) -> None:
        """Watch the Airflow at `port` with its processes."""
        self._home, self._port = home, port
        self._sessions = {component.process.pid for component in components}
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)
        self.seen = Seen()

    def __enter__(self) -> Seen:
        """Begin."""
        self._thread.start()
        return self.seen

    def __exit__(self, *_: object) -> None:
        """End."""
        self._ended.set()
        self._thread.join()

    def _watch(self) -> None:
        api = AirflowApi.connect(self._home, self._port)
        assert api is not None
        with closing(api):
            while not self._ended.wait(_SECONDS_BETWEEN_LOOKS):
                began = time.monotonic()
                try:
                    api.runs(DAG_ID, run_type="manual")
                except Exception as error:  # noqa: BLE001 - it is counted
                    self.seen.refused.append(str(error))
                else:
                    self.seen.answers.append(time.monotonic() - began)
                self.seen.memory.append(self._memory())

    def _memory(self) -> int:
        total = 0
        for process in members_of_sessions(self._sessions):
            try:
                total += process.memory_info().rss
            except psutil.Error:
                continue  # it has just ended
        return total


def count_locked(home: AirflowHome) -> int:
    """Return how many lines of Airflow's logs tell that its database was locked."""
    logs = (home.folder / "logs").rglob("*.log")
    return sum(log.read_text(encoding="utf-8", errors="replace").count(_LOCKED) for log in logs)


def stored_articles(lake: Path) -> Counter[str]:
    """Return how often each article, by its id in the input, stands in the tables."""
    files = lake.glob("articles/*/*.parquet")
    return Counter(
        value
        for file in files
        for value in pq.read_table(file, columns=["source_id"]).column(0).to_pylist()
    )
