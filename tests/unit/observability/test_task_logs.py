import pytest

from include.eventwire.observability.task_logs import (
    ProgressLog,
    tell_counts,
    tell_rejects,
    tell_speed,
)


class Clock:
    now = 1_000.0

    def __call__(self):
        return self.now


def test_counts_stand_in_their_order():
    assert tell_counts({"articles": 1190, "events": 2}) == "1,190 articles, 2 events"
    assert tell_counts({}) == ""


@pytest.mark.parametrize(
    ("reasons", "told"),
    [
        ({}, "0 rejects"),
        ({"bad_date": 1}, "1 rejects (bad_date 1)"),
        (
            {"unknown_format": 2, "bad_date": 2, "empty_text": 1500},
            "1,504 rejects (empty_text 1,500, bad_date 2, unknown_format 2)",
        ),
    ],
)
def test_rejects_are_told_by_reason_the_commonest_first(reasons, told):
    assert tell_rejects(reasons) == told


@pytest.mark.parametrize(
    ("count", "seconds", "told"),
    [
        (1200, 3.2, "in 3.2 s, 375 records a second"),
        (3, 2.0, "in 2.0 s, 1.5 records a second"),
        (0, 2.0, "in 2.0 s, 0.0 records a second"),
        (5, 0.0, "in no time"),
    ],
)
def test_speed_has_a_decimal_where_it_is_low(count, seconds, told):
    assert tell_speed(count, "records", seconds) == told


def test_progress_is_said_every_half_minute_and_passed_on_always():
    lines, passed, clock = [], [], Clock()
    progress = ProgressLog(lines.append, "shard 0", "records", 500, passed.append, clock)
    for _ in range(4):
        clock.now += 10
        progress(20)
    clock.now += 19.5
    progress(20)
    assert lines == ["shard 0: 60 of 500 records so far in 30.0 s, 2.0 records a second"]
    clock.now += 0.5
    progress(1)
    assert lines[1:] == ["shard 0: 101 of 500 records so far in 60.0 s, 1.7 records a second"]
    assert passed == [20, 20, 20, 20, 20, 1]
    assert (progress.n_done, progress.seconds) == (101, 60.0)


def test_a_short_task_says_nothing_on_the_way():
    lines, clock = [], Clock()
    progress = ProgressLog(lines.append, "shard 0", "records", clock=clock)
    progress(1)
    assert lines == []
