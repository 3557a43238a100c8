"""One function per task: read, call stages, write. The DAGs map them, the command line too.

Each takes and returns paths and small values, may be tried again or run twice at once, and leaves
either all of its result or nothing.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Final

from include.eventwire import __version__
from include.eventwire.audit import CheckResult, audit_tables
from include.eventwire.deduplication import ArticleKey, find_duplicates
from include.eventwire.ingestion import ingest_files
from include.eventwire.inputs import Inputs, list_inputs
from include.eventwire.lake import LakeLayout
from include.eventwire.parquet_files import concatenate_files, read_rows, write_rows
from include.eventwire.plan import (
    DAILY,
    BatchRequest,
    Plan,
    cut_shards,
    name_batch,
    read_plan,
    write_plan,
)
from include.eventwire.publishing import publish_tables
from include.eventwire.receipts import Receipt, read_receipt
from include.eventwire.records import Article, Reject
from include.eventwire.schemas import SCHEMA_VERSION
from include.eventwire.settings import Settings
from include.eventwire.sources import load_sources
from include.eventwire.staging import (
    chunk_file,
    coded_folder,
    finished_folder,
    ingest_folder,
    list_chunks,
    read_json,
    staged_tables,
    write_json,
)

Progress = Callable[[int], None]

# Tables in the order in which a chunk's files are written.
_CODED: Final = ("articles", "mentions", "events", "event_parties", "rejects")


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
        InputError: An input is missing, unreadable or outside the allowed folders.
        UnknownFormatError: There is no reader for the named format.
    """
    batch = name_batch(request)
    layout = LakeLayout(settings.lake)
    run = uuid.uuid4().hex
    staging = layout.staging_run(request.day, batch, run)
    found = _find_inputs(request, settings, allowed_roots)
    plan = Plan(
        lake=settings.lake,
        day=request.day,
        batch=batch,
        run=run,
        files=found.files,
        shards=cut_shards(found.files, request.limit),
        rejects=found.rejects,
        sources=settings.sources,
        publisher=request.publisher,
        limit=request.limit,
        model=request.model or settings.model,
        max_article_chars=settings.max_article_chars,
        max_record_bytes=settings.max_record_bytes,
        max_expansion=settings.max_expansion,
        articles_per_shard=settings.articles_per_shard,
        coded_languages=settings.coded_languages,
        created_at=_now(),
    )
    staging.mkdir(parents=True)
    write_plan(plan, staging / "plan.json")
    return str(staging / "plan.json")


def list_shards(plan_path: str) -> list[int]:
    """Return the numbers of the ingest shards of a plan."""
    return list(range(len(read_plan(Path(plan_path)).shards)))


def batch_label(plan_path: str) -> str:
    """Return the batch of a plan in words: "2018-04-24 daily"."""
    return read_plan(Path(plan_path)).label()


def ingest_shard(plan_path: str, shard: int) -> str:
    """Read one ingest shard into chunks of articles and rejects; return its folder."""
    plan, staging = _open(plan_path)
    return str(ingest_files(plan, staging, shard))


def deduplicate_batch(plan_path: str) -> list[str]:
    """Find the repeated and copied articles of a batch; return the names of its chunks."""
    plan, staging = _open(plan_path)
    chunks = list_chunks(staging, len(plan.shards))
    keys = (key for chunk in chunks for key in _read_keys(staging, chunk))
    found = find_duplicates(keys)
    repeated = [[chunk, row, where] for (chunk, row), where in found.repeated.items()]
    write_json(
        staging / "duplicates.json", {"repeated": repeated, "canonical_ids": found.canonical_ids}
    )
    return chunks


def code_shard(plan_path: str, chunk: str, on_progress: Progress | None = None) -> str:
    """Find the mentions and events of one chunk of articles; return the folder of its tables.

    Args:
        plan_path: Path of the plan.
        chunk: Name of the chunk, from `deduplicate_batch`.
        on_progress: Called with the number of articles done since its last call.
    """
    from include.eventwire.chunk_coding import code_articles  # loads spaCy

    plan, staging = _open(plan_path)
    folder = coded_folder(staging, chunk)
    if folder.is_dir():
        return str(folder)
    articles, rejects = _drop_repeated(staging, chunk)
    rows = code_articles(articles, plan, on_progress)
    rows["rejects"] = rejects + rows["rejects"]
    with finished_folder(folder) as partial:
        for table in _CODED:
            write_rows(partial / f"{table}.parquet", table, rows[table])
    return str(folder)


def audit_batch(plan_path: str) -> str:
    """Put the tables of a batch together in staging and check them; return the plan's path.

    Raises:
        AuditError: A check failed; nothing is published.
    """
    plan, staging = _open(plan_path)
    tables = _assemble(plan, staging)
    checks = audit_tables(tables, n_records_in=_count_records(plan, staging))
    write_json(staging / "checks.json", [check.to_json() for check in checks])
    return plan_path


def publish_batch(plan_path: str, run: Mapping[str, str] | None = None) -> str:
    """Put an audited batch into the lake; return the path of its receipt.

    Args:
        plan_path: Path of the plan.
        run: What the receipt tells of the run (dag_id, run_id).
    """
    plan, staging = _open(plan_path)
    layout = LakeLayout(plan.lake)
    receipt = Receipt(
        day=plan.day,
        batch=plan.batch,
        inputs=_describe_inputs(plan, staging),
        versions=_versions(plan),
        tables={},
        counts=read_json(staging / "counts.json"),
        checks=tuple(CheckResult.from_json(check) for check in read_json(staging / "checks.json")),
        run={"planned_at": plan.created_at, "published_at": _now(), **(run or {})},
    )
    return str(publish_tables(layout, plan.day, plan.batch, staged_tables(staging), receipt))


def report_batch(receipt_path: str) -> str:
    """Return one line on a published batch: what came in and what came out."""
    receipt = read_receipt(Path(receipt_path))
    rows = ", ".join(f"{table.rows:,} {name}" for name, table in receipt.tables.items())
    warnings = sum(not check.passed for check in receipt.checks)
    return (
        f"{receipt.day} {receipt.batch}: {receipt.counts['records_in']:,} records in "
        f"{len(receipt.inputs)} files gave {rows}; {warnings} warnings"
    )


def _open(plan_path: str) -> tuple[Plan, Path]:
    return read_plan(Path(plan_path)), Path(plan_path).parent


def _find_inputs(
    request: BatchRequest, settings: Settings, allowed_roots: tuple[Path, ...] | None
) -> Inputs:
    roots = settings.allowed_roots if allowed_roots is None else allowed_roots
    specs = [_from_landing(spec, settings) for spec in request.inputs]
    if not specs:
        specs = _landing_folders(settings.landing, request.day)
        roots = (settings.landing,)
    return list_inputs(
        specs,
        allowed_roots=roots or None,
        landing=settings.landing,
        sources=load_sources(settings.sources),
        format=request.format,
    )


def _from_landing(spec: str, settings: Settings) -> Path:
    """Return `spec` as it stands when it is absolute or exists, else within the landing area."""
    path = Path(spec)
    if path.is_absolute() or path.exists():
        return path
    landed = settings.landing / spec
    return landed if any(settings.landing.glob(spec)) else path


def _landing_folders(landing: Path, day: date) -> list[Path]:
    return sorted(landing.glob(f"*/dt={day.isoformat()}"))


def _read_keys(staging: Path, chunk: str) -> Iterator[ArticleKey]:
    columns = (
        "article_id",
        "text_sha256",
        "published_at",
        "input_uri",
        "record_number",
    )
    from pyarrow.parquet import ParquetFile

    with ParquetFile(chunk_file(staging, chunk)) as file:
        rows = file.read(columns=list(columns)).to_pylist()
    for number, row in enumerate(rows):
        where = f"{row.pop('input_uri')} record {row.pop('record_number')}"
        yield ArticleKey(chunk=chunk, row=number, where=where, **row)


def _drop_repeated(staging: Path, chunk: str) -> tuple[list[Article], list[Reject]]:
    """Return the articles of `chunk`, each with its cluster, and rejects for repeated records."""
    from dataclasses import replace

    found = read_json(staging / "duplicates.json")
    repeated = {row: where for name, row, where in found["repeated"] if name == chunk}
    canonical_ids = found["canonical_ids"]
    articles: list[Article] = []
    rejects: list[Reject] = []
    for row, article in enumerate(read_rows(chunk_file(staging, chunk), "articles")):
        assert isinstance(article, Article)
        if row in repeated:
            rejects.append(_reject_repeated(article, repeated[row]))
            continue
        canonical = canonical_ids.get(article.article_id)
        articles.append(
            replace(
                article,
                cluster_id=canonical or article.article_id,
                is_canonical=canonical is None,
                duplicate_kind="exact" if canonical else None,
            )
        )
    return articles, rejects


def _reject_repeated(article: Article, where: str) -> Reject:
    detail = f"the same record stands in {where}; nothing is lost by leaving this one out"
    return Reject(
        article.input_uri, article.record_number, "deduplicate", "duplicate_article", detail
    )


def _assemble(plan: Plan, staging: Path) -> dict[str, Path]:
    chunks = list_chunks(staging, len(plan.shards))
    planned = staging / "planned-rejects.parquet"
    write_rows(planned, "rejects", plan.rejects)
    ingested = [ingest_folder(staging, shard) / "rejects.parquet" for shard in range(len(plan.shards))]
    first = {"rejects": [planned, *ingested]}
    tables = staged_tables(staging)
    rows: dict[str, int] = {}
    for table, path in tables.items():
        path.parent.mkdir(exist_ok=True)
        coded = [coded_folder(staging, chunk) / f"{table}.parquet" for chunk in chunks]
        rows[table] = concatenate_files([*first.get(table, []), *coded], path, table)
    counts = {"records_in": _count_records(plan, staging), **rows}
    write_json(staging / "counts.json", counts)
    return tables


def _count_records(plan: Plan, staging: Path) -> int:
    """Return how many records were read, counted before anything was done to them."""
    from pyarrow.parquet import read_metadata

    n_records = len(plan.rejects)
    for shard in range(len(plan.shards)):
        files = ingest_folder(staging, shard).glob("*.parquet")
        n_records += sum(read_metadata(path).num_rows for path in files)
    return n_records


def _describe_inputs(plan: Plan, staging: Path) -> list[dict[str, object]]:
    hashes: dict[str, str | None] = {}
    for shard in range(len(plan.shards)):
        hashes |= read_json(ingest_folder(staging, shard) / "inputs.json")
    return [
        {"uri": file.uri, "size": file.size, "sha256": hashes[file.uri]} for file in plan.files
    ]


def _versions(plan: Plan) -> dict[str, str]:
    from include.eventwire.versions import CODER_VERSION, lexicon_version, model_version

    return {
        "code": __version__,
        "coder": CODER_VERSION,
        "lexicon": lexicon_version(),
        "model": model_version(plan.model),
        "schema": str(SCHEMA_VERSION),
    }


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")


__all__ = [
    "DAILY",
    "BatchRequest",
    "audit_batch",
    "batch_label",
    "code_shard",
    "deduplicate_batch",
    "ingest_shard",
    "list_shards",
    "plan_batch",
    "publish_batch",
    "report_batch",
]
