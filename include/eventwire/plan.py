"""What a batch is made of: the request of a user or a schedule, and the plan that tasks follow.

A plan is one JSON file in the staging folder of its run. Tasks are handed its path and nothing
else, so that they work the same in one process, in a pool and on other machines.
"""

from __future__ import annotations

import dataclasses
import hashlib
import json
import os
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final

from include.eventwire.inputs import InputFile
from include.eventwire.records import Reject

DAILY: Final = "daily"

# A shard is minutes of reading; more than a few hundred of them would only load the scheduler.
_SHARD_BYTES: Final = 64 * 1024 * 1024
_SHARD_FILES: Final = 2_000
_MOST_SHARDS: Final = 200
# How much a compressed byte weighs: news shrinks about fourfold.
_COMPRESSED_WEIGHT: Final = 4


@dataclass(frozen=True, slots=True)
class BatchRequest:
    """What to make: one batch of one day.

    Attributes:
        day: Day of the batch (UTC), the partition of its tables.
        inputs: Files, folders or globs; empty = the landing folders of the day.
        batch: Name of the batch; None = "daily" for the landing folders, else made from `inputs`.
        format: Name of the reader; None = by the suffix of each file.
        publisher: Publisher of articles that name none.
        limit: Most records to read; None = all.
        model: Name of the spaCy pipeline; None = the one in the settings.
    """

    day: date
    inputs: tuple[str, ...] = ()
    batch: str | None = None
    format: str | None = None
    publisher: str | None = None
    limit: int | None = None
    model: str | None = None


@dataclass(frozen=True, slots=True)
class Plan:
    """How one batch is made. Everything that a task needs beyond its own shard.

    Attributes:
        lake: Root of the lake.
        run: Name of the staging folder, one for each attempt at the batch.
        shards: For each ingest shard, the positions of its files in `files`.
        rejects: Inputs that were refused before any was opened.
        sources: File that declares the sources.
    """

    lake: Path
    day: date
    batch: str
    run: str
    files: tuple[InputFile, ...]
    shards: tuple[tuple[int, ...], ...]
    rejects: tuple[Reject, ...]
    sources: Path
    publisher: str | None
    limit: int | None
    model: str
    max_article_chars: int
    max_record_bytes: int
    max_expansion: int
    articles_per_shard: int
    coded_languages: tuple[str, ...]
    created_at: str

    def label(self) -> str:
        """Return the batch in words: "2018-04-24 daily"."""
        return f"{self.day.isoformat()} {self.batch}"


def name_batch(request: BatchRequest) -> str:
    """Return the name of the batch of `request`, the same for the same selection.

    A selection of one's own is named after its first input and the hash of all that chooses
    articles, so that it replaces itself and nothing else.
    """
    if request.batch is not None:
        return request.batch
    if not request.inputs and request.limit is None and request.publisher is None:
        return DAILY
    choice = [list(request.inputs), request.format, request.publisher, request.limit]
    digest = hashlib.sha256(json.dumps(choice, ensure_ascii=False).encode()).hexdigest()[:10]
    stem = Path(request.inputs[0]).name if request.inputs else "landing"
    readable = re.sub(r"[^a-z0-9]+", "-", stem.lower()).strip("-")[:40]
    return f"{readable or 'batch'}-{digest}"


def cut_shards(files: Sequence[InputFile], limit: int | None) -> tuple[tuple[int, ...], ...]:
    """Return the positions of `files` in shards of about equal work, in order.

    With a limit there is one shard, since the limit counts over all files.
    """
    if limit is not None:
        return (tuple(range(len(files))),) if files else ()
    weights = [_weigh(file) for file in files]
    enough = max(_SHARD_BYTES, sum(weights) // _MOST_SHARDS)
    shards: list[tuple[int, ...]] = []
    shard: list[int] = []
    weight = 0
    for position, added in enumerate(weights):
        if shard and (weight + added > enough or len(shard) >= _SHARD_FILES):
            shards.append(tuple(shard))
            shard, weight = [], 0
        shard.append(position)
        weight += added
    return (*shards, tuple(shard)) if shard else tuple(shards)


def write_plan(plan: Plan, path: Path) -> None:
    """Write `plan` to `path`, whole or not at all."""
    content = json.dumps(dataclasses.asdict(plan), default=str, ensure_ascii=False, indent=1)
    partial = path.with_suffix(".partial")
    partial.write_text(content, encoding="utf-8")
    os.replace(partial, path)


def read_plan(path: Path) -> Plan:
    """Return the plan at `path`."""
    data = json.loads(path.read_text(encoding="utf-8"))
    data |= {
        "lake": Path(data["lake"]),
        "sources": Path(data["sources"]),
        "day": date.fromisoformat(data["day"]),
        "files": tuple(InputFile(**{**file, "path": Path(file["path"])}) for file in data["files"]),
        "shards": tuple(map(tuple, data["shards"])),
        "rejects": tuple(Reject(**reject) for reject in data["rejects"]),
        "coded_languages": tuple(data["coded_languages"]),
    }
    return Plan(**data)


def shard_files(plan: Plan, shard: int) -> Iterator[InputFile]:
    """Yield the files of ingest shard number `shard`."""
    return (plan.files[position] for position in plan.shards[shard])


def _weigh(file: InputFile) -> int:
    compressed = file.path.suffix in {".gz", ".zst"}
    return file.size * (_COMPRESSED_WEIGHT if compressed else 1)
