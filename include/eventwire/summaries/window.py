"""Reads what a day's summary is made of: the batches of the day and of some days before it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from include.eventwire.checks.batch_profile import SOURCE_SQL
from include.eventwire.lake.layout import BatchKey, LakeError, LakeLayout
from include.eventwire.lake.locations import (
    LostFileError,
    connect_duckdb,
    hash_file,
    on_this_machine,
)
from include.eventwire.lake.parquet_files import exact_pattern
from include.eventwire.lake.publishing import lock_batch
from include.eventwire.lake.receipts import read_receipt
from include.eventwire.maintenance.search import batch_order
from include.eventwire.summaries.parameters import StoryParameters
from include.eventwire.summaries.words import number_words, weigh_words

# The tables that summaries are made of; their hashes are kept in the receipt of a summary.
TABLES_READ: Final = ("articles", "events", "rejects")

_ROWS_AT_ONCE: Final = 1_000
_MEMORY_LIMIT: Final = "1GB"
# A word and what stands between it and the next: more than enough for nearly all texts.
_CHARS_OF_A_WORD: Final = 12

_ARTICLES: Final = f"""
    SELECT article_id, {SOURCE_SQL} AS source, publisher, headline, published_at,
        coalesce(cluster_id, article_id), duplicate_kind, n_tokens IS NOT NULL, n_chars,
        warnings IS NOT NULL, left(text, $n_chars)
    FROM read_parquet($path, union_by_name = true)
"""  # noqa: S608 - the name of a column of ours
_EVENTS: Final = """
    SELECT event_id, article_id, event_type, event_mode, quad_class, plover_score, realis,
        event_date, event_date_precision, place_name, place_country, actor_codes, recipient_codes,
        confidence, lower("trigger")
    FROM read_parquet($path)
"""
_REJECTS: Final = f"""
    SELECT {SOURCE_SQL} AS source, reason, count(*)
    FROM read_parquet($path) GROUP BY ALL ORDER BY ALL
"""  # noqa: S608 - the name of a column of ours

Words = tuple[npt.NDArray[np.uint32], npt.NDArray[np.float32]]


@dataclass(frozen=True, slots=True)
class WindowArticle:
    """What summaries need to know of an article.

    Attributes:
        day: Day of the first batch of the window that holds it.
        source: Folder of the landing area that it came from.
        cluster_id: Id of the article that it is a copy of; its own for one that is none.
        duplicate_kind: "exact" or "near" for a copy, else None.
        is_coded: Whether its events were looked for.
        has_warnings: Whether something of it was doubted.
    """

    article_id: str
    day: date
    source: str
    publisher: str | None
    headline: str | None
    published_at: datetime | None
    cluster_id: str
    duplicate_kind: str | None
    is_coded: bool
    n_chars: int
    has_warnings: bool

    @property
    def order(self) -> tuple[Any, ...]:
        """What articles are ordered by: when they came in, when they were published, their id."""
        published = self.published_at
        return (
            self.day,
            published is None,
            published.timestamp() if published else 0.0,
            self.article_id,
        )


@dataclass(frozen=True, slots=True)
class WindowEvent:
    """What summaries need to know of a coded event; see `schemas.EVENTS`."""

    event_id: str
    article_id: str
    event_type: str
    event_mode: str | None
    quad_class: str
    plover_score: float | None
    realis: str
    event_date: date | None
    event_date_precision: str | None
    place_name: str | None
    place_country: str | None
    actor_codes: str | None
    recipient_codes: str | None
    confidence: float | None
    trigger: str


@dataclass(frozen=True, slots=True)
class BatchInput:
    """One batch that a summary is made of.

    Attributes:
        sha256: Hash of each table that is read, from its receipt.
    """

    key: BatchKey
    sha256: Mapping[str, str]

    def to_json(self) -> dict[str, str]:
        """Return what a receipt says of it."""
        return {"day": self.key.day.isoformat(), "batch": self.key.batch, **self.sha256}


@dataclass(frozen=True, slots=True)
class Window:
    """The rows of the days that a summary is made of, articles that came in twice only once.

    Attributes:
        day: The day that is summarised, the last of the window.
        articles: In their order, by id.
        words: Words of each story as it was written, once for all its copies, by `cluster_id`.
        events: Of the articles, by id.
        rejects: Number of rejects of the day by source and reason.
        delivered: Articles as they stand in the first batch of the day, those too that came in on
            a day before already.
    """

    day: date
    articles: Mapping[str, WindowArticle]
    words: Mapping[str, Words]
    events: Mapping[str, WindowEvent]
    rejects: Mapping[tuple[str, str], int]
    delivered: Sequence[WindowArticle] = ()


def find_inputs(layout: LakeLayout, day: date, n_days: int) -> list[BatchInput]:
    """Return the complete batches of `day` and the days before it, in the order of their days.

    Args:
        layout: The lake.
        day: The last day.
        n_days: How many days, `day` among them.

    Raises:
        ReceiptError: A receipt cannot be read.
    """
    first = day - timedelta(days=n_days - 1)
    keys = [key for key, _ in layout.receipts() if first <= key.day <= day]
    return [_describe(layout, key) for key in sorted(keys, key=batch_order)]


def read_window(
    layout: LakeLayout, day: date, inputs: Sequence[BatchInput], parameters: StoryParameters
) -> Window:
    """Return the rows of `inputs`. Of texts only the weights of words are kept.

    Raises:
        LakeError: A batch was replaced meanwhile, or is damaged.
    """
    reader = _WindowReader(parameters)
    for batch in inputs:
        with lock_batch(layout, batch.key.day, batch.key.batch, shared=True):
            reader.read(layout, batch, is_last_day=batch.key.day == day)
    ordered = sorted(reader.articles.values(), key=lambda article: article.order)
    articles = {article.article_id: article for article in ordered}
    return Window(
        day,
        articles,
        reader.words,
        reader.events,
        reader.rejects,
        tuple(reader.delivered.values()),
    )


class _WindowReader:
    """Takes in batch after batch; of what stands in several the first one counts."""

    def __init__(self, parameters: StoryParameters) -> None:
        self._parameters = parameters
        self._n_chars = parameters.body_words * _CHARS_OF_A_WORD
        self.articles: dict[str, WindowArticle] = {}
        self.words: dict[str, Words] = {}
        self.events: dict[str, WindowEvent] = {}
        self.rejects: dict[tuple[str, str], int] = {}
        self.delivered: dict[str, WindowArticle] = {}

    def read(self, layout: LakeLayout, batch: BatchInput, *, is_last_day: bool) -> None:
        """Take in one batch, which the caller has locked."""
        newly_coded: set[str] = set()
        for found in _query(layout, batch, "articles", _ARTICLES, n_chars=self._n_chars):
            article_id, *fields, text = found
            article = WindowArticle(article_id, batch.key.day, *fields)
            if self._add_article(article):
                newly_coded.add(article.article_id)
            self._add_words(article, text)
            if is_last_day:
                self.delivered.setdefault(article.article_id, article)
        for row in _query(layout, batch, "events", _EVENTS):
            if row[1] in newly_coded:
                self.events[row[0]] = WindowEvent(*row)
        if is_last_day:
            for source, reason, n_rejects in _query(layout, batch, "rejects", _REJECTS):
                pair = source, reason
                self.rejects[pair] = self.rejects.get(pair, 0) + n_rejects

    def _add_article(self, article: WindowArticle) -> bool:
        """Take in an article; return whether its events are those of this batch."""
        known = self.articles.setdefault(article.article_id, article)
        if known is article or known.is_coded or not article.is_coded:
            return known is article and article.is_coded
        self.articles[article.article_id] = replace(known, is_coded=True)
        return True

    def _add_words(self, article: WindowArticle, text: str) -> None:
        """Keep the words of what stands for its copies: the canonical article, else the first."""
        cluster_id = self.articles[article.article_id].cluster_id
        if cluster_id in self.words and cluster_id != article.article_id:
            return
        weighed = weigh_words(article.headline, text, self._parameters)
        self.words[cluster_id] = number_words(weighed)


def _describe(layout: LakeLayout, key: BatchKey) -> BatchInput:
    tables = read_receipt(layout.receipt_file(key.day, key.batch)).tables
    return BatchInput(key, {table: tables[table].sha256 for table in TABLES_READ})


def _query(
    layout: LakeLayout, batch: BatchInput, table: str, sql: str, **values: int
) -> Iterator[tuple[Any, ...]]:
    """Yield the rows that `sql` gives for one table of a batch, in their order."""
    path = layout.table_file(table, batch.key.day, batch.key.batch)
    try:
        with on_this_machine(path) as here:
            if hash_file(here) != batch.sha256[table]:
                raise LakeError(
                    f"{path}: replaced while it was read, or damaged; summarise again, and if that "
                    "does not help verify the lake"
                )
            with connect_duckdb(memory_limit=_MEMORY_LIMIT) as connection:
                found = connection.execute(sql, {"path": exact_pattern(here), **values})
                while rows := found.fetchmany(_ROWS_AT_ONCE):
                    yield from rows
    except (FileNotFoundError, LostFileError) as error:
        raise LakeError(f"{path}: gone while it was read; summarise again") from error
