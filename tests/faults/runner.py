"""Whole runs of one day, each in a process of its own that may kill itself at a given step.

`python -m tests.faults.runner NAME STEP LAKE [STEP LAKE ...]` runs the inputs called NAME beside
each lake into it. A STEP below 0 lets the run go through; `at-once` does them all at the same time.
"""

from __future__ import annotations

import os
import sys
from functools import partial
from pathlib import Path

from include.eventwire import jobs
from include.eventwire.batches.plan import BatchRequest
from include.eventwire.gazetteer.names import load_gazetteer
from include.eventwire.lexicon import load_lexicon
from include.eventwire.parsing.pipeline import load_pipeline
from include.eventwire.settings import Settings
from tests.faults.publisher import die_before, fork
from tests.lake_rows import DAY

OPENING = "China's foreign minister met his Japanese counterpart in Tokyo on Monday."


def run_day(inputs: Path, lake: Path) -> None:
    """Run every task of the day, one after the other."""
    request = BatchRequest(day=DAY, inputs=(str(inputs),), batch="daily")
    plan = jobs.plan_batch(request, Settings(lake=lake, articles_per_shard=2), allowed_roots=())
    for shard in jobs.list_shards(plan):
        jobs.ingest_shard(plan, shard)
    for chunk in jobs.deduplicate_batch(plan):
        jobs.code_shard(plan, chunk)
    jobs.publish_batch(jobs.audit_batch(plan))


def _run(step: int, inputs: Path, lake: Path) -> None:
    if step >= 0:
        die_before(step)
    run_day(inputs, lake)


def main(name: str, at_once: bool, pairs: list[tuple[int, Path]]) -> None:
    """Run each pair of a step and a lake, up to the first that no kill ended; print the endings."""
    # Once, for all the processes that are forked from this one.
    load_lexicon()
    load_gazetteer()
    load_pipeline(Settings().model)(OPENING)
    processes = []
    for step, lake in pairs:
        processes.append(fork(partial(_run, step, lake.parent / name, lake)))
        if not at_once and _wait(processes.pop()) == 0 <= step:
            return  # this step is beyond the end of a run, and so are those after it
    for process in processes:
        _wait(process)


def _wait(process: int) -> int:
    status = os.waitstatus_to_exitcode(os.waitpid(process, 0)[1])
    print(status, flush=True)
    return status


if __name__ == "__main__":
    values = [value for value in sys.argv[2:] if value != "at-once"]
    steps, lakes = map(int, values[::2]), map(Path, values[1::2])
    main(sys.argv[1], "at-once" in sys.argv, list(zip(steps, lakes, strict=True)))
