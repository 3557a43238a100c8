"""Tells Airflow of this project's own timetable, so that it can read it from its database."""

from __future__ import annotations

from airflow.plugins_manager import AirflowPlugin

from include.eventwire.airflow_tasks.backfill_timetable import BackfillTimetable


class EventwireTimetables(AirflowPlugin):
    """The timetable of DAGs that work on days and never start by themselves."""

    name = "eventwire_timetables"
    timetables = [BackfillTimetable]  # noqa: RUF012 - as Airflow declares it
