"""Codes a chunk after an attempt at it died: in processes of their own, so that this one survives.

An article may end the process that codes it: by a fault in compiled code, by all the memory that it
takes, or by a loop that no signal breaks off, so that `time_limits.end_if_stuck` has to. Whoever
begins a chunk leaves a note (`staging.noted_attempt`); whoever finds that of an attempt that died
codes the chunk here. An article at which two processes in a row ended is a reject; the others are
coded as ever, since what is found in an article does not depend on those before it.

The note is of a chunk and not of an article: so coding is as fast as without, a bucket is asked for
one more object in a thousand articles, and it is no matter which worker tries again. That an
attempt died may have been no article's fault; then the start of one process is lost.
"""

from __future__ import annotations

import logging
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final, cast

from include.eventwire.batches.coding_process import (
    ARTICLES_TOGETHER,
    CODED_TABLES,
    FAILED_STATUS,
    find_position,
    hand_over,
    list_parts,
    read_part,
)
from include.eventwire.batches.plan import Plan
from include.eventwire.lake.parquet_files import Record
from include.eventwire.records import Article, Reject
from include.eventwire.settings import PROJECT_ROOT, THREAD_VARIABLES
from include.eventwire.time_limits import STUCK_STATUS, seconds_until_stuck

_LOG: Final = logging.getLogger(__name__)

_PROGRAM: Final = "include.eventwire.batches.coding_process"
# With more of them in one chunk it is the coder that is broken.
_MOST_CULPRITS: Final = 10
_SECONDS_TO_LOAD: Final = 300
_SECONDS_BETWEEN_LOOKS: Final = 0.2
_LINES_OF_OUTPUT: Final = 15


class CodingError(RuntimeError):
    """The coder fails whatever the article: nothing that it leaves can be published."""


class CodingProcessError(OSError):
    """A process that codes could not do its work, and it is no article's fault."""


@dataclass(frozen=True, slots=True)
class _Outcome:
    """What came of one process: how it ended, at which article, and the rows that it left."""

    status: int
    position: int
    n_done: int
    parts: Sequence[dict[str, list[Record]]]


def code_carefully(
    articles: Sequence[Article], plan: Plan, on_progress: Callable[[int], None] | None = None
) -> dict[str, Sequence[Record]]:
    """Return the rows of `articles` after coding, by table, as `chunk_coding.code_articles` does.

    Args:
        articles: The articles of one chunk.
        plan: Names the pipeline and the languages that are coded.
        on_progress: Called with the number of articles done since its last call.

    Raises:
        CodingError: Ten articles ended the process, so it is not their fault.
        CodingProcessError: The process ended before it came to an article, or failed itself.
    """
    rows: dict[str, list[Record]] = {table: [] for table in CODED_TABLES}
    waiting, culprits = list(articles), list[Reject]()
    suspect: Article | None = None
    while waiting:
        outcome = _run_process(waiting, plan, on_progress)
        for part in outcome.parts:
            for table, found in part.items():
                rows[table] += found
        if outcome.status == 0:
            break
        article = waiting[outcome.position]
        waiting = waiting[outcome.n_done :]
        if article is suspect:
            waiting.remove(article)
            culprits.append(_reject(article, outcome.status, plan))
            _check_culprits(culprits)
        # It may have ended after the last article that it left the rows of.
        suspect = article if outcome.position >= outcome.n_done else None
    rejects = [*cast("list[Reject]", rows["rejects"]), *culprits]
    return {**rows, "rejects": _sort(rejects, articles)}


def _run_process(
    articles: Sequence[Article], plan: Plan, on_progress: Callable[[int], None] | None
) -> _Outcome:
    with TemporaryDirectory(prefix="eventwire-coding-") as name:
        folder = Path(name)
        hand_over(articles, plan, folder)
        with _start(folder) as process:
            try:
                _watch(process, folder, plan, len(articles), on_progress)
            finally:
                process.kill()
        position, said = find_position(folder), _read_output(folder)
        if process.returncode and (position is None or process.returncode == FAILED_STATUS):
            raise CodingProcessError(
                f"a process that codes articles {_tell(process.returncode)} and none of them is "
                f"to blame; the end of what it said:\n{said}"
            )
        if process.returncode:
            _LOG.warning("a process that codes %s:\n%s", _tell(process.returncode), said)
        parts = [read_part(part) for part in list_parts(folder)]
        n_done = min(len(parts) * ARTICLES_TOGETHER, len(articles))
        return _Outcome(process.returncode, position or 0, n_done, parts)


def _start(folder: Path) -> subprocess.Popen[bytes]:
    """Start the process; it ends with this one, which holds the other end of its input."""
    with (folder / "output").open("wb") as output:
        return subprocess.Popen(  # noqa: S603 - our own interpreter, no shell
            [sys.executable, "-X", "faulthandler", "-m", _PROGRAM, folder],
            cwd=PROJECT_ROOT,
            env=os.environ | dict.fromkeys(THREAD_VARIABLES, "1"),
            stdin=subprocess.PIPE,
            stdout=output,
            stderr=subprocess.STDOUT,
        )


def _watch(
    process: subprocess.Popen[bytes],
    folder: Path,
    plan: Plan,
    n_articles: int,
    on_progress: Callable[[int], None] | None,
) -> None:
    """Wait for the end of the process, telling how far it is; kill it when it makes no progress."""
    most = _SECONDS_TO_LOAD + 2 * seconds_until_stuck(plan.settings.max_article_seconds)
    n_told, position, since = 0, None, time.monotonic()
    while process.poll() is None:
        with suppress(subprocess.TimeoutExpired):
            process.wait(_SECONDS_BETWEEN_LOOKS)
        if (now_at := find_position(folder)) != position:
            position, since = now_at, time.monotonic()
        elif time.monotonic() - since > most:
            return  # it could not even end itself
        n_done = min(len(list_parts(folder)) * ARTICLES_TOGETHER, n_articles)
        if on_progress is not None and n_done > n_told:
            on_progress(n_done - n_told)
            n_told = n_done


def _reject(article: Article, status: int, plan: Plan) -> Reject:
    is_stuck = status == STUCK_STATUS
    detail = "the article could not be coded: at two attempts the process " + (
        f"was stuck for {seconds_until_stuck(plan.settings.max_article_seconds):g} seconds"
        if is_stuck
        else _tell(status)
    )
    reason = "took_too_long" if is_stuck else "crashed_the_coder"
    _LOG.warning("%s record %s: %s", article.input_uri, article.record_number, detail)
    return Reject(article.input_uri, article.record_number, "code", reason, detail)


def _check_culprits(culprits: Sequence[Reject]) -> None:
    if len(culprits) >= _MOST_CULPRITS:
        last = culprits[-1]
        raise CodingError(
            f"{len(culprits)} articles of one chunk ended the process that coded them, so it is "
            f"not their fault; of the last, {last.input_uri} record {last.record_number}: "
            f"{last.detail}"
        )


def _sort(rejects: Sequence[Reject], articles: Sequence[Article]) -> list[Reject]:
    """Return rejects in the order of their articles, whichever process they come from."""
    positions = {(row.input_uri, row.record_number): n for n, row in enumerate(articles)}

    def find(reject: Reject) -> int:
        return positions[reject.input_uri, reject.record_number or 0]

    return sorted(rejects, key=find)


def _tell(status: int) -> str:
    """Return in words how a process ended."""
    if status >= 0:
        return f"ended with status {status}"
    return f"was ended by {signal.Signals(-status).name}"


def _read_output(folder: Path) -> str:
    text = (folder / "output").read_text(encoding="utf-8", errors="replace")
    return "\n".join(text.splitlines()[-_LINES_OF_OUTPUT:])
