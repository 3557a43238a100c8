"""A process that codes articles of which one may end it; `careful_coding` starts and watches it.

`python -m include.eventwire.batches.coding_process FOLDER` reads the plan and the articles in
FOLDER, notes there which article it is at, and leaves the rows of every few articles as soon as it
has them.
"""

from __future__ import annotations

import os
import resource
import sys
import threading
import traceback
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Final, cast

from include.eventwire.batches.plan import Plan, read_plan, write_plan
from include.eventwire.batches.staging import finished_folder
from include.eventwire.lake.parquet_files import Record, read_rows, write_rows
from include.eventwire.records import Article

# Those since the last were left are coded again when the process ends; leaving them takes 20 ms.
ARTICLES_TOGETHER: Final = 20
CODED_TABLES: Final = ("articles", "mentions", "events", "event_parties", "rejects")
# What the process ends with when it failed, and no article of it.
FAILED_STATUS: Final = 3
# A coder with its model takes 260 MB, the longest piece that is parsed at once some 300 MB more.
_MOST_BYTES: Final = 4 * 1024**3
_ORPHANED_STATUS: Final = 4


def hand_over(articles: Sequence[Article], plan: Plan, folder: Path) -> None:
    """Leave in `folder` what the process needs."""
    write_plan(replace(plan, files=(), shards=(), rejects=()), folder / "plan.json")
    write_rows(folder / "articles.parquet", "articles", articles)


def find_position(folder: Path) -> int | None:
    """Return the position of the article that the process is or was at; None before the first."""
    note = folder / "position"
    return int(note.read_bytes()) if note.exists() else None


def list_parts(folder: Path) -> list[Path]:
    """Return the folders of the rows that are there, those of the first articles first."""
    return sorted(folder.glob("part-*"))


def read_part(part: Path) -> dict[str, list[Record]]:
    """Return the rows of a few articles, by table."""
    return {table: list(read_rows(part / f"{table}.parquet", table)) for table in CODED_TABLES}


def main(folder: Path) -> None:
    """Code the articles that were handed over in `folder`."""
    threading.Thread(target=_end_with_parent, daemon=True).start()
    _prefer_to_be_killed()
    from include.eventwire.batches.chunk_coding import (  # loads spaCy
        code_articles,
        load_pipeline_of,
    )

    plan = read_plan(folder / "plan.json")
    articles = cast("list[Article]", list(read_rows(folder / "articles.parquet", "articles")))
    load_pipeline_of(plan)
    with (folder / "position.partial").open("wb", buffering=0) as note:
        for first in range(0, len(articles), ARTICLES_TOGETHER):
            coded: dict[str, list[Record]] = {table: [] for table in CODED_TABLES}
            for position in range(first, min(first + ARTICLES_TOGETHER, len(articles))):
                _note(note.fileno(), position, folder)
                rows = code_articles([articles[position]], plan)
                for table in CODED_TABLES:
                    coded[table] += rows[table]
            with finished_folder(folder / f"part-{first:06d}") as partial:
                for table in CODED_TABLES:
                    write_rows(partial / f"{table}.parquet", table, coded[table])


def _note(file: int, position: int, folder: Path) -> None:
    os.pwrite(file, b"%09d" % position, 0)
    if position == 0:
        (folder / "position.partial").rename(folder / "position")


def _prefer_to_be_killed() -> None:
    """Keep this process from taking the memory of the others on this machine."""
    _, most = resource.getrlimit(resource.RLIMIT_DATA)
    limit = _MOST_BYTES if most == resource.RLIM_INFINITY else min(_MOST_BYTES, most)
    resource.setrlimit(resource.RLIMIT_DATA, (limit, most))
    # Where the system has to end a process for want of memory, it is to be this one.
    with suppress(OSError):
        Path("/proc/self/oom_score_adj").write_text("1000", encoding="ascii")


def _end_with_parent() -> None:
    """End this process when the one that started it is gone, and so the other end of its input."""
    # Not through a file of Python's, which this process could not close at its own end.
    while os.read(0, 1):
        pass
    os._exit(_ORPHANED_STATUS)


if __name__ == "__main__":
    try:
        main(Path(sys.argv[1]))
    except Exception:  # noqa: BLE001 - any other status would be an article's doing
        traceback.print_exc()
        sys.exit(FAILED_STATUS)
