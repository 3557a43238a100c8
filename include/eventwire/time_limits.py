"""A limit on the wall time that one article may take."""

from __future__ import annotations

import signal
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Final

# Libraries catch every error of a step and go on with the next: the alarm rings again.
_AGAIN_SECONDS: Final = 0.5


class TookTooLongError(RuntimeError):
    """What was done for one article was broken off at the limit of its time."""


@contextmanager
def time_limit(seconds: float) -> Iterator[None]:
    """Break off the block after `seconds` of wall time.

    The alarm is one of the process: it works in the main thread only, in which the tasks of
    Airflow and the processes of the command line run. In any other thread there is no limit. An
    alarm that was set before, as Airflow's `execution_timeout` does, ends the block too where it
    is due first, and is set again at the end with the time it has left. A single
    call of compiled code is not broken off before it returns.

    Raises:
        TookTooLongError: The time is over.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    late = TookTooLongError(
        f"it took longer than {seconds:g} seconds; raise EVENTWIRE_MAX_ARTICLE_SECONDS if it is "
        "worth the time"
    )
    has_rung = is_over = False

    def break_off(_signal: int, _frame: FrameType | None) -> None:
        nonlocal has_rung
        if not is_over:
            has_rung = True
            raise late

    started = time.monotonic()
    former_handler = signal.signal(signal.SIGALRM, break_off)
    former_left, _ = signal.setitimer(signal.ITIMER_REAL, seconds, _AGAIN_SECONDS)
    if 0 < former_left < seconds:
        signal.setitimer(signal.ITIMER_REAL, former_left, _AGAIN_SECONDS)
    try:
        yield
    except Exception as error:
        if has_rung and error is not late:  # a library made an error of its own of it
            raise late from error
        raise
    else:
        if has_rung:  # a library swallowed it: what it returned may be half of what there is
            raise late
    finally:
        is_over = True
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, former_handler)
        if former_left:
            left = former_left - (time.monotonic() - started)
            signal.setitimer(signal.ITIMER_REAL, max(left, 0.001))
