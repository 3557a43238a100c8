"""Batches of earlier days with articles and their signatures, written as small lakes."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from include.eventwire.lake.layout import LakeLayout
from include.eventwire.lake.publishing import publish_tables
from include.eventwire.records import Article
from tests.lake_rows import DAY, make_article, make_batch, make_receipt, make_signature, stage_batch


def days_before(n: int) -> date:
    """Return the day so many days before that of the new batch."""
    return DAY - timedelta(days=n)


def article_of(article_id: str, text: str, cluster_id: str | None = None) -> Article:
    """Return an article of a cluster, by default its own."""
    return make_article(text, article_id=article_id, cluster_id=cluster_id or article_id)


def publish(
    layout: LakeLayout, day: date, *articles: Article, name: str = "daily", **changes: Any
) -> None:
    """Publish the articles and signatures of one batch, the signatures changed."""
    batch: dict[str, list[Any]] = {table: [] for table in make_batch()}
    batch["articles"] = list(articles)
    batch["signatures"] = [make_signature(article, **changes) for article in articles]
    staging = layout.create_staging_run(day, name, "run") / "tables"
    publish_tables(layout, day, name, stage_batch(staging, batch), make_receipt(name, day=day))
