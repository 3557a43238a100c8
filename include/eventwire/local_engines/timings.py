"""What a run cost: from its start to its end, in its tasks, and in processor time."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

import psutil

from include.eventwire.local_airflow.api import TaskState
from include.eventwire.local_airflow.components import Component, members_of_sessions


@dataclass(frozen=True, slots=True)
class Cost:
    """What one engine took for all days.

    Attributes:
        wall_seconds: From the first day's start to the last day's end.
        cpu_seconds: Processor time of all processes meanwhile, ours and Airflow's.
        task_seconds: Sum over all tasks of their time from start to end; None without tasks.
        idle_seconds: Time within `wall_seconds` in which no task ran; None without tasks.
    """

    wall_seconds: float
    cpu_seconds: float
    task_seconds: float | None = None
    idle_seconds: float | None = None


def sum_tasks(tasks: Iterable[TaskState]) -> float:
    """Return the seconds of all tasks, one after another."""
    return sum(end - start for start, end in _spans(tasks))


def busy_seconds(tasks: Iterable[TaskState]) -> float:
    """Return how long at least one of the tasks ran."""
    total = 0.0
    until = float("-inf")
    for start, end in sorted(_spans(tasks)):
        total += max(0.0, end - max(start, until))
        until = max(until, end)
    return total


def processor_seconds(components: Sequence[Component]) -> float:
    """Return the processor time so far of the components and all that they started.

    The time of a process that has ended is counted by its parent.
    """
    sessions = {component.process.pid for component in components}
    total = 0.0
    for process in members_of_sessions(sessions):
        try:
            times = process.cpu_times()
        except psutil.NoSuchProcess:
            continue  # ended just now
        total += times.user + times.system + times.children_user + times.children_system
    return total


def _spans(tasks: Iterable[TaskState]) -> list[tuple[float, float]]:
    return [
        (_seconds(task.started_at), _seconds(task.ended_at))
        for task in tasks
        if task.started_at is not None and task.ended_at is not None
    ]


def _seconds(written: str) -> float:
    return datetime.fromisoformat(written).timestamp()
