"""The command line as its user calls it: processes, signals, and the trained model."""

import hashlib
import json
import os
import signal
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

import pytest

from include.eventwire.lake.layout import LakeLayout
from include.eventwire.schemas import TABLES
from include.eventwire.settings import PROJECT_ROOT

pytestmark = [pytest.mark.model, pytest.mark.slow]

COMMAND = (sys.executable, "-m", "include.eventwire")
SENTENCES = (
    "On Monday the foreign minister of Norway met her Swedish counterpart in Oslo for talks. "
    "Rebels attacked an army post near the border, officials said, and two soldiers were killed. "
)


@pytest.fixture
def news(tmp_path):
    """Write a file of as many articles, no two alike; return its path."""

    def news(n_articles, n_repeats=1):
        path = tmp_path / "news.jsonl"
        with path.open("w", encoding="utf-8") as file:
            for number in range(n_articles):
                text = f"Report {number}. " + SENTENCES * n_repeats
                record = {"id": number, "date": "2018-04-24", "text": text}
                file.write(json.dumps(record) + "\n")
        return path

    return news


def call(*arguments, **environment):
    return subprocess.run(
        [*COMMAND, *map(str, arguments)],
        cwd=PROJECT_ROOT,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )


def hashes(lake):
    return {
        table: [hashlib.sha256(path.read_bytes()).hexdigest() for _, path in files]
        for table in TABLES
        if (files := list(LakeLayout(lake).published_files(table)))
    }


def test_the_tables_are_the_same_whatever_the_number_of_processes(news, tmp_path):
    path = news(24)
    seen = []
    for workers, chunk in ((1, 24), (2, 5)):
        lake = tmp_path / f"lake-{workers}"
        done = call(
            "run", path, "--lake", lake, "--day", "2018-04-24", "--workers", workers, "--json",
            EVENTWIRE_ARTICLES_PER_SHARD=str(chunk),
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
        told = json.loads(done.stdout)
        assert told["rows"]["articles"] == 24
        assert told["rows"]["events"] >= 24
        seen.append(hashes(lake))
        assert call("verify", lake).returncode == 0
    assert len(seen[0]) == len(TABLES)
    assert seen[0] == seen[1]


@pytest.fixture
def start_run(news, tmp_path):
    """Start a long run and wait until it codes; return the process and its lake."""
    started = []

    def start_run():
        lake = tmp_path / "lake"
        errors = tmp_path / "errors"
        # Articles of so many equal sentences are near copies, which are to be coded all the same.
        options = ["--lake", lake, "--workers", "2", "--code-copies"]
        with errors.open("wb") as file:
            process = subprocess.Popen(
                [*COMMAND, "run", news(4_000, n_repeats=20), *options],
                cwd=PROJECT_ROOT,
                stdout=subprocess.DEVNULL,
                stderr=file,
                start_new_session=True,
            )
        started.append(process)
        wait_until(lambda: "coding" in errors.read_text() and len(workers_of(process)) == 2)
        return process, lake, errors

    yield start_run
    for process in started:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def wait_until(holds, seconds=60.0):
    end = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < end, "it did not come to that in time"
        time.sleep(0.05)


def workers_of(process):
    """Return the processes of the pool."""
    children = Path(f"/proc/{process.pid}/task/{process.pid}/children")
    if not children.exists():
        pytest.skip("this system does not list the children of a process")
    workers = []
    for child in children.read_text().split():
        try:
            command = Path(f"/proc/{child}/cmdline").read_bytes()
        except FileNotFoundError:
            continue
        if b"spawn_main" in command:
            workers.append(int(child))
    return workers


def is_running(pid):
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except FileNotFoundError:
        return False
    return state != "Z"


def assert_nothing_is_left(lake):
    layout = LakeLayout(lake)
    assert list(layout.receipts()) == []
    assert list(layout.staging_runs()) == []
    assert not any(list(layout.published_files(table)) for table in TABLES)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_run_that_is_stopped_ends_cleanly(start_run, number):
    process, lake, errors = start_run()
    workers = workers_of(process)
    if number == signal.SIGINT:
        os.killpg(process.pid, number)  # as Ctrl-C does: to all of the foreground
    else:
        process.send_signal(number)
    assert process.wait(timeout=30) == 130
    assert errors.read_text().splitlines()[-1].startswith("error: stopped")
    assert "Traceback" not in errors.read_text()
    assert not any(map(is_running, workers))
    assert_nothing_is_left(lake)


def test_a_run_whose_processes_are_killed_again_and_again_fails(start_run):
    # Killed once, the chunks that were begun are done again: see tests/unit/test_local_runs.py.
    process, lake, errors = start_run()
    end = time.monotonic() + 120
    while process.poll() is None and time.monotonic() < end:
        for worker in workers_of(process):
            with suppress(ProcessLookupError):
                os.kill(worker, signal.SIGKILL)
        time.sleep(0.05)
    assert process.wait(timeout=30) == 1
    assert "killed" in errors.read_text().splitlines()[-1]
    assert "Traceback" not in errors.read_text()
    assert_nothing_is_left(lake)


def test_no_process_of_the_pool_outlives_a_run_that_is_killed(start_run):
    process, _, _ = start_run()
    workers = workers_of(process)
    process.kill()
    process.wait(timeout=30)
    wait_until(lambda: not any(map(is_running, workers)))
