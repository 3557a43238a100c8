"""Starts the processes of an engine and starts those again that end, as systemd or a pod would."""

from __future__ import annotations

import os
import signal
import threading
import time
from collections.abc import Sequence

import psutil

from include.eventwire.local_airflow.components import (
    Component,
    kill_session,
    members_of_sessions,
    stop_components,
)
from include.eventwire.local_engines.processes import Launch

# systemd's RestartSec in docs/reliability.md.
SECONDS_TO_RESTART = 5.0
_SECONDS_BETWEEN_LOOKS = 0.2


class _Unit:
    """One process and how it is started."""

    def __init__(self, launch: Launch) -> None:
        self.launch = launch
        self.n_starts = 0
        self.ended_at: float | None = None
        self.spares_children = False
        self.start()

    def start(self) -> None:
        self.component = self.launch.start(self.n_starts)
        self.n_starts += 1
        self.ended_at, self.spares_children = None, False


class Supervisor:
    """Keeps processes running until the end of a `with` block, which stops them all.

    When one ends, what it started is killed and it is started again after some seconds.
    """

    def __init__(
        self, launches: Sequence[Launch], seconds_to_restart: float = SECONDS_TO_RESTART
    ) -> None:
        """Start all `launches`; they are watched from the beginning of the block."""
        self._seconds_to_restart = seconds_to_restart
        self._lock = threading.Lock()
        self._ended = threading.Event()
        self._sessions: set[int] = set()
        self._restarts: list[str] = []
        self._thread = threading.Thread(target=self._watch, daemon=True)
        self._units: dict[str, _Unit] = {}
        for launch in launches:
            self._units[launch.name] = unit = _Unit(launch)
            self._sessions.add(unit.component.process.pid)

    def __enter__(self) -> Supervisor:
        """Begin to watch."""
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        """Stop everything, also what processes that ended have left running."""
        self._ended.set()
        if self._thread.is_alive():
            self._thread.join()
        stop_components(self.components)
        for process in members_of_sessions(self._sessions):
            process.kill()

    @property
    def components(self) -> list[Component]:
        """The processes as they are now."""
        return [unit.component for unit in self._units.values()]

    @property
    def restarts(self) -> list[str]:
        """What was started again so far, with the status that it had ended with."""
        with self._lock:
            return list(self._restarts)

    def kill(self, name: str, *, spare_children: bool = False) -> None:
        """Kill a process with all that it started, or by itself; it is started again."""
        with self._lock:
            unit = self._units[name]
            unit.spares_children = spare_children
            if spare_children:
                os.kill(unit.component.process.pid, signal.SIGKILL)
            else:
                kill_session(unit.component)

    def name_of(self, process: psutil.Process) -> str:
        """Return which of the processes started `process`, directly or not."""
        session = os.getsid(process.pid)
        for name, unit in self._units.items():
            if unit.component.process.pid == session:
                return name
        raise KeyError(f"process {process.pid} belongs to none of {', '.join(self._units)}")

    def processes(self) -> list[psutil.Process]:
        """Return all processes that run, those of an earlier start too."""
        return members_of_sessions(self._sessions)

    def _watch(self) -> None:
        while not self._ended.wait(_SECONDS_BETWEEN_LOOKS):
            with self._lock:
                for unit in self._units.values():
                    self._look(unit)

    def _look(self, unit: _Unit) -> None:
        if (status := unit.component.process.poll()) is None:
            return
        if unit.ended_at is None:
            unit.ended_at = time.monotonic()
            self._restarts.append(f"{unit.launch.name} (status {status})")
            if not unit.spares_children:
                kill_session(unit.component)
        elif time.monotonic() - unit.ended_at >= self._seconds_to_restart:
            unit.start()
            self._sessions.add(unit.component.process.pid)
