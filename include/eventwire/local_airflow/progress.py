"""Runs of a DAG, started and followed to their end with a line for every step."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from include.eventwire.local_airflow.api import AirflowApi, TaskState

# States in which nothing has been done yet, or will be.
_NOT_TOLD: Final = ("scheduled", "queued", "upstream_failed")
_SECONDS_BETWEEN_LOOKS: Final = 0.5
_LINES_OF_LOG: Final = 30


@dataclass(slots=True)
class Watch:
    """One run that is being followed.

    Attributes:
        day: Partition of the run.
        run_id: Airflow's name for the run.
        told: What has been said of its tasks so far.
        state: State of the run at the last look.
    """

    day: str
    run_id: str
    told: set[str] = field(default_factory=set)
    state: str = "queued"

    @property
    def is_finished(self) -> bool:
        """Whether the run has ended, well or not."""
        return self.state in ("success", "failed")


def run_days(api: AirflowApi, dag_id: str, days: Sequence[str], console: Console) -> bool:
    """Start one run a day, show how they go on, and return whether all of them succeeded."""
    watches = [Watch(day, api.trigger(dag_id, partition_key=day)) for day in days]
    with _make_progress(console) as progress:
        bar = progress.add_task("days", total=len(watches))
        while open_watches := [watch for watch in watches if not watch.is_finished]:
            for watch in open_watches:
                _look(api, dag_id, watch, progress)
            progress.update(bar, completed=sum(watch.is_finished for watch in watches))
            time.sleep(_SECONDS_BETWEEN_LOOKS)
    return all(watch.state == "success" for watch in watches)


def describe_steps(tasks: Sequence[TaskState]) -> list[str]:
    """Return a phrase for each task that runs or has ended, in the order of their names' first use.

    The instances of a mapped task are one step: "code 2 of 3 done".
    """
    phrases = []
    for task_id in dict.fromkeys(task.task_id for task in tasks):
        states = [task.state for task in tasks if task.task_id == task_id]
        if all(state is None for state in states):
            continue
        phrases.append(_describe_step(task_id.rpartition(".")[2], states))
    return phrases


def _describe_step(name: str, states: Sequence[str | None]) -> str:
    if set(states) == {"skipped"}:
        return f"{name}: nothing to do"
    if len(states) == 1:
        return f"{name}: {'done' if states[0] == 'success' else states[0]}"
    for trouble in ("failed", "up_for_retry"):
        if trouble in states:
            return f"{name}: {states.count(trouble)} of {len(states)} {trouble}"
    return f"{name}: {states.count('success')} of {len(states)} done"


def _look(api: AirflowApi, dag_id: str, watch: Watch, progress: Progress) -> None:
    # The state of the run first: what its tasks say afterwards is then at least as new.
    watch.state = api.run_state(dag_id, watch.run_id)
    tasks = api.task_states(dag_id, watch.run_id)
    for phrase in describe_steps(tasks):
        if phrase not in watch.told and not phrase.endswith(_NOT_TOLD):
            watch.told.add(phrase)
            _say(progress, watch.day, phrase)
    if watch.state == "success":
        _tell_outcome(api, dag_id, watch, tasks, progress)
    elif watch.state == "failed":
        _tell_failures(api, dag_id, watch, tasks, progress)


def _tell_outcome(
    api: AirflowApi, dag_id: str, watch: Watch, tasks: Sequence[TaskState], progress: Progress
) -> None:
    for task in tasks:
        if task.task_id.rpartition(".")[2] == "report":
            _say(progress, watch.day, api.returned(dag_id, watch.run_id, task) or "done")


def _tell_failures(
    api: AirflowApi, dag_id: str, watch: Watch, tasks: Sequence[TaskState], progress: Progress
) -> None:
    for task in tasks:
        if task.state == "failed":
            _say(progress, watch.day, f"{task.task_id} failed; the end of its log:")
            for line in api.log_of(dag_id, watch.run_id, task)[-_LINES_OF_LOG:]:
                progress.console.print(f"    {escape(line)}", highlight=False)


def _say(progress: Progress, day: str, text: str) -> None:
    elapsed = progress.tasks[0].elapsed or 0.0
    progress.console.print(f"{elapsed:6.1f} s  {day}  {escape(text)}", highlight=False)


def _make_progress(console: Console) -> Progress:
    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        console=console,
    )
