"""From the form of a run of `recode_news` and its partition to what is coded again."""

from __future__ import annotations

from collections.abc import Mapping

from include.eventwire.airflow_tasks.form_values import FormError, read_text
from include.eventwire.airflow_tasks.recode_fields import FIELDS
from include.eventwire.airflow_tasks.run_form import read_days
from include.eventwire.recoding import RecodeRequest


def read_form(form: Mapping[str, object], partition_key: str | None) -> RecodeRequest:
    """Return what to code again.

    Args:
        form: Values by the names of the DAG's params; those left empty are None.
        partition_key: Day of a backfill or of a run triggered for it.

    Raises:
        FormError: The values contradict one another, leave the day open, or stand in no field.
        BatchNameError: The batch cannot be the name of a file.
    """
    if unknown := set(form) - set(FIELDS):
        raise FormError(f"unknown: {', '.join(sorted(unknown))}; there are {', '.join(FIELDS)}")
    days = read_days(form, partition_key)
    force = form["force"]
    if force not in (None, True, False):
        raise FormError(f"force is {force!r}; it must be yes or no")
    return RecodeRequest(
        first_day=days[0],
        last_day=days[-1],
        batch=read_text(form, "batch"),
        model=read_text(form, "model"),
        force=bool(force),
    )
