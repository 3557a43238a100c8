"""Batches on this machine without Airflow: the tasks of the DAGs, in a pool of processes.

The tables do not depend on the number of processes: the work is cut the same whatever it is, and
put together in the order of the plan.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
from collections.abc import Callable, Generator, Iterator, Sequence
from concurrent.futures import FIRST_EXCEPTION, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from dataclasses import replace
from multiprocessing.sharedctypes import Synchronized
from pathlib import Path
from typing import Final, Protocol

from include.eventwire import jobs, recoding
from include.eventwire.batches.plan import BatchRequest
from include.eventwire.lake.layout import BatchKey
from include.eventwire.lake.locations import remove_folder, to_location
from include.eventwire.recoding import RecodeRequest
from include.eventwire.settings import THREAD_VARIABLES, Settings

# Small enough that all processes are busy to the end and the time left can be told, large enough
# that parsing is not slowed down.
_ARTICLES_PER_CHUNK: Final = 100
_SECONDS_BETWEEN_LOOKS: Final = 0.2


class WorkerLostError(RuntimeError):
    """A process of the pool was killed, so its part of the batch is missing."""


class Reporter(Protocol):
    """Is told how a run goes on."""

    def start(self, stage: str, total: int | None) -> None:
        """Begin a stage ("reading") of `total` steps; None when nobody knows how many."""

    def advance(self, n_done: int) -> None:
        """Note that so many steps of the stage are done, counted from its beginning."""


def run_batch(
    request: BatchRequest, settings: Settings, reporter: Reporter, *, workers: int | None = None
) -> Path:
    """Make one batch, from its inputs to its receipt; return the path of the receipt.

    Nothing is published unless all of it is. Everything that this user can read may be an input.

    Args:
        request: What to make.
        settings: Where things are and how much is allowed.
        reporter: Is told how it goes on.
        workers: Number of processes; None = one for each core.

    Raises:
        AuditError: A check of the tables failed.
        WorkerLostError: A process was killed.
    """
    plan_path = jobs.plan_batch(request, _with_small_chunks(settings), allowed_roots=())
    try:
        _make_tables(plan_path, reporter, workers or count_cores())
        return _publish(plan_path, reporter)
    finally:
        remove_folder(to_location(plan_path).parent)


def recode_batches(
    keys: Sequence[BatchKey],
    request: RecodeRequest,
    settings: Settings,
    reporter: Reporter,
    *,
    workers: int | None = None,
) -> Generator[Path, None, None]:
    """Code batches of a lake again, one after the other; yield the receipt of each.

    Args:
        keys: The batches, from `recoding.choose_batches`.
        request: What they were chosen by.
        settings: Names the lake that holds them.
        reporter: Is told how it goes on.
        workers: Number of processes; None = one for each core.

    Raises:
        AuditError: A check of the tables failed; the batches before are published.
        WorkerLostError: A process was killed; the batches before are published.
    """
    settings = _with_small_chunks(settings)
    with _start_pool(workers or count_cores()) as pool:
        for key in keys:
            plan_path = recoding.plan_recode(key, request, settings)
            try:
                reporter.start("reading", None)
                chunks = recoding.cut_batch(plan_path)
                reporter.start("coding", recoding.count_wanted(plan_path))
                pool.code(_recode, plan_path, chunks, reporter)
                reporter.start("checking", None)
                jobs.audit_batch(plan_path)
                receipt = _publish(plan_path, reporter)
            finally:
                remove_folder(to_location(plan_path).parent)
            yield receipt


def count_cores() -> int:
    """Return the number of cores that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _with_small_chunks(settings: Settings) -> Settings:
    n_articles = min(settings.articles_per_shard, _ARTICLES_PER_CHUNK)
    return replace(settings, articles_per_shard=n_articles)


def _publish(plan_path: str, reporter: Reporter) -> Path:
    reporter.start("publishing", None)
    with _deferred(signal.SIGINT, signal.SIGTERM):
        return to_location(jobs.publish_batch(plan_path, {"started_by": "command line"}))


def _make_tables(plan_path: str, reporter: Reporter, workers: int) -> None:
    with _start_pool(workers) as pool:
        reporter.start("reading", None)
        shards = jobs.list_shards(plan_path)
        pool.prepare(jobs.load_coder, plan_path, workers - len(shards))
        pool.run(_ingest, [(plan_path, shard) for shard in shards], reporter)
        reporter.start("comparing", None)
        chunks = jobs.deduplicate_batch(plan_path)
        reporter.start("coding", jobs.count_articles(plan_path))
        pool.code(_code, plan_path, chunks, reporter)
    reporter.start("checking", None)
    jobs.audit_batch(plan_path)


class _Pool:
    """Processes that share a counter of what they have done."""

    def __init__(self, workers: int) -> None:
        self._workers = workers
        self.start()

    def start(self) -> None:
        """Start the processes, which come into being as they are needed."""
        context = multiprocessing.get_context("spawn")
        # A new one: a process that was killed may hold the lock of the old one for ever.
        self._n_done: Synchronized[int] = context.Value("q")
        arguments = (self._n_done,)
        self._executor = ProcessPoolExecutor(self._workers, context, _start_worker, arguments)

    def shut_down(self) -> None:
        """End the processes, once they have done what they are at."""
        self._executor.shutdown(cancel_futures=True)

    def prepare(self, task: Callable[[str], object], plan_path: str, n_idle: int) -> None:
        """Have processes that would wait load what they will need, as far as there are any.

        Nobody looks at how it ends: what fails here fails again where it is needed.
        """
        with _deferred(signal.SIGINT):
            for _ in range(n_idle):
                self._executor.submit(task, plan_path)

    def run(
        self,
        task: Callable[..., object],
        arguments: Sequence[tuple[str, object]],
        reporter: Reporter,
    ) -> None:
        """Call `task` with each of `arguments`; the first error ends the wait for the others."""
        self._n_done.value = 0
        # The processes that this starts inherit that they are not to hear of Ctrl-C.
        with _deferred(signal.SIGINT):
            pending = {self._executor.submit(task, *values) for values in arguments}
        while pending:
            done, pending = wait(pending, _SECONDS_BETWEEN_LOOKS, FIRST_EXCEPTION)
            for future in done:
                future.result()
            # Read without its lock, which a process that was killed may hold.
            reporter.advance(self._n_done.get_obj().value)

    def code(
        self,
        task: Callable[..., object],
        plan_path: str,
        chunks: Sequence[str],
        reporter: Reporter,
    ) -> None:
        """Call `task` for each chunk; when a process ends in it, do what is left again.

        The task then codes carefully what somebody had begun, so it cannot end the process again.
        When that happens all the same, no article is to blame.

        Raises:
            BrokenProcessPool: A process was ended, and not while it coded a chunk for the first
                time.
        """
        n_begun = 0
        while True:
            try:
                self.run(task, [(plan_path, chunk) for chunk in chunks], reporter)
            except BrokenProcessPool:
                if (n_now := jobs.count_begun(plan_path, chunks)) == n_begun:
                    raise
                n_begun = n_now
                self.shut_down()
                reporter.start("coding", None)  # of how many articles nobody knows
                self.start()
            else:
                return


@contextmanager
def _start_pool(workers: int) -> Iterator[_Pool]:
    others = set(multiprocessing.active_children())
    pool = _Pool(workers)
    try:
        with _one_thread_each():
            yield pool
    except BrokenProcessPool as error:
        raise WorkerLostError(
            f"one of {workers} processes was killed, most likely because the memory ran out; "
            "nothing was published; try again with fewer of them (--workers)"
        ) from error
    except BaseException:
        for child in set(multiprocessing.active_children()) - others:
            child.terminate()
        raise
    finally:
        pool.shut_down()


@contextmanager
def _one_thread_each() -> Iterator[None]:
    """Have new processes do their linear algebra in one thread: they would only compete."""
    before = {name: os.environ.get(name) for name in THREAD_VARIABLES}
    os.environ.update(dict.fromkeys(THREAD_VARIABLES, "1"))
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value


@contextmanager
def _deferred(*signals: signal.Signals) -> Iterator[None]:
    """Let signals wait until the end of the block; processes started in it never hear of them."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, signals)
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


# What follows runs in the processes of the pool.
_n_done: Synchronized[int]


def _start_worker(n_done: Synchronized[int]) -> None:
    global _n_done  # a pool has no other way to hand its processes a counter
    _n_done = n_done
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    """End this process when the one that started it is gone, even if that was killed."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


def _ingest(plan_path: str, shard: int) -> None:
    jobs.ingest_shard(plan_path, shard, _count)


def _code(plan_path: str, chunk: str) -> None:
    jobs.code_shard(plan_path, chunk, _count)


def _recode(plan_path: str, chunk: str) -> None:
    recoding.recode_chunk(plan_path, chunk, _count)


def _count(n_done: int) -> None:
    with _n_done.get_lock():
        _n_done.value += n_done
