"""The map: events by country, and towns where the place is known so well; the same as a table."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from typing import Any, Final

from fastapi import APIRouter, Request
from starlette.responses import Response

from include.eventwire.explorer.filters import FilterError, Filters, read_filters, select_events
from include.eventwire.explorer.map_queries import (
    Class,
    EventMap,
    class_of,
    make_log_classes,
    make_quantile_classes,
    read_map,
)
from include.eventwire.explorer.meanings import country_name
from include.eventwire.explorer.rendering import link, reader_of, render
from include.eventwire.versions import RESOURCES

router: Final = APIRouter()

_OUTLINES: Final = RESOURCES / "world_outlines" / "countries.geojson"
_SCALES: Final = {"log": make_log_classes, "quantiles": make_quantile_classes}
_MOST_TOWNS: Final = 50


@router.get("/map")
def show_map(request: Request) -> Response:
    """Answer with the map's page; its table has all that the map shows."""
    filters, found = _read(request)
    scale, classes = _read_classes(request, found)
    context = {
        "filters": filters,
        "found": found,
        "scale": scale,
        "classes": classes,
        "shades": {code: class_of(n_events, classes) for code, n_events in found.countries.items()},
        "without_outline": [code for code in found.countries if code not in load_outlined()],
        "most_towns": _MOST_TOWNS,
    }
    return render(request, "map.html", context)


@router.get("/map/data/events")
def send_events(request: Request) -> dict[str, Any]:
    """Answer with the numbers of the map."""
    filters, found = _read(request)
    _, classes = _read_classes(request, found)
    return {
        "classes": [[one.least, one.most] for one in classes],
        "countries": [
            {
                "code": code,
                "name": country_name(code),
                "events": n_events,
                "link": _link(request, filters, code),
            }
            for code, n_events in found.countries.items()
        ],
        "towns": [
            {
                "name": f"{point.name}, {country_name(point.country)}",
                "at": [point.longitude, point.latitude],
                "events": point.n_events,
                "link": _link(request, filters, point.country),
            }
            for point in found.points
        ],
    }


@router.get("/map/data/outlines")
def send_outlines() -> Response:
    """Answer with the outlines of the countries, as GeoJSON."""
    return Response(_OUTLINES.read_bytes(), media_type="application/geo+json")


@cache
def load_outlined() -> frozenset[str]:
    """Return the codes of the countries that have an outline."""
    features = json.loads(_OUTLINES.read_text(encoding="utf-8"))["features"]
    return frozenset(feature["properties"]["name"] for feature in features)


def _read(request: Request) -> tuple[Filters, EventMap]:
    filters, reader = read_filters(request), reader_of(request)

    def read() -> EventMap:
        selection = select_events(filters)
        with reader.open(
            filters.first_day, filters.last_day, selection.tables, indexed=selection.indexed
        ) as connection:
            return read_map(connection, selection)

    state = reader.state().within(filters.first_day, filters.last_day)
    return filters, reader.remember(("map", filters), state, read)


def _read_classes(request: Request, found: EventMap) -> tuple[str, tuple[Class, ...]]:
    scale = request.query_params.get("scale") or "log"
    if scale not in _SCALES:
        raise FilterError(f"scale={scale[:20]!r} must be {' or '.join(_SCALES)}")
    return scale, _SCALES[scale](found.countries.values())


def _link(request: Request, filters: Filters, country: str) -> str:
    return link(request, "/events", filters, **_place(filters, country))


def _place(filters: Filters, country: str) -> Mapping[str, str]:
    """Return the part of an address that adds a country; the filters may have it already."""
    return {} if filters.place_countries == (country,) else {"place": country}
