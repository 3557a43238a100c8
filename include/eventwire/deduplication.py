"""Which articles of a batch are copies of others. Nothing is dropped but the very same record."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime


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


def _publication_order(key: ArticleKey) -> tuple[bool, float]:
    published = key.published_at
    return published is None, published.timestamp() if published else 0.0
