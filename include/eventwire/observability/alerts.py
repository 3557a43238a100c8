"""Alerts: what somebody should look at. Always a line in the log; more only when it is set up.

The variable `EVENTWIRE_ALERT_CONNECTION` names an Airflow connection that alerts are sent through:

- of type `http` or `generic`, whose host is the address of a webhook. It gets JSON by POST: `text`
  with the alert in words (what Slack, Mattermost and Teams show), and `kind`, `subject`, `lines`.
  An extra field `path` is appended to the address; a password is sent as a bearer token.
- of type `smtp`, with the extra fields `from_email` and `to` (addresses separated by commas).

Nothing that goes wrong while an alert is sent stops the task that sends it.
"""

from __future__ import annotations

import html
import logging
import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from include.eventwire.batches.plan import DAILY
from include.eventwire.lake.receipts import Receipt

_LOG = logging.getLogger(__name__)

CONNECTION_VARIABLE: Final = "EVENTWIRE_ALERT_CONNECTION"
# Warnings about what is otherwise than on other days. The others are of a kind that stays the same
# day after day, as that half of the articles are in a language that is not coded.
ALERTED_CHECKS: Final = (
    "batch_not_empty",
    "events_found",
    "articles_new",
    "sources_present",
    "sources_volume",
    "sources_dated",
    "sources_rejects",
    "event_types_stable",
)

# Whoever is not reached in this time is not waited for.
_SECONDS_TO_SEND: Final = 10.0
_MOST_LINES: Final = 20


@dataclass(frozen=True, slots=True)
class Alert:
    """One thing to look at.

    Attributes:
        kind: "run_failed", "days_missing" or "batch_warnings".
        subject: What it is, in one line.
        lines: What is known of it, one line each.
    """

    kind: str
    subject: str
    lines: tuple[str, ...] = ()

    def text(self) -> str:
        """Return the alert in words."""
        more = [f"... and {len(self.lines) - _MOST_LINES} more"] * (len(self.lines) > _MOST_LINES)
        return "\n".join([f"Eventwire: {self.subject}", *self.lines[:_MOST_LINES], *more])


def alert_of_run(
    dag_id: str, run_id: str, partition: str | None, reason: str, failed: Iterable[str] = ()
) -> Alert:
    """Return the alert of a run that failed.

    Args:
        dag_id: The DAG.
        run_id: The run.
        partition: Day that the run is for; None when it is for none.
        reason: What Airflow says of it.
        failed: Names of the tasks that failed.
    """
    names = list(failed)
    more = [f"{len(names) - _MOST_LINES} more"] * (len(names) > _MOST_LINES)
    told = ", ".join([*names[:_MOST_LINES], *more])
    return Alert(
        "run_failed",
        f"{dag_id} failed{f' for {partition}' if partition else ''}",
        (f"run: {run_id}", f"reason: {reason}", *([f"failed tasks: {told}"] if told else [])),
    )


def alert_of_days(days: Sequence[date], lake: object) -> Alert | None:
    """Return the alert of days that are not in the lake; None when there is no such day."""
    if not days:
        return None
    return Alert(
        "days_missing",
        f"{len(days)} days are missing in the lake",
        (f"lake: {lake}", f"days: {', '.join(day.isoformat() for day in days)}"),
    )


def alert_of_batch(receipt: Receipt) -> Alert | None:
    """Return the alert of a daily batch with warnings about what changed; None without any."""
    changed = [
        check for check in receipt.checks if not check.passed and check.name in ALERTED_CHECKS
    ]
    if receipt.batch != DAILY or not changed:
        return None
    lines = [
        line
        for check in changed
        for line in (
            [str(example["finding"]) for example in check.examples if "finding" in example]
            or [f"{check.name}: it does not hold that {check.rule}"]
        )
    ]
    return Alert(
        "batch_warnings", f"{receipt.day.isoformat()} differs from other days", tuple(lines)
    )


def send_alert(alert: Alert) -> None:
    """Write an alert to the log, and send it where the environment says. Never raises."""
    _LOG.warning("ALERT %s: %s", alert.kind, alert.text())
    conn_id = os.environ.get(CONNECTION_VARIABLE, "").strip()
    if not conn_id:
        return
    try:
        _send(alert, conn_id)
    except Exception as error:  # noqa: BLE001 - an alert must not break what it tells of
        # Neither message nor traceback: the address of a webhook is a secret.
        _LOG.error(
            "the alert could not be sent by the connection %r of %s: %s",
            *(conn_id, CONNECTION_VARIABLE, _describe(error)),
        )


class AlertError(RuntimeError):
    """An alert cannot be sent by the connection; the message names no secret."""


def _send(alert: Alert, conn_id: str) -> None:
    from airflow.sdk import Connection

    connection = Connection.get(conn_id)
    # Where its provider of HTTP is not installed, Airflow keeps such connections as generic ones.
    if connection.conn_type in ("http", "https", "generic"):
        _post(alert, connection)
    elif connection.conn_type == "smtp":
        _mail(alert, conn_id, connection.extra_dejson)
    else:
        raise AlertError(f"its type is {connection.conn_type!r}; it must be http, generic or smtp")


def _post(alert: Alert, connection: Any) -> None:
    import httpx

    token = connection.password
    answer = httpx.post(
        _address(connection),
        json={
            "text": alert.text(),
            "kind": alert.kind,
            "subject": alert.subject,
            "lines": list(alert.lines),
        },
        headers={"Authorization": f"Bearer {token}"} if token else {},
        timeout=_SECONDS_TO_SEND,
    )
    if not answer.is_success:
        raise AlertError(f"the webhook answered {answer.status_code}")


def _address(connection: Any) -> str:
    host = connection.host or ""
    if "://" not in host:
        scheme = connection.conn_type if connection.conn_type == "https" else connection.schema
        host = f"{scheme or 'https'}://{host}"
    port = f":{connection.port}" if connection.port else ""
    path = str(connection.extra_dejson.get("path", "")).lstrip("/")
    return f"{host}{port}/{path}" if path else f"{host}{port}"


def _mail(alert: Alert, conn_id: str, extra: Mapping[str, Any]) -> None:
    if not extra.get("to"):
        raise AlertError("it has no extra field 'to' with the addresses")
    from airflow.providers.smtp.hooks.smtp import SmtpHook

    with SmtpHook(smtp_conn_id=conn_id) as hook:
        hook.send_email_smtp(
            to=[address.strip() for address in str(extra["to"]).split(",")],
            subject=f"Eventwire: {alert.subject}",
            html_content=f"<pre>{html.escape(alert.text())}</pre>",
        )


def _describe(error: Exception) -> str:
    return str(error) if isinstance(error, AlertError) else type(error).__name__
