import json
import os
import sys
import time
from dataclasses import asdict

import psutil
import pytest

from include.eventwire.local_airflow import components
from include.eventwire.local_airflow.components import (
    ComponentError,
    Running,
    read_running,
    running_components,
    tail,
)
from include.eventwire.local_airflow.home import prepare_home

# A component with a child in a process group of its own, as the scheduler has for each task.
PARENT = """
import subprocess, sys, time
child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"], process_group=0)
print(child.pid, flush=True)
time.sleep(600)
"""


@pytest.fixture
def home(tmp_path):
    return prepare_home(tmp_path / "home")


@pytest.fixture
def start(home, monkeypatch):
    """Return a context of components that each run the Python `program` instead of Airflow."""

    def start_program(program):
        monkeypatch.setattr(
            components, "airflow_command", lambda *_: [sys.executable, "-c", program]
        )
        return running_components(home, {"AIRFLOW__API__PORT": "8080"})

    return start_program


def is_alive(pid):
    """Return whether a process runs; one that has ended may wait to be collected by its parent."""
    try:
        return psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def wait_for(look):
    deadline = time.monotonic() + 30
    while not (found := look()):
        assert time.monotonic() < deadline
    return found


def test_stops_everything_that_was_started(home, start, monkeypatch):
    # Nobody asks the children to end: they are ended by force after this.
    monkeypatch.setattr(components, "_SECONDS_TO_STOP", 1)
    with start(PARENT) as started:
        children = [int(wait_for(lambda log=c.log: log.read_text().strip())) for c in started]
        running = read_running(home)
        assert (running.pid, running.port) == (os.getpid(), 8080)
    assert not any(is_alive(pid) for pid in children)
    assert all(component.process.returncode is not None for component in started)
    assert read_running(home) is None


def test_a_component_that_ends_is_an_error_with_its_log(start):
    with start("print('no such option'); raise SystemExit(2)") as started:
        started[0].process.wait()
        with pytest.raises(ComponentError, match="api-server ended with status 2") as caught:
            started[0].check()
    assert "no such option" in str(caught.value)


@pytest.mark.parametrize(
    "change",
    [
        {"pid": 2**22 + 1},  # beyond the greatest number of a process
        {"created_at": 0.0},  # the number belongs to a later process by now
        {"unknown": 1},
    ],
)
def test_what_has_ended_does_not_run(home, change):
    me = Running(pid=os.getpid(), created_at=psutil.Process().create_time(), port=1, settings="any")
    home.running_file.write_text(json.dumps(asdict(me)))
    assert read_running(home) == me
    home.running_file.write_text(json.dumps(asdict(me) | change))
    assert read_running(home) is None


def test_a_half_written_file_is_nothing_that_runs(home):
    home.running_file.write_text('{"pid": 1')
    assert read_running(home) is None


def test_tail_is_the_end(tmp_path):
    log = tmp_path / "a.log"
    log.write_bytes(b"one\ntwo\nthr\xffee\n")
    assert tail(log, 2) == "two\nthr\ufffdee"
