"""The first page: what came in, what was lost, what was coded, and how fresh it is."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, Final

from fastapi import APIRouter, Request
from starlette.responses import Response

from include.eventwire.codebook import QUAD_CLASSES
from include.eventwire.explorer.filters import Filters, read_filters
from include.eventwire.explorer.lake_reading import LakeReader
from include.eventwire.explorer.overview_queries import Overview, find_newest, read_overview
from include.eventwire.explorer.rendering import reader_of, render
from include.eventwire.schemas import REJECT_REASONS

router: Final = APIRouter()

_MOST_DOUBTS: Final = 20


@router.get("/")
def show_overview(request: Request) -> Response:
    """Answer with the overview of the chosen days."""
    filters, overview = _read(request)
    context = {
        "filters": filters,
        "overview": overview,
        "all_days": reader_of(request).state().days,
        "newest_article_at": _find_newest(reader_of(request)),
        "now": datetime.now(UTC),
        "reasons": REJECT_REASONS,
        "quad_classes": QUAD_CLASSES,
        "most_doubts": _MOST_DOUBTS,
    }
    return render(request, "overview.html", context)


@router.get("/data/overview")
def send_overview(request: Request) -> dict[str, Any]:
    """Answer with the numbers of the overview's charts."""
    _, overview = _read(request)
    return {
        "days": [day.day.isoformat() for day in overview.days],
        "sources": _series(overview, "sources", list(overview.sources)),
        "event_types": _series(overview, "event_types", list(overview.event_types)),
        "quad_classes": _series(overview, "quad_classes", list(QUAD_CLASSES)),
        "rejects": overview.rejects,
    }


def _read(request: Request) -> tuple[Filters, Overview]:
    filters = read_filters(request)
    reader = reader_of(request)
    state = reader.state().within(filters.first_day, filters.last_day)
    return filters, reader.remember("overview", state, lambda: read_overview(state))


def _find_newest(reader: LakeReader) -> datetime | None:
    """Return when the newest article of the newest day was published."""
    last = reader.state().days[-1]

    def find() -> datetime | None:
        with reader.open(last, last, ("articles",)) as connection:
            return find_newest(connection)

    return reader.remember("newest article", reader.state().within(last, last), find)


def _series(overview: Overview, attribute: str, names: list[str]) -> list[dict[str, Any]]:
    """Return one series a name: its number on each day."""
    return [
        {
            "name": name,
            "values": [getattr(day, attribute).get(name, 0) for day in overview.days],
        }
        for name in names
    ]
