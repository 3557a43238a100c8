"""Which events of the same articles were gained, lost and changed from one lake to another.

Of an article that stands in several batches of a lake, the one in which it was coded counts, of
several the last. Events are paired within their article: first those with the same id, then by the
words of their trigger and their type, then by the words of their trigger alone; of several that
would fit, in text order.
"""

# ruff: noqa: S608 - the queries are made of names that stand in this file
from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final, Literal

import duckdb

from include.eventwire.comparison.tables import (
    Receipts,
    connect,
    fetch_all,
    make_view,
    read_receipts,
)
from include.eventwire.lake.layout import BatchKey, LakeLayout
from include.eventwire.lake.lookup import Found, read_article
from include.eventwire.lake.receipts import Receipt
from include.eventwire.records import Event

Kind = Literal["gained", "lost", "changed"]

# What of an event is compared, as SQL; whatever else differs is no change (confidence, rule).
FIELDS: Final = {
    "event_type": "event_type",
    "event_mode": "event_mode",
    "realis": "realis",
    "actor_codes": "actor_codes",
    "recipient_codes": "recipient_codes",
    "event_date": "event_date::VARCHAR || ' ' || event_date_precision",
    "place": "coalesce(place_name, place_text) || coalesce(' ' || place_country, '')",
}
# What events are counted by, as SQL for the list of values that an event has.
_COUNTRIES: Final = (
    "list_distinct(list_transform(string_split(concat_ws('|', actor_codes, recipient_codes), '|'), "
    "lambda code: string_split(code, '.')[1]))"
)
DIMENSIONS: Final = {
    "event_type": "[event_type]",
    "event_mode": "[event_type || ' ' || event_mode]",
    "realis": "[realis]",
    "party_country": _COUNTRIES,
}

_SPAN: Final = "article_id, trigger_start_char, trigger_end_char"
_COLUMNS: Final = f"event_id, {_SPAN}, event_index, confidence, batch, " + ", ".join(
    f"{sql} AS {name}" for name, sql in FIELDS.items()
)


def _home(side: str) -> str:
    return (
        f"CREATE TABLE {side}_home AS SELECT article_id, "
        "arg_max(batch, (n_tokens IS NOT NULL, batch)) AS batch, "
        f"bool_or(n_tokens IS NOT NULL) AS is_coded FROM {side}_articles GROUP BY article_id"
    )


def _events(side: str, other: str) -> str:
    return (
        f"CREATE TABLE {side} AS SELECT {_COLUMNS} FROM {side}_events "
        f"SEMI JOIN {side}_home USING (article_id, batch) SEMI JOIN {other}_home USING (article_id)"
    )


def _pair(*keys: str) -> str:
    """Return SQL that pairs the events that have none yet and are alike in `keys`."""
    alike = ", ".join(keys)
    sides = (
        f"(SELECT *, row_number() OVER (PARTITION BY {alike} ORDER BY event_index) AS nth "
        f"FROM {side} ANTI JOIN pairs ON {side}.event_id = pairs.{side}_id) AS {side}_open"
        for side in "ab"
    )
    return (
        "INSERT INTO pairs SELECT a_open.event_id, b_open.event_id "
        f"FROM {' JOIN '.join(sides)} USING ({alike}, nth)"
    )


_FOUND: Final = (_home("a"), _home("b"), _events("a", "b"), _events("b", "a"))
_PAIRING: Final = (
    "CREATE TABLE pairs (a_id VARCHAR, b_id VARCHAR)",
    # Nearly all of them; ids are unique, so that no order need be made.
    "INSERT INTO pairs SELECT event_id, event_id FROM a JOIN b USING (article_id, event_id)",
    _pair(_SPAN, "event_type"),
    _pair(_SPAN),
)
_DIFFERING: Final = ", ".join(
    f"CASE WHEN a.{name} IS DISTINCT FROM b.{name} THEN '{name}' END" for name in FIELDS
)
_OUTCOMES: Final = (
    "CREATE TABLE lost AS FROM a ANTI JOIN pairs ON a.event_id = a_id",
    "CREATE TABLE gained AS FROM b ANTI JOIN pairs ON b.event_id = b_id",
    "CREATE TABLE changed AS SELECT a.*, b.event_id AS b_id, b.batch AS b_batch, "
    "b.event_type AS b_type, "
    f"list_filter([{_DIFFERING}], lambda name: name IS NOT NULL) AS fields "
    "FROM pairs JOIN a ON a.event_id = a_id JOIN b ON b.event_id = b_id WHERE len(fields) > 0",
)
_SETS: Final = ("a", "b", "gained", "lost", "changed")
_COUNT_ARTICLES: Final = """
    SELECT count(a.article_id), count(b.article_id), count(*) FILTER (a.article_id = b.article_id),
        count(*) FILTER (a.is_coded AND NOT b.is_coded),
        count(*) FILTER (b.is_coded AND NOT a.is_coded)
    FROM a_home AS a FULL JOIN b_home AS b USING (article_id)
"""
# Of each kind first the most frequent; ids are hashes, so that those chosen are any of them.
_CHOOSE: Final = """
    SELECT article_id, event_id, batch, {others} FROM {kind}
    ORDER BY row_number() OVER (PARTITION BY {by} ORDER BY event_id),
        count(*) OVER (PARTITION BY {by}) DESC, {by} LIMIT $most
"""
_CHOOSE_ONLY: Final = """
    SELECT article_id, batch FROM {side}_home ANTI JOIN {other}_home USING (article_id)
    ORDER BY article_id LIMIT $most
"""


@dataclass(frozen=True, slots=True)
class Counts:
    """Numbers of events; those that changed count by what they were in A."""

    a: int = 0
    b: int = 0
    gained: int = 0
    lost: int = 0
    changed: int = 0


@dataclass(frozen=True, slots=True)
class ArticleCounts:
    """Numbers of articles.

    Attributes:
        coded_only_a: Of those in both, how many were coded in A alone.
    """

    a: int
    b: int
    both: int
    coded_only_a: int
    coded_only_b: int


@dataclass(frozen=True, slots=True)
class Example:
    """One difference.

    Attributes:
        before: The event in A with its article; None for one that was gained.
        after: The event in B with its article; None for one that was lost.
        fields: What changed.
    """

    kind: Kind
    article_id: str
    before: tuple[Found, Event] | None
    after: tuple[Found, Event] | None
    fields: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class LakeDiff:
    """What differs between the lakes A and B.

    Attributes:
        versions_a: For each set of versions in A ("coder 0.1.0, lexicon ..., model ..."), the
            number of its batches.
        confidence_a: Mean confidence of the events in A; None without any.
        events: All events of articles that both lakes have.
        by: The same by type, mode, realis and country of the parties, the most first.
        fields: How many events changed in each field.
        moves: How many events changed from one type to another, the most first.
        only_a: Some articles that only A has: id and batch.
    """

    versions_a: Mapping[str, int]
    versions_b: Mapping[str, int]
    articles: ArticleCounts
    confidence_a: float | None
    confidence_b: float | None
    events: Counts
    by: Mapping[str, Mapping[str, Counts]]
    fields: Mapping[str, int]
    moves: tuple[tuple[str, str, int], ...]
    examples: tuple[Example, ...]
    only_a: tuple[tuple[str, str], ...]
    only_b: tuple[tuple[str, str], ...]


def compare_lakes(
    a: LakeLayout,
    b: LakeLayout,
    *,
    first_day: date | None = None,
    last_day: date | None = None,
    most_examples: int = 3,
) -> LakeDiff:
    """Return what differs between two lakes.

    Args:
        a: The lake of before.
        b: The lake of after.
        first_day: First day that is compared; None = the first there is.
        last_day: Last day that is compared; None = the last there is.
        most_examples: Most examples of each kind of difference.

    Raises:
        LakeError: A lake has no complete batch of these days.
        ReceiptError: A receipt cannot be read.
    """
    batches = [read_receipts(layout, first_day, last_day) for layout in (a, b)]
    with connect(a, b) as connection:
        for side, layout, receipts in zip("ab", (a, b), batches, strict=True):
            for table in ("articles", "events"):
                make_view(connection, f"{side}_{table}", layout, table, receipts)
        pair_events(connection)
        keys = {str(key): key for receipts in batches for key in receipts}
        return LakeDiff(
            versions_a=_count_versions(batches[0]),
            versions_b=_count_versions(batches[1]),
            articles=count_articles(connection),
            confidence_a=_mean_confidence(connection, "a"),
            confidence_b=_mean_confidence(connection, "b"),
            events=count_events(connection),
            by={name: _count_by(connection, sql) for name, sql in DIMENSIONS.items()},
            fields=count_fields(connection),
            moves=count_moves(connection),
            examples=tuple(_list_examples(connection, a, b, keys, most_examples)),
            only_a=_choose_only(connection, "a", "b", most_examples),
            only_b=_choose_only(connection, "b", "a", most_examples),
        )


def pair_events(connection: duckdb.DuckDBPyConnection) -> None:
    """Pair the events of the views `a_articles`, `a_events`, `b_articles` and `b_events`."""
    for statement in (*_FOUND, *_PAIRING, *_OUTCOMES):
        connection.execute(statement)


def count_articles(connection: duckdb.DuckDBPyConnection) -> ArticleCounts:
    """Return the numbers of articles, after `pair_events`."""
    return ArticleCounts(*fetch_all(connection, _COUNT_ARTICLES)[0])


def count_events(connection: duckdb.DuckDBPyConnection) -> Counts:
    """Return the numbers of events, after `pair_events`."""
    return Counts(*(_count(connection, name) for name in _SETS))


def count_fields(connection: duckdb.DuckDBPyConnection) -> dict[str, int]:
    """Return how many events changed in each field, after `pair_events`."""
    found = fetch_all(
        connection,
        "SELECT field, count(*) FROM (SELECT unnest(fields) AS field FROM changed) GROUP BY field",
    )
    counts = dict(found)
    return {name: int(counts[name]) for name in FIELDS if name in counts}


def count_moves(connection: duckdb.DuckDBPyConnection) -> tuple[tuple[str, str, int], ...]:
    """Return how many events changed from one type to another, the most first."""
    return tuple(
        (before, after, int(n_events))
        for before, after, n_events in fetch_all(
            connection,
            "SELECT event_type, b_type, count(*) FROM changed WHERE event_type <> b_type "
            "GROUP BY ALL ORDER BY count(*) DESC, event_type, b_type",
        )
    )


def name_versions(receipt: Receipt) -> str:
    """Return the versions that decide on the events of a batch, in words."""
    parts = (f"{name} {receipt.versions.get(name, '?')}" for name in ("coder", "lexicon", "model"))
    return ", ".join(parts)


def _count_versions(receipts: Receipts) -> dict[str, int]:
    return dict(sorted(Counter(map(name_versions, receipts.values())).items()))


def _mean_confidence(connection: duckdb.DuckDBPyConnection, side: str) -> float | None:
    ((mean,),) = fetch_all(connection, f"SELECT avg(confidence) FROM {side}")
    return None if mean is None else float(mean)


def _count(connection: duckdb.DuckDBPyConnection, name: str) -> int:
    ((n_rows,),) = fetch_all(connection, f"SELECT count(*) FROM {name}")
    return int(n_rows)


def _count_by(connection: duckdb.DuckDBPyConnection, sql: str) -> dict[str, Counts]:
    """Return counts by the values that `sql` makes of an event."""
    rows = " UNION ALL ".join(
        f"SELECT '{name}' AS name, unnest({sql}) AS value FROM {name}" for name in _SETS
    )
    counted = ", ".join(f"count(*) FILTER (name = '{name}')" for name in _SETS)
    found = fetch_all(
        connection,
        f"SELECT value, {counted} FROM ({rows}) WHERE value <> '' "
        "GROUP BY value ORDER BY count(*) FILTER (name = 'a') DESC, value",
    )
    return {value: Counts(*numbers) for value, *numbers in found}


def _list_examples(
    connection: duckdb.DuckDBPyConnection,
    a: LakeLayout,
    b: LakeLayout,
    keys: Mapping[str, BatchKey],
    most: int,
) -> Iterator[Example]:
    def find(layout: LakeLayout, batch: str, article_id: str, event_id: str) -> tuple[Found, Event]:
        found = read_article(layout, keys[batch], article_id)
        return found, next(one for one in found.coded.events if one.event_id == event_id)

    for article_id, event_id, batch, _ in _choose(connection, "gained", most):
        yield Example("gained", article_id, None, find(b, batch, article_id, event_id))
    for article_id, event_id, batch, _ in _choose(connection, "lost", most):
        yield Example("lost", article_id, find(a, batch, article_id, event_id), None)
    for article_id, event_id, batch, other in _choose(connection, "changed", most):
        b_id, b_batch, fields = other
        before, after = find(a, batch, article_id, event_id), find(b, b_batch, article_id, b_id)
        yield Example("changed", article_id, before, after, tuple(fields))


def _choose(connection: duckdb.DuckDBPyConnection, kind: Kind, most: int) -> list[tuple[Any, ...]]:
    is_changed = kind == "changed"
    sql = _CHOOSE.format(
        kind=kind,
        by="fields" if is_changed else "event_type",
        others="(b_id, b_batch, fields)" if is_changed else "NULL",
    )
    return fetch_all(connection, sql, most=most)


def _choose_only(
    connection: duckdb.DuckDBPyConnection, side: str, other: str, most: int
) -> tuple[tuple[str, str], ...]:
    sql = _CHOOSE_ONLY.format(side=side, other=other)
    return tuple((article_id, batch) for article_id, batch in fetch_all(connection, sql, most=most))
