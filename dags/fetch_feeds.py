"""Fetch feeds: poll feeds and sitemaps, fetch the pages that they name, keep the raw bytes.

**Reads** the feeds and sitemaps of the sources in `sources.toml`, with conditional requests, and
the pages that are new in them. **Writes** what came in to the landing area,
`<landing>/<source>/dt=YYYY-MM-DD/fetch-*.warc.gz`, from where `code_news` reads it; what is known
of each feed and the reports of the runs lie in `<landing>/.feeds/`.

**Starts** every hour, once it is switched on; by hand, from the form.

**Safe to re-run**: a run that was broken off has changed nothing but its own file and is repeated;
a page that was fetched is not fetched again. A source of which no feed answers fails, and only it.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from airflow.sdk import CronTriggerTimetable, Param, dag, get_current_context, task
from airflow.sdk.exceptions import AirflowFailException

from include.eventwire.airflow_tasks.defaults import make_task_defaults
from include.eventwire.airflow_tasks.labels import label_task

# These bring nothing heavy, unlike what the tasks import.
from include.eventwire.fetching.errors import SourceFailedError
from include.eventwire.fetching.form import FIELDS


@dag(
    # Not on the hour, when everybody asks.
    schedule=CronTriggerTimetable("7 * * * *", timezone="UTC"),
    start_date=datetime(2026, 1, 1),
    catchup=False,
    max_active_runs=1,
    params={name: Param(None, **field) for name, field in FIELDS.items()},
    doc_md=__doc__,
    tags=["news", "landing"],
    default_args=make_task_defaults(
        retry_delay=timedelta(minutes=2),
        timeout=timedelta(minutes=50),
        may_pass=[SourceFailedError],
    ),
)
def fetch_feeds() -> None:
    """Wire the functions of `include/eventwire/fetching/jobs.py`."""

    @task
    def list_sources() -> list[dict[str, Any]]:
        """Find the sources that have feeds or sitemaps."""
        from include.eventwire.fetching import jobs
        from include.eventwire.fetching.form import read_form
        from include.eventwire.settings import Settings

        try:
            names, max_pages = read_form(get_current_context()["params"])
            sources = jobs.list_sources(Settings.from_environment(), names)
        except ValueError as error:  # what cannot be done as asked, in words for who asked
            raise AirflowFailException(str(error)) from error
        return [{"source": source, "max_pages": max_pages} for source in sources]

    @task(map_index_template="{{ label }}", max_active_tis_per_dag=4)
    def fetch(source: str, max_pages: int | None) -> str:
        """Poll one source and fetch its new pages; return the report."""
        from include.eventwire.fetching import jobs
        from include.eventwire.settings import Settings

        label_task(source)
        # The moment that the run is for and no clock: a second try replaces the file of the first.
        run_at = get_current_context()["dag_run"].run_after
        return jobs.fetch_source(Settings.from_environment(), source, run_at, max_pages)

    sources: Any = list_sources()
    fetch.expand_kwargs(sources)


fetch_feeds()
