"""The timetable of a DAG whose runs are for days, and which never starts by itself.

Airflow makes backfills only of DAGs with a schedule, and a DAG without one has no partitions. This
has the days of a daily schedule and never says when the next run is due.
"""

from __future__ import annotations

from typing import Any

from airflow.timetables.base import DagRunInfo, TimeRestriction
from airflow.timetables.trigger import CronPartitionTimetable


class BackfillTimetable(CronPartitionTimetable):
    """Has a partition for each day (UTC), for backfills and runs by hand, and schedules nothing."""

    def __init__(self) -> None:
        """Make the timetable; there is nothing to choose."""
        super().__init__("0 0 * * *", timezone="UTC", key_format="%Y-%m-%d")
        self.description = "by hand and by backfills, a day at a time"

    @property
    def summary(self) -> str:
        """Return what the UI shows as the schedule."""
        return "by hand, or backfill"

    def serialize(self) -> dict[str, Any]:
        """Return nothing: all of these timetables are the same."""
        return {}

    @classmethod
    def deserialize(cls, data: dict[str, Any]) -> BackfillTimetable:  # noqa: ARG003 - as called
        """Return the timetable."""
        return cls()

    def next_dagrun_info_v2(
        self,
        *,
        last_dagrun_info: DagRunInfo | None,  # noqa: ARG002 - as called
        restriction: TimeRestriction,  # noqa: ARG002 - as called
    ) -> DagRunInfo | None:
        """Return None: no run is ever due."""
        return None
