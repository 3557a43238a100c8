import os
import sys
import time

import psutil
import pytest

from include.eventwire.local_engines.processes import Launch
from tests.chaos.supervision import Supervisor

PARENT = """
import subprocess
child = subprocess.Popen(["sleep", "600"])
print(child.pid, flush=True)
try:
    child.wait()
except KeyboardInterrupt:
    child.kill()
"""


@pytest.fixture
def supervisor(tmp_path):
    """Watch over a process that has started another."""
    command = [sys.executable, "-c", PARENT]
    launch = Launch("parent", command, tmp_path / "parent.log", dict(os.environ))
    with Supervisor([launch], seconds_to_restart=0.0) as supervisor:
        yield supervisor


def wait_for(look):
    deadline = time.monotonic() + 60
    while not (found := look()):
        assert time.monotonic() < deadline
        time.sleep(0.05)
    return found


def child_of(log):
    """Return the process that the one with this log has started."""
    return psutil.Process(int(wait_for(lambda: log.exists() and log.read_text().strip())))


def is_running(process):
    return process.is_running() and process.status() != psutil.STATUS_ZOMBIE


def test_what_is_killed_is_started_again_with_a_log_of_its_own(supervisor, tmp_path):
    first = child_of(tmp_path / "parent.log")
    supervisor.kill("parent")
    second = child_of(tmp_path / "parent-1.log")
    assert supervisor.restarts == ["parent (status -9)"]
    assert not is_running(first)
    assert is_running(second)
    assert supervisor.name_of(second) == "parent"


def test_its_children_live_on_when_they_are_spared(supervisor, tmp_path):
    first = child_of(tmp_path / "parent.log")
    supervisor.kill("parent", spare_children=True)
    child_of(tmp_path / "parent-1.log")
    assert is_running(first)
    assert first.pid in {process.pid for process in supervisor.processes()}


def test_the_end_leaves_nothing_running(tmp_path):
    command = [sys.executable, "-c", PARENT]
    launch = Launch("parent", command, tmp_path / "parent.log", dict(os.environ))
    with Supervisor([launch], seconds_to_restart=0.0) as supervisor:
        first = child_of(tmp_path / "parent.log")
        supervisor.kill("parent", spare_children=True)
        second = child_of(tmp_path / "parent-1.log")
    gone, alive = psutil.wait_procs([first, second], timeout=60)
    assert not alive
    assert len(gone) == 2
