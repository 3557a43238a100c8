"""Batches that were started by hand, and what stands in a lake after upkeep."""

from __future__ import annotations

import json

from include.eventwire.batches.plan import BatchRequest
from include.eventwire.lake.layout import LakeLayout
from include.eventwire.lake.parquet_files import read_rows
from include.eventwire.lake.verification import verify_lake
from tests.unit.made_batches import DAY, make_batch

# Sixty words, each of them once, of which one may be changed to make a near copy.
STORY = (
    "The harbour council of the old town decided late on Monday evening that the ferry to the "
    "northern islands will sail again from the first day of May after two years in which storms "
    "had closed the pier and its cranes and left four hundred people who live there without any "
    "regular way to reach the market and the hospital."
)
NEAR = STORY.replace("Monday", "Tuesday")


def record(number, text=STORY, **fields):
    return {"id": str(number), "language": "en", "text": text, **fields}


def run_by_hand(settings, name, *records, day=DAY):
    """Make the batch `name` of `records` alone."""
    path = settings.landing / f"{name}.jsonl"
    lines = [record if isinstance(record, str) else json.dumps(record) for record in records]
    path.write_text("\n".join(lines))
    return make_batch(settings, BatchRequest(day, inputs=(str(path),), batch=name))


def stored(settings, table="articles"):
    """Return all rows of a table of the lake, by their batch."""
    layout = LakeLayout(settings.lake)
    return {str(key): list(read_rows(path, table)) for key, path in layout.published_files(table)}


def source_ids(settings):
    """Return the ids that the inputs give the articles of the lake, by batch."""
    return {key: [row.source_id for row in rows] for key, rows in stored(settings).items()}


def errors(settings):
    return [finding for finding in verify_lake(LakeLayout(settings.lake)) if finding.is_error]
