"""Which article stands for a cluster from which the canonical one was taken."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

import numpy as np

from include.eventwire.deduplication.clusters import Sketches, find_heads
from include.eventwire.deduplication.earlier_copies import Copy
from include.eventwire.deduplication.signatures import BAND_COLUMNS, SPEC, decode_signatures
from include.eventwire.lake.layout import BatchKey, LakeLayout
from include.eventwire.lake.parquet_files import read_matching
from include.eventwire.maintenance.search import Occurrence, batch_order

_COLUMNS: Final = ["article_id", "normalised_sha256", "signature", *SPEC, *BAND_COLUMNS]
_Clusters = dict[BatchKey, dict[str, Copy | None]]


def choose_clusters(layout: LakeLayout, members: Sequence[Occurrence]) -> _Clusters:
    """Return for each batch what its articles become copies of; None = they become canonical.

    The copies of a forgotten article are compared as those of a new day are: the earliest becomes
    canonical, in the order of the batches, then of publication; one that is like none before it
    becomes canonical as well.

    Args:
        layout: The lake.
        members: The copies, from `search.find_articles`, all of clusters that lost their canonical
            article.
    """
    clusters: _Clusters = {}
    for cluster_id in sorted({str(member.cluster_id) for member in members}):
        of_cluster = [member for member in members if member.cluster_id == cluster_id]
        _assign(layout, sorted(of_cluster, key=_order), clusters)
    return clusters


def _assign(layout: LakeLayout, members: Sequence[Occurrence], clusters: _Clusters) -> None:
    signatures = _read_signatures(layout, members)
    texts = {
        key: row["normalised_sha256"] if (row := signatures.get(key)) else key
        for key in (member.article_id for member in members)
    }
    heads = find_heads([*dict.fromkeys(texts.values())], _make_sketches(signatures.values()))
    first: dict[str, Occurrence] = {}
    for member in members:
        text = texts[member.article_id]
        canonical = first.setdefault(heads[text], member)
        kind = "exact" if text == heads[text] else "near"
        copy = None if canonical is member else Copy(canonical.article_id, kind)
        clusters.setdefault(member.key, {})[member.article_id] = copy


def _read_signatures(
    layout: LakeLayout, members: Sequence[Occurrence]
) -> dict[str, Mapping[str, Any]]:
    """Return the rows of signatures, without those of before there were any."""
    ids = {member.article_id for member in members}
    found: dict[str, Mapping[str, Any]] = {}
    for key in {member.key for member in members}:
        path = layout.table_file("signatures", key.day, key.batch)
        if path.exists():
            rows = read_matching(path, "signatures", ids, _COLUMNS).to_pylist()
            found |= {row["article_id"]: row for row in rows}
    return found


def _make_sketches(signatures: Any) -> Sketches:
    """Return the sketches of the texts that have a signature of today's kind."""
    rows = {
        row["normalised_sha256"]: row
        for row in signatures
        if row["signature"] and all(row[name] == value for name, value in SPEC.items())
    }
    bands = [[row[name] for name in BAND_COLUMNS] for row in rows.values()]
    return Sketches(
        {text: number for number, text in enumerate(rows)},
        decode_signatures([row["signature"] for row in rows.values()]),
        np.array(bands, np.int32).reshape(len(rows), len(BAND_COLUMNS)),
    )


def _order(member: Occurrence) -> tuple[Any, ...]:
    published = member.published_at
    undated = published is None, published.timestamp() if published else 0.0
    return (*batch_order(member.key), *undated, member.row)
