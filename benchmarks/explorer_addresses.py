"""What people look at in the explorer: addresses of pages with all sorts of filters, by kind."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Final
from urllib.parse import urlencode

import duckdb

from include.eventwire.codebook import QUAD_CLASSES, load_codebook
from include.eventwire.lake.layout import BatchKey, LakeLayout

# How many days are looked at, and how often; None = what a page shows by itself.
_SPANS: Final = ((None, 8), (7, 3), (90, 3), (365, 2))
_COUNTRIES: Final = ("USA", "GBR", "FRA", "RUS", "CHN", "UKR", "IND", "EGY", "JPN", "KEN")
_WORDS: Final = ("strike", "minister", "talks", "election", "police", "harbour", "troops")
_SORTS: Final = ("day", "date", "type", "confidence")
# How often each kind of page is asked for; a kind is one line of the result.
_SHARES: Final = {
    "overview": 20,
    "events": 30,
    "events, filtered": 40,
    "events, words": 15,
    "article": 40,
    "actors": 25,
    "actor": 20,
    "map": 30,
    "runs": 10,
    "report": 20,
}


@dataclass(frozen=True, slots=True)
class Known:
    """What of a lake can be asked for.

    Attributes:
        last_day: The newest day.
        batches: Batches that have a report.
        articles: Some articles by id, with their batch and an event in them.
    """

    last_day: date
    batches: tuple[BatchKey, ...]
    articles: tuple[tuple[str, BatchKey, str], ...]


def look_at_lake(lake: Path, n_articles: int = 500) -> Known:
    """Return what of the lake can be asked for."""
    layout = LakeLayout(lake)
    batches = tuple(key for key, _ in layout.receipts())
    with duckdb.connect() as connection:
        rows = connection.execute(
            "SELECT article_id, dt, parse_filename(filename, true), min(event_id) "
            "FROM read_parquet($files, hive_partitioning = true, hive_types = {'dt': DATE}) "
            "GROUP BY ALL ORDER BY hash(any_value(article_id)) LIMIT $most",
            {
                "files": [str(path) for _, path in layout.published_files("events")],
                "most": n_articles,
            },
        ).fetchall()
    articles = tuple((article, BatchKey(day, batch), event) for article, day, batch, event in rows)
    return Known(batches[-1].day, batches, articles)


def make_addresses(known: Known, seed: int) -> Iterator[tuple[str, str]]:
    """Yield kinds and addresses without end, in the mix of `_SHARES`, the same for a seed."""
    chance = random.Random(seed)  # noqa: S311 - for the same addresses every time
    makers = _makers(known, chance)
    while True:
        (kind,) = chance.choices(list(_SHARES), list(_SHARES.values()))
        yield kind, makers[kind]()


def take_of_each(known: Known, seed: int) -> dict[str, list[str]]:
    """Return different addresses of every kind, as many as `_SHARES` says."""
    taken: dict[str, list[str]] = {kind: [] for kind in _SHARES}
    for tries, (kind, address) in enumerate(make_addresses(known, seed)):
        if len(taken[kind]) < _SHARES[kind] and address not in taken[kind]:
            taken[kind].append(address)
        # Of the overview there are only so many views.
        if tries > 5_000 or all(len(taken[name]) == share for name, share in _SHARES.items()):
            return taken
    raise AssertionError


def _makers(known: Known, chance: random.Random) -> Mapping[str, Callable[[], str]]:
    types = sorted(load_codebook().types)

    def days() -> dict[str, str]:
        spans, weights = zip(*_SPANS, strict=True)
        (span,) = chance.choices(spans, weights)
        if span is None:
            return {}
        last = known.last_day - timedelta(days=chance.randrange(0, 200) if span < 365 else 0)
        first = last - timedelta(days=span - 1)
        return {"from": first.isoformat(), "to": last.isoformat()}

    def filters() -> dict[str, object]:
        return chance.choice(
            (
                {"type": chance.choice(types)},
                {"quad": chance.choice(QUAD_CLASSES)},
                {"actor": chance.choice(_COUNTRIES)},
                {"recipient": chance.choice(_COUNTRIES), "type": chance.choice(types)},
                {"place": chance.choice(_COUNTRIES), "confidence": chance.choice((0.3, 0.6, 0.9))},
                {"publisher": chance.choice(("meridian_wire", "harbour_times")), "fold": "no"},
            )
        )

    def article() -> str:
        article_id, key, event_id = chance.choice(known.articles)
        query = {"event": event_id, "day": key.day.isoformat(), "batch": key.batch}
        return _address(f"/articles/{article_id}", query)

    def report() -> str:
        key = chance.choice(known.batches)
        return f"/runs/{key.day.isoformat()}/{key.batch}"

    def sorting() -> dict[str, object]:
        return {"sort": chance.choice(_SORTS), "page": chance.choice((1, 1, 1, 2, 5))}

    return {
        "overview": lambda: _address("/", days()),
        "events": lambda: _address("/events", days() | sorting()),
        "events, filtered": lambda: _address("/events", days() | filters() | sorting()),
        "events, words": lambda: _address("/events", days() | {"text": chance.choice(_WORDS)}),
        "article": article,
        "actors": lambda: _address("/actors", days() | chance.choice(({}, filters()))),
        "actor": lambda: _address("/actors", days() | {"who": chance.choice(_COUNTRIES)}),
        "map": lambda: _address("/map", days() | chance.choice(({}, filters()))),
        "runs": lambda: _address("/runs", days()),
        "report": report,
    }


def _address(path: str, query: Mapping[str, object]) -> str:
    return f"{path}?{urlencode(query)}" if query else path
