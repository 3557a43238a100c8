"""Runs the tasks of a day through Airflow's scheduler and the slots of its workers: events in time.

The scheduler works in rounds. In a round it notes which tasks have ended, lets the steps follow
that waited for them, and queues tasks for the free slots, at most so many at once; each queued task
takes it a while. A round with nothing to do is followed by a pause. A task starts some time after
it was queued, and its slot is free again in the round that notes its end.
"""

from __future__ import annotations

import heapq
import math
from collections.abc import Sequence
from dataclasses import dataclass, field

from benchmarks.scale.costs import Costs
from benchmarks.scale.workload import Step


@dataclass(frozen=True, slots=True)
class Scheduler:
    """How fast the scheduler is.

    Attributes:
        task_seconds: Its time for one task, from creation to the end being noted.
        round_seconds: Its time for a round in which it finds nothing.
        pause_seconds: Pause after such a round.
        tasks_per_round: Most tasks that a round queues.
        runs_at_once: Most runs that are at work at once.
        start_seconds: Wait of a queued task until its process runs.
        overhead_seconds: Time of a task's process that is not its work: imports, its report.
    """

    task_seconds: float
    round_seconds: float
    pause_seconds: float
    tasks_per_round: int
    runs_at_once: int
    start_seconds: float
    overhead_seconds: float

    @classmethod
    def from_costs(cls, costs: Costs) -> Scheduler:
        """Return the scheduler that was recorded and assumed."""
        return cls(
            task_seconds=costs["scheduler_seconds_per_task"],
            round_seconds=costs["scheduler_loop_seconds"],
            pause_seconds=costs["scheduler_idle_sleep_seconds"],
            tasks_per_round=int(costs["tasks_per_round"]),
            runs_at_once=int(costs["runs_at_once"]),
            start_seconds=costs["queued_to_started_seconds"],
            overhead_seconds=costs["empty_task_seconds"],
        )


@dataclass(slots=True)
class Outcome:
    """What happened.

    Attributes:
        seconds: When the last run was done.
        n_tasks: Tasks of all runs.
        n_rounds: Rounds of the scheduler.
        slot_seconds: Sum over the tasks of the time from being queued to being noted as ended.
        work_seconds: Sum of their work.
        scheduler_seconds: Time that the scheduler spent on tasks.
        most_at_once: Most slots that were taken at once.
        ends: When each run was done.
        steps: Seconds from the first to the last moment of each step of the first run.
    """

    seconds: float = 0.0
    n_tasks: int = 0
    n_rounds: int = 0
    slot_seconds: float = 0.0
    work_seconds: float = 0.0
    scheduler_seconds: float = 0.0
    most_at_once: int = 0
    ends: dict[int, float] = field(default_factory=dict)
    steps: dict[str, float] = field(default_factory=dict)

    @property
    def scheduler_load(self) -> float:
        """Share of the time that the scheduler was at work on tasks."""
        return self.scheduler_seconds / self.seconds if self.seconds else 0.0


@dataclass(slots=True)
class _Run:
    """How far one run is."""

    steps: Sequence[Step]
    number: int = 0
    n_queued: int = 0
    n_ended: int = 0
    began: float = 0.0

    @property
    def step(self) -> Step:
        return self.steps[self.number]

    def has_waiting(self) -> bool:
        return self.n_queued < len(self.step.seconds)

    def go_on(self, now: float) -> bool:
        """Begin the next step; return whether there is one."""
        self.number, self.n_queued, self.n_ended, self.began = self.number + 1, 0, 0, now
        return self.number < len(self.steps)


def simulate(runs: Sequence[Sequence[Step]], n_slots: int, scheduler: Scheduler) -> Outcome:
    """Return what happens when all `runs` are started at once.

    Args:
        runs: The steps of each run, none of them without tasks.
        n_slots: Tasks that all workers together can run at once.
        scheduler: How fast the scheduler is.
    """
    outcome = Outcome()
    waiting = [*enumerate(map(_Run, runs))][::-1]
    at_work: dict[int, _Run] = {}
    ending: list[tuple[float, int, float]] = []  # when, run, when queued
    now = 0.0
    while waiting or at_work:
        outcome.n_rounds += 1
        has_noted = _note_ends(now, ending, at_work, outcome)
        while waiting and len(at_work) < scheduler.runs_at_once:
            number, run = waiting.pop()
            at_work[number], run.began = run, now
        most = min(scheduler.tasks_per_round, n_slots - len(ending))
        queued = _queue(at_work, most)
        for number, seconds in queued:
            now += scheduler.task_seconds
            end = now + scheduler.start_seconds + scheduler.overhead_seconds + seconds
            heapq.heappush(ending, (end, number, now))
            outcome.n_tasks += 1
            outcome.work_seconds += seconds
        outcome.most_at_once = max(outcome.most_at_once, len(ending))
        outcome.scheduler_seconds += len(queued) * scheduler.task_seconds
        now += scheduler.round_seconds
        if not queued and not has_noted and ending:
            now = _wait(now, ending[0][0], scheduler, outcome)
    outcome.seconds = max(outcome.ends.values(), default=0.0)
    return outcome


def _note_ends(
    now: float,
    ending: list[tuple[float, int, float]],
    at_work: dict[int, _Run],
    outcome: Outcome,
) -> bool:
    """Take note of the tasks that have ended by `now`; return whether there were any."""
    has_noted = False
    while ending and ending[0][0] <= now:
        _, number, queued = heapq.heappop(ending)
        outcome.slot_seconds += now - queued
        has_noted = True
        run = at_work[number]
        run.n_ended += 1
        if run.n_ended == len(run.step.seconds):
            if number == 0:
                outcome.steps[run.step.name] = now - run.began
            if not run.go_on(now):
                outcome.ends[number] = now
                del at_work[number]
    return has_noted


def _queue(at_work: dict[int, _Run], most: int) -> list[tuple[int, float]]:
    """Take up to `most` waiting tasks, of the earlier runs first; return their runs and work."""
    taken: list[tuple[int, float]] = []
    for number, run in at_work.items():
        while run.has_waiting() and len(taken) < most:
            taken.append((number, run.step.seconds[run.n_queued]))
            run.n_queued += 1
    return taken


def _wait(now: float, next_end: float, scheduler: Scheduler, outcome: Outcome) -> float:
    """Return when, after pauses and rounds between them, there is something to note."""
    cycle = scheduler.pause_seconds + scheduler.round_seconds
    if not cycle:
        return next_end
    n_cycles = max(0, math.ceil((next_end - now - scheduler.pause_seconds) / cycle))
    outcome.n_rounds += n_cycles
    return now + scheduler.pause_seconds + n_cycles * cycle
