"""Compares a day with those before it: warnings about what changed, with the numbers.

Each rule needs enough of a past: of a new lake, a new source or a small one nothing is said. What
happens in the world changes volumes and types too, so a warning says where to look and no more.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from datetime import date
from statistics import median
from typing import Final

from include.eventwire.checks.audit import CheckResult
from include.eventwire.checks.batch_profile import BatchProfile, SourceCounts

# With fewer days before it, a day is not compared.
_LEAST_DAYS: Final = 7
# A source with fewer articles on a usual day may well have none on another.
_LEAST_ARTICLES: Final = 10
_LEAST_RECORDS: Final = 20
_LEAST_EVENTS: Final = 200
_LEAST_EVENTS_BEFORE: Final = 1_000
_FEW: Final = 0.25
_MANY: Final = 4.0
_MORE_UNDATED: Final = 0.2
_MORE_REJECTED: Final = 0.1
# From 0.25 on the population stability index is read as a clear shift (Siddiqi, Credit Risk
# Scorecards, 2006). By chance alone, 200 events of 16 types reach about 0.08.
_SHIFT: Final = 0.25
_NO_FAULTS: Final = ("duplicate_article", "forgotten")
_MOST_EXAMPLES: Final = 5

History = Mapping[date, BatchProfile]
_Finding = dict[str, str | None]


def compare_with_history(
    day: date, profile: BatchProfile, history: History
) -> tuple[CheckResult, ...]:
    """Return what a day's batch shows against the days before it; failed checks are warnings.

    Args:
        day: Day of the batch.
        profile: Counts of the batch.
        history: Counts of the batches of the days before; with fewer than seven of them, all checks
            pass.
    """
    enough = history if len(history) >= _LEAST_DAYS else {}
    return (
        _result(
            "sources_present",
            "no source is missing that delivers on a usual day",
            _find_missing(day, profile, enough),
        ),
        _result(
            "sources_volume",
            "each source has a quarter to four times the articles of its usual day",
            _find_jumps(day, profile, enough),
        ),
        _result(
            "sources_dated",
            "the share of a source's articles without a date is at most 20 points above that of "
            "the days before",
            _find_undated(profile, enough),
        ),
        _result(
            "sources_rejects",
            "the share of a source's records that are rejected, copies apart, is at most 10 points "
            "above that of the days before",
            _find_rejects(profile, enough),
        ),
        _result(
            "event_types_stable",
            f"the types of events are distributed as on the days before (stability index below "
            f"{_SHIFT})",
            _find_drift(profile, enough),
        ),
    )


def stability_index(counts: Mapping[str, int], before: Mapping[str, int]) -> dict[str, float]:
    """Return what each type adds to the population stability index of two distributions.

    The index is the sum. Half a case is added to every count, so that types that do not occur on
    one side are defined; an empty side has the same share of every type.
    """
    types = sorted(counts.keys() | before.keys())
    here, there = (_shares(side, types) for side in (counts, before))
    return {kind: (here[kind] - there[kind]) * math.log(here[kind] / there[kind]) for kind in types}


def _result(name: str, rule: str, findings: list[_Finding]) -> CheckResult:
    return CheckResult(
        name, "warning", not findings, rule, len(findings), tuple(findings[:_MOST_EXAMPLES])
    )


def _find_missing(day: date, profile: BatchProfile, history: History) -> list[_Finding]:
    return [
        {
            "source": name,
            "usual": f"{usual:g}",
            "finding": f"{name} delivered no article; {_usually(usual, history)}",
        }
        for name, usual in _usual_volumes(history).items()
        if not _counts(profile, name).articles
        and _is_low(0, usual, _same_weekday(day, name, history))
    ]


def _find_jumps(day: date, profile: BatchProfile, history: History) -> list[_Finding]:
    found: list[_Finding] = []
    for name, usual in _usual_volumes(history).items():
        n_articles = _counts(profile, name).articles
        same = _same_weekday(day, name, history)
        is_low = n_articles > 0 and _is_low(n_articles, usual, same)
        if is_low or _is_high(n_articles, usual, same):
            found.append(
                {
                    "source": name,
                    "articles": str(n_articles),
                    "usual": f"{usual:g}",
                    "finding": f"{name} delivered {n_articles:,} articles; "
                    + _usually(usual, history),
                }
            )
    return found


def _find_undated(profile: BatchProfile, history: History) -> list[_Finding]:
    found: list[_Finding] = []
    for name, counts in profile.sources.items():
        before = [_counts(other, name) for other in history.values()]
        n_before = sum(other.articles for other in before)
        if min(counts.articles, n_before) < _LEAST_RECORDS:
            continue
        share = counts.undated / counts.articles
        share_before = sum(other.undated for other in before) / n_before
        if share > share_before + _MORE_UNDATED:
            found.append(
                {
                    "source": name,
                    "undated": str(counts.undated),
                    "articles": str(counts.articles),
                    "finding": f"{share:.0%} of {name}'s articles have no date; "
                    f"{share_before:.0%} in the {len(history)} days before",
                }
            )
    return found


def _find_rejects(profile: BatchProfile, history: History) -> list[_Finding]:
    found: list[_Finding] = []
    for name, counts in profile.sources.items():
        before = [_counts(other, name) for other in history.values()]
        n_rejects, n_records = _n_rejects([counts]), _n_records([counts])
        if min(n_records, n_before := _n_records(before)) < _LEAST_RECORDS:
            continue
        share, share_before = n_rejects / n_records, _n_rejects(before) / n_before
        if share > share_before + _MORE_REJECTED:
            reason = max(sorted(_faults(counts)), key=_faults(counts).__getitem__)
            found.append(
                {
                    "source": name,
                    "rejects": str(n_rejects),
                    "records": str(n_records),
                    "reason": reason,
                    "finding": f"{share:.0%} of {name}'s records were rejected, most as {reason}; "
                    f"{share_before:.0%} in the {len(history)} days before",
                }
            )
    return found


def _find_drift(profile: BatchProfile, history: History) -> list[_Finding]:
    before: dict[str, int] = {}
    for other in history.values():
        for kind, n_events in other.event_types.items():
            before[kind] = before.get(kind, 0) + n_events
    n_here, n_before = sum(profile.event_types.values()), sum(before.values())
    if n_here < _LEAST_EVENTS or n_before < _LEAST_EVENTS_BEFORE:
        return []
    parts = stability_index(profile.event_types, before)
    if (index := sum(parts.values())) < _SHIFT:
        return []
    return [
        {
            "event_type": kind,
            "index": f"{parts[kind]:.2f} of {index:.2f}",
            "finding": f"{profile.event_types.get(kind, 0) / n_here:.1%} of the events are {kind}; "
            f"{before.get(kind, 0) / n_before:.1%} in the {len(history)} days before",
        }
        for kind in sorted(parts, key=lambda kind: -parts[kind])
        if parts[kind] >= index / 10
    ]


def _usual_volumes(history: History) -> dict[str, float]:
    """Return the median day of each source that is large and old enough to have a usual day."""
    names = sorted({name for profile in history.values() for name in profile.sources})
    usual = {}
    for name in names:
        volumes = [_counts(profile, name).articles for profile in history.values()]
        is_known = sum(volume > 0 for volume in volumes) >= _LEAST_DAYS
        if is_known and median(volumes) >= _LEAST_ARTICLES:
            usual[name] = float(median(volumes))
    return usual


def _same_weekday(day: date, name: str, history: History) -> float | None:
    """Return the median of the same days of the weeks before; None with fewer than two of them.

    Papers that do not appear on Sundays are missing on each of them.
    """
    volumes = [
        _counts(profile, name).articles
        for other, profile in history.items()
        if (day - other).days % 7 == 0
    ]
    return float(median(volumes)) if len(volumes) > 1 else None


def _is_low(n_articles: int, usual: float, same_weekday: float | None) -> bool:
    return all(n_articles < _FEW * volume for volume in (usual, same_weekday) if volume is not None)


def _is_high(n_articles: int, usual: float, same_weekday: float | None) -> bool:
    return all(
        n_articles > _MANY * volume for volume in (usual, same_weekday) if volume is not None
    )


def _usually(usual: float, history: History) -> str:
    return f"the median of the {len(history)} days before is {usual:g}"


def _counts(profile: BatchProfile, name: str) -> SourceCounts:
    return profile.sources.get(name, SourceCounts())


def _faults(counts: SourceCounts) -> dict[str, int]:
    """Return the rejects that tell of a fault."""
    return {reason: n for reason, n in counts.rejects.items() if reason not in _NO_FAULTS}


def _n_rejects(days: Iterable[SourceCounts]) -> int:
    return sum(sum(_faults(counts).values()) for counts in days)


def _n_records(days: Iterable[SourceCounts]) -> int:
    return sum(counts.articles + sum(_faults(counts).values()) for counts in days)


def _shares(counts: Mapping[str, int], types: Iterable[str]) -> dict[str, float]:
    smoothed = {kind: counts.get(kind, 0) + 0.5 for kind in types}
    total = sum(smoothed.values())
    return {kind: count / total for kind, count in smoothed.items()}
