"""Tells Airflow to send an alert when a run of this project fails, whoever notices it."""

from __future__ import annotations

import logging
from threading import Thread
from typing import TYPE_CHECKING

from airflow.listeners import hookimpl
from airflow.plugins_manager import AirflowPlugin

if TYPE_CHECKING:
    from airflow.models.dagrun import DagRun

_LOG = logging.getLogger(__name__)

# Others of the same Airflow are no business of ours.
_DAGS = frozenset(
    {
        *("code_news", "fetch_feeds", "recode_news", "summarise_events"),
        *("maintain_lake", "watch_lake"),
    }
)


class FailedRuns:
    """Is called by the scheduler, or by the API server when somebody marks a run as failed."""

    @hookimpl
    def on_dag_run_failed(self, dag_run: DagRun, msg: str) -> None:
        """Send the alert of a run that failed."""
        if dag_run.dag_id not in _DAGS:
            return
        # The scheduler goes on meanwhile, and its session is left alone.
        run = (dag_run.dag_id, dag_run.run_id, dag_run.partition_key, msg)
        Thread(target=_send, args=run, name="eventwire-alert").start()


def _send(dag_id: str, run_id: str, partition: str | None, reason: str) -> None:
    # This brings the libraries of the tables; where nothing fails they are not needed.
    from include.eventwire.observability.alerts import alert_of_run, send_alert

    send_alert(alert_of_run(dag_id, run_id, partition, reason, _name_failed(dag_id, run_id)))


def _name_failed(dag_id: str, run_id: str) -> list[str]:
    """Return the tasks of a run that failed, by name; none when the database cannot be asked."""
    from airflow.models.dagrun import DagRun
    from airflow.utils.session import create_session
    from airflow.utils.state import TaskInstanceState

    try:
        with create_session() as session:
            failed = DagRun.fetch_task_instances(
                dag_id=dag_id, run_id=run_id, state=[TaskInstanceState.FAILED], session=session
            )
            return sorted(
                task.task_id if task.map_index < 0 else f"{task.task_id}[{task.map_index}]"
                for task in failed
            )
    except Exception:  # noqa: BLE001 - the alert goes out all the same
        _LOG.exception("the failed tasks of %s %s could not be listed", dag_id, run_id)
        return []


class EventwireListeners(AirflowPlugin):
    """The alerts of failed runs."""

    name = "eventwire_listeners"
    listeners = [FailedRuns()]  # noqa: RUF012 - as Airflow declares it
