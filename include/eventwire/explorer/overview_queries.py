"""What came in and what was lost, day by day, from the receipts alone.

A receipt tells what its batch holds, so hundreds of days are shown without reading a table.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import lru_cache
from typing import Final

from include.eventwire.checks.batch_profile import BatchProfile
from include.eventwire.codebook import load_codebook
from include.eventwire.explorer.lake_reading import Connection
from include.eventwire.explorer.lake_state import LakeState, PublishedBatch
from include.eventwire.lake.layout import BatchKey
from include.eventwire.lake.receipts import Receipt, ReceiptError, read_receipt

# Sources beyond these are told together: a legend of fifty names tells nothing.
_MOST_SOURCES: Final = 7
OTHER_SOURCES: Final = "other sources"
UNTOLD: Final = "not told"


@dataclass(frozen=True, slots=True)
class Doubt:
    """A check that a batch did not pass, which is a warning.

    Attributes:
        name: Name of the check.
        rule: What must hold, in words.
        n_rows: How many rows break it.
    """

    key: BatchKey
    name: str
    rule: str
    n_rows: int


@dataclass(frozen=True, slots=True)
class BatchFigures:
    """What the receipt of one batch tells.

    Attributes:
        counts: Records that came in, `records_in`, and rows by table.
        sources: Number of articles by source; all `UNTOLD` in receipts without a profile.
        event_types: Number of events by type; empty in receipts without a profile.
        rejects: Number of rejects by reason; all `UNTOLD` in receipts without a profile.
        doubts: Checks that did not pass.
        n_checks: How many checks were made.
        published_at: When it was published, or None.
        is_readable: Whether the receipt can be read; the rest is empty when not.
        has_profile: Whether it tells sources, types and reasons.
    """

    key: BatchKey
    counts: Mapping[str, int]
    sources: Mapping[str, int]
    event_types: Mapping[str, int]
    rejects: Mapping[str, int]
    doubts: tuple[Doubt, ...]
    n_checks: int
    published_at: datetime | None
    is_readable: bool = True
    has_profile: bool = False


@dataclass(frozen=True, slots=True)
class DayFigures:
    """What all batches of one day hold.

    Attributes:
        sources: Number of articles by source, the smaller ones together.
        event_types: Number of events by type.
        quad_classes: Number of events by quad class.
    """

    day: date
    n_records: int
    n_articles: int
    n_events: int
    n_rejects: int
    sources: Mapping[str, int]
    event_types: Mapping[str, int]
    quad_classes: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Overview:
    """What the chosen days hold.

    Attributes:
        days: The days that have a batch, in order.
        sources: Sources by their number of articles, largest first.
        event_types: Types by their number of events, largest first.
        quad_classes: The same of quad classes.
        rejects: Reasons by their number of rejects, largest first.
        doubts: Checks that did not pass, the newest day first.
        n_untold: How many batches do not tell their sources, types and reasons.
        n_checks: How many checks were made in all batches.
        unreadable: Batches whose receipt cannot be read.
        published_at: When the newest of the batches was published.
    """

    days: tuple[DayFigures, ...]
    sources: Mapping[str, int]
    event_types: Mapping[str, int]
    quad_classes: Mapping[str, int]
    rejects: Mapping[str, int]
    doubts: tuple[Doubt, ...]
    n_batches: int
    n_untold: int
    n_checks: int
    unreadable: tuple[BatchKey, ...]
    published_at: datetime | None

    def total(self, name: str) -> int:
        """Return the sum of `n_records`, `n_articles`, `n_events` or `n_rejects` over all days."""
        return sum(getattr(day, name) for day in self.days)


def read_overview(state: LakeState) -> Overview:
    """Return what the batches of `state` hold.

    Raises:
        OSError: A receipt cannot be opened.
    """
    figures = [read_figures(batch) for batch in state.batches]
    sources = _sum(batch.sources for batch in figures)
    shown = set(list(sources)[:_MOST_SOURCES])
    by_day: dict[date, list[BatchFigures]] = {}
    for batch in figures:
        by_day.setdefault(batch.key.day, []).append(batch)
    days = tuple(_add_up(day, batches, shown) for day, batches in sorted(by_day.items()))
    return Overview(
        days=days,
        sources=_join_small(sources, shown),
        event_types=_sum(day.event_types for day in days),
        quad_classes=_sum(day.quad_classes for day in days),
        rejects=_sum(batch.rejects for batch in figures),
        doubts=tuple(doubt for batch in reversed(figures) for doubt in batch.doubts),
        n_batches=len(figures),
        n_untold=sum(not batch.has_profile for batch in figures),
        n_checks=sum(batch.n_checks for batch in figures),
        unreadable=tuple(batch.key for batch in figures if not batch.is_readable),
        published_at=max(
            (batch.published_at for batch in figures if batch.published_at), default=None
        ),
    )


def find_newest(connection: Connection) -> datetime | None:
    """Return the latest time of publication of an article in the view `articles`, UTC."""
    row = connection.execute("SELECT max(published_at) FROM articles").fetchone()
    newest = row[0] if row else None
    return newest.astimezone(UTC) if isinstance(newest, datetime) else None


@lru_cache(maxsize=4096)
def read_figures(batch: PublishedBatch) -> BatchFigures:
    """Return what the receipt of a batch tells; each is read once while it stays as it is.

    Raises:
        OSError: The receipt cannot be opened.
    """
    try:
        receipt = read_receipt(batch.receipt)
    except ReceiptError:
        return BatchFigures(batch.key, {}, {}, {}, {}, (), 0, None, is_readable=False)
    sources, event_types, rejects = _read_profile(receipt)
    return BatchFigures(
        key=batch.key,
        counts=dict(receipt.counts),
        sources=sources,
        event_types=event_types,
        rejects=rejects,
        doubts=tuple(
            Doubt(batch.key, check.name, check.rule, check.n_rows)
            for check in receipt.checks
            if not check.passed
        ),
        n_checks=len(receipt.checks),
        published_at=_read_time(receipt.run.get("published_at")),
        has_profile=receipt.profile is not None,
    )


def _read_profile(
    receipt: Receipt,
) -> tuple[Mapping[str, int], Mapping[str, int], Mapping[str, int]]:
    """Return articles by source, events by type and rejects by reason."""
    if receipt.profile is None:
        n_articles, n_rejects = receipt.counts.get("articles", 0), receipt.counts.get("rejects", 0)
        return {UNTOLD: n_articles}, {}, {UNTOLD: n_rejects} if n_rejects else {}
    profile = BatchProfile.from_json(receipt.profile)
    return (
        {name: counts.articles for name, counts in profile.sources.items()},
        profile.event_types,
        _sum(counts.rejects for counts in profile.sources.values()),
    )


def _read_time(written: str | None) -> datetime | None:
    try:
        moment = datetime.fromisoformat(written or "")
    except ValueError:
        return None
    return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)


def _add_up(day: date, batches: list[BatchFigures], shown: set[str]) -> DayFigures:
    types = load_codebook().types
    event_types = _sum(batch.event_types for batch in batches)
    quads: Counter[str] = Counter()
    for code, n_events in event_types.items():
        if code in types:
            quads[types[code].quad_class] += n_events

    def count(name: str) -> int:
        return sum(batch.counts.get(name, 0) for batch in batches)

    return DayFigures(
        day=day,
        n_records=count("records_in"),
        n_articles=count("articles"),
        n_events=count("events"),
        n_rejects=count("rejects"),
        sources=_join_small(_sum(batch.sources for batch in batches), shown),
        event_types=event_types,
        quad_classes=dict(quads),
    )


def _sum(counts: Iterable[Mapping[str, int]]) -> dict[str, int]:
    """Return the sums of several counts by name, the largest first."""
    total: Counter[str] = Counter()
    for count in counts:
        total.update(count)
    return dict(sorted(total.items(), key=lambda entry: (-entry[1], entry[0])))


def _join_small(sources: Mapping[str, int], shown: set[str]) -> dict[str, int]:
    joined = Counter({name: n_articles for name, n_articles in sources.items() if name in shown})
    other = sum(n_articles for name, n_articles in sources.items() if name not in shown)
    return dict(joined + Counter({OTHER_SOURCES: other}))
