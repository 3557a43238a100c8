"""From the files of one ingest shard to chunks of articles, with bounded memory."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from itertools import islice
from pathlib import Path
from typing import Final

from include.eventwire.inputs import InputFile
from include.eventwire.parquet_files import write_rows
from include.eventwire.plan import Plan, shard_files
from include.eventwire.readers import read_articles
from include.eventwire.records import Article, Reject
from include.eventwire.settings import Settings
from include.eventwire.sources import Sources, load_sources
from include.eventwire.staging import finished_folder, ingest_folder, write_json

# A chunk is held in memory while it is coded: a few long articles fill it as well as many short.
_MOST_CHUNK_CHARS: Final = 20_000_000


@dataclass(slots=True)
class _Chunks:
    """Collects articles and writes them as chunks of a bounded size."""

    folder: Path
    most_articles: int
    articles: list[Article] = field(default_factory=list)
    n_chars: int = 0
    n_chunks: int = 0

    def add(self, article: Article) -> None:
        self.articles.append(article)
        self.n_chars += article.n_chars
        if len(self.articles) >= self.most_articles or self.n_chars >= _MOST_CHUNK_CHARS:
            self.flush()

    def flush(self) -> None:
        if self.articles:
            path = self.folder / f"articles-{self.n_chunks:05d}.parquet"
            write_rows(path, "articles", self.articles)
            self.n_chunks += 1
            self.articles, self.n_chars = [], 0


def ingest_files(plan: Plan, staging: Path, shard: int) -> Path:
    """Read ingest shard number `shard` of `plan`; return the folder with its chunks and rejects.

    A shard that was read before is left as it is.
    """
    folder = ingest_folder(staging, shard)
    if folder.is_dir():
        return folder
    with finished_folder(folder) as partial:
        chunks = _Chunks(partial, plan.articles_per_shard)
        rejects: list[Reject] = []
        for record in islice(_read_shard(plan, shard), plan.limit):
            if isinstance(record, Article):
                chunks.add(record)
            else:
                rejects.append(record)
        chunks.flush()
        write_rows(partial / "rejects.parquet", "rejects", rejects)
        hashes = {file.uri: _hash_file(file.path) for file in shard_files(plan, shard)}
        write_json(partial / "inputs.json", hashes)
    return folder


def _read_shard(plan: Plan, shard: int) -> Iterator[Article | Reject]:
    settings = Settings(
        max_article_chars=plan.max_article_chars,
        max_record_bytes=plan.max_record_bytes,
        max_expansion=plan.max_expansion,
    )
    sources = load_sources(plan.sources)
    for file in shard_files(plan, shard):
        yield from _read_file(file, plan, settings, sources)


def _read_file(
    file: InputFile, plan: Plan, settings: Settings, sources: Sources
) -> Iterator[Article | Reject]:
    """Yield what `file` holds; an error that no reader foresaw ends the file with a reject."""
    profile = sources.profile_for(file.path)
    if plan.publisher is not None:
        profile = replace(profile, publisher=plan.publisher)
    try:
        yield from read_articles(file, profile, settings)
    except Exception as error:  # noqa: BLE001 - one file must not sink the batch
        detail = f"the rest of the file was not read: {type(error).__name__}: {error}"
        yield Reject(file.uri, None, "read", "unexpected_error", detail)


def _hash_file(path: Path) -> str | None:
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
        return None
