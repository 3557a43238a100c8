"""What the tables of one batch tell that its receipt does not: examples, languages, copies.

Queries run over the views `articles`, `events`, `event_parties` and `rejects`, of which the column
`batch` names the batch of a row; those of other batches are left out.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, fields
from typing import Any, Final, TypeVar

import duckdb

from include.eventwire.event_words import describe_event
from include.eventwire.records import Event, EventParty

NEEDED: Final = ("articles", "events", "event_parties", "rejects")

_EXAMPLES_OF_A_REASON: Final = 3
_MOST_EVENTS: Final = 8
_MOST_NAMES: Final = 15
# Longer details are cut: a reject may quote a whole line of a file.
_MOST_CHARS: Final = 300

_REASONS: Final = """
    SELECT reason, stage, count(*) FROM rejects WHERE batch = $batch
    GROUP BY ALL ORDER BY count(*) DESC, reason, stage
"""
_REJECTS: Final = f"""
    SELECT reason, input_uri, record_number, left(detail, {_MOST_CHARS})
    FROM rejects WHERE batch = $batch
    QUALIFY row_number() OVER (PARTITION BY reason ORDER BY input_uri, record_number)
        <= {_EXAMPLES_OF_A_REASON}
    ORDER BY reason, input_uri, record_number
"""  # noqa: S608 - numbers that stand above
_LANGUAGES: Final = """
    SELECT coalesce(language, 'und'), count(*), count(n_tokens) FROM articles WHERE batch = $batch
    GROUP BY ALL ORDER BY 2 DESC, 1
"""
_PUBLISHERS: Final = """
    SELECT coalesce(publisher, 'not named'), count(*) FROM articles WHERE batch = $batch
    GROUP BY ALL ORDER BY 2 DESC, 1
"""
_FORMATS: Final = """
    SELECT input_format, count(*) FROM articles WHERE batch = $batch
    GROUP BY ALL ORDER BY 2 DESC, 1
"""
_DOUBTS: Final = """
    SELECT code, count(*) FROM (
        SELECT unnest(string_split(warnings, ',')) AS code FROM articles
        WHERE batch = $batch AND warnings IS NOT NULL)
    GROUP BY code ORDER BY 2 DESC, 1
"""
_COPIES: Final = """
    SELECT duplicate_kind, count(*), count(*) FILTER (cluster_id NOT IN
        (SELECT article_id FROM articles WHERE batch = $batch AND is_canonical))
    FROM articles WHERE batch = $batch AND NOT is_canonical GROUP BY ALL ORDER BY ALL
"""
_KNOWN: Final = """
    SELECT count(*), count(actor_codes), count(recipient_codes), count(event_date),
        count(place_text), count(place_country), count(latitude), avg(confidence)
    FROM events WHERE batch = $batch
"""
_TYPES: Final = """
    SELECT event_type, count(*), avg(confidence) FROM events WHERE batch = $batch
    GROUP BY ALL ORDER BY count(*) DESC, event_type
"""
_REALIS: Final = """
    SELECT realis, count(*) FROM events WHERE batch = $batch
    GROUP BY ALL ORDER BY count(*) DESC, realis
"""
# One event a type, of those that are known best; the same ones each time.
_EVENTS: Final = f"""
    SELECT * FROM events WHERE batch = $batch AND realis = 'asserted'
    QUALIFY row_number() OVER (
        PARTITION BY event_type
        ORDER BY (actor_codes IS NULL)::INT + (recipient_codes IS NULL)::INT
            + (event_date IS NULL)::INT + (place_text IS NULL)::INT,
            confidence DESC NULLS LAST, event_id
    ) = 1
    ORDER BY (actor_codes IS NULL) OR (recipient_codes IS NULL), event_type
    LIMIT {_MOST_EVENTS}
"""  # noqa: S608 - a number that stands above
_PARTIES: Final = """
    SELECT * FROM event_parties WHERE batch = $batch AND event_id IN (SELECT unnest($events))
    ORDER BY event_id, role, party_index
"""

Opener = AbstractContextManager[duckdb.DuckDBPyConnection]
T = TypeVar("T", Event, EventParty)


@dataclass(frozen=True, slots=True)
class RejectExample:
    """One input that did not become an article."""

    input_uri: str
    record_number: int | None
    detail: str


@dataclass(frozen=True, slots=True)
class Reason:
    """The rejects of one reason.

    Attributes:
        stages: Number of them by the stage that refused them.
        examples: The first of them, by file and record.
    """

    reason: str
    n_rejects: int
    stages: Mapping[str, int]
    examples: tuple[RejectExample, ...]


@dataclass(frozen=True, slots=True)
class Language:
    """The articles of one language.

    Attributes:
        n_coded: How many of them went through the coder.
    """

    code: str
    n_articles: int
    n_coded: int


@dataclass(frozen=True, slots=True)
class Copies:
    """The articles that are copies of others.

    Attributes:
        kind: "exact" or "near".
        n_of_earlier: How many of them are copies of an article of an earlier batch.
    """

    kind: str
    n_copies: int
    n_of_earlier: int


@dataclass(frozen=True, slots=True)
class Known:
    """Of how many events what is known.

    Attributes:
        countries: Events with the country of their place.
        coordinates: Events with coordinates.
        confidence: Mean confidence; None without events.
    """

    events: int
    actors: int
    recipients: int
    dates: int
    places: int
    countries: int
    coordinates: int
    confidence: float | None


@dataclass(frozen=True, slots=True)
class EventExample:
    """One event in words."""

    event_id: str
    article_id: str
    event_type: str
    words: str


@dataclass(frozen=True, slots=True)
class BatchTables:
    """What the tables of a batch tell.

    Attributes:
        reasons: Rejects by reason, the most frequent first.
        publishers: Number of articles by publisher, the largest first, not all of them.
        n_publishers: How many publishers there are.
        doubts: Number of articles by what was doubted or repaired in them.
        types: Number of events and their mean confidence by type.
        realis: Number of events by realis.
        examples: A few of the events.
    """

    reasons: tuple[Reason, ...]
    languages: tuple[Language, ...]
    publishers: Mapping[str, int]
    n_publishers: int
    formats: Mapping[str, int]
    doubts: Mapping[str, int]
    copies: tuple[Copies, ...]
    known: Known
    types: Mapping[str, tuple[int, float | None]]
    realis: Mapping[str, int]
    examples: tuple[EventExample, ...]


def read_batch_tables(connection: duckdb.DuckDBPyConnection, batch: str) -> BatchTables:
    """Return what the tables of a batch tell.

    Args:
        connection: Has the views `NEEDED`, of the day of the batch.
        batch: Name of the batch.
    """

    def fetch(sql: str) -> list[tuple[Any, ...]]:
        return connection.execute(sql, {"batch": batch}).fetchall()

    publishers = dict(fetch(_PUBLISHERS))
    return BatchTables(
        reasons=_read_reasons(fetch(_REASONS), fetch(_REJECTS)),
        languages=tuple(Language(*row) for row in fetch(_LANGUAGES)),
        publishers=dict([*publishers.items()][:_MOST_NAMES]),
        n_publishers=len(publishers),
        formats=dict(fetch(_FORMATS)),
        doubts=dict(fetch(_DOUBTS)),
        copies=tuple(Copies(*row) for row in fetch(_COPIES)),
        known=Known(*fetch(_KNOWN)[0]),
        types={kind: (n_events, mean) for kind, n_events, mean in fetch(_TYPES)},
        realis=dict(fetch(_REALIS)),
        examples=_read_examples(connection, batch),
    )


def _read_reasons(
    counted: list[tuple[str, str, int]], examples: list[tuple[str, str, int | None, str]]
) -> tuple[Reason, ...]:
    stages: dict[str, dict[str, int]] = {}
    for reason, stage, n_rejects in counted:
        stages.setdefault(reason, {})[stage] = n_rejects
    found = [
        Reason(
            reason,
            sum(by_stage.values()),
            by_stage,
            tuple(RejectExample(*row[1:]) for row in examples if row[0] == reason),
        )
        for reason, by_stage in stages.items()
    ]
    return tuple(sorted(found, key=lambda one: (-one.n_rejects, one.reason)))


def _read_examples(connection: duckdb.DuckDBPyConnection, batch: str) -> tuple[EventExample, ...]:
    events = _read_records(connection, _EVENTS, Event, batch=batch)
    ids = [event.event_id for event in events]
    parties = _read_records(connection, _PARTIES, EventParty, batch=batch, events=ids)
    return tuple(
        EventExample(
            event.event_id,
            event.article_id,
            event.event_type,
            describe_event(event, [one for one in parties if one.event_id == event.event_id]),
        )
        for event in events
    )


def _read_records(
    connection: duckdb.DuckDBPyConnection, sql: str, record: type[T], **values: object
) -> list[T]:
    """Return rows as records, without the columns that say where they stand."""
    found = connection.execute(sql, values)
    names = [column[0] for column in found.description or ()]
    wanted = {field.name for field in fields(record)}
    return [
        record(**{name: value for name, value in zip(names, row, strict=True) if name in wanted})
        for row in found.fetchall()
    ]
