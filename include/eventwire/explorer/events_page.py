"""The table of events: filtered, sorted, page by page, each event with its sentence."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from fastapi import APIRouter, Request
from starlette.responses import Response

from include.eventwire.explorer.events_queries import (
    MOST_PAGES,
    ORDERS,
    PAGE_ROWS,
    ROW_TABLES,
    SORTS,
    count_events,
    find_page,
    list_publishers,
    read_page,
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
    tables = tuple(dict.fromkeys((*selection.tables, *ROW_TABLES)))
    with reader.open(filters.first_day, filters.last_day, tables) as connection:
        keys = find_page(connection, selection, sort=view.sort, order=view.order, page=view.page)
        rows = read_page(connection, keys)
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
        with reader.open(filters.first_day, filters.last_day, selection.tables) as connection:
            return count_events(connection, selection)

    state = reader.state().within(filters.first_day, filters.last_day)
    return reader.remember(("number of events", filters), state, count)


def find_publishers(reader: LakeReader, filters: Filters) -> Sequence[str]:
    """Return the publishers of the chosen days, for the form."""

    def find() -> Sequence[str]:
        with reader.open(filters.first_day, filters.last_day, ("articles",)) as connection:
            return list_publishers(connection)

    state = reader.state().within(filters.first_day, filters.last_day)
    return reader.remember("publishers", state, find)


def _choose(name: str, value: str, choices: Sequence[str]) -> str:
    if value not in choices:
        raise FilterError(f"{name}={value[:20]!r} must be one of {', '.join(choices)}")
    return value
