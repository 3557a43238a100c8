import re
import signal
import threading
from contextlib import suppress

import pytest

from include.eventwire.time_limits import TookTooLongError, time_limit


def run_forever():
    while True:
        pass


def test_breaks_off_what_takes_too_long():
    with pytest.raises(TookTooLongError, match=r"longer than 0\.05 seconds"), time_limit(0.05):
        run_forever()


def test_breaks_off_what_swallows_the_first_alarm():
    def swallow():
        try:
            run_forever()
        except RuntimeError:
            run_forever()

    with pytest.raises(TookTooLongError), time_limit(0.05):
        swallow()


def test_leaves_no_alarm_behind():
    before = signal.getsignal(signal.SIGALRM)
    with time_limit(60):
        pass
    # The runner of the tests may have an alarm of its own, which does not repeat.
    assert signal.getitimer(signal.ITIMER_REAL)[1] == 0.0
    assert signal.getsignal(signal.SIGALRM) is before


def test_an_alarm_set_before_is_set_again():
    former = signal.signal(signal.SIGALRM, lambda *_: None)
    signal.setitimer(signal.ITIMER_REAL, 600)
    try:
        with time_limit(60):
            pass
        assert 0 < signal.getitimer(signal.ITIMER_REAL)[0] <= 600
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, former)


def test_an_alarm_that_is_due_first_is_not_put_off():
    rung = []
    former = signal.signal(signal.SIGALRM, lambda *_: rung.append(True))
    signal.setitimer(signal.ITIMER_REAL, 0.05)
    try:
        with pytest.raises(TookTooLongError), time_limit(600):
            run_forever()
        while not rung:
            pass
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, former)


def test_limits_within_limits_end_with_the_sooner():
    with pytest.raises(TookTooLongError), time_limit(0.05), time_limit(600):
        run_forever()
    with pytest.raises(TookTooLongError), time_limit(600), time_limit(0.05):
        run_forever()


def test_breaks_off_a_pattern_that_tries_everything():
    with pytest.raises(TookTooLongError), time_limit(0.05):
        re.match(r"(a|a)*b", "a" * 60)


def test_there_is_no_limit_in_another_thread():
    done = []

    def work():
        with time_limit(0.000_001):
            done.append(sum(range(100_000)))

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    assert done


def test_tells_of_what_a_library_made_of_the_alarm():
    def swallow():
        with suppress(TookTooLongError):
            run_forever()

    def translate():
        try:
            run_forever()
        except TookTooLongError as error:
            raise KeyError("library") from error

    for work in (swallow, translate):
        with pytest.raises(TookTooLongError), time_limit(0.05):
            work()


def test_other_errors_pass():
    with pytest.raises(KeyError), time_limit(600):
        raise KeyError


def test_no_alarm_rings_after_the_block(monkeypatch):
    monkeypatch.setattr("include.eventwire.time_limits._AGAIN_SECONDS", 0.000_05)
    before = signal.getsignal(signal.SIGALRM)
    for number in range(500):
        with suppress(TookTooLongError), time_limit(0.000_01 * (number % 50 + 1)):
            sum(range(1_000))
        assert signal.getitimer(signal.ITIMER_REAL)[1] == 0.0
        assert signal.getsignal(signal.SIGALRM) is before
