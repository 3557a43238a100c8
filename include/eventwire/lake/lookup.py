"""Finds one article or event of a lake by its id, or by the beginning of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import pyarrow.parquet as pq

from include.eventwire.lake.layout import BatchKey, LakeError, LakeLayout
from include.eventwire.lake.locations import arrow_place, connect_duckdb
from include.eventwire.lake.parquet_files import RECORD_TYPES, file_schema
from include.eventwire.records import CodedArticle, Event, EventParty

_MOST_NAMED: Final = 5


class NotFoundError(ValueError):
    """An id names nothing in the lake, or the beginning of one fits several."""


@dataclass(frozen=True, slots=True)
class Found:
    """An article with all that was found in it.

    Attributes:
        key: The batch that it was taken from: of those that have it the latest in which it is no
            copy, since copies are not coded; else the latest.
        coded: The article, its mentions, events and parties.
        others: Further batches that have it.
    """

    key: BatchKey
    coded: CodedArticle
    others: tuple[BatchKey, ...] = ()

    def parties_of(self, event: Event) -> list[EventParty]:
        """Return the parties of one of the article's events, actors first."""
        return [party for party in self.coded.event_parties if party.event_id == event.event_id]


def find_article(layout: LakeLayout, article_id: str) -> Found:
    """Return the article whose id is `article_id` or begins with it.

    Raises:
        NotFoundError: No article has such an id, or several have.
        LakeError: There is no lake.
    """
    found_id, keys = _locate(layout, "articles", "article_id", article_id)
    chosen = max(keys, key=lambda key: (_is_canonical(layout, key, found_id), key))
    return read_article(layout, chosen, found_id, tuple(key for key in keys if key != chosen))


def find_event(layout: LakeLayout, event_id: str) -> tuple[Found, Event]:
    """Return the event whose id is `event_id` or begins with it, and its article.

    Raises:
        NotFoundError: No event has such an id, or several have.
        LakeError: There is no lake.
    """
    found_id, keys = _locate(layout, "events", "event_id", event_id)
    (row,) = _read_rows(layout, keys[-1], "events", "event_id", found_id)
    found = read_article(layout, keys[-1], row.article_id, keys[:-1])
    return found, next(event for event in found.coded.events if event.event_id == found_id)


def _locate(
    layout: LakeLayout, table: str, column: str, beginning: str
) -> tuple[str, tuple[BatchKey, ...]]:
    """Return the one id that begins so and the batches that have it, by day and name."""
    keys = {str(path): key for key, path in layout.published_files(table)}
    if not keys:
        raise LakeError(f"{layout.root}: no lake with {table} there; name the folder of the tables")
    with connect_duckdb(layout.root) as connection:
        rows = connection.execute(
            f"SELECT DISTINCT {column}, filename FROM read_parquet($paths, filename = true, "  # noqa: S608 - names of columns are ours
            f"union_by_name = true) WHERE starts_with({column}, $beginning) ORDER BY ALL",
            {"paths": list(keys), "beginning": beginning.lower()},
        ).fetchall()
    ids = sorted({found_id for found_id, _ in rows})
    if not ids:
        raise NotFoundError(
            f"{layout.root}: {table} have no {column} that is or begins with {beginning!r}"
        )
    if beginning in ids:
        ids = [beginning]
    if len(ids) > 1:
        shown = ", ".join(ids[:_MOST_NAMED]) + (" ..." if len(ids) > _MOST_NAMED else "")
        raise NotFoundError(f"{beginning!r} begins {len(ids)} ids; write more of one of: {shown}")
    return ids[0], tuple(sorted(keys[filename] for found, filename in rows if found == ids[0]))


def _is_canonical(layout: LakeLayout, key: BatchKey, article_id: str) -> bool:
    rows = _read_rows(layout, key, "articles", "article_id", article_id)
    return any(article.is_canonical for article in rows)


def read_article(
    layout: LakeLayout, key: BatchKey, article_id: str, others: tuple[BatchKey, ...] = ()
) -> Found:
    """Return an article as it stands in one batch.

    Args:
        layout: The lake.
        key: The batch.
        article_id: Id of the article, all of it.
        others: Further batches that have it.

    Raises:
        LakeError: The batch has no such article.
    """

    def rows(table: str) -> tuple[Any, ...]:
        return _read_rows(layout, key, table, "article_id", article_id)

    articles = rows("articles")
    if not articles:
        raise LakeError(f"{layout.root}: {key} has no article {article_id}; verify the lake")
    coded = CodedArticle(articles[0], rows("mentions"), rows("events"), rows("event_parties"))
    return Found(key, coded, others)


def _read_rows(
    layout: LakeLayout, key: BatchKey, table: str, column: str, value: str
) -> tuple[Any, ...]:
    path, filesystem = arrow_place(layout.table_file(table, key.day, key.batch))
    # The schema fills columns that are newer than the file with nulls.
    found = pq.read_table(
        path,
        schema=file_schema(table),
        filters=[(column, "=", value)],
        partitioning=None,
        filesystem=filesystem,
    )
    return tuple(RECORD_TYPES[table](**row) for row in found.to_pylist())
