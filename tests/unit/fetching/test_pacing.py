from datetime import UTC, datetime

import pytest

from include.eventwire.fetching.errors import FetchError
from include.eventwire.fetching.pacing import Pacer, parse_retry_after

NOW = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        ("120", 120),
        (" 0 ", 0),
        ("Mon, 02 Mar 2026 08:01:30 GMT", 90),
        ("Mon, 02 Mar 2026 07:00:00 GMT", 0),  # over already
        ("Mon, 02 Mar 2026 10:01:00 +0200", 60),
        ("Mon, 02 Mar 2026 08:01:00 -0000", 60),
        ("99999999999", 86_400),  # a day at most
        ("soon", None),
        ("-5", None),
        ("1.5", None),
        ("", None),
        (None, None),
    ],
)
def test_reads_how_long_to_wait(header, seconds):
    assert parse_retry_after(header, NOW) == seconds


@pytest.fixture
def timeline():
    """Return a pacer with a clock of its own, and the waits that it makes."""
    waits = []
    pacer = Pacer(2.0, sleep=waits.append, now=lambda: sum(waits))
    return pacer, waits


def test_only_requests_to_the_same_host_wait(timeline):
    pacer, waits = timeline
    for host in ("a.example", "b.example", "a.example"):
        pacer.wait(host)
    assert waits == [2.0]


def test_a_host_may_ask_for_more_but_not_for_less(timeline):
    pacer, waits = timeline
    pacer.slow_down("a.example", 5.0)
    pacer.slow_down("b.example", 0.5)
    for host in ("a.example", "a.example", "b.example", "b.example"):
        pacer.wait(host)
    assert waits == [5.0, 2.0]


def test_a_host_rests_as_long_as_it_asks(timeline):
    pacer, waits = timeline
    pacer.rest("a.example", 12.0)
    pacer.wait("a.example")
    assert waits == [12.0]


def test_a_pause_of_more_than_a_minute_is_left_to_the_next_run(timeline):
    pacer, waits = timeline
    pacer.slow_down("a.example", 3600.0)
    pacer.wait("a.example")
    with pytest.raises(FetchError, match=r"a\.example asks for a pause of 3600 seconds"):
        pacer.wait("a.example")
    assert waits == []
