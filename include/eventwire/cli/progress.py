"""Shows how a run goes on: bars with the time left on a terminal, lines elsewhere."""

from __future__ import annotations

import time
from contextlib import AbstractContextManager
from typing import Final

from rich.console import Console
from rich.progress import (
    BarColumn,
    Progress,
    ProgressColumn,
    SpinnerColumn,
    Task,
    TaskID,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)
from rich.text import Text

from include.eventwire.cli.terminal import make_error_console

_SECONDS_BETWEEN_LINES: Final = 10.0


def make_reporter() -> AbstractContextManager[BarReporter | LineReporter]:
    """Return what shows how a run goes on, to be used in a `with` block."""
    console = make_error_console()
    return BarReporter(console) if console.is_terminal else LineReporter(console)


class BarReporter:
    """Draws a bar for each stage. To be used in a `with` block."""

    def __init__(self, console: Console) -> None:
        """Draw to `console`."""
        self._progress = Progress(
            SpinnerColumn(finished_text="✓"),
            TextColumn("{task.description:<10}"),
            BarColumn(),
            _CountColumn(),
            TimeElapsedColumn(),
            _TimeLeftColumn(),
            console=console,
        )
        self._stage: TaskID | None = None

    def __enter__(self) -> BarReporter:
        """Begin to draw."""
        self._progress.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        """Stop drawing; the last stage is done unless an error ends the block."""
        if kind is None:
            self._finish_stage()
        self._progress.stop()

    def start(self, stage: str, total: int | None) -> None:
        """Begin a bar."""
        self._finish_stage()
        self._stage = self._progress.add_task(stage, total=total)

    def advance(self, n_done: int) -> None:
        """Fill the bar so far."""
        if self._stage is not None:
            self._progress.update(self._stage, completed=n_done)

    def _finish_stage(self) -> None:
        if self._stage is not None:
            task = self._progress.tasks[self._stage]
            total = task.completed if task.total is None else task.total
            self._progress.update(self._stage, total=max(total, 1), completed=max(total, 1))


class LineReporter:
    """Writes a line for each stage, and every ten seconds within one. For logs."""

    def __init__(self, console: Console) -> None:
        """Write to `console`."""
        self._console = console
        self._began = self._said = time.monotonic()
        self._stage = ""
        self._total: int | None = None

    def __enter__(self) -> LineReporter:
        """Begin."""
        return self

    def __exit__(self, *_: object) -> None:
        """Nothing is left to do."""

    def start(self, stage: str, total: int | None) -> None:
        """Write that a stage begins."""
        self._stage, self._total = stage, total
        self._began = time.monotonic()
        self._say(f"{total:,}" if total is not None else "")

    def advance(self, n_done: int) -> None:
        """Write how far the stage is, now and then."""
        now = time.monotonic()
        if now - self._said < _SECONDS_BETWEEN_LINES:
            return
        if self._total is None:
            self._say(f"{n_done:,}")
        elif n_done:
            left = (now - self._began) / n_done * (self._total - n_done)
            self._say(f"{n_done:,} of {self._total:,}, {left:.0f} s left")

    def _say(self, text: str) -> None:
        self._said = time.monotonic()
        self._console.print(f"{self._stage} {text}".rstrip())


class _CountColumn(ProgressColumn):
    """How many of how many, or how many so far where nobody knows of how many."""

    def render(self, task: Task) -> Text:
        if task.total is None or task.total <= 1:
            return Text(f"{task.completed:,.0f}" if task.completed > 1 else "")
        return Text(f"{task.completed:,.0f}/{task.total:,.0f}")


class _TimeLeftColumn(TimeRemainingColumn):
    """The time left, only for the stage that is worth it."""

    def render(self, task: Task) -> Text:
        if task.finished or task.total is None or task.total <= 1:
            return Text("")
        return Text.assemble(super().render(task), " left")
