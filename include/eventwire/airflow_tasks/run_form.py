"""From the form of a run of `code_news` and its partition to the batches that it makes."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Final

from include.eventwire.airflow_tasks.form_fields import FIELDS
from include.eventwire.airflow_tasks.form_values import FormError, read_number, read_text
from include.eventwire.batches.plan import BatchRequest

# A run maps its steps over its days; more of them are better a backfill, with a run for each day.
MAX_DAYS: Final = 366


def read_form(form: Mapping[str, object], partition_key: str | None) -> tuple[BatchRequest, ...]:
    """Return what to make: one batch for each day, in order.

    Args:
        form: Values by the names of the DAG's params; those left empty are None.
        partition_key: Day of a scheduled run, of a backfill or of a run triggered for it.

    Raises:
        FormError: The values contradict one another, leave the day open, or stand in no field.
    """
    if unknown := set(form) - set(FIELDS):
        raise FormError(f"unknown: {', '.join(sorted(unknown))}; there are {', '.join(FIELDS)}")
    days = read_days(form, partition_key)
    if read_text(form, "last_day") and read_text(form, "input"):
        raise FormError("Input makes one batch of one day: leave Last day empty")
    return tuple(
        BatchRequest(
            day=day,
            inputs=(input_,) if (input_ := read_text(form, "input")) else (),
            format=read_text(form, "format"),
            publisher=read_text(form, "publisher"),
            limit=read_number(form, "limit"),
            model=read_text(form, "model"),
        )
        for day in days
    )


def read_days(form: Mapping[str, object], partition_key: str | None) -> list[date]:
    """Return the days that the fields "day" and "last_day" and the partition name, in order.

    Raises:
        FormError: They contradict one another, leave the day open, or are too many.
    """
    first = _first_day(read_text(form, "day"), partition_key)
    written_last = read_text(form, "last_day")
    last = _day(written_last, "Last day") if written_last else first
    if last < first:
        raise FormError(f"Last day ({last}) lies before Day ({first}): swap them")
    if (n_days := (last - first).days + 1) > MAX_DAYS:
        raise FormError(f"{n_days} days are too many for one run ({MAX_DAYS}): use a backfill")
    return [first + timedelta(days=number) for number in range(n_days)]


def _first_day(written: str | None, partition_key: str | None) -> date:
    if written is None and partition_key is None:
        raise FormError("no day is named: fill in Day, or trigger the run for a partition")
    if written is None or partition_key is None:
        return _day(written or partition_key, "Day")
    if written != partition_key:
        raise FormError(
            f"Day is {written}, yet the run is for the partition {partition_key}: name one of them"
        )
    return _day(written, "Day")


def _day(written: str | None, field: str) -> date:
    try:
        return date.fromisoformat(written or "")
    except ValueError as error:
        raise FormError(f"{field} is {written!r}; write it like 2018-04-24") from error
