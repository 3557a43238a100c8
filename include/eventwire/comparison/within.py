"""How the events of a lake are spread, by the versions of coder, lexicon and model that coded them.

The batches of different versions hold different articles, so only shares can be compared.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

import duckdb

from include.eventwire.comparison.lakes import name_versions
from include.eventwire.comparison.tables import connect, fetch_all, make_view, read_receipts
from include.eventwire.lake.layout import LakeLayout

_COUNT_ARTICLES: Final = "SELECT count(*), count(n_tokens) FROM articles WHERE batch = $versions"
_COUNT_EVENTS: Final = "SELECT count(*), avg(confidence) FROM events WHERE batch = $versions"
_COUNT_TYPES: Final = (
    "SELECT event_type, count(*) FROM events WHERE batch = $versions GROUP BY ALL ORDER BY ALL"
)
_COUNT_REALIS: Final = (
    "SELECT realis, count(*) FROM events WHERE batch = $versions GROUP BY ALL ORDER BY ALL"
)


@dataclass(frozen=True, slots=True)
class VersionShares:
    """The batches that the same versions coded.

    Attributes:
        versions: "coder 0.1.0, lexicon ..., model ...".
        n_coded: Articles that were coded: no copies, in a language that is coded.
        confidence: Mean confidence of the events; None without any.
        types: Events of each type for a thousand coded articles.
        realis: Events of each realis for a thousand coded articles.
    """

    versions: str
    n_batches: int
    first_day: date
    last_day: date
    n_articles: int
    n_coded: int
    n_events: int
    confidence: float | None
    types: Mapping[str, float]
    realis: Mapping[str, float]

    @property
    def events_per_article(self) -> float | None:
        """Events for each coded article; None without any."""
        return self.n_events / self.n_coded if self.n_coded else None


def compare_versions(
    layout: LakeLayout, *, first_day: date | None = None, last_day: date | None = None
) -> tuple[VersionShares, ...]:
    """Return the shares of the events of each set of versions, by its first day.

    Raises:
        LakeError: The lake has no complete batch of these days.
        ReceiptError: A receipt cannot be read.
    """
    receipts = read_receipts(layout, first_day, last_day)
    names = {key: name_versions(receipt) for key, receipt in receipts.items()}
    days: dict[str, list[date]] = {}
    for key, name in sorted(names.items()):
        days.setdefault(name, []).append(key.day)
    with connect(layout) as connection:
        for table in ("articles", "events"):
            make_view(connection, table, layout, table, receipts, names.__getitem__)
        shares = [_count_shares(connection, name, days[name]) for name in days]
    return tuple(sorted(shares, key=lambda share: (share.first_day, share.versions)))


def _count_shares(
    connection: duckdb.DuckDBPyConnection, versions: str, days: Sequence[date]
) -> VersionShares:
    ((n_articles, n_coded),) = fetch_all(connection, _COUNT_ARTICLES, versions=versions)
    ((n_events, confidence),) = fetch_all(connection, _COUNT_EVENTS, versions=versions)
    types, realis = (
        {
            value: 1000 * n_found / n_coded
            for value, n_found in fetch_all(connection, sql, versions=versions)
            if n_coded
        }
        for sql in (_COUNT_TYPES, _COUNT_REALIS)
    )
    return VersionShares(
        versions=versions,
        n_batches=len(days),
        first_day=days[0],
        last_day=days[-1],
        n_articles=n_articles,
        n_coded=n_coded,
        n_events=n_events,
        confidence=confidence,
        types=types,
        realis=realis,
    )
