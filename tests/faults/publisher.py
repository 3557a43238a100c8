"""Publishes staged batches in processes of their own: killed at a given step, or all at once.

`python publisher.py kill STEP LAKE...` publishes in each lake and kills itself right before step
number STEP, counted over what changes the disk; the lakes get STEP, STEP + 1 and so on.
`python publisher.py race LAKE RUN...` publishes all runs of one lake at the same moment.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import traceback
from collections.abc import Callable
from functools import partial
from pathlib import Path

from include.eventwire.lake.layout import LakeLayout
from include.eventwire.lake.publishing import publish_tables
from include.eventwire.schemas import TABLES
from include.eventwire.settings import PROJECT_ROOT
from tests.lake_rows import DAY, make_receipt

_CHANGES = {"os.rename", "os.remove", "os.link", "os.mkdir", "os.rmdir"}


def run_publisher(*arguments: str | Path, module: str = "publisher") -> list[int]:
    """Run this file or `module` beside it as a program; return how each of its processes ended."""
    done = subprocess.run(
        [sys.executable, "-m", f"tests.faults.{module}", *map(str, arguments)],
        cwd=PROJECT_ROOT,
        stdout=subprocess.PIPE,
        text=True,
        check=True,
        timeout=300,
    )
    return [int(line) for line in done.stdout.split()]


def publish_run(layout: LakeLayout, run: str) -> None:
    """Publish what stands in the staging folder of `run`."""
    folder = layout.staging_run(DAY, "daily", run) / "tables"
    tables = {table: folder / f"{table}.parquet" for table in TABLES}
    publish_tables(layout, DAY, "daily", tables, make_receipt(run={"run_id": run}))


def die_before(step: int) -> None:
    """Let this process kill itself right before change number `step` of the disk."""
    n_done = 0

    def count(event: str, arguments: tuple[object, ...]) -> None:
        nonlocal n_done
        if event in _CHANGES or (event == "open" and _writes(arguments)):
            if n_done == step:
                os.kill(os.getpid(), signal.SIGKILL)
            n_done += 1

    sys.addaudithook(count)


def _writes(arguments: tuple[object, ...]) -> bool:
    flags = arguments[2]
    return isinstance(flags, int) and bool(flags & (os.O_WRONLY | os.O_RDWR))


def fork(work: Callable[[], None]) -> int:
    """Do `work` in a new process; return its id."""
    process = os.fork()
    if process:
        return process
    try:
        work()
    except Exception:  # noqa: BLE001 - the child must never go on as the parent
        traceback.print_exc()
        os._exit(1)
    os._exit(0)


def kill_each(first: int, lakes: list[Path]) -> None:
    """Publish in each of `lakes`, dying one step later each time; print how each ended."""
    for step, lake in enumerate(lakes, first):
        _, status = os.waitpid(fork(partial(_publish_until, step, lake)), 0)
        print(os.waitstatus_to_exitcode(status), flush=True)


def _publish_until(step: int, lake: Path) -> None:
    die_before(step)
    publish_run(LakeLayout(lake), "new")


def race(layout: LakeLayout, runs: list[str]) -> None:
    """Publish all `runs` from a moment when every process is ready; print how each ended."""
    reader, writer = os.pipe()

    def work(run: str) -> None:
        os.close(writer)
        os.read(reader, 1)  # returns when the parent closes its end
        publish_run(layout, run)

    processes = [fork(partial(work, run)) for run in runs]
    os.close(writer)
    for process in processes:
        _, status = os.waitpid(process, 0)
        print(os.waitstatus_to_exitcode(status), flush=True)


if __name__ == "__main__":
    if sys.argv[1] == "kill":
        kill_each(int(sys.argv[2]), [Path(lake) for lake in sys.argv[3:]])
    else:
        race(LakeLayout(Path(sys.argv[2])), sys.argv[3:])
