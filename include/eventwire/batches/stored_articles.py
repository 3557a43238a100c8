"""The stored articles of a batch, cut into chunks to be coded again."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import compress
from pathlib import Path
from typing import Final, cast

from include.eventwire.batches.ingestion import MOST_CHUNK_CHARS
from include.eventwire.deduplication.signatures import make_signatures
from include.eventwire.lake.layout import BatchKey, LakeError, LakeLayout
from include.eventwire.lake.parquet_files import (
    concatenate_files,
    read_rows,
    write_rows,
)
from include.eventwire.lake.tombstones import Tombstones, reject_forgotten
from include.eventwire.records import Article, Reject, Signature

_LOGGER: Final = logging.getLogger(__name__)


def write_chunks(
    folder: Path, source: LakeLayout, key: BatchKey, most_rows: int, forgotten: Tombstones
) -> list[Reject]:
    """Write the chunks of a batch; return the rejects of articles that were forgotten.

    Args:
        folder: Where the chunks go.
        source: The lake that holds the batch.
        key: The batch.
        most_rows: Most articles of a chunk.
        forgotten: What must not come back.

    Raises:
        LakeError: The stored signatures are not those of the stored articles.
    """
    kept_out: list[Reject] = []
    path = source.table_file("articles", key.day, key.batch)
    articles = cast("Iterator[Article]", read_rows(path, "articles"))
    signatures = _read_signatures(source, key)
    for number, chunk in enumerate(_cut(articles, most_rows)):
        made = _sign(chunk, signatures)
        kept = [not forgotten.name(row.article_id, row.canonical_url) for row in chunk]
        articles_kept, signatures_kept = [*compress(chunk, kept)], [*compress(made, kept)]
        write_rows(folder / f"articles-{number:05d}.parquet", "articles", articles_kept)
        write_rows(folder / f"signatures-{number:05d}.parquet", "signatures", signatures_kept)
        kept_out += [
            reject_forgotten(row.input_uri, row.record_number)
            for row, is_kept in zip(chunk, kept, strict=True)
            if not is_kept
        ]
    return kept_out


def write_rejects(
    folder: Path, source: LakeLayout, key: BatchKey, kept_out: Sequence[Reject]
) -> None:
    """Write the rejects of a batch, and those of articles that are kept out now."""
    path = source.table_file("rejects", key.day, key.batch)
    concatenate_files([path], folder / "rejects-00000.parquet", "rejects")
    write_rows(folder / "rejects-00001.parquet", "rejects", kept_out)
    rejects = cast("Iterator[Reject]", read_rows(path, "rejects"))
    if n_lost := sum(reject.stage == "code" for reject in rejects):
        _LOGGER.warning(
            "%s: %d articles could not be coded when they came in and stay rejects: they are not "
            "in the lake; run the batch from its inputs to have them",
            key,
            n_lost,
        )


def _cut(articles: Iterable[Article], most_rows: int) -> Iterator[list[Article]]:
    chunk: list[Article] = []
    n_chars = 0
    for article in articles:
        chunk.append(article)
        n_chars += article.n_chars
        if len(chunk) >= most_rows or n_chars >= MOST_CHUNK_CHARS:
            yield chunk
            chunk, n_chars = [], 0
    if chunk:
        yield chunk


def _read_signatures(source: LakeLayout, key: BatchKey) -> Iterator[Signature] | None:
    path = source.table_file("signatures", key.day, key.batch)
    if not path.exists():
        return None  # the batch is from before there were any
    return cast("Iterator[Signature]", read_rows(path, "signatures"))


def _sign(articles: Sequence[Article], stored: Iterator[Signature] | None) -> list[Signature]:
    """Return the signatures of `articles`: the next of those stored, made where there are none."""
    if stored is None:
        return [
            replace(signature, cluster_id=article.cluster_id)
            for article, signature in zip(articles, make_signatures(articles), strict=True)
        ]
    signatures = [signature for _, signature in zip(articles, stored, strict=False)]
    if [row.article_id for row in signatures] != [row.article_id for row in articles]:
        raise LakeError(
            f"the signatures of {articles[0].article_id} and those after it are not those of the "
            "articles; verify the lake"
        )
    return signatures
