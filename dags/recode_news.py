"""Recode news: the stored articles of a day coded again by the current coder, lexicon and model.

**Reads** the published batches of a day from the lake: their articles, rejects and signatures. The
inputs that they came from are not needed. **Writes** the same batches anew: mentions, events and
parties as the current versions find them; the articles, their clusters, and what was rejected stay.
A batch that the current versions have coded already is left as it is.

**Starts** by hand, from the form; by a backfill, with a run for each day; never by itself.

**Safe to re-run**: a batch replaces itself and nothing else, and the same versions give the same
bytes. Until the new batch is complete the old one stands. A batch that was replaced by another run
meanwhile is left as it is, and the task says so.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from airflow.sdk import Param, dag, get_current_context, task
from airflow.sdk.exceptions import AirflowFailException

# These bring nothing heavy, unlike what the tasks import.
from include.eventwire.airflow_tasks.backfill_timetable import BackfillTimetable
from include.eventwire.airflow_tasks.batch_tasks import count_slots, finish
from include.eventwire.airflow_tasks.defaults import make_task_defaults
from include.eventwire.airflow_tasks.labels import label_task, name_parts
from include.eventwire.airflow_tasks.recode_fields import FIELDS


@dag(
    schedule=BackfillTimetable(),
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
def recode_news() -> None:
    """Wire the functions of `recoding.py` and `jobs/`; what is handed on are paths of plans."""

    @task
    def plan() -> list[str]:
        """Find the batches to code again; return the plans, none where all are up to date."""
        from include.eventwire import recoding
        from include.eventwire.airflow_tasks.recode_form import read_form
        from include.eventwire.settings import Settings

        context = get_current_context()
        try:
            settings = Settings.from_environment()
            request = read_form(context["params"], context["dag_run"].partition_key)
            wanted = recoding.choose_batches(request, settings).wanted
            return [recoding.plan_recode(key, request, settings) for key in wanted]
        except ValueError as error:  # what cannot be done as asked, in words for who asked
            raise AirflowFailException(str(error)) from error

    @task
    def cut(plans: list[str]) -> list[dict[str, Any]]:
        """Cut the stored articles of each batch into chunks; return the chunks of each task."""
        from include.eventwire import jobs, recoding

        for plan_path in plans:
            recoding.cut_batch(plan_path)
        return jobs.share_coding(plans, count_slots())

    @task(map_index_template="{{ label }}")
    def code(plan_path: str, chunks: list[str]) -> None:
        """Find the mentions and code the events of some chunks of articles."""
        from include.eventwire import jobs, recoding

        label_task(f"{jobs.batch_label(plan_path)} {name_parts(chunks)}")
        jobs.code_chunks(plan_path, chunks, recoding.recode_chunk)

    # What a task returns is not there yet while the DAG is wired: for the type checker, Any.
    plans: Any = plan()
    chunks: Any = cut(plans)
    code.expand_kwargs(chunks) >> finish.expand(plan_path=plans)


recode_news()
