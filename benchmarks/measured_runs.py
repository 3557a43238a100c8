"""What a command takes: seconds, processor time and the memory of its largest process."""

from __future__ import annotations

import resource
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Final

import psutil

from include.eventwire.settings import PROJECT_ROOT

_SECONDS_BETWEEN_LOOKS: Final = 0.1


@dataclass(frozen=True, slots=True)
class Measured:
    """What one run took, from the start of its first process to the end of its last.

    Attributes:
        processor_seconds: Of all its processes together.
        peak_megabytes: Most memory that any one of its processes held.
        output: What it wrote.
    """

    seconds: float
    processor_seconds: float
    peak_megabytes: float
    output: str = ""


def run_module(module: str, *arguments: object) -> Measured:
    """Run a module of the project in a fresh process and measure it.

    Raises:
        SystemExit: It failed.
    """
    command = [sys.executable, "-m", module, *map(str, arguments)]
    began, processor_began = time.perf_counter(), _processor_seconds()
    with (
        subprocess.Popen(  # noqa: S603 - our own modules
            command, cwd=PROJECT_ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        ) as process,
        _watch_memory(process.pid) as peaks,
    ):
        output, errors = process.communicate()
    seconds = time.perf_counter() - began
    if process.returncode != 0:
        raise SystemExit(f"{' '.join(command)} failed:\n{errors}")
    return Measured(
        seconds, _processor_seconds() - processor_began, max(peaks.values(), default=0.0), output
    )


def take_median(runs: Sequence[Measured]) -> Measured:
    """Return the medians of several runs."""
    return Measured(
        median(run.seconds for run in runs),
        median(run.processor_seconds for run in runs),
        median(run.peak_megabytes for run in runs),
        runs[0].output,
    )


def _processor_seconds() -> float:
    """Return what processes that have ended took so far, with the processes that they started."""
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


@contextmanager
def _watch_memory(pid: int) -> Iterator[dict[int, float]]:
    """Yield the most memory of the process `pid` and of each that it starts, while they run."""
    peaks: dict[int, float] = {}
    is_over = threading.Event()
    watcher = threading.Thread(target=_look, args=(pid, peaks, is_over))
    watcher.start()
    try:
        yield peaks
    finally:
        is_over.set()
        watcher.join()


def _look(pid: int, peaks: dict[int, float], is_over: threading.Event) -> None:
    while not is_over.wait(_SECONDS_BETWEEN_LOOKS):
        try:
            root = psutil.Process(pid)
            for process in (root, *root.children(recursive=True)):
                peaks[process.pid] = max(peaks.get(process.pid, 0.0), _peak_megabytes(process))
        except psutil.Error:
            continue  # one has just ended


def _peak_megabytes(process: psutil.Process) -> float:
    """Return the most memory that a process had, where the kernel tells; else what it has."""
    status = Path(f"/proc/{process.pid}/status")
    try:
        for line in status.read_text(encoding="utf-8").splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) * 1024 / 1e6
    except OSError:
        pass
    return float(process.memory_info().rss) / 1e6
