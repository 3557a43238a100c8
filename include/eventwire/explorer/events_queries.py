"""A page of the table of events: which ones, in what order, and what stands in each row."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from include.eventwire.explorer.filters import Selection
from include.eventwire.explorer.lake_reading import Connection
from include.eventwire.explorer.passages import Mark, Passage, cut_passage

PAGE_ROWS: Final = 25
# Pages far back cost as much as all before them; who wants all rows exports them.
MOST_PAGES: Final = 400

# What a table may be sorted by: name in the address, and SQL over the columns of `events`.
SORTS: Final[dict[str, str]] = {
    "day": "dt",
    "date": "event_date",
    "type": "event_type",
    "mode": "event_mode",
    "realis": "realis",
    "actor": "actor_codes",
    "recipient": "recipient_codes",
    "place": "place_country",
    "confidence": "confidence",
    "score": "plover_score",
}
ORDERS: Final = ("asc", "desc")
# What a row needs besides the events themselves.
ROW_TABLES: Final = ("events", "articles", "event_parties")
# What tells how often an event was reported.
REPORT_TABLES: Final = ("articles", "event_clusters")

# Columns of `events` that a row shows.
_EVENT_COLUMNS: Final = (
    "article_id", "event_type", "event_mode", "quad_class", "plover_score", "contexts", "realis",
    "event_date", "event_date_precision", "place_text", "place_name", "place_country",
    "attributed_to", "actor_codes", "recipient_codes", "confidence",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class EventKey:
    """Which row of `events` is meant: the same event may stand in several batches."""

    day: date
    batch: str
    event_id: str


@dataclass(frozen=True, slots=True)
class FoundEvent:
    """The rows of one event, columns by name."""

    key: EventKey
    event: Mapping[str, Any]
    article: Mapping[str, Any]
    parties: Sequence[Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class Reports:
    """How often an event was reported within the chosen days.

    Attributes:
        n_articles: Articles that report it, copies too.
        n_publishers: Publishers of these, each counted once.
        n_independent: Those of them with an article that is no copy of another one.
    """

    n_articles: int = 1
    n_publishers: int = 1
    n_independent: int = 1


@dataclass(frozen=True, slots=True)
class EventRow:
    """One event as the table shows it.

    Attributes:
        passage: Its sentence with the words marked.
        reports: How often it was reported.
    """

    key: EventKey
    article_id: str
    event_type: str
    event_mode: str | None
    quad_class: str
    plover_score: float | None
    contexts: str | None
    realis: str
    event_date: date | None
    event_date_precision: str | None
    place_text: str | None
    place_name: str | None
    place_country: str | None
    attributed_to: str | None
    actor_codes: str | None
    recipient_codes: str | None
    confidence: float | None
    publisher: str | None
    headline: str | None
    url: str | None
    passage: Passage
    reports: Reports

    @property
    def date_told(self) -> str:
        """The date as far as it is known: "2018-04"; empty when it is not."""
        if self.event_date is None:
            return ""
        length = {"year": 4, "month": 7}.get(self.event_date_precision or "day", 10)
        return self.event_date.isoformat()[:length]


def count_events(connection: Connection, selection: Selection) -> int:
    """Return how many events are chosen."""
    row = connection.execute(selection.count_sql, selection.values).fetchone()
    return int(row[0]) if row else 0


def find_first(
    connection: Connection, selection: Selection, *, sort: str, order: str, most: int
) -> list[EventKey]:
    """Return the first events of the table, in its order.

    Of several reports of an event that are folded, the first one in this order stands for it.

    Args:
        connection: Has the views that the selection needs.
        selection: The chosen events.
        sort: A name of `SORTS`.
        order: One of `ORDERS`; rows without a value come last either way.
        most: How many are returned at most; fewer mean that there are no more.
    """
    n_reports = 2 * most if selection.is_folded else most
    while True:
        reports = _find_reports(connection, selection, sort, order, n_reports)
        events = _fold(connection, reports) if selection.is_folded else reports
        if len(events) >= most or len(reports) < n_reports:
            return events[:most]
        n_reports *= 4


def read_found(connection: Connection, keys: Sequence[EventKey]) -> list[FoundEvent]:
    """Return the rows of the events, of their articles and of their parties, in order of `keys`.

    Args:
        connection: Has the views `ROW_TABLES`, of at least the days of `keys`.
        keys: The events.
    """
    ids = [key.event_id for key in keys]
    events = {_key(row): row for row in _select(connection, "events", "event_id", ids, keys)}
    article_ids = sorted({row["article_id"] for row in events.values()})
    columns = "dt, batch, article_id, publisher, headline, url, cluster_id, text"
    articles = {
        (row["dt"], row["batch"], row["article_id"]): row
        for row in _select(connection, "articles", "article_id", article_ids, keys, columns=columns)
    }
    parties: dict[EventKey, list[Mapping[str, Any]]] = {}
    for row in _select(connection, "event_parties", "event_id", ids, keys):
        parties.setdefault(_key(row), []).append(row)
    return [
        FoundEvent(
            key,
            events[key],
            articles[key.day, key.batch, events[key]["article_id"]],
            parties.get(key, ()),
        )
        for key in keys
    ]


def count_reports(connection: Connection, found: Sequence[FoundEvent]) -> dict[str, Reports]:
    """Return how often each of the events was reported, by event_id.

    Args:
        connection: Has the views `REPORT_TABLES`, of the days that reports are counted of.
        found: The events.
    """
    copies = _count_copies(connection, sorted({one.article["cluster_id"] for one in found}))
    summarised = _count_summarised(connection, [one.key.event_id for one in found])
    return {
        one.key.event_id: summarised.get(one.key.event_id)
        or copies.get(one.article["cluster_id"], Reports())
        for one in found
    }


def make_row(found: FoundEvent, reports: Mapping[str, Reports]) -> EventRow:
    """Return an event as the table shows it."""
    return EventRow(
        key=found.key,
        **{name: found.event[name] for name in _EVENT_COLUMNS},
        publisher=found.article["publisher"],
        headline=found.article["headline"],
        url=found.article["url"],
        passage=cut_passage(found.article["text"], _list_marks(found.event, found.parties)),
        reports=reports[found.key.event_id],
    )


def list_publishers(connection: Connection, most: int = 500) -> list[str]:
    """Return the publishers of the view `articles`, those with most articles first."""
    rows = connection.execute(
        "SELECT publisher FROM articles WHERE publisher IS NOT NULL "
        "GROUP BY publisher ORDER BY count(*) DESC, publisher LIMIT $most",
        {"most": most},
    ).fetchall()
    return [publisher for (publisher,) in rows]


def _find_reports(
    connection: Connection, selection: Selection, sort: str, order: str, most: int
) -> list[EventKey]:
    direction = {"asc": "ASC", "desc": "DESC"}[order]
    rows = connection.execute(
        f"SELECT dt, batch, event_id FROM ({selection.reports}) "  # noqa: S608 - names from fixed lists
        f"ORDER BY {SORTS[sort]} {direction} NULLS LAST, dt DESC, article_id, event_index, batch "
        "LIMIT $most",
        {**selection.values, "most": most},
    ).fetchall()
    return [EventKey(*row) for row in rows]


def _fold(connection: Connection, reports: Sequence[EventKey]) -> list[EventKey]:
    """Return the first report of each event."""
    days, named = _name_days(reports)
    rows = connection.execute(
        "SELECT dt, event_id, event_cluster_id FROM (SELECT dt, event_cluster_id, "  # noqa: S608 - names are ours
        "unnest(string_split(event_ids, ',')) AS event_id FROM event_clusters "
        f"WHERE dt IN ({days}) AND contains(event_ids, ',')) "
        "WHERE event_id IN (SELECT unnest($event_ids))",
        {**named, "event_ids": [key.event_id for key in reports]},
    ).fetchall()
    clusters = {(day, event_id): cluster for day, event_id, cluster in rows}
    first: dict[str, EventKey] = {}
    for key in reports:
        first.setdefault(clusters.get((key.day, key.event_id), key.event_id), key)
    return list(first.values())


def _key(row: Mapping[str, Any]) -> EventKey:
    return EventKey(row["dt"], row["batch"], row["event_id"])


def _name_days(keys: Iterable[EventKey]) -> tuple[str, dict[str, date]]:
    """Return the days as parameters: single values, so that files of others are not opened."""
    days = sorted({key.day for key in keys})
    named = {f"day_{number}": day for number, day in enumerate(days)}
    return ", ".join(f"${name}" for name in named) or "NULL", named


def _select(
    connection: Connection,
    view: str,
    column: str,
    values: Sequence[str],
    keys: Sequence[EventKey],
    *,
    columns: str = "*",
) -> list[dict[str, Any]]:
    listed, named = _name_days(keys)
    found = connection.execute(
        f"SELECT {columns} FROM {view} WHERE dt IN ({listed}) "  # noqa: S608 - names are ours
        f"AND {column} IN (SELECT unnest($values))",
        {**named, "values": list(values)},
    )
    names = [described[0] for described in found.description or ()]
    return [dict(zip(names, row, strict=True)) for row in found.fetchall()]


def _count_copies(connection: Connection, clusters: Sequence[str]) -> dict[str, Reports]:
    """Return the articles of each cluster of copies, by `cluster_id`; one of them is none."""
    rows = connection.execute(
        "SELECT cluster_id, count(DISTINCT article_id), count(DISTINCT publisher) FROM articles "
        "WHERE cluster_id IN (SELECT unnest($clusters)) GROUP BY cluster_id",
        {"clusters": list(clusters)},
    ).fetchall()
    return {
        cluster: Reports(n_articles, n_publishers) for cluster, n_articles, n_publishers in rows
    }


def _count_summarised(connection: Connection, event_ids: Sequence[str]) -> dict[str, Reports]:
    """Return the reports of each event that was summarised, as of the last day that tells them."""
    rows = connection.execute(
        "SELECT event_id, arg_max((n_reports, n_publishers, n_independent_publishers), dt) FROM "
        "(SELECT dt, unnest(string_split(event_ids, ',')) AS event_id, n_reports, n_publishers, "
        "n_independent_publishers FROM event_clusters) "
        "WHERE event_id IN (SELECT unnest($event_ids)) GROUP BY event_id",
        {"event_ids": list(event_ids)},
    ).fetchall()
    return {event_id: Reports(*counts) for event_id, counts in rows}


def _list_marks(event: Mapping[str, Any], parties: Iterable[Mapping[str, Any]]) -> list[Mark]:
    marks = [Mark(event["trigger_start_char"], event["trigger_end_char"], "trigger")]
    if event["place_start_char"] is not None and event["place_end_char"] is not None:
        marks.append(Mark(event["place_start_char"], event["place_end_char"], "place"))
    marks += [Mark(party["start_char"], party["end_char"], party["role"]) for party in parties]
    return marks
