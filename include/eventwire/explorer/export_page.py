"""The chosen events as a file, with a guide to its columns and the codebook."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Final

from fastapi import APIRouter, Request
from starlette.responses import Response

from include.eventwire.codebook import load_codebook
from include.eventwire.explorer.events_page import count_chosen
from include.eventwire.explorer.exporting import ExportTable, check_rows, send_export, send_list
from include.eventwire.explorer.filters import Filters, Selection, read_filters, select_events
from include.eventwire.explorer.meanings import country_choices
from include.eventwire.explorer.rendering import reader_of
from include.eventwire.schemas import ARTICLES, EVENTS

router: Final = APIRouter()

# Columns of the article that stand beside those of the event.
_OF_ARTICLE: Final = ("publisher", "headline", "url", "published_at", "cluster_id")
_REALIS: Final = {
    "asserted": "Told as having happened or happening.",
    "future": "Announced, planned or threatened for later.",
    "hypothetical": "Possible, conditional or demanded.",
    "negated": "Told as not having happened.",
    "historical": "Long past: background of the news.",
}


@router.get("/events/export.csv")
def export_csv(request: Request) -> Response:
    """Answer with the chosen events as CSV."""
    return _export(request, "csv")


@router.get("/events/export.parquet")
def export_parquet(request: Request) -> Response:
    """Answer with the chosen events as Parquet."""
    return _export(request, "parquet")


@router.get("/events/columns.csv")
def send_columns() -> Response:
    """Answer with what each column of an export holds."""
    descriptions = describe_columns()
    types = {field.name: str(field.type) for schema in (ARTICLES, EVENTS) for field in schema}
    types |= {"dt": "date32[day]", "batch": "string"}
    rows = [(name, types[name], told) for name, told in descriptions.items()]
    return send_list("eventwire_columns", ("column", "type", "description"), rows)


@router.get("/events/codebook.csv")
def send_codebook() -> Response:
    """Answer with what each code means."""
    book = load_codebook()
    rows = [
        *(("event_type", kind.code, kind.definition) for kind in book.types.values()),
        *(
            ("event_mode", f"{kind} {mode}", told)
            for (kind, mode), told in book.mode_definitions.items()
        ),
        *(("contexts", code, told) for code, told in book.contexts.items()),
        *(("realis", code, told) for code, told in _REALIS.items()),
        *(("sector", code, told) for code, told in book.sectors.items()),
        *(("country", code, name) for code, name in country_choices()),
    ]
    return send_list("eventwire_codebook", ("column", "code", "meaning"), rows)


def describe_columns() -> dict[str, str]:
    """Return what each column of an export holds, by name and in order."""
    described = {
        field.name: field.metadata[b"description"].decode()
        for schema in (ARTICLES, EVENTS)
        for field in schema
    }
    own = {"dt": "Day of the batch, UTC.", "batch": "Name of the batch."}
    names = ["dt", "batch", *(field.name for field in EVENTS), *_OF_ARTICLE]
    return {name: {**described, **own}[name] for name in names}


def make_table(filters: Filters, selection: Selection, days: Sequence[date]) -> ExportTable:
    """Return the export of the chosen events, a day at a time."""
    columns = ", ".join(f"a.{name}" for name in _OF_ARTICLE)
    events = ", ".join(f"e.{field.name}" for field in EVENTS)
    rows = (
        f"SELECT e.dt, e.batch, {events}, {columns} FROM events e "  # noqa: S608 - names are ours
        "SEMI JOIN chosen USING (dt, batch, event_id) "
        "JOIN (FROM articles WHERE dt = $day) a USING (article_id, dt, batch) WHERE e.dt = $day "
        "ORDER BY e.batch, e.article_id, e.event_index"
    )
    # Which rows are chosen is known of all days together, as reports of one event are folded.
    chosen = f"CREATE TEMP TABLE chosen AS SELECT dt, batch, event_id FROM ({selection.sql})"  # noqa: S608 - made of our own names
    return ExportTable(
        name=f"events_{filters.first_day}_{filters.last_day}",
        sql=rows,
        parts=[{"day": day} for day in days] or [{"day": filters.first_day}],
        descriptions=describe_columns(),
        prepare=(chosen, selection.values),
    )


def _export(request: Request, form: str) -> Response:
    filters, reader = read_filters(request), reader_of(request)
    selection = select_events(filters)
    check_rows(count_chosen(reader, filters, selection))
    tables = tuple(dict.fromkeys((*selection.tables, "articles")))
    days = reader.state().within(filters.first_day, filters.last_day).days
    table = make_table(filters, selection, days)
    with reader.open_long(filters.first_day, filters.last_day, tables) as connection:
        return send_export(connection, table, form, reader.scratch)
