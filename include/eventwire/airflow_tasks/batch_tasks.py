"""What DAGs that make batches share: the tasks at their end, and how many run at once.

Loaded whenever Airflow reads a DAG: it imports nothing but Airflow, and the rest inside tasks.
"""

from __future__ import annotations

from typing import Any, Final

from airflow.sdk import Asset, get_current_context, task, task_group

from include.eventwire.airflow_tasks.labels import label_task

TABLES: Final = [
    Asset(name)
    for name in ("articles", "mentions", "events", "event_parties", "rejects", "signatures")
]


@task(map_index_template="{{ label }}", trigger_rule="none_failed")
def audit(plan_path: str) -> str:
    """Put the tables of a batch together and check them; return the plan."""
    from include.eventwire import jobs

    label_task(jobs.batch_label(plan_path))
    return jobs.audit_batch(plan_path)


@task(map_index_template="{{ label }}", outlets=TABLES)
def publish(plan_path: str) -> str:
    """Put the tables of a batch into the lake; return its receipt."""
    from include.eventwire import jobs
    from include.eventwire.observability import reporting

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
    from include.eventwire.observability import reporting

    line = reporting.report_batch(receipt)
    label_task(line.partition(":")[0])
    return line


def count_slots() -> int:
    """Return how many tasks can run at once, as Airflow is told (`[core] parallelism`)."""
    from airflow.sdk.configuration import conf

    return max(1, int(conf.getint("core", "parallelism")))


@task_group
def finish(plan_path: str) -> None:
    """Audit, publish and report one batch."""
    # What a task returns is not there yet while the DAG is wired: for the type checker, Any.
    audited: Any = audit(plan_path)
    receipt: Any = publish(audited)
    report(receipt)
