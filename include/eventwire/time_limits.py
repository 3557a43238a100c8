"""Limits on the wall time that one article may take: for Python's own code, and for any."""

from __future__ import annotations

import faulthandler
import signal
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from types import FrameType, TracebackType
from typing import Final

# Libraries catch every error of a step and go on with the next: the alarm rings again.
_AGAIN_SECONDS: Final = 0.5
_STANDARD_ERROR: Final = 2
# A long call into a library, or a machine that stood still, must not be taken for a loop.
_GRACE_SECONDS: Final = 30
# What `faulthandler` ends a process with.
STUCK_STATUS: Final = 1


class TookTooLongError(RuntimeError):
    """What was done for one article was broken off at the limit of its time."""


def time_limit(seconds: float) -> AbstractContextManager[None]:
    """Return a context that breaks off its block after `seconds` of wall time.

    The alarm is one of the process: it works in the main thread only, in which the tasks of
    Airflow and the processes of the command line run. In any other thread there is no limit. An
    alarm that was set before, as Airflow's `execution_timeout` does, ends the block too where it
    is due first, and is set again at the end with the time it has left. A single call of compiled
    code is not broken off before it returns. No `yield` may stand in the block: the alarm would
    ring in whoever asked for the value.

    Raises:
        TookTooLongError: At the end of the block: the time was over, whatever a library made of
            the error that broke it off.
    """
    return _TimeLimit(seconds)


def seconds_until_stuck(seconds: float) -> float:
    """Return after how many seconds a process is taken for stuck at what may take `seconds`."""
    return 2 * seconds + _GRACE_SECONDS


def let_faults_end_process() -> None:
    """Let a fault in compiled code end this process and say on its standard error where it was.

    Airflow answers SIGSEGV in Python while it reads a DAG, and leaves that so in the process of the
    task. The answer to a true fault is never called: the process would be at it for ever.
    """
    faulthandler.disable()
    if threading.current_thread() is threading.main_thread():
        signal.signal(signal.SIGSEGV, signal.SIG_DFL)
    faulthandler.enable(file=_STANDARD_ERROR)


@contextmanager
def end_if_stuck(seconds: float) -> Iterator[None]:
    """End this process, with `STUCK_STATUS`, when the block takes far longer than `seconds`.

    That is the only way out of an endless loop in compiled code, in which no signal is heard: not
    that of `time_limit`, nor that of Airflow's `execution_timeout`. Where the process was is
    written to its standard error. It works in the main thread only, as `time_limit` does.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    faulthandler.dump_traceback_later(seconds_until_stuck(seconds), exit=True, file=_STANDARD_ERROR)
    try:
        yield
    finally:
        faulthandler.cancel_dump_traceback_later()


class _TimeLimit(AbstractContextManager[None]):
    """A class and no generator, so that the alarm cannot ring between the block and its end.

    In the code of a decorator it would leave the alarm set for all that comes after.
    """

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._is_on = False
        self._has_rung = False
        self._started = 0.0
        self._former_handler: object = None
        self._former_timer = (0.0, 0.0)

    def __enter__(self) -> None:
        if threading.current_thread() is not threading.main_thread():
            return
        self._started = time.monotonic()
        # First off, so that an alarm of before does not ring here.
        self._former_timer = signal.setitimer(signal.ITIMER_REAL, 0)
        self._former_handler = signal.signal(signal.SIGALRM, self._break_off)
        self._is_on = True
        due = min(self._seconds, self._former_timer[0] or self._seconds)
        signal.setitimer(signal.ITIMER_REAL, due, _AGAIN_SECONDS)

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        if not self._is_on:
            return
        self._is_on = False
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, self._former_handler)  # type: ignore[arg-type]  # as it came
        left, interval = self._former_timer
        if left:
            left -= time.monotonic() - self._started
            signal.setitimer(signal.ITIMER_REAL, max(left, 0.001), interval)
        # A library may have swallowed the error, and what it returned may be half of what there
        # is, or have made one of its own of it.
        is_told = isinstance(error, TookTooLongError) or not isinstance(error, Exception | None)
        if self._has_rung and not is_told:
            raise self._make_error() from error

    def _break_off(self, _signal: int, frame: FrameType | None) -> None:
        if not self._is_on or _is_within(frame, (self.__enter__, self.__exit__, self._break_off)):
            return
        self._has_rung = True
        raise self._make_error()

    def _make_error(self) -> TookTooLongError:
        return TookTooLongError(
            f"it took longer than {self._seconds:g} seconds; raise EVENTWIRE_MAX_ARTICLE_SECONDS "
            "if it is worth the time"
        )


def _is_within(frame: FrameType | None, methods: tuple[Callable[..., object], ...]) -> bool:
    """Return whether one of `methods` is being called: its own end must not be broken off.

    Nor may a second ring break off what answers the first, which may have rung there.
    """
    own = {method.__code__ for method in methods}
    while frame is not None and frame.f_code not in own:
        frame = frame.f_back
    return frame is not None
