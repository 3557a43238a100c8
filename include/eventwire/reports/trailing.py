"""A batch beside the days before it: medians of up to 28 days, taken from receipts alone."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from statistics import median

from include.eventwire.checks.batch_profile import BatchProfile, SourceCounts


@dataclass(frozen=True, slots=True)
class Usual:
    """A number of a batch, beside the same number of the days before.

    Attributes:
        name: What is counted: a source, a type of events.
        here: The number of the batch.
        usual: Median of the days before; a day without it counts as 0. None without such days.
        lowest: The smallest of them.
        highest: The largest of them.
    """

    name: str
    here: int
    usual: float | None = None
    lowest: int | None = None
    highest: int | None = None

    @property
    def ratio(self) -> float | None:
        """The number as a multiple of the median; None where that is 0 or not known."""
        return self.here / self.usual if self.usual else None


@dataclass(frozen=True, slots=True)
class SourceRow:
    """One source.

    Attributes:
        articles: Its articles, copies among them.
        rejects: Its rejects.
        undated: How many of its articles have no time of publication.
        undated_before: The share of those on all days before; None without articles then.
    """

    name: str
    articles: Usual
    rejects: Usual
    undated: int
    undated_before: float | None

    @property
    def undated_share(self) -> float | None:
        """The share of its articles that have no time of publication; None without articles."""
        return self.undated / self.articles.here if self.articles.here else None


@dataclass(frozen=True, slots=True)
class DayCounts:
    """The numbers of one day that are drawn."""

    day: date
    articles: int
    rejects: int
    events: int


@dataclass(frozen=True, slots=True)
class Trailing:
    """A batch beside the batches of its name on the days before.

    Attributes:
        totals: Articles, rejects and events.
        sources: The most articles first, of the batch or of a usual day.
        event_types: The most events first, likewise.
        days: The days before in their order, and then the batch itself.
    """

    totals: tuple[Usual, ...]
    sources: tuple[SourceRow, ...]
    event_types: tuple[Usual, ...]
    days: tuple[DayCounts, ...]

    @property
    def n_days(self) -> int:
        """How many days before have a batch to compare with."""
        return len(self.days) - 1


def compare_with_days_before(
    day: date, profile: BatchProfile, history: Mapping[date, BatchProfile]
) -> Trailing:
    """Return the numbers of a batch beside those of the days before.

    Args:
        day: Day of the batch.
        profile: Counts of the batch.
        history: Counts of the days before; see `history.read_history`.
    """
    before = [history[other] for other in sorted(history)]
    names = {name for one in (profile, *before) for name in one.sources}
    types = {name for one in (profile, *before) for name in one.event_types}
    sources = [_compare_source(name, profile, before) for name in names]
    return Trailing(
        totals=tuple(
            _compare(name, count, profile, before)
            for name, count in (
                ("articles", _n_articles),
                ("rejects", _n_rejects),
                ("events", _n_events),
            )
        ),
        sources=tuple(sorted(sources, key=lambda row: _most_first(row.articles))),
        event_types=tuple(
            sorted(
                (_compare(name, _n_of_type(name), profile, before) for name in types),
                key=_most_first,
            )
        ),
        days=tuple(
            DayCounts(other, _n_articles(one), _n_rejects(one), _n_events(one))
            for other, one in [*sorted(history.items()), (day, profile)]
        ),
    )


def _compare(
    name: str,
    count: Callable[[BatchProfile], int],
    profile: BatchProfile,
    before: list[BatchProfile],
) -> Usual:
    numbers = [count(one) for one in before]
    if not numbers:
        return Usual(name, count(profile))
    return Usual(name, count(profile), float(median(numbers)), min(numbers), max(numbers))


def _compare_source(name: str, profile: BatchProfile, before: list[BatchProfile]) -> SourceRow:
    def of(one: BatchProfile) -> SourceCounts:
        return one.sources.get(name, SourceCounts())

    n_before = sum(of(one).articles for one in before)
    undated = sum(of(one).undated for one in before)
    return SourceRow(
        name=name,
        articles=_compare(name, lambda one: of(one).articles, profile, before),
        rejects=_compare(name, lambda one: sum(of(one).rejects.values()), profile, before),
        undated=of(profile).undated,
        undated_before=undated / n_before if n_before else None,
    )


def _n_articles(profile: BatchProfile) -> int:
    return sum(counts.articles for counts in profile.sources.values())


def _n_rejects(profile: BatchProfile) -> int:
    return sum(sum(counts.rejects.values()) for counts in profile.sources.values())


def _n_events(profile: BatchProfile) -> int:
    return sum(profile.event_types.values())


def _n_of_type(name: str) -> Callable[[BatchProfile], int]:
    return lambda profile: profile.event_types.get(name, 0)


def _most_first(row: Usual) -> tuple[float, str]:
    return -max(row.here, row.usual or 0), row.name
