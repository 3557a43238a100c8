"""What the tasks of DAGs tell the world of a batch: the log, metrics, lineage and alerts.

By then the batch is in the lake: what goes wrong while it is told of is logged and stops nothing.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

from include.eventwire import jobs
from include.eventwire.batches.plan import DAILY
from include.eventwire.checks.history import find_missing_days
from include.eventwire.lake.layout import BatchKey, LakeLayout
from include.eventwire.lake.locations import to_location
from include.eventwire.lake.receipts import read_receipt
from include.eventwire.observability.alerts import alert_of_batch, alert_of_days, send_alert
from include.eventwire.observability.batch_metrics import flush_metrics, list_metrics, send_metrics
from include.eventwire.observability.lineage import tell_lineage
from include.eventwire.reports.files import write_report
from include.eventwire.settings import Settings

_LOG = logging.getLogger(__name__)


def report_batch(receipt_path: str) -> str:
    """Tell of a published batch and return it in one line; to be called in a task of Airflow.

    The line goes to the log, the counts to Airflow's metrics, and warnings about what changed to
    the alerts. The report goes into the lake; where it cannot be written, the line says so.
    """
    line = jobs.report_batch(receipt_path)
    _LOG.info("%s", line)
    path = to_location(receipt_path)
    receipt = read_receipt(path)
    if not _write_report(LakeLayout.of_receipt(path), BatchKey(receipt.day, receipt.batch)):
        line += "; its report could not be written, see the log"
    with _stops_nothing("the metrics"):
        from airflow.sdk.observability.stats import Stats

        send_metrics(list_metrics(receipt), Stats)
        flush_metrics()
    if (alert := alert_of_batch(receipt)) is not None:
        send_alert(alert)
    return line


def report_lineage(receipt_path: str) -> None:
    """Tell Airflow's lineage what a batch was made of; to be called in the task that publishes."""
    with _stops_nothing("the lineage"):
        from airflow.sdk.lineage import get_hook_lineage_collector

        path = to_location(receipt_path)
        landing = Settings.from_environment().landing
        collector = get_hook_lineage_collector()
        tell_lineage(read_receipt(path), LakeLayout.of_receipt(path), landing, collector)


def report_missing_days(settings: Settings, run_at: datetime) -> list[str]:
    """Return the days that should be in the lake and are not, and send an alert of them.

    Args:
        settings: Where the lake is, and how many hours after its end a day must be there.
        run_at: Moment that the run is for, UTC.

    Raises:
        OSError: The lake cannot be read.
    """
    ended = run_at - timedelta(hours=settings.late_hours)
    last = ended.date() - timedelta(days=1)
    missing = find_missing_days(LakeLayout(settings.lake), last, DAILY)
    if (alert := alert_of_days(missing, settings.lake)) is not None:
        send_alert(alert)
    else:
        _LOG.info("%s: no day is missing up to %s", settings.lake, last.isoformat())
    return [day.isoformat() for day in missing]


def _write_report(layout: LakeLayout, key: BatchKey) -> bool:
    """Write the report on a batch; return whether that went well."""
    is_written = False
    with _stops_nothing("the report"):
        _LOG.info("%s: report: %s", key, write_report(layout, key))
        is_written = True
    return is_written


@contextmanager
def _stops_nothing(what: str) -> Iterator[None]:
    try:
        yield
    except Exception:  # noqa: BLE001 - whatever it is, the batch is published
        _LOG.exception("%s of the batch could not be sent or written", what)
