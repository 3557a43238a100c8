"""The tasks before coding: what there is to read, the reading of it, and what was seen before."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Final

from include.eventwire.batches.ingestion import ingest_files
from include.eventwire.batches.plan import (
    BatchRequest,
    open_plan,
    read_plan,
    write_plan,
)
from include.eventwire.batches.planning import make_plan
from include.eventwire.batches.staging import (
    chunk_file,
    list_chunks,
    read_json,
    signature_file,
    write_json,
)
from include.eventwire.deduplication.clusters import find_duplicates, read_keys, read_sketches
from include.eventwire.deduplication.earlier_batches import earlier_batches
from include.eventwire.deduplication.earlier_copies import find_earlier_copies
from include.eventwire.deduplication.marking import (
    is_found,
    read_duplicates,
    write_duplicates,
)
from include.eventwire.lake.layout import BatchKey, LakeLayout
from include.eventwire.lake.locations import to_location
from include.eventwire.lake.parquet_files import (
    count_rows,
)
from include.eventwire.observability.task_logs import (
    ProgressLog,
    tell_rejects,
    tell_speed,
)
from include.eventwire.settings import Settings

_LOG: Final = logging.getLogger(__name__)

Progress = Callable[[int], None]


def plan_batch(
    request: BatchRequest,
    settings: Settings,
    *,
    allowed_roots: tuple[Path, ...] | None = None,
) -> str:
    """Find the inputs of one batch and cut them into shards; return the path of the plan.

    Args:
        request: What to make.
        settings: Where things are and what is allowed.
        allowed_roots: Folders that the inputs must lie in; None = those of `settings`. An empty
            tuple allows everything that this user can read.

    Raises:
        InputError: An input is missing, unreadable, outside the allowed folders or in the lake.
        UnknownFormatError: There is no reader for the named format.
        ModelNotFoundError: The model is not installed.
        LexiconError, GazetteerError: A data file of the coder has a mistake.
        LakeError: The lake cannot be written.
        SchemaVersionError: The lake was written by a newer version of the schema.
    """
    plan = make_plan(request, settings, allowed_roots)
    staging = LakeLayout(plan.settings.lake).create_staging_run(plan.day, plan.batch, plan.run)
    write_plan(plan, staging / "plan.json")
    _LOG.info(
        "%s: planned: %s files (%s bytes) in %s shards; %s",
        *(plan.label(), f"{len(plan.files):,}", f"{sum(file.size for file in plan.files):,}"),
        *(len(plan.shards), tell_rejects(Counter(row.reason for row in plan.rejects))),
    )
    return str(staging / "plan.json")


def list_shards(plan_path: str) -> list[int]:
    """Return the numbers of the ingest shards of a plan."""
    return list(range(len(read_plan(to_location(plan_path)).shards)))


def batch_label(plan_path: str) -> str:
    """Return the batch of a plan, which may be gone by now, in words: "2018-04-24 daily"."""
    path = to_location(plan_path)
    receipt = LakeLayout.of_plan(path).receipt_of(path)
    return f"{receipt.parent.name.removeprefix('dt=')} {receipt.stem}"


def ingest_shard(plan_path: str, shard: int, on_progress: Progress | None = None) -> str:
    """Read one ingest shard into chunks of articles and rejects; return its folder.

    Args:
        plan_path: Path of the plan.
        shard: Number of the shard, from `list_shards`.
        on_progress: Called with the number of records read since its last call.
    """
    plan, staging = open_plan(plan_path)
    task = f"{plan.label()}: shard {shard}"
    progress = ProgressLog(_LOG.info, task, "records", pass_on=on_progress)
    folder = ingest_files(plan, staging, shard, progress)
    reasons = read_json(folder / "counts.json")
    n_articles = reasons.pop("articles", 0)
    _LOG.info(
        "%s read: %s files gave %s articles, %s %s",
        *(task, f"{len(plan.shards[shard]):,}", f"{n_articles:,}", tell_rejects(reasons)),
        tell_speed(progress.n_done, "records", progress.seconds),
    )
    return str(folder)


def deduplicate_batch(plan_path: str) -> list[str]:
    """Find the repeated and copied articles of a batch; return the names of its chunks.

    What was found before is left as it is: chunks may have been coded by it.

    Raises:
        ReceiptError, LakeError: A batch of the days before is damaged.
    """
    plan, staging = open_plan(plan_path)
    chunks = list_chunks(staging, len(plan.shards))
    if is_found(staging):
        return chunks
    files = [signature_file(staging, chunk) for chunk in chunks]
    new = BatchKey(plan.day, plan.batch)
    with earlier_batches(
        LakeLayout(plan.settings.lake), new, plan.settings.days_compared
    ) as compared:
        earlier = find_earlier_copies(files, compared)
    found = find_duplicates(
        list(read_keys(staging, chunks)), read_sketches(staging, chunks), earlier
    )
    write_json(staging / "compared.json", [batch.to_json() for batch in compared])
    write_duplicates(staging, found)
    _LOG.info(
        "%s: compared with %s batches of the days before: %s repeated records, %s copies; "
        "%s chunks to code",
        *(plan.label(), len(compared), f"{len(found.repeated):,}", f"{len(found.copies):,}"),
        len(chunks),
    )
    return chunks


def count_articles(plan_path: str) -> int:
    """Return how many articles of a de-duplicated batch go to the coder."""
    plan, staging = open_plan(plan_path)
    chunks = list_chunks(staging, len(plan.shards))
    n_rows = sum(count_rows(chunk_file(staging, chunk)) for chunk in chunks)
    found = read_duplicates(staging)
    n_copies = 0 if plan.settings.code_copies else len(found.copies)
    return n_rows - len(found.repeated) - n_copies
