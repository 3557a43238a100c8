"""Counts the requests that the tasks of a batch make to an object store: moto's server here."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final

from include.eventwire import jobs
from include.eventwire.batches.plan import BatchRequest
from include.eventwire.lake.locations import to_location
from include.eventwire.local_engines.servers import S3Server, running_s3
from include.eventwire.settings import PROJECT_ROOT, Settings

# Two runs over the same articles in fewer and in more chunks: the difference is what chunks cost.
_ARTICLES: Final = 48
_CHUNKS: Final = (8, 24)
_STEPS: Final = ("ingest", "deduplicate", "code", "audit", "publish")
_DAY: Final = date(2020, 1, 1)


def record_requests() -> dict[str, float]:
    """Return for each step its requests a chunk and, beside them, a batch (one ingest task).

    The tasks run in a process of its own: how a store is found is kept for its life.
    """
    command = [sys.executable, "-m", "benchmarks.scale.store_requests"]
    done = subprocess.run(  # noqa: S603 - our own module
        command, cwd=PROJECT_ROOT, check=True, capture_output=True, text=True
    )
    few, many = (Counter(counts) for counts in json.loads(done.stdout))
    figures: dict[str, float] = {}
    for step in _STEPS:
        per_chunk = (many[step] - few[step]) / (_CHUNKS[1] - _CHUNKS[0])
        figures[f"{step}_requests_per_chunk"] = per_chunk
        figures[f"{step}_requests"] = few[step] - per_chunk * _CHUNKS[0]
    return figures


def _count_all() -> list[dict[str, int]]:
    with tempfile.TemporaryDirectory(prefix="eventwire-scale-") as folder:
        news = _write_news(Path(folder))
        with running_s3(Path(folder) / "server") as server:
            os.environ |= server.variables()
            return [_count(news, n_chunks, server) for n_chunks in _CHUNKS]


def _count(news: Path, n_chunks: int, server: S3Server) -> dict[str, int]:
    lake = to_location(server.location(f"lake-{n_chunks}"))
    settings = Settings(lake=lake, articles_per_shard=_ARTICLES // n_chunks)
    request = BatchRequest(_DAY, inputs=(str(news),), batch="counted")
    plan = jobs.plan_batch(request, settings, allowed_roots=())
    counter = _Counter(server.log, {})
    counter.count("ingest", lambda: jobs.ingest_shard(plan, 0))
    chunks = counter.count("deduplicate", lambda: jobs.deduplicate_batch(plan))
    for chunk in chunks:
        counter.count("code", lambda chunk=chunk: jobs.code_shard(plan, chunk))
    counter.count("audit", lambda: jobs.audit_batch(plan))
    counter.count("publish", lambda: jobs.publish_batch(plan))
    return counter.counts


@dataclass(slots=True)
class _Counter:
    """Adds up the requests in the server's log, by step."""

    log: Path
    counts: dict[str, int]

    def count(self, step: str, call: Callable[[], list[str]] | Callable[[], str]) -> list[str]:
        before = self._lines()
        result = call()
        self.counts[step] = self.counts.get(step, 0) + self._lines() - before
        return list(result)

    def _lines(self) -> int:
        return self.log.read_text(encoding="utf-8", errors="replace").count("HTTP/1.1")


def _write_news(folder: Path) -> Path:
    path = folder / "news.jsonl"
    with path.open("w", encoding="utf-8") as file:
        file.writelines(json.dumps(record) + "\n" for record in _make_news())
    return path


def _make_news() -> Iterator[dict[str, object]]:
    for number in range(_ARTICLES):
        text = f"France and Germany signed agreement number {number} in Paris on Monday."
        yield {"id": number, "language": "en", "date": "2020-01-01T00:00:00Z", "text": text}


if __name__ == "__main__":
    print(json.dumps(_count_all()))
