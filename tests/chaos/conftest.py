"""Engines for the cases, and what was seen in them as a table."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from include.eventwire.local_engines.engines import ENGINES
from include.eventwire.settings import PROJECT_ROOT
from tests.chaos.stage import open_stage

_REPORT = PROJECT_ROOT / "build" / "chaos.md"
_SEEN = pytest.StashKey[list[str]]()


def pytest_configure(config: pytest.Config) -> None:
    """Begin a table."""
    config.stash[_SEEN] = []


@pytest.fixture
def note(request, capsys):
    """Return a function that keeps a row for the table: the fault and what was seen."""

    def note(engine: str, fault: str, seen: str) -> None:
        row = f"| {fault} | {engine} | {seen.replace('|', '/')} |"
        request.config.stash[_SEEN].append(row)
        with capsys.disabled():
            print(f"\n{row}", flush=True)

    return note


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Write the table where somebody can read it."""
    if rows := session.config.stash[_SEEN]:
        _REPORT.parent.mkdir(exist_ok=True)
        head = ["| fault | engine | what was seen |", "|---|---|---|"]
        _REPORT.write_text("\n".join([*head, *rows]) + "\n", encoding="utf-8")


@pytest.fixture(scope="module")
def laptop():
    """SQLite and LocalExecutor."""
    with _folder() as folder, open_stage(ENGINES[0], folder) as stage:
        yield stage


@pytest.fixture(scope="module")
def cluster():
    """PostgreSQL, Redis and Celery with two workers, all files on S3."""
    with _folder() as folder, open_stage(ENGINES[2], folder) as stage:
        yield stage


@contextmanager
def _folder() -> Iterator[Path]:
    """Give a folder that PostgreSQL, which has an account of its own, gets to.

    Not one of pytest's: the next session of the same user would shut it off.
    """
    with TemporaryDirectory(prefix="eventwire-chaos-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        folder.chmod(0o711)
        yield folder
