"""Maintain lake: finish what was cut short, verify, sweep, put batches together, forget articles.

**Reads** the receipts and tables of the lake. **Writes** the lake: batches that are published anew
without a forgotten article, the batch `compacted` of a day with many batches that were started by
hand, tombstones; removes what stopped runs left in staging. See docs/maintain.md.

**Starts** on Sundays at 03:30 UTC, once it is switched on; by hand, from the form.

**Safe to re-run**: a kill leaves every batch old or new, or half published with all of it still in
staging, from where the next run finishes it. The task `verify` fails when anything in the lake is
torn, missing, damaged or without a receipt, and says which batch and what to do; then nothing is
swept or put together.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from airflow.sdk import CronTriggerTimetable, Param, dag, get_current_context, task
from airflow.sdk.exceptions import AirflowFailException, AirflowSkipException

from include.eventwire.airflow_tasks.defaults import make_task_defaults

# These bring nothing heavy, unlike what the tasks import.
from include.eventwire.maintenance.form import FIELDS, Wishes, read_form

if TYPE_CHECKING:
    from include.eventwire.lake.layout import LakeLayout


@dag(
    schedule=CronTriggerTimetable("30 3 * * 0", timezone="UTC"),
    start_date=datetime(2026, 1, 1),
    catchup=False,
    max_active_runs=1,
    params={name: Param(None, **field) for name, field in FIELDS.items()},
    doc_md=__doc__,
    tags=["lake"],
    default_args=make_task_defaults(
        retry_delay=timedelta(minutes=1),
        timeout=timedelta(hours=6),
    ),
)
def maintain_lake() -> None:
    """Wire the functions of `include/eventwire/maintenance/jobs.py`."""

    @task
    def forget() -> list[str]:
        """Forget the article that the form names, in all batches."""
        from include.eventwire.maintenance import jobs
        from include.eventwire.maintenance.forgetting import ForgetRequest
        from include.eventwire.maintenance.forgetting import forget as forget_article

        wishes = _wishes()
        if wishes.forget is None:
            raise AirflowSkipException("the form names no article to forget")
        try:
            request = ForgetRequest(wishes.forget, wishes.reason, wishes.with_copies)
            return jobs.tell_forgotten(forget_article(_open_lake(), request))
        except ValueError as error:  # what cannot be done as asked, in words for who asked
            raise AirflowFailException(str(error)) from error

    @task(trigger_rule="none_failed")
    def heal() -> list[str]:
        """Finish publications that were cut short; take out what was forgotten before."""
        from include.eventwire.maintenance import jobs

        return jobs.heal_lake(_open_lake())

    @task
    def verify() -> str:
        """Verify all receipts; fail when something is wrong."""
        from include.eventwire.maintenance import jobs

        try:
            return jobs.check_lake(_open_lake())
        except jobs.LakeDamagedError as error:
            raise AirflowFailException(str(error)) from error

    @task
    def sweep() -> list[str]:
        """Remove what runs left in staging that were stopped long ago."""
        from include.eventwire.maintenance import jobs
        from include.eventwire.settings import Settings

        _skip_unless("sweep")
        return jobs.sweep_lake(_open_lake(), Settings.from_environment())

    @task
    def compact() -> list[str]:
        """Put the batches of days that have many together."""
        from include.eventwire.maintenance import jobs
        from include.eventwire.settings import Settings

        _skip_unless("compact")
        return jobs.join_batches(_open_lake(), Settings.from_environment())

    verified = verify()
    forget() >> heal() >> verified
    verified >> sweep()
    verified >> compact()


def _wishes() -> Wishes:
    try:
        return read_form(get_current_context()["params"])
    except ValueError as error:
        raise AirflowFailException(str(error)) from error


def _skip_unless(step: str) -> None:
    if step not in _wishes().steps:
        raise AirflowSkipException(f"the form does not ask for {step}")


def _open_lake() -> LakeLayout:
    from include.eventwire.lake.layout import LakeLayout
    from include.eventwire.settings import Settings

    return LakeLayout(Settings.from_environment().lake)


maintain_lake()
