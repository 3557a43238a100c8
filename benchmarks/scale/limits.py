"""Which limit a growing day meets first, and what helps."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from benchmarks.scale.costs import Costs
from benchmarks.scale.workload import (
    DAYS_COMPARED,
    Day,
    chunks_of_tasks,
    count_requests,
    list_steps,
)
from include.eventwire.settings import Settings

_DAY_SECONDS: Final = 86_400
_MOST_ARTICLES: Final = 10**9
_BATCHES: Final = "batches by source"
_PARTS: Final = "parts by hash"


@dataclass(frozen=True, slots=True)
class Limit:
    """Something that a larger day needs more of.

    Attributes:
        name: What is needed.
        unit: "s", "B" or "" for numbers.
        allowed: How much there may be.
        need: How much a day of so many articles needs, in one daily batch.
        today: What helps by configuration.
        later: What would have to be built.
    """

    name: str
    unit: str
    allowed: float
    need: Callable[[int], float]
    today: str
    later: str = ""

    def breaks_at(self) -> int | None:
        """Return, within half a per cent, the least articles a day that need more than is allowed.

        None when a thousand million do not.
        """
        low, high = 1, _MOST_ARTICLES
        if self.need(high) <= self.allowed:
            return None
        while high > low * 1.005 + 1:
            middle = round((low * high) ** 0.5)
            low, high = (middle, high) if self.need(middle) <= self.allowed else (low, middle)
        return high


def list_limits(costs: Costs) -> list[Limit]:
    """Return all limits of a day that is one batch."""
    return [*_limits_of_files(costs), *_limits_of_tasks(costs), *_limits_of_servers(costs)]


def _limits_of_files(costs: Costs) -> list[Limit]:
    return [
        Limit(
            "files of one article each", "", Settings().max_files, float,
            "`EVENTWIRE_MAX_FILES`; land JSON lines, WARC or ZIP instead",
        ),
        Limit(
            "memory of each task for a plan of such files", "B", costs["slot_memory_bytes"],
            lambda n: n * costs["plan_memory_bytes_per_file"],
            "land JSON lines, WARC or ZIP", "a plan whose shards are files of their own",
        ),
        Limit(
            "time to read a day that is one file", "s", costs["task_timeout_seconds"],
            lambda n: n * costs["ingest_seconds_per_article"],
            "files of some 10,000 articles", "shards that begin within a file",
        ),
        Limit(
            "file of articles on S3", "B", costs["store_file_bytes"],
            lambda n: n * costs["articles_bytes_per_article"], _BATCHES, _PARTS,
        ),
    ]  # fmt: skip


def _limits_of_tasks(costs: Costs) -> list[Limit]:
    timeout, memory = costs["task_timeout_seconds"], costs["slot_memory_bytes"]
    disk = costs["slot_disk_bytes"]
    days = DAYS_COMPARED * costs["signatures_bytes_per_article"]
    return [
        Limit("time of one coding task", "s", timeout, _longest("code", costs), _BATCHES),
        Limit(
            "memory of a coding task for the marks of copies", "B", memory,
            lambda n: n * costs["copies_share"] * costs["duplicates_memory_bytes_per_copy"],
            _BATCHES, "a file of marks for each chunk",
        ),
        Limit(
            "memory to compare a batch", "B", memory,
            lambda n: costs["deduplicate_bytes"] + n * costs["deduplicate_bytes_per_article"],
            f"a worker with more; {_BATCHES}", _PARTS,
        ),
        Limit(
            "time to compare a batch", "s", timeout, _longest("deduplicate", costs),
            "`EVENTWIRE_DAYS_COMPARED`", _PARTS,
        ),
        Limit(
            "disk to compare a batch (signatures of seven days)", "B", disk,
            lambda n: n * days, "`EVENTWIRE_DAYS_COMPARED`", _PARTS,
        ),
        Limit(
            "time to check a batch", "s", timeout, _longest("audit", costs), _BATCHES, _PARTS
        ),
        Limit(
            "disk to check a batch (tables, texts twice)", "B", disk,
            lambda n: n * (2 * costs["text_bytes_per_article"] + costs.per_article("bytes")),
            _BATCHES, _PARTS,
        ),
        Limit(
            "time to publish a batch", "s", timeout, _longest("publish", costs), _BATCHES, _PARTS
        ),
    ]  # fmt: skip


def _limits_of_servers(costs: Costs) -> list[Limit]:
    return [
        Limit(
            "mapped tasks of one step", "", costs["most_mapped_tasks"],
            lambda n: len(chunks_of_tasks(Day(n))), "not needed: at most 400, whatever the day",
        ),
        Limit(
            "scheduler, seconds a day", "s", _DAY_SECONDS,
            lambda n: _count_tasks(n, costs) * costs["scheduler_seconds_per_task"], "not needed",
        ),
        Limit(
            "database, statements a second on average", "", costs["database_statements_per_second"],
            lambda n: _count_statements(n, costs) / _DAY_SECONDS, "not needed",
        ),
        Limit(
            "store, requests a second on average", "", costs["store_requests_per_second"],
            lambda n: count_requests(Day(n), costs) / _DAY_SECONDS, "not needed",
        ),
    ]  # fmt: skip


def _count_statements(n_articles: int, costs: Costs) -> float:
    """Return the statements of a day with one batch: of its tasks, and of idle rounds all day."""
    cycle = costs["scheduler_loop_seconds"] + costs["scheduler_idle_sleep_seconds"]
    return (
        _count_tasks(n_articles, costs) * costs["statements_per_task"]
        + _DAY_SECONDS / cycle * costs["statements_per_round"]
    )


def _count_tasks(n_articles: int, costs: Costs) -> int:
    return sum(len(step.seconds) for step in list_steps(Day(n_articles), costs))


def _longest(name: str, costs: Costs) -> Callable[[int], float]:
    def need(n_articles: int) -> float:
        steps = {step.name: step for step in list_steps(Day(n_articles), costs)}
        return max(steps[name].seconds)

    return need
