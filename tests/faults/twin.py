"""One of several processes that work on the same plan: `python -m tests.faults.twin STEP PLAN`.

It says "ready" and begins when it is told to by a line. STEP is `all` tasks, only to `publish`, or
to `code` the first chunk, where it waits for another line. The coder is a stand-in.
"""

from __future__ import annotations

import sys
from types import SimpleNamespace

from include.eventwire import jobs
from include.eventwire.lake import publishing
from tests.unit.made_batches import code_articles


def run_all(plan_path: str) -> None:
    """Do all tasks of a plan."""
    prepare(plan_path)
    jobs.publish_batch(plan_path)


def prepare(plan_path: str) -> None:
    """Do all tasks but the last."""
    for shard in jobs.list_shards(plan_path):
        jobs.ingest_shard(plan_path, shard)
    jobs.code_chunks(plan_path, jobs.deduplicate_batch(plan_path))
    jobs.audit_batch(plan_path)


def publish(plan_path: str) -> None:
    """Publish, and say so right before the lock of the batch."""
    measure = publishing._measure

    def measure_and_tell(tables):
        measured = measure(tables)
        tell("measured")
        return measured

    publishing._measure = measure_and_tell
    jobs.publish_batch(plan_path)


def code(plan_path: str) -> None:
    """Code the first chunk, for as long as the other end wants."""

    def wait(_count):
        tell("coding")
        sys.stdin.readline()

    jobs.code_shard(plan_path, jobs.deduplicate_batch(plan_path)[0], wait)


def tell(what: str) -> None:
    """Say where this process is."""
    print(what, flush=True)


if __name__ == "__main__":
    sys.modules["include.eventwire.batches.chunk_coding"] = SimpleNamespace(
        code_articles=code_articles
    )
    tell("ready")
    sys.stdin.readline()
    {"all": run_all, "publish": publish, "code": code}[sys.argv[1]](sys.argv[2])
