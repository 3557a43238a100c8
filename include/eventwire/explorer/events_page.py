"""The table of events: filtered, sorted, page by page, each event with its sentence."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from fastapi import APIRouter, Request
from starlette.responses import Response

from include.eventwire.explorer.events_queries import (
    MOST_PAGES,
    ORDERS,
    PAGE_ROWS,
    REPORT_TABLES,
    ROW_TABLES,
    SORTS,
    EventKey,
    EventRow,
    count_events,
    count_reports,
    find_first,
    list_publishers,
    make_row,
    read_found,
)
from include.eventwire.explorer.filters import (
    FilterError,
    Filters,
    Selection,
    read_filters,
    select_events,
)
from include.eventwire.explorer.lake_reading import LakeReader
from include.eventwire.explorer.rendering import link, reader_of, render

router: Final = APIRouter()

# Longer than anybody looks back for copies, or a story goes on (`settings`, docs/analytics.md).
_REPORT_DAYS: Final = 30
_COLUMNS: Final = (
    ("day", "Day"),
    ("date", "Date of the act"),
    ("type", "Type"),
    ("actor", "Actor"),
    ("recipient", "Recipient"),
    ("place", "Place"),
    ("realis", "Realis"),
    ("confidence", "Confidence"),
)


@dataclass(frozen=True, slots=True)
class View:
    """Which part of the table is shown, and in what order."""

    sort: str
    order: str
    page: int


@router.get("/events")
def show_events(request: Request) -> Response:
    """Answer with a page of the table."""
    filters, view = read_filters(request), read_view(request)
    reader = reader_of(request)
    selection = select_events(filters)
    n_events = count_chosen(reader, filters, selection)
    keys = find_page(reader, filters, selection, view)
    rows = read_rows(reader, filters, keys)
    n_pages = -(-n_events // PAGE_ROWS)

    def address(page: int) -> str:
        return link(request, "/events", filters, sort=view.sort, order=view.order, page=page)

    def sorting(name: str) -> str:
        turned = view.order == "desc" and view.sort == name
        order = "asc" if turned else "desc"
        return link(request, "/events", filters, sort=name, order=order)

    context = {
        "filters": filters,
        "view": view,
        "rows": rows,
        "n_events": n_events,
        "n_pages": min(n_pages, MOST_PAGES),
        "is_cut": n_pages > MOST_PAGES,
        "columns": _COLUMNS,
        "publishers": find_publishers(reader, filters),
        "address": address,
        "sorting": sorting,
        "first_row": (view.page - 1) * PAGE_ROWS + 1,
    }
    return render(request, "events.html", context)


def find_page(
    reader: LakeReader, filters: Filters, selection: Selection, view: View
) -> list[EventKey]:
    """Return the events of the page, in order.

    Where the table is in the order of days, only as many days are read as the page needs.
    """
    most = view.page * PAGE_ROWS
    days = reader.state().within(filters.first_day, filters.last_day).days
    found: list[EventKey] = []
    for first, last in _spans(days, view) or [(filters.first_day, filters.last_day)]:
        with reader.open(first, last, selection.tables, indexed=selection.indexed) as connection:
            found = find_first(connection, selection, sort=view.sort, order=view.order, most=most)
        if len(found) == most:
            break
    return found[most - PAGE_ROWS :]


def read_rows(reader: LakeReader, filters: Filters, keys: Sequence[EventKey]) -> list[EventRow]:
    """Return the rows of the events; reports are counted of the chosen days near theirs."""
    if not keys:
        return []
    first, last = min(key.day for key in keys), max(key.day for key in keys)
    nearby = timedelta(days=_REPORT_DAYS)
    days = {key.day for key in keys}
    with reader.open(first, last, ROW_TABLES, only=days) as connection:
        found = read_found(connection, keys)
    with reader.open(
        max(first - nearby, filters.first_day),
        min(last + nearby, filters.last_day),
        REPORT_TABLES,
        indexed=REPORT_TABLES,
    ) as connection:
        reports = count_reports(connection, found)
    return [make_row(event, reports) for event in found]


def _spans(days: Sequence[date], view: View) -> list[tuple[date, date]]:
    """Return periods from the end of `days` that the table begins with, ever longer up to all."""
    if view.sort != "day" or not days:
        return []
    ordered = days if view.order == "asc" else days[::-1]
    lengths = [length for length in (2, 10, 60) if length < len(days)]
    ends = [(ordered[0], ordered[length - 1]) for length in (*lengths, len(days))]
    return [(min(pair), max(pair)) for pair in ends]


def read_view(request: Request) -> View:
    """Return the part of the table that an address asks for.

    Raises:
        FilterError: It asks for what cannot be.
    """
    query = request.query_params
    written = query.get("page", "") or "1"
    page = int(written) if written.isascii() and written.isdigit() and len(written) < 5 else 0
    if not 1 <= page <= MOST_PAGES:
        raise FilterError(
            f"page={written[:20]!r} must be a number from 1 to {MOST_PAGES}; for rows further back "
            "choose fewer days, another order, or export the table"
        )
    return View(
        sort=_choose("sort", query.get("sort", "") or "day", tuple(SORTS)),
        order=_choose("order", query.get("order", "") or "desc", ORDERS),
        page=page,
    )


def count_chosen(reader: LakeReader, filters: Filters, selection: Selection) -> int:
    """Return how many events are chosen; counted once while the batches stay as they are."""

    def count() -> int:
        with reader.open(
            filters.first_day, filters.last_day, selection.tables, indexed=selection.indexed
        ) as connection:
            return count_events(connection, selection)

    state = reader.state().within(filters.first_day, filters.last_day)
    return reader.remember(("number of events", filters), state, count)


def find_publishers(reader: LakeReader, filters: Filters) -> Sequence[str]:
    """Return the publishers of the chosen days, for the form."""

    def find() -> Sequence[str]:
        with reader.open(
            filters.first_day, filters.last_day, ("articles",), indexed=("articles",)
        ) as connection:
            return list_publishers(connection)

    state = reader.state().within(filters.first_day, filters.last_day)
    return reader.remember("publishers", state, find)


def _choose(name: str, value: str, choices: Sequence[str]) -> str:
    if value not in choices:
        raise FilterError(f"{name}={value[:20]!r} must be one of {', '.join(choices)}")
    return value
