"""What the coder decides on an article, from a process of its own that is bound and ends."""

from __future__ import annotations

import json
import logging
import os
import subprocess
import sys
import threading
from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

from include.eventwire.explorer.article_decisions_process import ARTICLE_FILE, MOST_SECONDS
from include.eventwire.explorer.lake_reading import BusyError, LakeReader
from include.eventwire.explorer.lake_state import LakeState
from include.eventwire.lake.parquet_files import write_rows
from include.eventwire.records import Article
from include.eventwire.settings import PROJECT_ROOT, THREAD_VARIABLES
from include.eventwire.versions import CODER_VERSION, lexicon_version

_LOG: Final = logging.getLogger(__name__)

# Longer ones take more time and memory than a page should.
MOST_CHARS: Final = 50_000
_PROGRAM: Final = "include.eventwire.explorer.article_decisions_process"
_SECONDS_TO_WAIT: Final = 10.0
_LINES_OF_OUTPUT: Final = 15
# One at a time: it takes half a gigabyte and a core.
_TURN: Final = threading.BoundedSemaphore(1)


class DecisionsError(RuntimeError):
    """The coder could not be run for a page; the message says why."""


def find_decisions(reader: LakeReader, article: Article, model: str) -> Mapping[str, Any]:
    """Return what the coder decides on an article now, as `coding.decisions.Decisions` in JSON.

    It is found once for each article while the versions stay as they are.

    Args:
        reader: Remembers it, and has a folder for what lives no longer than a request.
        article: The article, of at most `MOST_CHARS` characters.
        model: Name of the spaCy pipeline.

    Raises:
        BusyError: Another article is being looked at.
        DecisionsError: The process failed or was stopped.
    """
    key = ("decisions", article.article_id, article.published_at, model, CODER_VERSION)
    return reader.remember(
        (*key, lexicon_version()), LakeState(()), lambda: _decide(reader.scratch, article, model)
    )


def _decide(scratch: Path, article: Article, model: str) -> Mapping[str, Any]:
    if not _TURN.acquire(timeout=_SECONDS_TO_WAIT):
        raise BusyError("another article is being explained; try again in half a minute")
    try:
        with TemporaryDirectory(dir=scratch) as name:
            write_rows(Path(name) / ARTICLE_FILE, "articles", [article])
            return _run(name, model)
    finally:
        _TURN.release()


def _run(folder: str, model: str) -> Mapping[str, Any]:
    try:
        ended = subprocess.run(  # noqa: S603 - our own interpreter, no shell
            [sys.executable, "-m", _PROGRAM, folder, model],
            cwd=PROJECT_ROOT,
            env=os.environ | dict.fromkeys(THREAD_VARIABLES, "1"),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=MOST_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise DecisionsError(
            f"the coder took more than {MOST_SECONDS} seconds for it and was stopped; try again "
            "when this machine has less to do"
        ) from error
    if ended.returncode:
        said = ended.stderr.decode(errors="replace").splitlines()
        _LOG.error(
            "the coder ended with status %s:\n%s",
            ended.returncode,
            "\n".join(said[-_LINES_OF_OUTPUT:]),
        )
        raise DecisionsError(
            f"the coder could not be run here (status {ended.returncode}); the log of the API "
            "server tells why"
        )
    decisions: Mapping[str, Any] = json.loads(ended.stdout)
    return decisions
