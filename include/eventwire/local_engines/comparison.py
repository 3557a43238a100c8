"""The outcome of the comparison, as one table for people."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rich.table import Table

from include.eventwire.local_engines.timings import Cost

COMMAND_LINE = "command line, no Airflow, disk"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one engine did.

    Attributes:
        name: The engine, or the command line.
        cost: What it took.
        n_files: Files of tables that it published.
        n_rows: Rows in them.
        differences: In what its tables differ from those of the first; empty = in no byte.
    """

    name: str
    cost: Cost
    n_files: int
    n_rows: int
    differences: tuple[str, ...]


def overhead(cost: Cost, base: Cost) -> tuple[float, float]:
    """Return by what share a run took longer than the command line: wall and processor time.

    That is Airflow's own overhead: its scheduler, API and database, the processes that it starts
    for tasks, and what each of them loads anew.
    """
    return (
        cost.wall_seconds / base.wall_seconds - 1,
        cost.cpu_seconds / base.cpu_seconds - 1,
    )


def make_table(outcomes: Sequence[Outcome], base: Cost | None) -> Table:
    """Return the table: a line for each outcome; `base` is the cost of the command line."""
    table = Table(box=None)
    table.add_column("engine")
    for heading in ("wall s", "CPU s", "tasks s", "no task s", "overhead", "of CPU", "files"):
        table.add_column(heading, justify="right")
    table.add_column("rows", justify="right")
    table.add_column("same bytes", justify="right")
    for outcome in outcomes:
        table.add_row(*_cells(outcome, base))
    return table


def _cells(outcome: Outcome, base: Cost | None) -> list[str]:
    cost = outcome.cost
    shares = ("", "") if base is None or cost.task_seconds is None else overhead(cost, base)
    return [
        outcome.name,
        f"{cost.wall_seconds:.1f}",
        f"{cost.cpu_seconds:.1f}",
        "" if cost.task_seconds is None else f"{cost.task_seconds:.1f}",
        "" if cost.idle_seconds is None else f"{cost.idle_seconds:.1f}",
        *(share if isinstance(share, str) else f"{share:+.1%}" for share in shares),
        f"{outcome.n_files:,}",
        f"{outcome.n_rows:,}",
        "no" if outcome.differences else "yes",
    ]
