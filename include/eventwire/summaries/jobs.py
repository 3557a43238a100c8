"""One function per task of `summarise_events`; the command `summarise` calls the same.

A day's summary is made of the batches of its window, the day and some days before it, and of
nothing else. So the order in which days are summarised does not matter: when a day of the lake
changes, its own summary and those of the days after it, as far as they look back to it, are made
again (`choose_days`), and one that was made of the same batches is left as it is.
"""

from __future__ import annotations

import logging
from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from uuid import uuid4

from include.eventwire import __version__
from include.eventwire.batches.staging import tables_folder, written_folder
from include.eventwire.checks.audit import CheckResult, audit_summaries
from include.eventwire.lake.layout import LakeLayout
from include.eventwire.lake.locations import remove_folder, to_location
from include.eventwire.lake.parquet_files import Record, write_rows
from include.eventwire.lake.publishing import publish_tables, write_docs
from include.eventwire.lake.receipts import Receipt, ReceiptError, read_receipt
from include.eventwire.schemas import SCHEMA_VERSION
from include.eventwire.summaries.actor_pairs import count_pairs
from include.eventwire.summaries.checks import SUMMARY_CHECKS
from include.eventwire.summaries.event_clusters import cluster_events, make_cluster
from include.eventwire.summaries.layout import SUMMARY, SummaryLayout
from include.eventwire.summaries.parameters import PARAMETERS, SUMMARY_VERSION
from include.eventwire.summaries.records import EventCluster
from include.eventwire.summaries.schemas import SUMMARY_TABLES
from include.eventwire.summaries.source_days import count_sources
from include.eventwire.summaries.stories import group_articles, make_story
from include.eventwire.summaries.window import Window, find_inputs, read_window

_LOG = logging.getLogger(__name__)


class NoBatchError(ValueError):
    """A day is to be summarised of which the lake has no complete batch."""


@dataclass(frozen=True, slots=True)
class Choice:
    """Which summaries are to be made.

    Attributes:
        wanted: Days whose summary is missing or was made of other batches.
        current: Days that were asked for and whose summary is as it should be.
    """

    wanted: tuple[date, ...]
    current: tuple[date, ...]


def choose_days(layout: LakeLayout, story_days: int, days: Iterable[date] | None = None) -> Choice:
    """Return whose summaries are to be made: those of `days`, and of days that look back to them.

    Args:
        layout: The lake.
        story_days: How many days a window has.
        days: Days that have changed, or are to be summarised; None = all days of the lake.

    Raises:
        NoBatchError: The lake has no complete batch of any of the days.
        LakeError: The lake cannot be read.
    """
    layout.check_version()
    present = {key.day for key, _ in layout.receipts()}
    asked = present if days is None else present & set(days)
    if not asked:
        raise NoBatchError(
            f"{layout.root}: no complete batch there of the days that were named; code them "
            "first, or name others"
        )
    summarised = {key.day for key, _ in SummaryLayout(layout.root).receipts()}
    looking = {day for day in summarised & present if looks_back(day, asked, story_days)}
    stale = [day for day in sorted(asked | looking) if not is_current(layout, day, story_days)]
    return Choice(tuple(stale), tuple(sorted(asked - set(stale))))


def looks_back(day: date, days: Container[date], story_days: int) -> bool:
    """Return whether one of `days` is in the window of a day."""
    return any(day - timedelta(days=back) in days for back in range(story_days))


def is_current(layout: LakeLayout, day: date, story_days: int) -> bool:
    """Return whether a day's summary stands, whole, as it would be made now."""
    place = SummaryLayout(layout.root)
    try:
        receipt = read_receipt(place.receipt_file(day, SUMMARY))
        inputs = find_inputs(layout, day, story_days)
        return (
            list(receipt.inputs) == [batch.to_json() for batch in inputs]
            and dict(receipt.versions) == _versions(story_days)
            and all(
                file.is_at(place.table_file(table, day, SUMMARY))
                for table, file in receipt.tables.items()
            )
        )
    except (FileNotFoundError, ReceiptError):
        return False


def summarise_day(
    layout: LakeLayout, day: date, story_days: int, run: Mapping[str, str] | None = None
) -> str:
    """Make and publish the summary of one day; return the path of its receipt.

    Args:
        layout: The lake.
        day: The day.
        story_days: How many days the window has.
        run: What the receipt tells of the run (dag_id, run_id).

    Raises:
        NoBatchError: The lake has no complete batch of the day.
        LakeError: The lake cannot be read or written, or a batch was replaced meanwhile.
        ForgottenArticleError: An article was forgotten meanwhile; summarise again.
        AuditError: What was made breaks a rule; nothing is published.
    """
    began_at = _now()
    inputs = find_inputs(layout, day, story_days)
    if not any(batch.key.day == day for batch in inputs):
        raise NoBatchError(f"{layout.root}: no complete batch of {day}; code the day first")
    rows = make_rows(read_window(layout, day, inputs, PARAMETERS))
    place = SummaryLayout(layout.root)
    staging = place.create_staging_run(day, SUMMARY, uuid4().hex)
    try:
        checks = _stage(staging, rows)
        receipt = Receipt(
            day=day,
            batch=SUMMARY,
            inputs=[batch.to_json() for batch in inputs],
            versions=_versions(story_days),
            tables={},
            counts={table: len(rows[table]) for table in place.tables},
            checks=tuple(checks),
            run={"began_at": began_at, "published_at": _now(), **(run or {})},
        )
        path = publish_tables(place, day, SUMMARY, _staged_tables(staging), receipt)
    finally:
        remove_folder(staging)
    write_docs(place, with_summaries=True)
    _LOG.info("%s", tell_summary(str(path)))
    return str(path)


def make_rows(window: Window) -> dict[str, Sequence[Record]]:
    """Return the rows of all tables of summaries of the last day of a window."""
    groups = group_articles(window, PARAMETERS)
    story_of = {row.article_id: group.story_id for group in groups for row in group.articles}
    copies: dict[str, list[str]] = {}
    for article in window.articles.values():
        copies.setdefault(article.cluster_id, []).append(article.article_id)
    clusters: list[EventCluster] = []
    for events in cluster_events(window.events.values(), window.articles, story_of):
        story_id = story_of[events[0].article_id]
        if (cluster := make_cluster(events, story_id, window, copies)) is not None:
            clusters.append(cluster)
    by_story: dict[str, list[EventCluster]] = {}
    for cluster in clusters:
        by_story.setdefault(cluster.story_id, []).append(cluster)
    return {
        "actor_pair_days": count_pairs(clusters, window),
        "event_clusters": clusters,
        "stories": [
            make_story(group, by_story.get(group.story_id, []), window.day) for group in groups
        ],
        "source_days": count_sources(window, groups),
    }


def tell_summary(receipt_path: str) -> str:
    """Return one line on a published summary: what it was made of and what it holds."""
    receipt = read_receipt(to_location(receipt_path))
    rows = ", ".join(f"{receipt.counts[table]:,} {table}" for table in SUMMARY_TABLES)
    return f"{receipt.day} {receipt.batch}: {len(receipt.inputs)} batches gave {rows}"


def _stage(staging: Path, rows: Mapping[str, Sequence[Record]]) -> list[CheckResult]:
    """Write the tables into a staging folder and check them."""
    with written_folder(tables_folder(staging)) as folder:
        tables = {table: folder / f"{table}.parquet" for table in SUMMARY_TABLES}
        for table, path in tables.items():
            write_rows(path, table, rows[table])
        return audit_summaries(tables, SUMMARY_CHECKS)


def _staged_tables(staging: Path) -> dict[str, Path]:
    return {table: tables_folder(staging) / f"{table}.parquet" for table in SUMMARY_TABLES}


def _versions(story_days: int) -> dict[str, str]:
    return {
        "code": __version__,
        "schema": str(SCHEMA_VERSION),
        "story_days": str(story_days),
        "summaries": SUMMARY_VERSION,
    }


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")
