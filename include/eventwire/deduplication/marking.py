"""Writes what was found of copies into the articles and signatures of a batch."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Final

from include.eventwire.batches.staging import read_json, write_json
from include.eventwire.deduplication.clusters import Duplicates
from include.eventwire.deduplication.earlier_copies import Copy
from include.eventwire.records import Article, Reject, Signature

_FILE_NAME: Final = "duplicates.json"


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
        copy = found.copies.get(article.article_id)
        kept.append(
            replace(
                article,
                cluster_id=copy.cluster_id if copy else article.article_id,
                is_canonical=copy is None,
                duplicate_kind=copy.kind if copy else None,
            )
        )
    return kept, rejects


def mark_signatures(
    signatures: Iterable[Signature], articles: Iterable[Article]
) -> list[Signature]:
    """Return the signatures of `articles`, each with the cluster of its article, in their order.

    Args:
        signatures: Those of the chunk that the articles are of, repeated records included.
        articles: What became of the chunk after coding.
    """
    made: Mapping[str, Signature] = {signature.article_id: signature for signature in signatures}
    return [
        replace(made[article.article_id], cluster_id=article.cluster_id) for article in articles
    ]


def is_found(staging: Path) -> bool:
    """Return whether the copies of a batch are known already."""
    return (staging / _FILE_NAME).exists()


def write_duplicates(staging: Path, found: Duplicates) -> None:
    """Keep what was found, for `read_duplicates`."""
    content = {
        "repeated": [[chunk, row, where] for (chunk, row), where in found.repeated.items()],
        "copies": [[key, copy.cluster_id, copy.kind] for key, copy in found.copies.items()],
        "earlier_clusters": sorted(found.earlier_clusters),
    }
    write_json(staging / _FILE_NAME, content)


def read_duplicates(staging: Path) -> Duplicates:
    """Return what `write_duplicates` kept."""
    content = read_json(staging / _FILE_NAME)
    return Duplicates(
        {(chunk, row): where for chunk, row, where in content["repeated"]},
        {key: Copy(cluster_id, kind) for key, cluster_id, kind in content["copies"]},
        frozenset(content["earlier_clusters"]),
    )


def _reject_repeated(article: Article, where: str) -> Reject:
    return Reject(
        input_uri=article.input_uri,
        record_number=article.record_number,
        stage="deduplicate",
        reason="duplicate_article",
        detail=f"the same record stands in {where}; nothing is lost by leaving this one out",
    )
