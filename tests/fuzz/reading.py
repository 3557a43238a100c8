"""Reads bytes as a file of a format and checks that all that comes out can be stored."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from include.eventwire.inputs.selection import InputFile
from include.eventwire.inputs.sources import SourceProfile
from include.eventwire.lake.parquet_files import write_rows
from include.eventwire.readers import read_articles
from include.eventwire.readers.raw import ReadContext
from include.eventwire.records import Article, Reject
from include.eventwire.schemas import REJECT_REASONS, REJECT_STAGES
from include.eventwire.settings import Settings

NOT_AFTER = datetime(2026, 1, 1, tzinfo=UTC)
SUFFIXES = {"parquet": ".parquet", "tar": ".tar", "zip": ".zip"}


def read_bytes(
    data: bytes, format_: str, folder: Path, settings: Settings | None = None
) -> list[Article | Reject]:
    """Return the articles and rejects of `data`, written to `folder` for the time of reading."""
    # Whether it is compressed is told by the first bytes only where the name does not say it.
    is_gzip = data.startswith(b"\x1f\x8b")
    path = folder / f"input{SUFFIXES.get(format_, '')}{'.gz' if is_gzip else ''}"
    path.write_bytes(data)
    file = InputFile(path, path.name, len(data), format_)
    context = ReadContext(file, SourceProfile(), settings or Settings(), NOT_AFTER)
    results = list(read_articles(context))
    path.unlink()
    return results


def check(results: Sequence[Article | Reject], folder: Path) -> None:
    """Fail when a result is neither an article nor a reject that tables hold.

    Raises:
        AssertionError: A reject is without a known reason or a sentence, or tells of an error
            that nobody foresaw.
        Exception: A row cannot be written.
    """
    articles = [result for result in results if isinstance(result, Article)]
    rejects = [result for result in results if isinstance(result, Reject)]
    assert len(articles) + len(rejects) == len(results)
    for reject in rejects:
        assert reject.reason in REJECT_REASONS, reject
        assert reject.stage in REJECT_STAGES, reject
        assert reject.reason != "unexpected_error", reject
        assert len(reject.detail) > 10, reject
        assert len(reject.detail) < 2_000, reject
    for article in articles:
        assert article.text.strip(), article
        assert article.n_chars == len(article.text)
    for table, rows in (("articles", articles), ("rejects", rejects)):
        if rows:
            path = folder / f"{table}.parquet"
            write_rows(path, table, rows)
            path.unlink()
