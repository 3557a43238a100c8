"""What a batch is made of: the request of a user or a schedule, and the plan that tasks follow.

A plan is one JSON file in the staging folder of its run. Tasks are handed its path and nothing
else, so that they work the same in one process, in a pool and on other machines.
"""

from __future__ import annotations

import dataclasses
import hashlib
import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Final

from include.eventwire.batches.staging import read_json, write_json
from include.eventwire.inputs.compression import CODECS
from include.eventwire.inputs.selection import InputFile
from include.eventwire.lake.layout import COMPACTED, BatchNameError, check_batch
from include.eventwire.lake.locations import to_location
from include.eventwire.records import Reject
from include.eventwire.settings import Settings

DAILY: Final = "daily"

# A shard is minutes of reading.
_SHARD_BYTES: Final = 64 * 1024 * 1024
_SHARD_FILES: Final = 2_000
_MOST_SHARDS: Final = 200
# How much a compressed byte weighs: news shrinks about fourfold.
_COMPRESSED_WEIGHT: Final = 4
_COMPRESSED: Final = frozenset({*CODECS, ".tgz", ".zip"})


class PlanError(ValueError):
    """A plan cannot be read."""


@dataclass(frozen=True, slots=True)
class BatchRequest:
    """What to make: one batch of one day.

    Attributes:
        day: Day of the batch (UTC), the partition of its tables.
        inputs: Files, folders or globs; empty = the landing folders of the day.
        batch: Name of the batch and of its files; None = "daily" for the landing folders, else
            made from `inputs`.
        format: Name of the reader; None = by the suffix of each file.
        publisher: Publisher of articles that name none.
        limit: Most records to read; None = all.
        model: Name of the spaCy pipeline; None = the one in the settings.

    Raises:
        BatchNameError: `batch` cannot be the name of a file, or is kept for something else.
        ValueError: `limit` is below 1.
    """

    day: date
    inputs: tuple[str, ...] = ()
    batch: str | None = None
    format: str | None = None
    publisher: str | None = None
    limit: int | None = None
    model: str | None = None

    def __post_init__(self) -> None:
        """Refuse what cannot be made."""
        if self.batch is not None:
            check_batch(self.batch)
        if self.batch == COMPACTED:
            raise BatchNameError(f"the batch name {COMPACTED} is kept for the upkeep of the lake")
        if self.limit is not None and self.limit < 1:
            raise ValueError(f"the limit is {self.limit}; it must be 1 or more")


@dataclass(frozen=True, slots=True)
class Plan:
    """How one batch is made. Everything that a task needs beyond its own shard.

    Attributes:
        run: Name of the staging folder, one for each attempt at the batch.
        settings: Where things are and how much is allowed, the model as the request names it.
        shards: For each ingest shard, the positions of its files in `files`.
        rejects: Inputs that were refused before any was opened.
        created_at: When the plan was made, ISO 8601 in UTC.
    """

    day: date
    batch: str
    run: str
    settings: Settings
    files: tuple[InputFile, ...]
    shards: tuple[tuple[int, ...], ...]
    rejects: tuple[Reject, ...]
    publisher: str | None
    limit: int | None
    created_at: str

    def label(self) -> str:
        """Return the batch in words: "2018-04-24 daily"."""
        return f"{self.day.isoformat()} {self.batch}"

    def not_after(self) -> datetime:
        """Return the latest time of publication that is believed.

        That is a day after the plan was made, or a day after the day of the batch where that is
        later: zones are ahead of UTC, and clocks are wrong, by hours.
        """
        end_of_day = datetime.combine(self.day, time(), UTC) + timedelta(days=1)
        return max(datetime.fromisoformat(self.created_at), end_of_day) + timedelta(days=1)


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
    many = max(_SHARD_FILES, len(files) // _MOST_SHARDS)
    shards: list[tuple[int, ...]] = []
    shard: list[int] = []
    weight = 0
    for position, added in enumerate(weights):
        if shard and (weight + added > enough or len(shard) >= many):
            shards.append(tuple(shard))
            shard, weight = [], 0
        shard.append(position)
        weight += added
    return (*shards, tuple(shard)) if shard else tuple(shards)


def write_plan(plan: Plan, path: Path) -> None:
    """Write `plan` to `path`, whole or not at all."""
    write_json(path, dataclasses.asdict(plan))


def read_plan(path: Path) -> Plan:
    """Return the plan at `path`.

    Raises:
        PlanError: There is no plan, as after its batch was published.
    """
    try:
        data = read_json(path)
    except FileNotFoundError as error:
        raise PlanError(
            f"{path}: the plan is gone, since its batch was published or given up; start a new run"
        ) from error
    data |= {
        "settings": Settings.from_json(data["settings"]),
        "day": date.fromisoformat(data["day"]),
        "files": tuple(
            InputFile(**{**file, "path": to_location(file["path"])}) for file in data["files"]
        ),
        "shards": tuple(map(tuple, data["shards"])),
        "rejects": tuple(Reject(**reject) for reject in data["rejects"]),
    }
    return Plan(**data)


def shard_files(plan: Plan, shard: int) -> Iterator[InputFile]:
    """Yield the files of ingest shard number `shard`."""
    return (plan.files[position] for position in plan.shards[shard])


def _weigh(file: InputFile) -> int:
    compressed = file.path.suffix.lower() in _COMPRESSED
    return file.size * (_COMPRESSED_WEIGHT if compressed else 1)


def open_plan(plan_path: str) -> tuple[Plan, Path]:
    """Return a plan and the staging folder that it lies in.

    Raises:
        PlanError: There is no plan, as after its batch was published.
    """
    path = to_location(plan_path)
    return read_plan(path), path.parent
