"""From the files of one ingest shard to chunks of articles, signatures and rejects."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from itertools import islice
from pathlib import Path
from typing import Final, cast

from include.eventwire.batches.plan import Plan, shard_files
from include.eventwire.batches.staging import (
    finished_folder,
    ingest_folder,
    is_finished,
    write_json,
)
from include.eventwire.deduplication.signatures import make_signatures
from include.eventwire.inputs.compression import open_file
from include.eventwire.inputs.selection import InputFile
from include.eventwire.inputs.sources import Sources, load_sources
from include.eventwire.lake.layout import LakeLayout
from include.eventwire.lake.locations import LostFileError, on_this_machine
from include.eventwire.lake.parquet_files import write_rows
from include.eventwire.lake.tombstones import keep_out, read_tombstones
from include.eventwire.readers import read_articles
from include.eventwire.readers.raw import ReadContext, tell_briefly
from include.eventwire.records import Article, Reject

# A chunk is held in memory while it is coded: a few long articles fill it as well as many short.
MOST_CHUNK_CHARS: Final = 20_000_000
# A file of nothing but broken lines has as many rejects as it has lines.
_MOST_CHUNK_REJECTS: Final = 10_000


@dataclass(slots=True)
class _Chunks:
    """Collects the rows of one table and writes them as files of a bounded size.

    Beside each file of articles it writes one of their signatures, row by row.
    """

    folder: Path
    table: str
    most_rows: int
    rows: list[Article | Reject] = field(default_factory=list)
    n_chars: int = 0
    n_files: int = 0

    def add(self, row: Article | Reject) -> None:
        self.rows.append(row)
        self.n_chars += row.n_chars if isinstance(row, Article) else len(row.detail)
        if len(self.rows) >= self.most_rows or self.n_chars >= MOST_CHUNK_CHARS:
            self.flush()

    def flush(self) -> None:
        if self.rows:
            path = self.folder / f"{self.table}-{self.n_files:05d}.parquet"
            write_rows(path, self.table, self.rows)
            if self.table == "articles":
                articles = cast("list[Article]", self.rows)
                signatures = path.with_name(f"signatures-{self.n_files:05d}.parquet")
                write_rows(signatures, "signatures", [*make_signatures(articles)])
            self.n_files += 1
            self.rows, self.n_chars = [], 0


def ingest_files(
    plan: Plan, staging: Path, shard: int, on_progress: Callable[[int], None] | None = None
) -> Path:
    """Read ingest shard number `shard` of `plan`; return the folder with its chunks.

    A shard that was read before is left as it is.

    Args:
        plan: The plan that the shard belongs to.
        staging: Folder of the plan.
        shard: Number of the shard.
        on_progress: Called with the number of records read since its last call.
    """
    folder = ingest_folder(staging, shard)
    if is_finished(folder):
        return folder
    with finished_folder(folder) as partial:
        articles = _Chunks(partial, "articles", plan.settings.articles_per_shard)
        rejects = _Chunks(partial, "rejects", _MOST_CHUNK_REJECTS)
        hashes: dict[str, str | None] = {}
        counts: Counter[str] = Counter()
        forgotten = read_tombstones(LakeLayout(plan.settings.lake))
        for read in islice(_read_shard(plan, shard, hashes), plan.limit):
            record = keep_out(read, forgotten)
            (articles if isinstance(record, Article) else rejects).add(record)
            counts["articles" if isinstance(record, Article) else record.reason] += 1
            if on_progress is not None:
                on_progress(1)
        articles.flush()
        rejects.flush()
        write_json(partial / "inputs.json", hashes)
        write_json(partial / "counts.json", counts)
    return folder


def _read_shard(
    plan: Plan, shard: int, hashes: dict[str, str | None]
) -> Iterator[Article | Reject]:
    """Yield the records of a shard, and add each file to `hashes` when its turn comes."""
    sources = load_sources(plan.settings.sources)
    for file in shard_files(plan, shard):
        hashes[file.uri] = None
        try:
            with on_this_machine(file.path) as here:
                hashes[file.uri] = _hash_file(here)
                yield from _read_file(file, here, plan, sources)
        except LostFileError as error:
            detail = f"the file cannot be read: {error.strerror or error}"
            yield Reject(file.uri, None, "read", "unreadable_file", tell_briefly(detail))


def _read_file(
    file: InputFile, here: Path, plan: Plan, sources: Sources
) -> Iterator[Article | Reject]:
    """Yield what `file` holds; an error that no reader foresaw ends the file with a reject.

    Args:
        file: The file.
        here: The file, or a copy of it, on this machine.
        plan: The plan that it belongs to.
        sources: The declared sources.
    """
    profile = sources.profile_for(file.path)
    if plan.publisher is not None:
        profile = replace(profile, publisher=plan.publisher)
    try:
        yield from read_articles(
            ReadContext(
                replace(file, path=here),
                profile,
                plan.settings,
                plan.not_after(),
                landed=file.path,
            )
        )
    except Exception as error:  # noqa: BLE001 - one file must not sink the batch
        detail = f"the rest of the file was not read: {type(error).__name__}: {error}"
        yield Reject(file.uri, None, "read", "unexpected_error", tell_briefly(detail))


def _hash_file(path: Path) -> str | None:
    try:
        with open_file(path) as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
        return None
