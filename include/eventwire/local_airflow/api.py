"""The part of Airflow's public REST API (version 2) that is needed to run a DAG and watch it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import httpx

from include.eventwire.local_airflow.home import USERNAME, AirflowHome, make_address

# More than the time that Airflow itself waits for its database.
_SECONDS_TO_ANSWER: Final = 150.0
# As many task instances as one page of the API may hold.
_PAGE: Final = 100
# Parts of a log that are alike for all tasks.
_PREAMBLES: Final = ("Log message source details", "Pre Execute")


class AirflowApiError(RuntimeError):
    """Airflow refused a request or does not answer; the reason is in Airflow's own words."""


@dataclass(frozen=True, slots=True)
class TaskState:
    """Where one task instance of a run stands.

    Attributes:
        task_id: Name of the task.
        map_index: Number among the instances of a mapped task; -1 when it is not mapped.
        label: What the task calls this instance, or its number.
        state: Airflow's word for its state ("running", "success", "failed"), None before all.
        try_number: Number of the latest attempt, from 1.
        started_at: When that attempt began, ISO 8601; None before.
        ended_at: When it ended; None before.
    """

    task_id: str
    map_index: int
    label: str | None
    state: str | None
    try_number: int
    started_at: str | None = None
    ended_at: str | None = None


class AirflowApi:
    """A session with one Airflow as its user `admin`."""

    def __init__(
        self, base_url: str, token: str, transport: httpx.BaseTransport | None = None
    ) -> None:
        """Open a session with the token that `connect` got; tests bring their own transport."""
        self._client = httpx.Client(
            base_url=f"{base_url}/api/v2",
            headers={"Authorization": f"Bearer {token}"},
            timeout=_SECONDS_TO_ANSWER,
            transport=transport,
        )

    def close(self) -> None:
        """End the session."""
        self._client.close()

    @classmethod
    def connect(cls, home: AirflowHome, port: int) -> AirflowApi | None:
        """Return a session with the Airflow at `port`, or None while it does not answer.

        Raises:
            AirflowApiError: It answers, and refuses the password of `home`.
        """
        base_url = make_address(port)
        login = {"username": USERNAME, "password": home.password}
        try:
            answer = httpx.post(f"{base_url}/auth/token", json=login, timeout=_SECONDS_TO_ANSWER)
            # Airflow builds the interface for its tasks when it is first used, and answers nothing
            # else for those seconds. Better now than while runs are started.
            httpx.get(f"{base_url}/execution/health", timeout=_SECONDS_TO_ANSWER)
        except httpx.TransportError:
            return None
        return cls(base_url, _read(answer)["access_token"])

    def last_parsed_at(self, dag_id: str) -> str | None:
        """Return when Airflow last read the file of the DAG (ISO 8601), None when it never did."""
        answer = self._send("GET", f"/dags/{dag_id}")
        if answer.status_code == httpx.codes.NOT_FOUND:
            return None
        parsed_at: str | None = _read(answer)["last_parsed_time"]
        return parsed_at

    def import_errors(self) -> list[str]:
        """Return why DAG files could not be imported."""
        errors = _read(self._send("GET", "/importErrors"))["import_errors"]
        return [f"{error['filename']}: {error['stack_trace']}" for error in errors]

    def unpause(self, dag_id: str) -> None:
        """Let the runs of the DAG start."""
        _read(self._send("PATCH", f"/dags/{dag_id}", json={"is_paused": False}))

    def trigger(
        self,
        dag_id: str,
        *,
        partition_key: str | None = None,
        conf: Mapping[str, object] | None = None,
    ) -> str:
        """Start a run and return its id.

        Raises:
            AirflowApiError: A value of the form is not allowed; the message says which.
        """
        body = {"logical_date": None, "partition_key": partition_key, "conf": dict(conf or {})}
        answer = self._send("POST", f"/dags/{dag_id}/dagRuns", json=body)
        run_id: str = _read(answer)["dag_run_id"]
        return run_id

    def clear_failed(self, dag_id: str, run_id: str) -> int:
        """Have the tasks of a run that failed done again, as the button "Clear" of the UI does.

        Returns:
            How many task instances that are.
        """
        body = {"dag_run_id": run_id, "only_failed": True, "dry_run": False}
        answer = self._send("POST", f"/dags/{dag_id}/clearTaskInstances", json=body)
        cleared: int = _read(answer)["total_entries"]
        return cleared

    def run_state(self, dag_id: str, run_id: str) -> str:
        """Return the state of a run: "queued", "running", "success" or "failed"."""
        state: str = _read(self._send("GET", f"/dags/{dag_id}/dagRuns/{run_id}"))["state"]
        return state

    def runs(self, dag_id: str, *, run_type: str) -> dict[str, str | None]:
        """Return the partition of each run, by its id: the latest runs of a type ("backfill")."""
        path = f"/dags/{dag_id}/dagRuns"
        query = {"run_type": run_type, "order_by": "-run_after", "limit": _PAGE}
        found = _read(self._send("GET", path, params=query))["dag_runs"]
        return {run["dag_run_id"]: run["partition_key"] for run in found}

    def task_states(self, dag_id: str, run_id: str) -> list[TaskState]:
        """Return where every task instance of a run stands."""
        states: list[TaskState] = []
        while True:
            page = _read(
                self._send(
                    "GET",
                    f"/dags/{dag_id}/dagRuns/{run_id}/taskInstances",
                    params={"limit": _PAGE, "offset": len(states)},
                )
            )
            states += [_make_task_state(entry) for entry in page["task_instances"]]
            if len(states) >= page["total_entries"] or not page["task_instances"]:
                return states

    def returned(self, dag_id: str, run_id: str, task: TaskState) -> str | None:
        """Return what a task instance handed back, as text; None when it handed back nothing."""
        answer = self._send(
            "GET",
            f"{_task_path(dag_id, run_id, task)}/xcomEntries/return_value",
            params={"map_index": task.map_index},
        )
        return None if answer.is_client_error else str(_read(answer)["value"])

    def log_of(self, dag_id: str, run_id: str, task: TaskState) -> list[str]:
        """Return the lines of the log of a task instance's latest attempt."""
        answer = self._send(
            "GET",
            f"{_task_path(dag_id, run_id, task)}/logs/{task.try_number}",
            params={"map_index": task.map_index, "full_content": True},
            headers={"Accept": "application/json"},
        )
        return _log_lines(_read(answer)["content"])

    def _send(self, method: str, path: str, **content: Any) -> httpx.Response:
        try:
            return self._client.request(method, path, **content)
        except httpx.TransportError as error:
            raise AirflowApiError(f"{method} {path}: no answer: {error}") from error


def _task_path(dag_id: str, run_id: str, task: TaskState) -> str:
    return f"/dags/{dag_id}/dagRuns/{run_id}/taskInstances/{task.task_id}"


def _make_task_state(entry: Mapping[str, Any]) -> TaskState:
    return TaskState(
        task_id=entry["task_id"],
        map_index=entry["map_index"],
        label=entry["rendered_map_index"],
        state=entry["state"],
        try_number=entry["try_number"],
        started_at=entry["start_date"],
        ended_at=entry["end_date"],
    )


def _log_lines(content: Sequence[Mapping[str, Any]]) -> list[str]:
    lines: list[str] = []
    is_preamble = False
    for message in content:
        if (line := str(message["event"])).startswith("::"):  # marks where the UI folds the log
            is_preamble = line.endswith(_PREAMBLES)
        elif not is_preamble:
            lines.append(line)
        errors = message.get("error_detail") or ()
        lines += [f"{error['exc_type']}: {error['exc_value']}" for error in errors]
    return lines


def _read(answer: httpx.Response) -> Any:
    """Return the JSON of an answer, of which every caller names the fields it needs."""
    if answer.is_error:
        raise AirflowApiError(f"{answer.request.url.path}: {_reason(answer)}")
    return answer.json()


def _reason(answer: httpx.Response) -> str:
    try:
        return str(answer.json()["detail"])
    except (ValueError, KeyError, TypeError):
        return f"status {answer.status_code}: {answer.text[:500]}"
