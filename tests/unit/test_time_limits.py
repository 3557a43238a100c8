import re
import signal
import subprocess
import sys
import threading
from contextlib import suppress

import pytest

from include.eventwire.settings import PROJECT_ROOT
from include.eventwire.time_limits import STUCK_STATUS, TookTooLongError, time_limit


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


def run_program(*lines):
    """Run a program that has `time_limits` as `limits`; return its status and what it said."""
    program = ["from include.eventwire import time_limits as limits", *lines]
    done = subprocess.run(
        [sys.executable, "-c", "\n".join(program)],
        cwd=PROJECT_ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    return done.returncode, done.stdout + done.stderr


def test_a_process_that_hears_of_no_signal_is_ended():
    status, said = run_program(
        "import itertools",
        "limits._GRACE_SECONDS = 0.1",
        "with limits.end_if_stuck(0.1), limits.time_limit(0.1):",
        "    sum(itertools.repeat(0))  # a loop in compiled code",
    )
    assert status == STUCK_STATUS
    assert 'File "<string>", line 5' in said


def test_a_process_that_is_not_stuck_goes_on():
    status, said = run_program(
        "import time",
        "limits._GRACE_SECONDS = 0.1",
        "for _ in range(3):",
        "    with limits.end_if_stuck(0.1):",
        "        pass",
        "time.sleep(0.6)",
        "print('done')",
    )
    assert (status, said.strip()) == (0, "done")


@pytest.mark.parametrize("answer", ["lambda *_: None", "signal.SIG_IGN", "signal.SIG_DFL"])
def test_a_fault_ends_the_process_whatever_answers_it(answer):
    status, said = run_program(
        "import ctypes, signal",
        f"signal.signal(signal.SIGSEGV, {answer})",
        "limits.let_faults_end_process()",
        "ctypes.string_at(0)",
    )
    assert status == -signal.SIGSEGV
    assert 'File "<string>", line 5' in said
