"""Summarise events: pairs of actors, events across reports, stories and sources, day by day.

**Reads** the published batches of a day and of the six days before it. **Writes** the day's
summary, the tables `actor_pair_days`, `event_clusters`, `stories` and `source_days`. Where
summaries of later days stand that look back to the day, they are made again too. See
docs/analytics.md.

**Starts** when `events` is published, once for each day; by hand, from the form.

**Safe to re-run**: a summary replaces itself and nothing else, the same batches give the same
bytes, and a summary that was made of the batches that stand there is left as it is. Days may be
summarised in any order.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, Final

from airflow.sdk import (
    Asset,
    Param,
    PartitionedAssetTimetable,
    dag,
    get_current_context,
    task,
)
from airflow.sdk.exceptions import AirflowFailException

from include.eventwire.airflow_tasks.defaults import make_task_defaults
from include.eventwire.airflow_tasks.labels import label_task

# These bring nothing heavy, unlike what the tasks import.
from include.eventwire.summaries.fields import FIELDS

SUMMARIES: Final = [
    Asset(name) for name in ("actor_pair_days", "event_clusters", "stories", "source_days")
]


@dag(
    schedule=PartitionedAssetTimetable(assets=Asset("events")),
    start_date=datetime(2026, 1, 1),
    catchup=False,
    max_active_runs=1,
    params={name: Param(None, **field) for name, field in FIELDS.items()},
    doc_md=__doc__,
    tags=["events", "lake", "summaries"],
    default_args=make_task_defaults(
        retry_delay=timedelta(seconds=30),
        timeout=timedelta(hours=2),
    ),
)
def summarise_events() -> None:
    """Wire the functions of `include/eventwire/summaries/jobs.py`."""

    @task
    def choose_days() -> list[str]:
        """Find the days whose summary is missing or out of date, of those that were named."""
        from include.eventwire.airflow_tasks.run_form import read_days
        from include.eventwire.lake.layout import LakeLayout
        from include.eventwire.settings import Settings
        from include.eventwire.summaries import jobs

        context = get_current_context()
        settings = Settings.from_environment()
        try:
            days = read_days(context["params"], context["dag_run"].partition_key)
            choice = jobs.choose_days(LakeLayout(settings.lake), settings.story_days, days)
        except ValueError as error:  # what cannot be done as asked, in words for who asked
            raise AirflowFailException(str(error)) from error
        return [day.isoformat() for day in choice.wanted]

    @task(map_index_template="{{ label }}", outlets=SUMMARIES, max_active_tis_per_dag=2)
    def summarise(day: str) -> str:
        """Make and publish the summary of a day; return what it holds in one line."""
        from datetime import date

        from include.eventwire.lake.layout import LakeLayout
        from include.eventwire.settings import Settings
        from include.eventwire.summaries import jobs

        label_task(day)
        context = get_current_context()
        run = {"dag_id": context["dag_run"].dag_id, "run_id": context["dag_run"].run_id}
        settings = Settings.from_environment()
        receipt = jobs.summarise_day(
            LakeLayout(settings.lake), date.fromisoformat(day), settings.story_days, run
        )
        for table in SUMMARIES:
            context["outlet_events"][table].add_partitions(day)
        return jobs.tell_summary(receipt)

    # What a task returns is not there yet while the DAG is wired: for the type checker, Any.
    days: Any = choose_days()
    summarise.expand(day=days)


summarise_events()
