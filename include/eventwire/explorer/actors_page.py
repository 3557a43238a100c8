"""Who acts on whom: pairs of countries as a matrix, a network and a table; one actor's days."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final
from urllib.parse import parse_qsl

from fastapi import APIRouter, Request
from starlette.responses import Response

from include.eventwire.codebook import QUAD_CLASSES
from include.eventwire.explorer.actors_queries import (
    MOST_SINGLE_DAYS,
    NETWORK_PAIRS,
    REST,
    TABLE_PAIRS,
    Pair,
    Period,
    choose_countries,
    count_pairs,
    mean_score,
    read_shown,
    read_timeline,
    read_who,
    sum_rest,
)
from include.eventwire.explorer.events_page import find_publishers
from include.eventwire.explorer.filters import Filters, read_filters, select_events
from include.eventwire.explorer.lake_reading import LakeReader
from include.eventwire.explorer.meanings import country_name
from include.eventwire.explorer.rendering import reader_of, render

router: Final = APIRouter()


@router.get("/actors")
def show_actors(request: Request) -> Response:
    """Answer with the pairs of the chosen events, and with the days of an actor."""
    filters, reader = read_filters(request), reader_of(request)
    who = read_who(request.query_params.get("who", ""))
    pairs = find_pairs(reader, filters)
    context = {
        "filters": filters,
        "pairs": pairs[:TABLE_PAIRS],
        "n_pairs": len(pairs),
        "countries": choose_countries(pairs),
        "chosen": parse_qsl(filters.to_query()),
        "shown": read_shown(request.query_params.get("cells", "")),
        "who": who,
        "timeline": find_timeline(reader, filters, who) if who else [],
        "by_week": _is_long(filters),
        "quad_classes": QUAD_CLASSES,
        "publishers": find_publishers(reader, filters),
    }
    return render(request, "actors.html", context)


@router.get("/data/actors")
def send_actors(request: Request) -> dict[str, Any]:
    """Answer with the numbers of the matrix and the network."""
    pairs = find_pairs(reader_of(request), read_filters(request))
    codes = choose_countries(pairs)
    cells = sum_rest(pairs, codes)
    names = [country_name(code) for code in codes]
    if any(REST in (cell.actor, cell.recipient) for cell in cells):
        codes, names = [*codes, REST], [*names, "all others"]
    place = {code: number for number, code in enumerate(codes)}
    return {
        "codes": codes,
        "names": names,
        "cells": [
            [place[cell.recipient], place[cell.actor], cell.n_events, cell.mean_score]
            for cell in cells
        ],
        "network": _make_network(pairs[:NETWORK_PAIRS]),
    }


@router.get("/data/actors/timeline")
def send_timeline(request: Request) -> dict[str, Any]:
    """Answer with the numbers of an actor's days."""
    who = read_who(request.query_params.get("who", ""))
    periods = find_timeline(reader_of(request), read_filters(request), who) if who else []
    return {
        "begins": [period.begins.isoformat() for period in periods],
        "quad_classes": [
            {"name": name, "values": [period.quad_classes[number] for period in periods]}
            for number, name in enumerate(QUAD_CLASSES)
        ],
        "scores": [period.mean_score for period in periods],
    }


def find_pairs(reader: LakeReader, filters: Filters) -> list[Pair]:
    """Return the pairs of the chosen events; counted once while the batches stay as they are."""
    selection = select_events(filters)

    def count() -> list[Pair]:
        with reader.open(
            filters.first_day, filters.last_day, selection.tables, indexed=selection.indexed
        ) as connection:
            return count_pairs(connection, selection)

    state = reader.state().within(filters.first_day, filters.last_day)
    return reader.remember(("pairs", filters), state, count)


def find_timeline(reader: LakeReader, filters: Filters, who: str) -> list[Period]:
    """Return the days or weeks of an actor; read once while the batches stay as they are."""
    selection = select_events(filters)

    def read() -> list[Period]:
        with reader.open(
            filters.first_day, filters.last_day, selection.tables, indexed=selection.indexed
        ) as connection:
            return read_timeline(connection, selection, who, by_week=_is_long(filters))

    state = reader.state().within(filters.first_day, filters.last_day)
    return reader.remember(("timeline", who, filters), state, read)


def _is_long(filters: Filters) -> bool:
    return (filters.last_day - filters.first_day).days >= MOST_SINGLE_DAYS


def _make_network(pairs: Sequence[Pair]) -> dict[str, Any]:
    """Return the countries and what passes between them, both directions of two as one line."""
    totals: dict[str, int] = {}
    links: dict[tuple[str, str], list[Pair]] = {}
    for pair in pairs:
        for code in {pair.actor, pair.recipient}:
            totals[code] = totals.get(code, 0) + pair.n_events
        if pair.actor != pair.recipient:
            ends = min(pair.actor, pair.recipient), max(pair.actor, pair.recipient)
            links.setdefault(ends, []).append(pair)
    return {
        "nodes": [
            {"code": code, "name": country_name(code), "events": n} for code, n in totals.items()
        ],
        "links": [
            {
                "source": first,
                "target": second,
                "events": sum(pair.n_events for pair in both),
                "score": mean_score(both),
            }
            for (first, second), both in links.items()
        ],
    }
