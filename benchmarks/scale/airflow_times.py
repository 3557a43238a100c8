"""Reads what Airflow itself cost from its database: waits, empty tasks, rows; and its last run."""

from __future__ import annotations

import re
from collections.abc import Sequence
from statistics import fmean
from typing import Any, Final

import sqlalchemy as sa

# They do next to nothing, so their time is that of starting a task, whatever it does.
_EMPTY: Final = ("list_shards", "finish.report")
# Tables that grow with every task or run of a DAG; the others describe DAGs and assets.
_GROWING: Final = (
    "task_instance", "task_instance_history", "task_map", "xcom", "rendered_task_instance_fields",
    "log", "dag_run", "asset_event", "asset_partition_dag_run", "partitioned_asset_key_log",
)  # fmt: skip


def record_airflow(address: str) -> dict[str, object]:
    """Return what finished runs of `code_news` show.

    Args:
        address: SQLAlchemy's address of Airflow's database.
    """
    engine = sa.create_engine(address)
    tables = sa.MetaData()
    tables.reflect(engine)
    with engine.connect() as connection:
        task = tables.tables["task_instance"].c
        ended = (
            connection.execute(
                sa.select(
                    task.run_id, task.task_id, task.queued_dttm, task.start_date, task.end_date
                ).where(task.dag_id == "code_news", task.state == "success")
            ).all()
        )  # fmt: skip
        run = _describe_run(connection, tables)
        n_rows = {
            name: connection.execute(
                sa.select(sa.func.count()).select_from(tables.tables[name])
            ).scalar_one()
            for name in _GROWING
            if name in tables.tables
        }
    return {
        "database": engine.dialect.name,
        "n_tasks": len(ended),
        "queued_to_started_seconds": _mean(_first_of_steps(ended), "queued_dttm", "start_date"),
        "empty_task_seconds": _mean(
            [row for row in ended if row.task_id in _EMPTY], "start_date", "end_date"
        ),
        "rows_per_task": round(sum(n_rows.values()) / n_rows["task_instance"], 2),
        "run": run,
    }


def _describe_run(connection: sa.Connection, tables: sa.MetaData) -> dict[str, object]:
    """Return how the last run went: its articles, its seconds, and those of each task, by step."""
    run = tables.tables["dag_run"].c
    last = connection.execute(
        sa.select(run.run_id, run.start_date, run.end_date)
        .where(run.dag_id == "code_news", run.state == "success")
        .order_by(run.end_date.desc())
    ).first()
    if last is None:
        raise SystemExit("the database has no finished run of code_news")
    task = tables.tables["task_instance"].c
    seconds: dict[str, list[float]] = {}
    for row in connection.execute(
        sa.select(task.task_id, task.start_date, task.end_date)
        .where(task.run_id == last.run_id)
        .order_by(task.start_date)
    ):
        step = row.task_id.removeprefix("finish.")
        taken = (row.end_date - row.start_date).total_seconds()
        seconds.setdefault(step, []).append(round(taken, 1))
    xcom = tables.tables["xcom"].c
    reports = connection.execute(
        sa.select(xcom.value).where(xcom.run_id == last.run_id, xcom.task_id == "finish.report")
    ).scalars()
    found = [re.search(r"gave ([\d,]+) articles", str(value)) for value in reports]
    return {
        "articles": sum(int(match[1].replace(",", "")) for match in found if match),
        "seconds": round((last.end_date - last.start_date).total_seconds(), 1),
        "tasks": seconds,
    }


def _first_of_steps(rows: Sequence[sa.Row[Any]]) -> list[sa.Row[Any]]:
    """Return the task of each step of each run that started first: it waited for no slot."""
    first: dict[tuple[str, str], sa.Row[Any]] = {}
    for row in sorted(rows, key=lambda row: row.start_date):
        first.setdefault((row.run_id, row.task_id), row)
    return [*first.values()]


def _mean(rows: Sequence[sa.Row[Any]], first: str, last: str) -> float:
    waits = [
        (getattr(row, last) - getattr(row, first)).total_seconds()
        for row in rows
        if getattr(row, first) is not None and getattr(row, last) is not None
    ]
    return round(fmean(waits), 3)
