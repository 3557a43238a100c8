"""The tasks that code: chunks of articles to the rows of all tables."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, Final, cast

from include.eventwire.batches.careful_coding import CodingError
from include.eventwire.batches.coded_before import code_new
from include.eventwire.batches.plan import (
    Plan,
    open_plan,
)
from include.eventwire.batches.sharing import share_evenly
from include.eventwire.batches.staging import (
    chunk_file,
    coded_folder,
    finished_folder,
    is_finished,
    list_chunks,
    noted_attempt,
    signature_file,
    was_begun,
    was_cut_short,
    write_json,
)
from include.eventwire.deduplication.marking import (
    mark_copies,
    mark_signatures,
    read_duplicates,
)
from include.eventwire.lake.parquet_files import (
    list_column_bytes,
    read_rows,
    write_rows,
)
from include.eventwire.observability.task_logs import (
    ProgressLog,
    tell_counts,
    tell_rejects,
    tell_speed,
)
from include.eventwire.records import Article, Reject, Signature
from include.eventwire.schemas import TABLES

_LOG: Final = logging.getLogger(__name__)

Progress = Callable[[int], None]

# Fewer failures may be the articles' fault.
_FAILURES_OF_THE_CODER: Final = 10


def share_coding(plan_paths: Sequence[str], n_slots: int) -> list[dict[str, Any]]:
    """Return the plan and the chunks of each task that codes, for all batches of a run.

    Args:
        plan_paths: Paths of the plans; their batches have been cut into chunks.
        n_slots: How many tasks can run at once.
    """
    shared = []
    for plan_path in plan_paths:
        plan, staging = open_plan(plan_path)
        chunks = list_chunks(staging, len(plan.shards))
        sizes = list_column_bytes([chunk_file(staging, chunk) for chunk in chunks], "text")
        shares = share_evenly(dict(zip(chunks, sizes, strict=True)), n_slots, len(plan_paths))
        shared += [{"plan_path": plan_path, "chunks": share} for share in shares]
    return shared


def load_coder(plan_path: str) -> None:
    """Load what `code_shard` needs into this process, which has nothing else to do yet."""
    from include.eventwire.batches.chunk_coding import load_pipeline_of  # brings spaCy

    plan, _ = open_plan(plan_path)
    load_pipeline_of(plan)


def code_shard(
    plan_path: str,
    chunk: str,
    on_progress: Progress | None = None,
    *,
    is_careful: bool | None = None,
) -> str:
    """Find the mentions and events of one chunk of articles; return the folder of its tables.

    Copies of other articles are not coded, unless the settings say so. What the same versions found
    in an article of the batch that this one replaces is taken from there.

    Args:
        plan_path: Path of the plan.
        chunk: Name of the chunk, from `deduplicate_batch`.
        on_progress: Called with the number of articles done since its last call.
        is_careful: Whether one of the articles may end a process; None = if an attempt at this
            chunk died.

    Raises:
        CodingError: Half of the articles or more made the coder fail.
        CodingProcessError: A process that was to code in the place of this one could not.
    """
    return code_once(_code_chunk, plan_path, chunk, on_progress, is_careful=is_careful)


def code_once(
    code: Callable[..., None],
    plan_path: str,
    chunk: str,
    on_progress: Progress | None,
    *,
    is_careful: bool | None,
) -> str:
    """Code one chunk unless that was done before; return the folder of its tables.

    That the chunk was begun is noted, so that the next attempt knows if this one dies.

    Args:
        code: Leaves the tables of a chunk in staging.
        plan_path: Path of the plan.
        chunk: Name of the chunk.
        on_progress: Called with the number of articles done since its last call.
        is_careful: Whether one of the articles may end a process; None = if an attempt died.
    """
    plan, staging = open_plan(plan_path)
    folder = coded_folder(staging, chunk)
    if is_finished(folder):
        return str(folder)
    if is_careful is None:
        is_careful = find_cut_short(plan_path, [chunk])
    with noted_attempt(staging, chunk, is_careful=is_careful):
        code(plan, staging, chunk, on_progress, is_careful=is_careful)
    return str(folder)


def code_chunks(
    plan_path: str,
    chunks: Sequence[str],
    code: Callable[..., str] = code_shard,
) -> None:
    """Code the chunks of one task in turn, all of them carefully when an attempt at one died.

    A task is tried again a few times only, and where one article ends a process there may be more.

    Args:
        plan_path: Path of the plan.
        chunks: Names of the chunks.
        code: Codes one; `code_shard` or `recoding.recode_chunk`.
    """
    is_careful = find_cut_short(plan_path, chunks)
    for chunk in chunks:
        code(plan_path, chunk, is_careful=is_careful)


def find_cut_short(plan_path: str, chunks: Sequence[str]) -> bool:
    """Return whether an attempt at one of `chunks` died, or is at work at this moment."""
    plan, staging = open_plan(plan_path)
    found = next((chunk for chunk in chunks if was_cut_short(staging, chunk)), None)
    if found is not None:
        _LOG.warning(
            "%s: chunk %s: an earlier attempt did not come to its end: the articles are coded in "
            "a process of their own, in case one of them ends it",
            *(plan.label(), found),
        )
    return found is not None


def count_begun(plan_path: str, chunks: Sequence[str]) -> int:
    """Return at how many of `chunks` coding has begun."""
    _, staging = open_plan(plan_path)
    return sum(was_begun(staging, chunk) for chunk in chunks)


def check_failures(n_articles: int, rejects: Sequence[Reject]) -> None:
    """Check that the coder did not fail on so many articles of a chunk that it is to blame.

    Raises:
        CodingError: It failed on ten articles or more, and on at least half of them.
    """
    if len(rejects) >= max(_FAILURES_OF_THE_CODER, n_articles / 2):
        raise CodingError(
            f"{len(rejects)} of {n_articles} articles could not be coded, so it is not their "
            f"fault; of the first, {rejects[0].input_uri} record {rejects[0].record_number}: "
            f"{rejects[0].detail}"
        )


def _code_chunk(
    plan: Plan, staging: Path, chunk: str, on_progress: Progress | None, *, is_careful: bool
) -> None:
    """Code what is wanted of one chunk, and leave its tables in staging."""
    stored = cast("list[Article]", list(read_rows(chunk_file(staging, chunk), "articles")))
    articles, repeated = mark_copies(stored, chunk, read_duplicates(staging))
    wanted = [row for row in articles if row.is_canonical or plan.settings.code_copies]
    task = f"{plan.label()}: chunk {chunk}"
    progress = ProgressLog(_LOG.info, task, "articles", len(wanted), on_progress)
    rows, n_reused = code_new(wanted, plan, progress, is_careful=is_careful)
    failed = cast("Sequence[Reject]", rows["rejects"])
    check_failures(len(wanted), failed)
    rows["rejects"] = [*repeated, *failed]
    rows["articles"] = kept = _put_back(
        cast("Sequence[Article]", rows["articles"]), articles, wanted
    )
    signatures = cast(
        "Iterator[Signature]", read_rows(signature_file(staging, chunk), "signatures")
    )
    rows["signatures"] = mark_signatures(signatures, kept)
    with finished_folder(coded_folder(staging, chunk)) as partial:
        for table in TABLES:
            write_rows(partial / f"{table}.parquet", table, rows[table])
        write_json(partial / "reused.json", n_reused)
    found = {table: len(rows[table]) for table in ("events", "mentions")}
    _LOG.info(
        "%s coded: %s articles (%s taken from the batch before) gave %s, %s %s",
        *(task, f"{len(wanted):,}", f"{n_reused:,}", tell_counts(found)),
        tell_rejects(Counter(row.reason for row in failed)),
        tell_speed(len(wanted), "articles", progress.seconds),
    )


def _put_back(
    coded: Sequence[Article], articles: Sequence[Article], wanted: Sequence[Article]
) -> list[Article]:
    """Return the coded articles and those that were not wanted, in the order of `articles`."""
    by_id = {article.article_id: article for article in coded}
    failed = {article.article_id for article in wanted} - by_id.keys()
    return [
        by_id.get(article.article_id, article)
        for article in articles
        if article.article_id not in failed
    ]
