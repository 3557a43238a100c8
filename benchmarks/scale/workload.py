"""From the articles of a day to the tasks of its batches, as `code_news` makes them."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

from benchmarks.scale.costs import Costs
from include.eventwire.batches.plan import cut_shards
from include.eventwire.batches.sharing import share_evenly
from include.eventwire.deduplication.earlier_copies import TEXTS_AT_ONCE
from include.eventwire.inputs.selection import InputFile
from include.eventwire.settings import Settings

DAYS_COMPARED: Final = Settings().days_compared
_ARTICLES_PER_CHUNK: Final = Settings().articles_per_shard
_STORE_STEPS: Final = ("ingest", "deduplicate", "code", "audit", "publish")


@dataclass(frozen=True, slots=True)
class Day:
    """One day of news and how it is cut.

    Attributes:
        articles: Articles that arrive.
        articles_per_file: Articles in each file that lands.
        batches: Number of batches that the day is cut into, each a run, by sources.
        parts: Number of tasks and files that comparing, checking and publishing of one batch are
            cut into by hash: 1 is what there is; more is a plan.
        slots: Tasks that can run at once; Airflow's default.
    """

    articles: int
    articles_per_file: int = 10_000
    batches: int = 1
    parts: int = 1
    slots: int = 32

    @property
    def articles_per_batch(self) -> int:
        """Articles in each batch."""
        return math.ceil(self.articles / self.batches)


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a run.

    Attributes:
        name: Its task_id.
        seconds: Work of each of its tasks, without Airflow's own part.
    """

    name: str
    seconds: tuple[float, ...]


def list_steps(day: Day, costs: Costs) -> list[Step]:
    """Return the steps of one batch of `day`, each of which waits for the one before."""
    n_articles = day.articles_per_batch
    reading = _read_plan(day, costs)
    return [
        Step("plan", (costs["plan_seconds"] + reading,)),
        Step("list_shards", (reading,)),
        Step("ingest", tuple(reading + _ingest(n, costs) for n in _articles_of_shards(day))),
        Step("deduplicate", (reading + _deduplicate(day, costs),) * day.parts),
        Step("code", tuple(reading + _code(n, day, costs) for n in chunks_of_tasks(day))),
        Step("audit", (reading + _audit(n_articles / day.parts, costs),) * day.parts),
        Step("publish", (reading + _publish(n_articles / day.parts, costs),) * day.parts),
        Step("report", (0.0,)),
    ]


def count_passes(n_articles: int) -> int:
    """Return how often the signatures of the days before are read to compare so many articles."""
    return math.ceil(n_articles / TEXTS_AT_ONCE)


def count_files(day: Day) -> int:
    """Return the number of files that land for one batch."""
    return math.ceil(day.articles_per_batch / day.articles_per_file)


def count_chunks(day: Day) -> int:
    """Return the number of chunks that the articles of one batch are cut into."""
    return sum(map(_count_chunks, _articles_of_shards(day)))


def count_requests(day: Day, costs: Costs) -> float:
    """Return the requests to an object store that one batch makes."""
    per_chunk = sum(costs[f"{step}_requests_per_chunk"] for step in _STORE_STEPS)
    fixed = costs["deduplicate_requests"] + costs["audit_requests"] + costs["publish_requests"]
    n_shards = len(_articles_of_shards(day))
    return (
        per_chunk * count_chunks(day)
        + fixed * day.parts
        + costs["ingest_requests"] * n_shards
        + costs["code_requests"] * len(chunks_of_tasks(day))
        + count_files(day)
    )


def chunks_of_tasks(day: Day) -> list[int]:
    """Return for each task of the step `code` how many chunks it codes."""
    alike = dict.fromkeys(range(count_chunks(day)), 1)
    return [len(chunks) for chunks in share_evenly(alike, day.slots)]


def _articles_of_shards(day: Day) -> Sequence[int]:
    return _cut(day.articles_per_batch, day.articles_per_file)


@cache
def _cut(n_articles: int, per_file: int) -> list[int]:
    n_files = math.ceil(n_articles / per_file)
    size = _BYTES_PER_ARTICLE * per_file
    files = [InputFile(Path("a.jsonl"), "a.jsonl", size, "jsonl")] * n_files
    shards = cut_shards(files, None)
    last = n_articles - per_file * (n_files - 1)
    counts = [len(shard) * per_file for shard in shards]
    counts[-1] += last - per_file
    return counts


# News as JSON lines, uncompressed; only the cutting into shards depends on it.
_BYTES_PER_ARTICLE: Final = 3_000


def _count_chunks(n_articles: float) -> int:
    return math.ceil(n_articles / _ARTICLES_PER_CHUNK)


def _read_plan(day: Day, costs: Costs) -> float:
    return count_files(day) * costs["plan_seconds_per_file"]


def _ingest(n_articles: int, costs: Costs) -> float:
    work = n_articles * costs["ingest_seconds_per_article"]
    transferred = n_articles * (_BYTES_PER_ARTICLE + costs["staging_bytes_per_article"] / 2)
    return work + _transfer("ingest", _count_chunks(n_articles), transferred, costs)


def _deduplicate(day: Day, costs: Costs) -> float:
    """Return the seconds of one task that compares a part of the articles with their like.

    With several parts each has its share of both sides, since what is alike has the same hash.
    """
    n_articles = math.ceil(day.articles_per_batch / day.parts)
    n_passes = count_passes(n_articles)
    earlier = DAYS_COMPARED * day.articles / day.parts
    work = (
        n_articles * costs["deduplicate_seconds_per_article"]
        + earlier * n_passes * costs["deduplicate_seconds_per_signature"]
    )
    read = earlier * costs["signatures_bytes_per_article"]  # once, to the worker's disk
    return work + _transfer("deduplicate", _count_chunks(n_articles), read, costs)


def _code(n_chunks: int, day: Day, costs: Costs) -> float:
    n_articles = min(n_chunks * _ARTICLES_PER_CHUNK, day.articles_per_batch)
    work = costs["coder_load_seconds"] + n_articles * costs["code_seconds_per_article"]
    # The marks of all copies of the batch are read for each chunk.
    n_copies = day.articles_per_batch * costs["copies_share"] * n_chunks
    marks = n_copies * costs["duplicates_bytes_per_copy"]
    transferred = marks + n_articles * costs["staging_bytes_per_article"]
    work += marks * costs["json_seconds_per_byte"]
    return work + _transfer("code", n_chunks, transferred, costs)


def _audit(n_articles: float, costs: Costs) -> float:
    work = n_articles * costs["audit_seconds_per_article"]
    n_bytes = 2 * n_articles * costs.per_article("bytes")
    return work + _transfer("audit", _count_chunks(n_articles), n_bytes, costs)


def _publish(n_articles: float, costs: Costs) -> float:
    n_bytes = n_articles * costs.per_article("bytes")
    work = n_bytes * costs["publish_seconds_per_byte"]
    return work + _transfer("publish", _count_chunks(n_articles), 2 * n_bytes, costs)


def _transfer(step: str, n_chunks: int, n_bytes: float, costs: Costs) -> float:
    """Return the seconds that a task of a step waits for the store."""
    n_requests = costs[f"{step}_requests"] + n_chunks * costs[f"{step}_requests_per_chunk"]
    waits = n_requests * costs["store_request_seconds"]
    if step == "audit":
        waits /= costs["audit_requests_at_once"]
    return waits + n_bytes / costs["store_bytes_per_second"]
