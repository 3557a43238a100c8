"""Watch the lake: says which days are missing in it, whatever the reason.

**Reads** the receipts of the last four weeks. **Writes** nothing: the days that are missing after
the first of them that is there go to the log and to the alerts, and the run fails.

**Starts** every day at six in the morning (UTC), once it is switched on. That `code_news` failed is
told by itself; this tells as well when it did not run at all.

**Safe to re-run**: it changes nothing.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from airflow.sdk import CronTriggerTimetable, dag, get_current_context, task
from airflow.sdk.exceptions import AirflowFailException

# This brings nothing heavy, unlike what the task imports.
from include.eventwire.airflow_tasks.defaults import make_task_defaults


@dag(
    schedule=CronTriggerTimetable("0 6 * * *", timezone="UTC"),
    start_date=datetime(2026, 1, 1),
    catchup=False,
    max_active_runs=1,
    doc_md=__doc__,
    tags=["lake", "operation"],
    default_args=make_task_defaults(
        retry_delay=timedelta(minutes=2),
        timeout=timedelta(minutes=10),
    ),
)
def watch_lake() -> None:
    """Wire the function of `include/eventwire/observability/reporting.py`."""

    @task
    def find_missing_days() -> None:
        """Fail when days are missing in the lake, and name them."""
        from include.eventwire.observability import reporting
        from include.eventwire.settings import Settings

        # The moment that the run is for and no clock.
        run_at = get_current_context()["dag_run"].run_after
        if missing := reporting.report_missing_days(Settings.from_environment(), run_at):
            raise AirflowFailException(f"missing in the lake: {', '.join(missing)}")

    find_missing_days()


watch_lake()
