"""The batches of the lake, and the report on each; from a run in Airflow to what it made."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from typing import Final

from fastapi import APIRouter, HTTPException, Request
from starlette.responses import RedirectResponse, Response

from include.eventwire.explorer.filters import read_filters
from include.eventwire.explorer.lake_reading import Connection, LakeReader
from include.eventwire.explorer.overview_queries import read_figures
from include.eventwire.explorer.rendering import link, reader_of, render
from include.eventwire.explorer.runs_queries import find_batches_of_run, tell_maker
from include.eventwire.lake.layout import BatchKey, BatchNameError, check_batch
from include.eventwire.reports.batch_tables import NEEDED
from include.eventwire.reports.contents import BatchReport, read_report
from include.eventwire.reports.rendering import render_body

router: Final = APIRouter()

_MOST_BATCHES: Final = 500
_MOST_CHARS: Final = 250


@router.get("/runs")
def list_runs(request: Request) -> Response:
    """Answer with the batches of the chosen days, the newest first."""
    filters, reader = read_filters(request), reader_of(request)
    state = reader.state().within(filters.first_day, filters.last_day)
    shown = state.batches[::-1][:_MOST_BATCHES]
    context = {
        "filters": filters,
        "rows": [(read_figures(batch), tell_maker(batch)) for batch in shown],
        "n_batches": len(state.batches),
        "all_days": reader.state().days,
    }
    return render(request, "runs.html", context)


@router.get("/runs/by-run")
def find_run(request: Request, dag_id: str = "", run_id: str = "") -> Response:
    """Lead from a run of Airflow to the report on its batch, or list its batches."""
    reader = reader_of(request)
    dag_id, run_id = dag_id[:_MOST_CHARS], run_id[:_MOST_CHARS]
    found = find_batches_of_run(reader.layout, reader.state().batches, dag_id, run_id)
    if len(found) == 1:
        return RedirectResponse(_address(request, found[0]), status_code=302)
    by_key = {batch.key: batch for batch in reader.state().batches}
    context = {
        "dag_id": dag_id,
        "run_id": run_id,
        "rows": [(read_figures(by_key[key]), None) for key in found],
    }
    return render(request, "run_batches.html", context, status=200 if found else 404)


@router.get("/runs/{dt}/{batch}")
def show_report(request: Request, dt: str, batch: str) -> Response:
    """Answer with the report on one batch."""
    reader = reader_of(request)
    key = _read_key(dt, batch)
    report = read_batch_report(reader, key)

    def to(path: str, **query: object) -> str:
        return link(request, path, None, **query)

    file = reader.layout.report_file(key.day, key.batch)
    keys = [one.key for one in reader.state().batches if one.key.batch == key.batch]
    context = {
        "report": report,
        "body": render_body(report, to),
        "before": max((one for one in keys if one < key), default=None),
        "after": min((one for one in keys if one > key), default=None),
        "file": file if file.exists() else None,
    }
    return render(request, "run.html", context)


def read_batch_report(reader: LakeReader, key: BatchKey) -> BatchReport:
    """Return the report on a batch, its tables read by the reader's database.

    Raises:
        NotFoundError: The lake has no complete batch of that day and name.
        LakeError: The lake cannot be read.
    """

    @contextmanager
    def open_tables() -> Iterator[Connection]:
        with reader.open(key.day, key.day, NEEDED) as connection:
            yield connection

    return read_report(reader.layout, key, open_tables)


def _read_key(dt: str, batch: str) -> BatchKey:
    try:
        return BatchKey(date.fromisoformat(dt.removeprefix("dt=")), check_batch(batch))
    except (ValueError, BatchNameError) as error:
        raise HTTPException(404, f"{dt[:_MOST_CHARS]} {batch[:_MOST_CHARS]} is no batch") from error


def _address(request: Request, key: BatchKey) -> str:
    return link(request, f"/runs/{key.day.isoformat()}/{key.batch}")
