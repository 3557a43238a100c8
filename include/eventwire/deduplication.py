"""Which articles of a batch are copies of others. Nothing is dropped but the very same record."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Final

from pyarrow.parquet import ParquetFile

from include.eventwire.records import Article, Reject
from include.eventwire.staging import chunk_file, read_json, write_json

_FILE_NAME: Final = "duplicates.json"
_KEY_COLUMNS: Final = ["article_id", "text_sha256", "published_at", "input_uri", "record_number"]


@dataclass(frozen=True, slots=True)
class ArticleKey:
    """What de-duplication needs to know of an article.

    Attributes:
        chunk: Chunk that holds the article.
        row: 0-based row within the chunk.
        where: Input and record, for messages: "wire/a.jsonl record 3".
    """

    chunk: str
    row: int
    article_id: str
    text_sha256: str
    published_at: datetime | None
    where: str


@dataclass(frozen=True, slots=True)
class Duplicates:
    """What was found.

    Attributes:
        repeated: (chunk, row) of each record that stood in the batch before, with the place of
            the first.
        canonical_ids: For each article that is an exact copy, the article that stands for it.
    """

    repeated: dict[tuple[str, int], str]
    canonical_ids: dict[str, str]


def find_duplicates(keys: Iterable[ArticleKey]) -> Duplicates:
    """Return the repeated records and the exact copies among `keys`.

    Of several articles with the same text the earliest published is the canonical one; articles
    without a date come last, and the order of the input decides between equals.

    Args:
        keys: All articles of the batch, in the order of the plan.
    """
    first: dict[str, ArticleKey] = {}
    repeated: dict[tuple[str, int], str] = {}
    for key in keys:
        if key.article_id in first:
            repeated[key.chunk, key.row] = first[key.article_id].where
        else:
            first[key.article_id] = key
    by_text: dict[str, list[ArticleKey]] = {}
    for key in first.values():
        by_text.setdefault(key.text_sha256, []).append(key)
    canonical_ids: dict[str, str] = {}
    for copies in by_text.values():
        # `min` takes the first of equals, which is the first in the plan.
        canonical = min(copies, key=_publication_order)
        canonical_ids |= {
            copy.article_id: canonical.article_id for copy in copies if copy is not canonical
        }
    return Duplicates(repeated, canonical_ids)


def mark_copies(
    articles: Iterable[Article], chunk: str, found: Duplicates
) -> tuple[list[Article], list[Reject]]:
    """Return the articles, each with its cluster, and a reject for each repeated record.

    Args:
        articles: The articles of `chunk`, all of them in their order.
        chunk: Name of the chunk.
        found: What was found in the whole batch.
    """
    kept: list[Article] = []
    rejects: list[Reject] = []
    for row, article in enumerate(articles):
        if (where := found.repeated.get((chunk, row))) is not None:
            rejects.append(_reject_repeated(article, where))
            continue
        canonical_id = found.canonical_ids.get(article.article_id)
        kept.append(
            replace(
                article,
                cluster_id=canonical_id or article.article_id,
                is_canonical=canonical_id is None,
                duplicate_kind="exact" if canonical_id else None,
            )
        )
    return kept, rejects


def read_keys(staging: Path, chunks: Sequence[str]) -> Iterator[ArticleKey]:
    """Yield the keys of the articles in `chunks`, in their order."""
    for chunk in chunks:
        with ParquetFile(chunk_file(staging, chunk)) as file:
            rows = file.read(columns=_KEY_COLUMNS).to_pylist()
        for number, row in enumerate(rows):
            where = f"{row.pop('input_uri')} record {row.pop('record_number')}"
            yield ArticleKey(chunk=chunk, row=number, where=where, **row)


def write_duplicates(staging: Path, found: Duplicates) -> None:
    """Keep what was found, for `read_duplicates`."""
    repeated = [[chunk, row, where] for (chunk, row), where in found.repeated.items()]
    write_json(staging / _FILE_NAME, {"repeated": repeated, "canonical_ids": found.canonical_ids})


def read_duplicates(staging: Path) -> Duplicates:
    """Return what `write_duplicates` kept."""
    content = read_json(staging / _FILE_NAME)
    repeated = {(chunk, row): where for chunk, row, where in content["repeated"]}
    return Duplicates(repeated, content["canonical_ids"])


def _reject_repeated(article: Article, where: str) -> Reject:
    return Reject(
        input_uri=article.input_uri,
        record_number=article.record_number,
        stage="deduplicate",
        reason="duplicate_article",
        detail=f"the same record stands in {where}; nothing is lost by leaving this one out",
    )


def _publication_order(key: ArticleKey) -> tuple[bool, float]:
    published = key.published_at
    return published is None, published.timestamp() if published else 0.0
