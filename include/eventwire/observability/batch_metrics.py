"""The metrics of a published batch, by Airflow's own StatsD or OpenTelemetry; off when those are.

docs/observability.md lists them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Protocol

from include.eventwire.checks.batch_profile import BatchProfile
from include.eventwire.lake.receipts import Receipt

# In StatsD a tag ends at a comma, an equals sign or a colon.
_UNFIT_FOR_TAGS: Final = re.compile(r"[^A-Za-z0-9_.-]")


@dataclass(frozen=True, slots=True)
class Metric:
    """One number of a batch.

    Attributes:
        name: Name without Airflow's prefix.
        value: A count, or a time that something took.
        tags: What the number is of.
    """

    name: str
    value: int | timedelta
    tags: Mapping[str, str]


class Stats(Protocol):
    """What takes metrics: `airflow.sdk.observability.stats.Stats`."""

    def incr(self, stat: str, count: int, *, tags: dict[str, str]) -> None:
        """Add to a counter."""

    def timing(self, stat: str, dt: timedelta, *, tags: dict[str, str]) -> None:
        """Note a time."""


def list_metrics(receipt: Receipt) -> Iterator[Metric]:
    """Yield the metrics of a batch; a count of nothing is none."""
    of_run = {"dag_id": _tag(receipt.run.get("dag_id", "command_line"))}
    if receipt.profile is not None:
        profile = BatchProfile.from_json(receipt.profile)
        for source, counts in profile.sources.items():
            of_source = of_run | {"source": _tag(source)}
            if counts.articles:
                yield Metric("eventwire.articles", counts.articles, of_source)
            for reason, n_rejects in counts.rejects.items():
                yield Metric("eventwire.rejects", n_rejects, of_source | {"reason": reason})
        for event_type, n_events in profile.event_types.items():
            yield Metric("eventwire.events", n_events, of_run | {"event_type": event_type})
    if n_warnings := sum(not check.passed for check in receipt.checks):
        yield Metric("eventwire.warnings", n_warnings, of_run)
    planned, published = (
        datetime.fromisoformat(receipt.run[name]) for name in ("planned_at", "published_at")
    )
    yield Metric("eventwire.seconds", published - planned, of_run)


def send_metrics(metrics: Iterable[Metric], stats: Stats) -> None:
    """Hand metrics to what takes them."""
    for metric in metrics:
        if isinstance(metric.value, timedelta):
            stats.timing(metric.name, metric.value, tags=dict(metric.tags))
        else:
            stats.incr(metric.name, metric.value, tags=dict(metric.tags))


def flush_metrics() -> None:
    """Send what OpenTelemetry holds back, as the process of a task ends without doing so."""
    from opentelemetry import metrics

    if flush := getattr(metrics.get_meter_provider(), "force_flush", None):
        flush(timeout_millis=5_000)


def _tag(text: str) -> str:
    return _UNFIT_FOR_TAGS.sub("_", text)
