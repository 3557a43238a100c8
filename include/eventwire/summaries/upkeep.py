"""Keeps the summaries of a lake free of what was forgotten, and finishes what was cut short.

Everything in a summary can be made again from the batches, so none is repaired: it is made anew.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from contextlib import suppress
from datetime import date
from pathlib import Path
from typing import Final

from include.eventwire.batches.staging import tables_folder
from include.eventwire.lake.layout import LakeLayout
from include.eventwire.lake.locations import connect_duckdb, remove_folder
from include.eventwire.lake.parquet_files import TableFileError, exact_pattern, read_columns
from include.eventwire.lake.receipts import ReceiptError, read_receipt
from include.eventwire.lake.tombstones import read_tombstones
from include.eventwire.settings import Settings
from include.eventwire.summaries.jobs import NoBatchError, looks_back, summarise_day
from include.eventwire.summaries.layout import SUMMARY, SummaryLayout

_NAMING: Final = """
    SELECT DISTINCT filename FROM read_parquet($files, filename = true, union_by_name = true)
    WHERE list_has_any(string_split(article_ids, ','), $ids)
"""


def heal_summaries(layout: LakeLayout) -> list[date]:
    """Make the summaries anew that were half published or name a forgotten article.

    Returns:
        Their days.
    """
    place = SummaryLayout(layout.root)
    days = {key.day for key, _ in place.unfinished()}
    days |= find_naming(place, read_tombstones(layout).article_ids)
    return _make_anew(place, days)


def forget_in_summaries(
    layout: LakeLayout, article_ids: Collection[str], days: Iterable[date]
) -> list[date]:
    """Make the summaries anew that name one of the articles or look back to one of `days`.

    Staging folders that name one of the articles are removed; a run at work there fails.

    Args:
        layout: The lake, from whose batches the articles are gone.
        article_ids: Ids of forgotten articles.
        days: Days of the batches that were published anew.

    Returns:
        The days of the summaries that were made anew.
    """
    place, changed = SummaryLayout(layout.root), set(days)
    for run in place.staging_runs():
        if _names(tables_folder(run) / "stories.parquet", article_ids):
            remove_folder(run)
    naming = find_naming(place, article_ids)
    standing = {key.day for key, _ in place.receipts()} | {key.day for key, _ in place.unfinished()}
    wanted = {day for day in standing if looks_back(day, changed, _story_days(place, day))}
    return _make_anew(place, wanted | naming)


def find_naming(place: SummaryLayout, article_ids: Collection[str]) -> set[date]:
    """Return the days with a story that one of the articles belongs to."""
    days = {str(path): key.day for key, path in place.published_files("stories")}
    if not (days and article_ids):
        return set()
    files = [exact_pattern(path) for _, path in place.published_files("stories")]
    with connect_duckdb(place.root) as connection:
        found = connection.execute(_NAMING, {"files": files, "ids": sorted(article_ids)})
        return {days[filename] for (filename,) in found.fetchall()}


def _make_anew(place: SummaryLayout, days: Iterable[date]) -> list[date]:
    """Make summaries anew, in order; one whose day has no batch any more is removed."""
    made = sorted(days)
    for day in made:
        try:
            summarise_day(LakeLayout(place.root), day, _story_days(place, day))
        except NoBatchError:
            _remove(place, day)
    return made


def _remove(place: SummaryLayout, day: date) -> None:
    """Remove the summary of a day, its receipt first."""
    receipts = [place.receipt_file(day, SUMMARY), place.publishing_file(day, SUMMARY)]
    for path in (*receipts, *(place.table_file(table, day, SUMMARY) for table in place.tables)):
        path.unlink(missing_ok=True)


def _story_days(place: SummaryLayout, day: date) -> int:
    """Return how many days the window of a standing summary has."""
    for path in (place.receipt_file(day, SUMMARY), place.publishing_file(day, SUMMARY)):
        with suppress(FileNotFoundError, ReceiptError, KeyError):
            return int(read_receipt(path).versions["story_days"])
    return Settings().story_days


def _names(stories: Path, article_ids: Collection[str]) -> bool:
    """Return whether a staged file names one of the articles, as far as it is whole."""
    try:
        members = read_columns(stories, ["article_ids"])["article_ids"].to_pylist()
    except (FileNotFoundError, TableFileError):
        return False
    return any(not set(ids.split(",")).isdisjoint(article_ids) for ids in members)
