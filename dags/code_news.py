"""Code news: articles in, a day of events out.

**Reads** the files that landed for a day, `<landing>/<source>/dt=YYYY-MM-DD/`, or the input that
the form names. **Writes** one batch of the tables `articles`, `mentions`, `events`,
`event_parties`, `rejects` and `signatures` to the lake, all of it or nothing.

**Starts** after midnight UTC for the day that ended; by hand, from the form; by a backfill.

**Safe to re-run**: a batch replaces itself and nothing else, and the same inputs give the same
bytes. Trouble that may pass (network, a full disk) is tried again; bad data fails at once, and the
log of the task says which file, record or check.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from airflow.sdk import CronPartitionTimetable, Param, dag, get_current_context, task
from airflow.sdk.exceptions import AirflowFailException

# These bring nothing heavy, unlike what the tasks import.
from include.eventwire.airflow_tasks.batch_tasks import count_slots, finish
from include.eventwire.airflow_tasks.defaults import make_task_defaults
from include.eventwire.airflow_tasks.form_fields import FIELDS
from include.eventwire.airflow_tasks.labels import label_task, name_parts


@dag(
    schedule=CronPartitionTimetable(
        "0 0 * * *", timezone="UTC", key_format="%Y-%m-%d", run_offset=-1
    ),
    start_date=datetime(2026, 1, 1),
    catchup=False,
    max_active_runs=4,
    params={name: Param(None, **field) for name, field in FIELDS.items()},
    doc_md=__doc__,
    tags=["news", "events", "lake"],
    default_args=make_task_defaults(
        retry_delay=timedelta(seconds=30),
        timeout=timedelta(hours=2),
    ),
)
def code_news() -> None:
    """Wire the functions of `include/eventwire/jobs/`; what is handed on are paths of plans."""

    @task
    def plan() -> list[str]:
        """Find the inputs of each day and cut them into shards; return the plans."""
        from include.eventwire import jobs
        from include.eventwire.airflow_tasks.run_form import read_form
        from include.eventwire.settings import Settings

        context = get_current_context()
        try:
            settings = Settings.from_environment()
            requests = read_form(context["params"], context["dag_run"].partition_key)
            return [jobs.plan_batch(request, settings) for request in requests]
        except ValueError as error:  # what cannot be done as asked, in words for who asked
            raise AirflowFailException(str(error)) from error

    @task
    def list_shards(plans: list[str]) -> list[dict[str, Any]]:
        """Return the shards of all plans, those of one task together."""
        from include.eventwire import jobs
        from include.eventwire.batches.sharing import share_out

        return [
            {"plan_path": plan_path, "shards": shards}
            for plan_path in plans
            for shards in share_out(jobs.list_shards(plan_path), len(plans))
        ]

    @task(map_index_template="{{ label }}")
    def ingest(plan_path: str, shards: list[int]) -> None:
        """Read the files of some shards, mostly one, into articles and rejects."""
        from include.eventwire import jobs

        label_task(f"{jobs.batch_label(plan_path)} shard {name_parts(shards)}")
        for shard in shards:
            jobs.ingest_shard(plan_path, shard)

    @task(trigger_rule="none_failed")
    def deduplicate(plans: list[str]) -> list[dict[str, Any]]:
        """Find repeated and copied articles of each batch; return the chunks of each task."""
        from include.eventwire import jobs

        for plan_path in plans:
            jobs.deduplicate_batch(plan_path)
        return jobs.share_coding(plans, count_slots())

    @task(map_index_template="{{ label }}")
    def code(plan_path: str, chunks: list[str]) -> None:
        """Find the mentions and code the events of some chunks of articles."""
        from include.eventwire import jobs

        label_task(f"{jobs.batch_label(plan_path)} {name_parts(chunks)}")
        jobs.code_chunks(plan_path, chunks)

    # What a task returns is not there yet while the DAG is wired: for the type checker, Any.
    plans: Any = plan()
    shards: Any = list_shards(plans)
    chunks: Any = deduplicate(plans)
    coded = code.expand_kwargs(chunks)
    ingest.expand_kwargs(shards) >> chunks
    coded >> finish.expand(plan_path=plans)


code_news()
