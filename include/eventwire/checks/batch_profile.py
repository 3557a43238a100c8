"""What a batch is made of, in few numbers: its sources and its types of events.

The receipt keeps them, so that a day can be compared with those before it without reading tables.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Final

from include.eventwire.lake.locations import connect_duckdb
from include.eventwire.lake.parquet_files import exact_pattern

# Where an input lies that did not come in by the landing area.
ELSEWHERE: Final = "elsewhere"

# The landing area is laid out as <source>/dt=YYYY-MM-DD/..., and a file in it is called by that.
SOURCE_SQL: Final = (
    "coalesce(nullif(regexp_extract(input_uri, '^([^/]+)/dt=\\d{4}-\\d\\d-\\d\\d(?:/|$)', 1), ''), "
    f"'{ELSEWHERE}')"
)
_COUNT_ARTICLES: Final = (
    f"SELECT {SOURCE_SQL} AS source, count(*), count(*) FILTER (published_at IS NULL) "  # noqa: S608
    "FROM read_parquet($path) GROUP BY source ORDER BY source"
)
_COUNT_REJECTS: Final = (
    f"SELECT {SOURCE_SQL} AS source, reason, count(*) "  # noqa: S608
    "FROM read_parquet($path) GROUP BY source, reason ORDER BY source, reason"
)
_COUNT_TYPES: Final = (
    "SELECT event_type, count(*) FROM read_parquet($path) GROUP BY event_type ORDER BY event_type"
)


@dataclass(frozen=True, slots=True)
class SourceCounts:
    """What one source delivered.

    Attributes:
        articles: Number of articles, copies among them.
        undated: How many of these have no time of publication.
        rejects: Number of rejects by reason.
    """

    articles: int = 0
    undated: int = 0
    rejects: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class BatchProfile:
    """Counts of a batch.

    Attributes:
        sources: By the name of the source's folder in the landing area; `ELSEWHERE` for inputs that
            lie elsewhere.
        event_types: Number of events by PLOVER type.
    """

    sources: Mapping[str, SourceCounts] = field(default_factory=dict)
    event_types: Mapping[str, int] = field(default_factory=dict)

    def to_json(self) -> dict[str, Any]:
        """Return the profile as values that JSON has."""
        return asdict(self)

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> BatchProfile:
        """Return the profile that `to_json` gave."""
        sources = {name: SourceCounts(**counts) for name, counts in data["sources"].items()}
        return cls(sources, data["event_types"])


def measure_batch(tables: Mapping[str, Path]) -> BatchProfile:
    """Return the counts of a batch. Only the few columns that they need are read.

    Args:
        tables: File of each table, on this machine.
    """
    with connect_duckdb() as connection:

        def query(sql: str, table: str) -> list[tuple[Any, ...]]:
            return connection.execute(sql, {"path": exact_pattern(tables[table])}).fetchall()

        articles = {
            str(name): (int(n_articles), int(n_undated))
            for name, n_articles, n_undated in query(_COUNT_ARTICLES, "articles")
        }
        rejects: dict[str, dict[str, int]] = {}
        for name, reason, n_rejects in query(_COUNT_REJECTS, "rejects"):
            rejects.setdefault(name, {})[reason] = n_rejects
        event_types = dict(query(_COUNT_TYPES, "events"))
    return BatchProfile(
        {
            name: SourceCounts(*articles.get(name, (0, 0)), rejects=rejects.get(name, {}))
            for name in sorted(articles.keys() | rejects.keys())
        },
        event_types,
    )
