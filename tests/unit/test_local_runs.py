"""The pool of processes, with tasks of this file in it, and whole runs in the process itself."""

import json
import multiprocessing
import os
import signal
import sys
import time
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from types import SimpleNamespace

import pytest

from include.eventwire import jobs, local_runs
from include.eventwire.batches import planning
from include.eventwire.batches.plan import BatchRequest, Plan, write_plan
from include.eventwire.batches.staging import noted_attempt, was_begun
from include.eventwire.checks.audit import AuditError
from include.eventwire.inputs.selection import InputError
from include.eventwire.lake.layout import LakeLayout
from include.eventwire.lake.receipts import read_receipt
from include.eventwire.local_runs import WorkerLostError, _count, _start_pool, run_batch
from include.eventwire.schemas import TABLES
from include.eventwire.settings import Settings

DAY = date(2018, 4, 24)


class Reports:
    """Keeps what it is told."""

    def __init__(self):
        self.stages, self.counts = [], []

    def start(self, stage, total):
        self.stages.append((stage, total))

    def advance(self, n_done):
        self.counts.append(n_done)


# Tasks of the pool: its processes import them from this file.
def count_up(name, number):
    _count(number)


def note_threads(folder, number):
    (folder / str(number)).write_text(os.environ["OMP_NUM_THREADS"])


def fail(name, number):
    raise ValueError(f"{name} {number} is bad")


def be_killed(name, number):
    os.kill(os.getpid(), signal.SIGKILL)


def sleep_long(folder, number):
    (folder / str(os.getpid())).touch()
    time.sleep(600)


def test_the_pool_does_every_task_and_counts(tmp_path):
    reports = Reports()
    with _start_pool(2) as pool:
        pool.run(count_up, [("a", number) for number in range(10)], reports)
        assert reports.counts[-1] == 45
        pool.run(count_up, [("b", 7)], reports)
        assert reports.counts[-1] == 7
        pool.run(note_threads, [(tmp_path, number) for number in range(2)], reports)
    assert {path.read_text() for path in tmp_path.iterdir()} == {"1"}
    assert "OMP_NUM_THREADS" not in os.environ or os.environ["OMP_NUM_THREADS"] != "1"


def run_in_pool(task, arguments):
    with _start_pool(2) as pool:
        pool.run(task, arguments, Reports())


def test_an_error_of_a_task_is_raised():
    with pytest.raises(ValueError, match="a 1 is bad"):
        run_in_pool(fail, [("a", 1)])


def test_a_process_that_is_killed_is_an_error_that_says_so():
    with pytest.raises(WorkerLostError, match=r"killed, .* nothing was published; .*--workers"):
        run_in_pool(be_killed, [("a", 1)])


def code_or_be_killed(plan_path, chunk):
    folder = Path(plan_path).parent
    if not was_begun(folder, chunk):
        with noted_attempt(folder, chunk, is_careful=False):
            os.kill(os.getpid(), signal.SIGKILL)
    (folder / f"{chunk}-done").touch()


@pytest.fixture
def plan_path(tmp_path):
    """The path of a plan whose files nobody reads."""
    plan = Plan(
        day=DAY, batch="daily", run="r1", settings=Settings(), files=(), shards=(), rejects=(),
        publisher=None, limit=None, created_at="2018-04-24T00:00:00+00:00",
    )  # fmt: skip
    write_plan(plan, tmp_path / "plan.json")
    return str(tmp_path / "plan.json")


def test_a_chunk_that_a_process_was_killed_at_is_done_again(tmp_path, plan_path):
    reports = Reports()
    with _start_pool(2) as pool:
        pool.code(code_or_be_killed, plan_path, ["a", "b", "c"], reports)
    assert {path.name for path in tmp_path.glob("*-done")} == {"a-done", "b-done", "c-done"}
    assert ("coding", None) in reports.stages


@pytest.mark.parametrize("begun", [(), ("a",)])
def test_a_process_that_is_killed_without_beginning_a_chunk_is_an_error(tmp_path, plan_path, begun):
    for chunk in begun:
        with noted_attempt(tmp_path, chunk, is_careful=True):
            pass
    with pytest.raises(WorkerLostError), _start_pool(2) as pool:
        pool.code(be_killed, plan_path, ["a", "b"], Reports())


def test_an_interruption_ends_the_processes_at_once(tmp_path):
    class Interrupt(Reports):
        def advance(self, n_done):
            if any(tmp_path.iterdir()):
                raise KeyboardInterrupt

    others = set(multiprocessing.active_children())
    with pytest.raises(KeyboardInterrupt), _start_pool(2) as pool:
        pool.run(sleep_long, [(tmp_path, 1), (tmp_path, 2)], Interrupt())
    assert set(multiprocessing.active_children()) <= others
    for path in tmp_path.iterdir():
        with pytest.raises(ProcessLookupError):
            os.kill(int(path.name), 0)


@pytest.fixture
def settings(tmp_path, monkeypatch):
    """Settings of a lake; tasks run in this process with a coder that finds nothing."""

    class InProcess:
        def prepare(self, task, plan_path, n_idle):
            pass

        def run(self, task, arguments, reporter):
            for values in arguments:
                task(*values)

        def code(self, task, plan_path, chunks, reporter):
            self.run(task, [(plan_path, chunk) for chunk in chunks], reporter)

    @contextmanager
    def start(workers):
        yield InProcess()

    def code_articles(articles, plan, on_progress):
        return {table: list(articles) if table == "articles" else [] for table in TABLES}

    stand_in = SimpleNamespace(code_articles=code_articles)
    monkeypatch.setitem(sys.modules, "include.eventwire.batches.chunk_coding", stand_in)
    monkeypatch.setattr(planning, "load_lexicon", lambda: None)
    monkeypatch.setattr(local_runs, "_start_pool", start)
    monkeypatch.setattr(local_runs, "_count", lambda n_done: None)
    return Settings(lake=tmp_path / "lake")


@pytest.fixture
def request_of(tmp_path):
    def request_of(*texts):
        path = tmp_path / "news.jsonl"
        path.write_text("\n".join(json.dumps({"text": text}) for text in texts))
        return BatchRequest(DAY, inputs=(str(path),), batch="daily")

    return request_of


def test_a_run_goes_from_files_to_a_receipt_and_leaves_no_staging(settings, request_of):
    reports = Reports()
    path = run_batch(request_of("one", "two", "two"), settings, reports)
    receipt = read_receipt(path)
    assert receipt.counts["records_in"] == 3
    assert receipt.run["started_by"] == "command line"
    assert reports.stages == [
        ("reading", None), ("comparing", None), ("coding", 2), ("checking", None),
        ("publishing", None),
    ]  # fmt: skip
    assert list(LakeLayout(settings.lake).staging_runs()) == []


def test_a_run_without_records_leaves_empty_tables(settings, request_of):
    receipt = read_receipt(run_batch(request_of(), settings, Reports()))
    assert {file.rows for file in receipt.tables.values()} == {0}


@pytest.mark.parametrize("error", [KeyboardInterrupt, AuditError([]), OSError("disk full")])
def test_a_run_that_stops_publishes_nothing_and_cleans_up(settings, request_of, monkeypatch, error):
    def stop(plan_path):
        raise error

    monkeypatch.setattr(jobs, "audit_batch", stop)
    with pytest.raises(type(error) if isinstance(error, Exception) else error):
        run_batch(request_of("one"), settings, Reports())
    layout = LakeLayout(settings.lake)
    assert list(layout.receipts()) == []
    assert list(layout.staging_runs()) == []


def test_a_mistake_is_told_before_processes_are_started(settings, monkeypatch):
    monkeypatch.setattr(local_runs, "_start_pool", None)
    with pytest.raises(InputError, match="no such file"):
        run_batch(BatchRequest(DAY, inputs=("/no/such/file.txt",)), settings, Reports())
