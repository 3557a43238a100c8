"""Which clusters that the copies of a published batch belong to stand in the batches before it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Final

from include.eventwire.lake.layout import COMPACTED, LakeLayout
from include.eventwire.lake.locations import connect_duckdb
from include.eventwire.lake.parquet_files import exact_pattern

# Clusters that the batch has only copies of.
_FOREIGN_CLUSTERS: Final = """
    SELECT DISTINCT cluster_id FROM read_parquet($articles) WHERE NOT is_canonical
    AND cluster_id NOT IN (SELECT article_id FROM read_parquet($articles) WHERE is_canonical)
"""
_EARLIER_CLUSTERS: Final = f"""
    SELECT DISTINCT cluster_id FROM read_parquet($signatures, union_by_name = true)
    SEMI JOIN ({_FOREIGN_CLUSTERS}) USING (cluster_id)
"""  # noqa: S608 - made of what stands above


def find_earlier_clusters(
    layout: LakeLayout, articles: Path, compared: Iterable[Mapping[str, str]]
) -> frozenset[str]:
    """Return the clusters of which a batch has only copies, and which stand in earlier batches.

    Args:
        layout: The lake of the earlier batches.
        articles: Articles of the batch.
        compared: The earlier batches, as the receipt of the batch names them.
    """
    files = sorted({exact_pattern(path) for path in _signature_files(layout, compared)})
    if not files:
        return frozenset()
    with connect_duckdb(layout.root) as connection:
        values = {"articles": exact_pattern(articles), "signatures": files}
        found = connection.execute(_EARLIER_CLUSTERS, values)
        return frozenset(cluster_id for (cluster_id,) in found.fetchall())


def _signature_files(layout: LakeLayout, compared: Iterable[Mapping[str, str]]) -> Iterator[Path]:
    for named in compared:
        day, batch = date.fromisoformat(named["day"]), named["batch"]
        if layout.compacted_file(day, batch).exists():
            batch = COMPACTED
        path = layout.table_file("signatures", day, batch)
        if path.exists():
            yield path
