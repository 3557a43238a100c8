"""Codes the stored articles of a lake again: by the current coder, lexicon and model, no inputs.

A batch that is coded again replaces itself, or goes to another lake. It keeps what reading and
de-duplication made: its articles and their order, clusters, signatures and rejects.
What it shares with `jobs` are the plan, the staging folder, the audit and the publication; instead
of reading and de-duplicating, `cut_batch` takes the articles from the lake.

Articles that the coder failed on when they came in are not in the lake: they stay rejects. One that
it fails on now stays in the lake, without events and with a warning, for its input may be gone.
"""

from __future__ import annotations

import logging
import uuid
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Final, cast

from include.eventwire.batches.assembly import count_copies
from include.eventwire.batches.coded_before import code_all
from include.eventwire.batches.origins import Origin, find_origin, read_origin, write_origin
from include.eventwire.batches.plan import Plan, open_plan, write_plan
from include.eventwire.batches.planning import check_coder
from include.eventwire.batches.staging import (
    chunk_file,
    coded_folder,
    finished_folder,
    ingest_folder,
    is_finished,
    list_chunks,
    signature_file,
    write_json,
)
from include.eventwire.batches.stored_articles import write_chunks, write_rejects
from include.eventwire.deduplication.clusters import Duplicates
from include.eventwire.deduplication.earlier_clusters import find_earlier_clusters
from include.eventwire.deduplication.marking import write_duplicates
from include.eventwire.jobs import check_failures, code_once
from include.eventwire.lake.layout import BatchKey, LakeLayout, check_batch
from include.eventwire.lake.parquet_files import (
    count_all_rows,
    read_rows,
    write_rows,
)
from include.eventwire.lake.publishing import lock_batch
from include.eventwire.lake.receipts import read_receipt
from include.eventwire.lake.tombstones import read_tombstones
from include.eventwire.observability.task_logs import ProgressLog, tell_counts, tell_speed
from include.eventwire.records import Article, Reject
from include.eventwire.schemas import TABLES
from include.eventwire.settings import Settings
from include.eventwire.versions import current_versions

_LOGGER: Final = logging.getLogger(__name__)

# What an article carries that could not be coded again; see `schemas.WARNINGS`.
_FAILED: Final = "coding_failed"
# The version of the package alone changes no row.
_NOT_COMPARED: Final = "code"


class RecodeError(ValueError):
    """What was asked for cannot be coded again."""


@dataclass(frozen=True, slots=True)
class RecodeRequest:
    """What to code again.

    Attributes:
        first_day: First day; None = from the first day of the lake.
        last_day: Last day; None = to the last day of the lake.
        batch: Name of the batch of each day; None = all of them.
        into: Lake that the result goes to; None = the lake that the articles come from.
        model: Name of the spaCy pipeline; None = the one in the settings.
        force: Whether batches are coded again that the current versions have coded already.

    Raises:
        BatchNameError: `batch` cannot be the name of a file.
    """

    first_day: date | None = None
    last_day: date | None = None
    batch: str | None = None
    into: Path | None = None
    model: str | None = None
    force: bool = False

    def __post_init__(self) -> None:
        """Refuse what names no batch."""
        if self.batch is not None:
            check_batch(self.batch)
        if self.first_day and self.last_day and self.last_day < self.first_day:
            raise RecodeError(f"the last day ({self.last_day}) lies before {self.first_day}")

    def names(self, key: BatchKey) -> bool:
        """Return whether `key` is one of the batches that are asked for."""
        return (
            (self.first_day is None or self.first_day <= key.day)
            and (self.last_day is None or key.day <= self.last_day)
            and self.batch in (None, key.batch)
        )


@dataclass(frozen=True, slots=True)
class Choice:
    """The batches that a request names, by day and name.

    Attributes:
        wanted: Those that are to be coded again.
        current: Those that are left as they are, since the current versions coded them.
    """

    wanted: tuple[BatchKey, ...]
    current: tuple[BatchKey, ...]


def choose_batches(request: RecodeRequest, settings: Settings) -> Choice:
    """Return which batches of the lake of `settings` are to be coded again.

    A batch whose publication was cut short is one of them.

    Raises:
        ModelNotFoundError: The model is not installed.
        LexiconError, GazetteerError: A data file of the coder has a mistake.
        LakeError: The lake cannot be read.
        RecodeError: The other lake is the same one.
        ReceiptError: A receipt cannot be read.
        SchemaVersionError: A lake was written by a newer version of the schema.
    """
    model = request.model or settings.model
    check_coder(model)
    source, target = LakeLayout(settings.lake), _target(request, settings)
    source.check_version()
    target.check_version()
    versions = current_versions(model)
    keys = {key for key, _ in (*source.receipts(), *source.unfinished()) if request.names(key)}
    current = {
        key for key in keys if not request.force and _is_current(source, target, key, versions)
    }
    for key in sorted(current):
        _LOGGER.info("%s: coded by the current versions, left as it is", key)
    return Choice(tuple(sorted(keys - current)), tuple(sorted(current)))


def plan_recode(key: BatchKey, request: RecodeRequest, settings: Settings) -> str:
    """Plan to code one batch of the lake of `settings` again; return the path of the plan.

    Raises:
        LakeError: The batch is torn, or the lake cannot be written.
        RecodeError: The other lake has a batch of that name that was made from inputs.
        ReceiptError: Its receipt cannot be read.
    """
    origin = find_origin(LakeLayout(settings.lake), key)
    target = _target(request, settings)
    if request.into is not None:
        _check_replaceable(target, key)
    plan = Plan(
        day=key.day,
        batch=key.batch,
        run=uuid.uuid4().hex,
        settings=replace(settings, lake=target.root, model=request.model or settings.model),
        files=(),
        shards=((),),  # the stored articles
        rejects=(),
        publisher=None,
        limit=None,
        created_at=datetime.now(UTC).isoformat(timespec="seconds"),
    )
    staging = target.create_staging_run(plan.day, plan.batch, plan.run)
    write_origin(staging, origin)
    write_plan(plan, staging / "plan.json")
    return str(staging / "plan.json")


def cut_batch(plan_path: str) -> list[str]:
    """Cut the stored articles of a batch into chunks; return their names.

    What was cut before is left as it is.

    Raises:
        LakeError: The batch has been replaced since it was planned, or is damaged.
    """
    plan, staging = open_plan(plan_path)
    folder = ingest_folder(staging, 0)
    if not is_finished(folder):
        origin, key = _origin_of(staging), BatchKey(plan.day, plan.batch)
        source = LakeLayout(origin.lake)
        with lock_batch(source, key.day, key.batch, shared=True):
            origin.check_files(key)
            _note_earlier_clusters(staging, source, key, origin)
            with finished_folder(folder) as partial:
                forgotten = read_tombstones(LakeLayout(plan.settings.lake))
                n_each = plan.settings.articles_per_shard
                kept_out = write_chunks(partial, source, key, n_each, forgotten)
                write_rejects(partial, source, key, kept_out)
    chunks = list_chunks(staging, len(plan.shards))
    _LOGGER.info("%s: the stored articles are cut into %d chunks", plan.label(), len(chunks))
    return chunks


def count_wanted(plan_path: str) -> int:
    """Return how many articles of a batch that was cut go to the coder."""
    plan, staging = open_plan(plan_path)
    files = [chunk_file(staging, chunk) for chunk in list_chunks(staging, len(plan.shards))]
    n_copies = 0 if plan.settings.code_copies else sum(map(count_copies, files))
    return count_all_rows(files) - n_copies


def recode_chunk(
    plan_path: str,
    chunk: str,
    on_progress: Callable[[int], None] | None = None,
    *,
    is_careful: bool | None = None,
) -> str:
    """Find the mentions and events of one chunk of stored articles; return its folder.

    Args:
        plan_path: Path of the plan.
        chunk: Name of the chunk, from `cut_batch`.
        on_progress: Called with the number of articles done since its last call.
        is_careful: Whether one of the articles may end a process; None = if an attempt at this
            chunk died.

    Raises:
        CodingError: Half of the articles or more made the coder fail.
        CodingProcessError: A process that was to code in the place of this one could not.
    """
    return code_once(_recode, plan_path, chunk, on_progress, is_careful=is_careful)


def _recode(
    plan: Plan,
    staging: Path,
    chunk: str,
    on_progress: Callable[[int], None] | None,
    *,
    is_careful: bool,
) -> None:
    stored = cast("Iterator[Article]", read_rows(chunk_file(staging, chunk), "articles"))
    articles = [_uncode(article) for article in stored]
    wanted = [row for row in articles if row.is_canonical or plan.settings.code_copies]
    task = f"{plan.label()}: chunk {chunk}"
    progress = ProgressLog(_LOGGER.info, task, "articles", len(wanted), on_progress)
    rows = code_all(wanted, plan, progress, is_careful=is_careful)
    failed = cast("Sequence[Reject]", rows["rejects"])
    check_failures(len(wanted), failed)
    for reject in failed:
        _LOGGER.warning("%s record %s: %s", reject.input_uri, reject.record_number, reject.detail)
    rows["articles"] = _put_back(cast("Sequence[Article]", rows["articles"]), articles, wanted)
    rows["rejects"] = []
    rows["signatures"] = list(read_rows(signature_file(staging, chunk), "signatures"))
    with finished_folder(coded_folder(staging, chunk)) as partial:
        for table in TABLES:
            write_rows(partial / f"{table}.parquet", table, rows[table])
    found = {table: len(rows[table]) for table in ("events", "mentions")}
    _LOGGER.info(
        "%s coded again: %s articles gave %s %s",
        *(task, f"{len(wanted):,}", tell_counts(found)),
        tell_speed(len(wanted), "articles", progress.seconds),
    )


def _target(request: RecodeRequest, settings: Settings) -> LakeLayout:
    if request.into is None:
        return LakeLayout(settings.lake)
    if request.into.resolve() == settings.lake.resolve():
        raise RecodeError(f"{request.into} is the lake that is coded again; name another one")
    return LakeLayout(request.into)


def _check_replaceable(target: LakeLayout, key: BatchKey) -> None:
    path = target.receipt_file(key.day, key.batch)
    if path.exists() and read_receipt(path).recoded_from is None:
        raise RecodeError(
            f"{target.root} has {key} from inputs of its own, which would be lost; name another "
            "lake to code into"
        )


def _is_current(
    source: LakeLayout, target: LakeLayout, key: BatchKey, versions: Mapping[str, str]
) -> bool:
    """Return whether the batch stands in `target` as these versions code it from `source`."""
    path, origin_path = (layout.receipt_file(key.day, key.batch) for layout in (target, source))
    if not path.exists() or not origin_path.exists():
        return False
    receipt = read_receipt(path)
    made_by = {**receipt.versions, _NOT_COMPARED: versions[_NOT_COMPARED]}
    if source == target or made_by != versions:
        return made_by == versions
    taken = (receipt.recoded_from or {}).get("sha256", {}).get("articles")
    return bool(taken == read_receipt(origin_path).tables["articles"].sha256)


def _origin_of(staging: Path) -> Origin:
    origin = read_origin(staging)
    if origin is None:
        raise RecodeError(f"{staging}: this plan reads inputs and codes no stored articles")
    return origin


def _note_earlier_clusters(
    staging: Path, source: LakeLayout, key: BatchKey, origin: Origin
) -> None:
    """Keep for the audit which clusters of earlier days the copies of the batch belong to."""
    articles = source.table_file("articles", key.day, key.batch)
    clusters = find_earlier_clusters(source, articles, origin.compared)
    write_duplicates(staging, Duplicates({}, {}, clusters))
    write_json(staging / "compared.json", list(origin.compared))


def _uncode(article: Article) -> Article:
    """Return a stored article without what coding noted of it."""
    kept = [code for code in (article.warnings or "").split(",") if code and code != _FAILED]
    return replace(article, n_tokens=None, n_sentences=None, warnings=",".join(kept) or None)


def _put_back(
    coded: Sequence[Article], articles: Sequence[Article], wanted: Sequence[Article]
) -> list[Article]:
    """Return all of `articles` in their order, those that the coder failed on marked."""
    by_id = {article.article_id: article for article in coded}
    failed = {article.article_id for article in wanted} - by_id.keys()
    return [
        _mark_failed(article)
        if article.article_id in failed
        else by_id.get(article.article_id, article)
        for article in articles
    ]


def _mark_failed(article: Article) -> Article:
    warnings = sorted({*(article.warnings or "").split(","), _FAILED} - {""})
    return replace(article, warnings=",".join(warnings))
