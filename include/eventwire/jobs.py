"""One function per task: read, call stages, write. The DAGs map them, the command line too.

Each takes and returns paths and small values, may be tried again or run twice at once, and leaves
either all of its result or nothing.
"""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final, cast

from include.eventwire.assembly import (
    assemble_tables,
    count_copies,
    count_records,
    count_reused,
    describe_inputs,
)
from include.eventwire.audit import CheckResult, audit_tables
from include.eventwire.batch_profile import BatchProfile, measure_batch
from include.eventwire.careful_coding import CodingError
from include.eventwire.coded_before import code_new
from include.eventwire.comparison.replaced import describe_replaced
from include.eventwire.deduplication.clusters import find_duplicates, read_keys, read_sketches
from include.eventwire.deduplication.earlier_batches import earlier_batches
from include.eventwire.deduplication.earlier_copies import find_earlier_copies
from include.eventwire.deduplication.marking import (
    is_found,
    mark_copies,
    mark_signatures,
    read_duplicates,
    write_duplicates,
)
from include.eventwire.history import read_history
from include.eventwire.history_checks import compare_with_history
from include.eventwire.ingestion import ingest_files
from include.eventwire.lake import BatchKey, LakeLayout
from include.eventwire.locations import to_location
from include.eventwire.origins import read_origin
from include.eventwire.parquet_files import count_rows, list_column_bytes, read_rows, write_rows
from include.eventwire.plan import DAILY, BatchRequest, Plan, PlanError, read_plan, write_plan
from include.eventwire.planning import make_plan
from include.eventwire.publishing import publish_tables
from include.eventwire.receipts import Receipt, read_receipt
from include.eventwire.records import Article, Reject, Signature
from include.eventwire.schemas import TABLES, TOLD_TABLES
from include.eventwire.settings import Settings
from include.eventwire.sharing import share_evenly
from include.eventwire.staging import (
    chunk_file,
    coded_folder,
    finished_folder,
    is_finished,
    list_chunks,
    noted_attempt,
    read_json,
    signature_file,
    staged_tables,
    tables_folder,
    was_begun,
    was_cut_short,
    write_json,
    written_folder,
)
from include.eventwire.task_logs import ProgressLog, tell_counts, tell_rejects, tell_speed
from include.eventwire.versions import current_versions

_LOG = logging.getLogger(__name__)

Progress = Callable[[int], None]

# Fewer failures may be the articles' fault.
_FAILURES_OF_THE_CODER: Final = 10


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


def count_articles(plan_path: str) -> int:
    """Return how many articles of a de-duplicated batch go to the coder."""
    plan, staging = open_plan(plan_path)
    chunks = list_chunks(staging, len(plan.shards))
    n_rows = sum(count_rows(chunk_file(staging, chunk)) for chunk in chunks)
    found = read_duplicates(staging)
    n_copies = 0 if plan.settings.code_copies else len(found.copies)
    return n_rows - len(found.repeated) - n_copies


def load_coder(plan_path: str) -> None:
    """Load what `code_shard` needs into this process, which has nothing else to do yet."""
    from include.eventwire.chunk_coding import load_pipeline_of  # brings spaCy

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
    plan, staging = open_plan(plan_path)
    folder = coded_folder(staging, chunk)
    if is_finished(folder):
        return str(folder)
    if is_careful is None:
        is_careful = find_cut_short(plan_path, [chunk])
    with noted_attempt(staging, chunk, is_careful=is_careful):
        _code_chunk(plan, staging, chunk, on_progress, is_careful=is_careful)
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


def audit_batch(plan_path: str) -> str:
    """Put the tables of a batch together in staging and check them; return the plan's path.

    Raises:
        AuditError: A check failed; nothing is published.
    """
    plan, staging = open_plan(plan_path)
    with written_folder(tables_folder(staging)) as folder:
        tables = {table: folder / f"{table}.parquet" for table in TABLES}
        n_rows = assemble_tables(plan, staging, tables)
        counts = {
            "records_in": count_records(plan, staging),
            **n_rows,
            "copies": count_copies(tables["articles"]),
            "articles_reused": count_reused(plan, staging),
        }
        earlier_clusters = read_duplicates(staging).earlier_clusters
        checks = audit_tables(tables, counts["records_in"], earlier_clusters)
        profile = measure_batch(tables)
    checks += _compare_with_days_before(plan, profile)
    warnings = [check for check in checks if not check.passed]
    _LOG.info(
        "%s: audited: %s; %s checks, %s warnings",
        *(plan.label(), tell_counts(n_rows), len(checks), len(warnings)),
    )
    for check in warnings:
        _LOG.info("%s: warning: %s", plan.label(), check.describe())
    write_json(staging / "counts.json", counts)
    write_json(staging / "profile.json", profile.to_json())
    write_json(staging / "checks.json", [check.to_json() for check in checks])
    return plan_path


def publish_batch(plan_path: str, run: Mapping[str, str] | None = None) -> str:
    """Put an audited batch into the lake; return the path of its receipt.

    When another try at the same task has published, and swept the staging that they share, this one
    finds the receipt and has nothing left to do: it was killed after that, or is still running.

    Args:
        plan_path: Path of the plan.
        run: What the receipt tells of the run (dag_id, run_id).

    Raises:
        LakeError: The lake cannot be written; or the batch was coded again, and the one that its
            articles were taken from has been replaced meanwhile.
    """
    if (published := _find_receipt(to_location(plan_path))) is not None:
        return str(published)
    try:
        return _publish(plan_path, run or {})
    except (OSError, PlanError):
        # Of a staging that is being swept the plan may still stand.
        if (published := _find_own_receipt(to_location(plan_path))) is None:
            raise
        return str(published)


def report_batch(receipt_path: str) -> str:
    """Return one line on a published batch: what came in and what came out."""
    receipt = read_receipt(to_location(receipt_path))
    rows = ", ".join(f"{receipt.tables[table].rows:,} {table}" for table in TOLD_TABLES)
    warnings = sum(not check.passed for check in receipt.checks)
    return (
        f"{receipt.day} {receipt.batch}: {receipt.counts['records_in']:,} records in "
        f"{len(receipt.inputs)} files gave {rows}; copies: {receipt.counts.get('copies', 0):,}; "
        f"warnings: {warnings}"
    )


def open_plan(plan_path: str) -> tuple[Plan, Path]:
    """Return a plan and the staging folder that it lies in.

    Raises:
        PlanError: There is no plan, as after its batch was published.
    """
    path = to_location(plan_path)
    return read_plan(path), path.parent


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


def _publish(plan_path: str, run: Mapping[str, str]) -> str:
    plan, staging = open_plan(plan_path)
    if (origin := read_origin(staging)) is not None:
        origin.check_unchanged(plan, staged_tables(staging)["articles"])
    receipt = Receipt(
        day=plan.day,
        batch=plan.batch,
        inputs=origin.inputs if origin else describe_inputs(plan, staging),
        versions=current_versions(plan.settings.model),
        tables={},
        compared=read_json(staging / "compared.json"),
        counts=read_json(staging / "counts.json"),
        checks=tuple(CheckResult.from_json(check) for check in read_json(staging / "checks.json")),
        run={
            "attempt": plan.run,
            "planned_at": plan.created_at,
            "published_at": _now(),
            **run,
        },
        recoded_from=origin.describe() if origin else None,
        profile=read_json(staging / "profile.json"),
        replaced=_describe_replaced(plan, staging),
    )
    layout, tables = LakeLayout(plan.settings.lake), staged_tables(staging)
    path = publish_tables(layout, plan.day, plan.batch, tables, receipt)
    _LOG.info("%s: published: %s", plan.label(), path)
    return str(path)


def _compare_with_days_before(plan: Plan, profile: BatchProfile) -> list[CheckResult]:
    """Return warnings about what differs from the days before; batches of other kinds have none."""
    if plan.batch != DAILY:
        return []
    history = read_history(LakeLayout(plan.settings.lake), plan.day, plan.batch)
    return [*compare_with_history(plan.day, profile, history)]


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


def _describe_replaced(plan: Plan, staging: Path) -> dict[str, Any] | None:
    """Return what the batch replaces; a second try still tells what stood there at the first."""
    path = staging / "replaced.json"
    if not path.exists():
        key = BatchKey(plan.day, plan.batch)
        layout, tables = LakeLayout(plan.settings.lake), staged_tables(staging)
        write_json(path, describe_replaced(layout, key, tables))
    return cast("dict[str, Any] | None", read_json(path))


def _find_receipt(plan_path: Path) -> Path | None:
    """Return the receipt of the attempt whose plan is gone from `plan_path`, else None."""
    return None if plan_path.exists() else _find_own_receipt(plan_path)


def _find_own_receipt(plan_path: Path) -> Path | None:
    """Return the receipt of the batch if it is of the attempt whose plan is at `plan_path`."""
    path = LakeLayout.of_plan(plan_path).receipt_of(plan_path)
    is_of_attempt = path.exists() and read_receipt(path).run.get("attempt") == plan_path.parent.name
    return path if is_of_attempt else None


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")
