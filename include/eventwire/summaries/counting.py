"""What several tables of summaries count alike."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from math import fsum

from include.eventwire.summaries.window import WindowArticle


def count_new(articles: Iterable[WindowArticle], day: date) -> int:
    """Return how many articles came in on `day` for the first time."""
    return sum(article.day == day for article in articles)


def count_publishers(articles: Iterable[WindowArticle]) -> int:
    """Return how many publishers the articles have; those that name none count as one."""
    return len({article.publisher for article in articles})


def count_independent(articles: Iterable[WindowArticle]) -> int:
    """Return how many publishers have an article that is no copy; one at least wrote it."""
    return max(1, count_publishers(row for row in articles if row.duplicate_kind is None))


def join(parts: Iterable[str]) -> str | None:
    """Return texts with commas between them, or None for none; a comma in one becomes a blank."""
    return ",".join(part.replace(",", " ") for part in parts) or None


def mean(values: Iterable[float | None]) -> float | None:
    """Return the mean of what is known, or None for nothing; the order does not matter."""
    known = [value for value in values if value is not None]
    return fsum(known) / len(known) if known else None
