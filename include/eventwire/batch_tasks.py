"""What the DAGs that make batches share: how tasks are tried again, and the tasks at the end.

Loaded whenever Airflow reads a DAG: it imports nothing but Airflow, and the rest inside tasks.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any, Final, cast

from airflow.sdk import (
    Asset,
    ExceptionRetryPolicy,
    RetryAction,
    RetryRule,
    get_current_context,
    task,
    task_group,
)

TABLES: Final = [
    Asset(name)
    for name in ("articles", "mentions", "events", "event_parties", "rejects", "signatures")
]
# What may be different the next time is tried again. All else fails at once: the same data would
# fail again.
DEFAULT_ARGS: Final[dict[str, Any]] = {
    "owner": "eventwire",
    "retries": 2,
    "retry_delay": timedelta(seconds=30),
    "retry_exponential_backoff": True,
    "max_retry_delay": timedelta(minutes=10),
    "retry_policy": ExceptionRetryPolicy(
        rules=[
            RetryRule([FileNotFoundError, FileExistsError, PermissionError], RetryAction.FAIL),
            RetryRule([NotADirectoryError, IsADirectoryError], RetryAction.FAIL),
            RetryRule([OSError, MemoryError], RetryAction.DEFAULT),
        ],
        default=RetryAction.FAIL,
    ),
    "execution_timeout": timedelta(hours=2),
}


@task(map_index_template="{{ label }}", trigger_rule="none_failed")
def audit(plan_path: str) -> str:
    """Put the tables of a batch together and check them; return the plan."""
    from include.eventwire import jobs

    label_task(jobs.batch_label(plan_path))
    return jobs.audit_batch(plan_path)


@task(map_index_template="{{ label }}", outlets=TABLES)
def publish(plan_path: str) -> str:
    """Put the tables of a batch into the lake; return its receipt."""
    from include.eventwire import jobs, reporting

    label_task(label := jobs.batch_label(plan_path))
    context = get_current_context()
    run = {"dag_id": context["dag_run"].dag_id, "run_id": context["dag_run"].run_id}
    receipt = jobs.publish_batch(plan_path, run)
    reporting.report_lineage(receipt)
    for table in TABLES:
        context["outlet_events"][table].add_partitions(label.split()[0])
    return receipt


@task(map_index_template="{{ label }}")
def report(receipt: str) -> str:
    """Say in one line what came in and what came out; send metrics and alerts."""
    from include.eventwire import reporting

    line = reporting.report_batch(receipt)
    label_task(line.partition(":")[0])
    return line


@task_group
def finish(plan_path: str) -> None:
    """Audit, publish and report one batch."""
    # What a task returns is not there yet while the DAG is wired: for the type checker, Any.
    audited: Any = audit(plan_path)
    receipt: Any = publish(audited)
    report(receipt)


def name_parts(parts: Sequence[object]) -> str:
    """Return the parts of a batch that one task does, in words: "3" or "3 to 7"."""
    return f"{parts[0]}" if len(parts) == 1 else f"{parts[0]} to {parts[-1]}"


def label_task(label: str) -> None:
    """Give the running task the name under which it is shown among those mapped beside it."""
    cast("dict[str, Any]", get_current_context())["label"] = label
