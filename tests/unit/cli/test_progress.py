import io
import re

import pytest
from rich.console import Console

from include.eventwire.cli import progress
from include.eventwire.cli.progress import BarReporter, LineReporter


@pytest.fixture
def console():
    return Console(file=io.StringIO(), width=100)


@pytest.fixture
def clock(monkeypatch):
    """A clock that stands still until it is set."""

    class Clock:
        now = 0.0

    monkeypatch.setattr(progress.time, "monotonic", lambda: Clock.now)
    return Clock


def lines_of(console):
    return console.file.getvalue().splitlines()


def test_lines_tell_stages_and_now_and_then_how_far_they_are(console, clock):
    with LineReporter(console) as reporter:
        reporter.start("reading", None)
        clock.now = 5
        reporter.advance(100)
        clock.now = 11
        reporter.advance(1_200)
        reporter.start("coding", 4_000)
        clock.now = 21
        reporter.advance(0)
        reporter.advance(1_000)
        clock.now = 22
        reporter.advance(1_100)
    assert lines_of(console) == [
        "reading",
        "reading 1,200",
        "coding 4,000",
        "coding 1,000 of 4,000, 30 s left",
    ]


def test_bars_show_every_stage_and_end_full():
    console = Console(file=io.StringIO(), width=100, force_terminal=True, color_system=None)
    with BarReporter(console) as reporter:
        reporter.start("reading", None)
        reporter.advance(1_200)
        reporter.start("coding", 4_000)
        reporter.advance(1_000)
        reporter.start("publishing", None)
    last = re.sub(r"\x1b\[\??\d*[a-zA-Z]", "", console.file.getvalue().split("\r")[-1])
    stages = [line.split() for line in last.splitlines() if "━" in line]
    assert [stage[1] for stage in stages] == ["reading", "coding", "publishing"]
    assert all(stage[0] == "✓" for stage in stages)
    assert "1,200/1,200" in last
    assert "4,000/4,000" in last


def test_a_bar_is_left_as_far_as_it_came_when_the_run_fails():
    console = Console(file=io.StringIO(), width=100, force_terminal=True, color_system=None)

    def fail_half_way():
        with BarReporter(console) as reporter:
            reporter.start("coding", 4_000)
            reporter.advance(1_000)
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        fail_half_way()
    assert "1,000/4,000" in console.file.getvalue().split("\r")[-1]


def test_progress_without_a_stage_is_ignored(console):
    with BarReporter(console) as reporter:
        reporter.advance(1)
