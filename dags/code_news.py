"""### Code news: articles in, a day of events out

**Reads** the files that landed for a day, `<landing>/<source>/dt=YYYY-MM-DD/`, or the input that
the form names. **Writes** one batch of the tables `articles`, `mentions`, `events`,
`event_parties` and `rejects` to the lake, all of it or nothing.

**Starts** after midnight UTC for the day that ended; by hand from the form; by a backfill over days.

**Safe to re-run**: a batch replaces itself and nothing else, and the same inputs give the same
bytes. Trouble that may pass (network, a full disk) is tried again; bad data fails at once, and the
log of the task says which file, record or check.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, cast

from airflow.sdk import (
    Asset,
    CronPartitionTimetable,
    ExceptionRetryPolicy,
    Param,
    RetryAction,
    RetryRule,
    dag,
    get_current_context,
    task,
    task_group,
)

if TYPE_CHECKING:
    from airflow.sdk.types import DagRunProtocol, OutletEventAccessorsProtocol

TABLES = [Asset(name) for name in ("articles", "mentions", "events", "event_parties", "rejects")]
FORM = {
    "day": Param(
        None, type=["null", "string"], format="date", title="Day",
        description="Day of the batch (UTC), or the first of several. Leave it empty when the run "
        "is triggered for a partition.",
    ),
    "last_day": Param(
        None, type=["null", "string"], format="date", title="Last day",
        description="Last of several days, each of which becomes a batch. Empty: only one day.",
    ),
    "input": Param(
        None, type=["null", "string"], minLength=1, maxLength=1000, title="Input",
        description="File, folder or pattern (*.jsonl) to read instead of the day's landing "
        "folders; relative to the landing area, or a full path under the allowed folders.",
    ),
    "format": Param(
        None, type=["null", "string"], enum=[None, "csv", "jsonl", "parquet", "plain_text"],
        title="Format", description="Format of the files. Empty: by the end of each file's name.",
    ),
    "publisher": Param(
        None, type=["null", "string"], pattern="^[a-z0-9][a-z0-9_.-]{0,63}$", title="Publisher",
        description="Short code of the publisher of articles that name none, such as xinhua.",
    ),
    "limit": Param(
        None, type=["null", "integer"], minimum=1, title="Limit",
        description="Read at most so many records of a day: for a trial. Empty: all.",
    ),
    "model": Param(
        None, type=["null", "string"], pattern="^[a-z]{2,3}_[a-z0-9_]{1,60}$", title="Model",
        description="Installed spaCy pipeline, such as en_core_web_sm. Empty: the usual one.",
    ),
}  # fmt: skip
# What may be different the next time. All else fails at once: the same data would fail again.
RETRIES = ExceptionRetryPolicy(
    rules=[
        RetryRule([FileNotFoundError, PermissionError, NotADirectoryError], RetryAction.FAIL),
        RetryRule([OSError, MemoryError], RetryAction.DEFAULT),
    ],
    default=RetryAction.FAIL,
)


@dag(
    schedule=CronPartitionTimetable(
        "0 0 * * *", timezone="UTC", key_format="%Y-%m-%d", run_offset=-1
    ),
    start_date=datetime(2026, 1, 1),
    catchup=False,
    max_active_runs=4,
    max_active_tasks=16,
    params=FORM,
    doc_md=__doc__,
    tags=["news", "events", "lake"],
    default_args={
        "owner": "eventwire",
        "retries": 2,
        "retry_delay": timedelta(seconds=30),
        "retry_exponential_backoff": True,
        "max_retry_delay": timedelta(minutes=10),
        "retry_policy": RETRIES,
        "execution_timeout": timedelta(hours=2),
    },
)
def code_news() -> None:
    """Wire the steps of `include/eventwire/jobs.py`; each works on a plan that is named by its path."""

    @task
    def plan(params: dict[str, Any], dag_run: DagRunProtocol) -> list[str]:
        """Find the inputs of each day and cut them into shards; return the plans."""
        from include.eventwire import jobs
        from include.eventwire.run_form import read_form
        from include.eventwire.settings import Settings

        settings = Settings.from_environment()
        return [
            jobs.plan_batch(request, settings)
            for request in read_form(params, dag_run.partition_key)
        ]

    @task
    def list_shards(plans: list[str]) -> list[dict[str, Any]]:
        """Return the shards of all plans."""
        from include.eventwire import jobs

        return [
            {"plan_path": plan_path, "shard_number": number}
            for plan_path in plans
            for number in jobs.list_shards(plan_path)
        ]

    @task(map_index_template="{{ label }}")
    def ingest(plan_path: str, shard_number: int) -> str:
        """Read the files of a shard into articles and rejects; return the plan."""
        from include.eventwire import jobs

        _label(f"{jobs.batch_label(plan_path)} shard {shard_number}")
        jobs.ingest_shard(plan_path, shard_number)
        return plan_path

    @task(trigger_rule="none_failed")
    def deduplicate(plans: list[str]) -> list[dict[str, str]]:
        """Find repeated and copied articles of each batch; return the chunks to code."""
        from include.eventwire import jobs

        return [
            {"plan_path": plan_path, "chunk": chunk}
            for plan_path in plans
            for chunk in jobs.deduplicate_batch(plan_path)
        ]

    @task(map_index_template="{{ label }}")
    def code(plan_path: str, chunk: str) -> None:
        """Find the mentions and code the events of a chunk of articles."""
        from include.eventwire import jobs

        _label(f"{jobs.batch_label(plan_path)} {chunk}")
        jobs.code_shard(plan_path, chunk)

    @task(map_index_template="{{ label }}", trigger_rule="none_failed")
    def audit(plan_path: str) -> str:
        """Put the tables of a batch together and check them; return the plan."""
        from include.eventwire import jobs

        _label(jobs.batch_label(plan_path))
        jobs.assemble_batch(plan_path)
        jobs.audit_batch(plan_path)
        return plan_path

    @task(map_index_template="{{ label }}", outlets=TABLES)
    def publish(
        plan_path: str, dag_run: DagRunProtocol, outlet_events: OutletEventAccessorsProtocol
    ) -> str:
        """Put the tables of a batch into the lake; return its receipt."""
        from include.eventwire import jobs

        _label(label := jobs.batch_label(plan_path))
        receipt = jobs.publish_batch(plan_path, run=jobs.RunInfo(run_id=dag_run.run_id))
        for table in TABLES:
            outlet_events[table].add_partitions(label.split()[0])
        return receipt

    @task(map_index_template="{{ label }}")
    def report(receipt: str) -> str:
        """Say in one line what came in and what came out."""
        from include.eventwire import jobs

        return jobs.report_batch(receipt)

    @task_group
    def finish(plan_path: str) -> None:
        """Audit, publish and report one batch."""
        report(publish(audit(plan_path)))

    plans = plan()
    shards = list_shards(plans)
    ingested = ingest.expand_kwargs(shards)
    chunks = deduplicate(plans)
    coded = code.expand_kwargs(chunks)
    ingested >> chunks
    coded >> finish.expand(plan_path=plans)


def _label(label: str) -> None:
    cast("dict[str, Any]", get_current_context())["label"] = label


code_news()
