"""robots.txt, pauses between requests, and hosts that ask to come later."""

from datetime import timedelta

import pytest

from include.eventwire.fetching.errors import SourceFailedError
from tests.fetching.conftest import RUN_AT, Answer, public_guard

AN_HOUR = timedelta(hours=1)


@pytest.fixture
def three_pages(site):
    site.feed([site.url("/a"), site.url("/secret/b"), site.url("/c")], etag='"1"')
    for path in ("/a", "/secret/b", "/c"):
        site.page(path)


def test_what_robots_txt_forbids_is_not_fetched_nor_tried_again(site, fetch, three_pages):
    site.answers["/robots.txt"] = Answer(b"User-agent: *\nDisallow: /secret/\n")
    report = fetch()
    assert (report.n_pages, report.page_failures, report.n_waiting) == (2, {"robots": 1}, 0)
    fetch(run_at=RUN_AT + AN_HOUR)
    assert "/secret/b" not in site.paths()


def test_robots_txt_counts_at_the_end_of_a_redirect_too(site, fetch):
    site.feed([site.url("/a")])
    site.answers["/a"] = Answer(status=302, headers={"Location": "/secret/b"})
    site.page("/secret/b")
    site.answers["/robots.txt"] = Answer(b"User-agent: Eventwire\nDisallow: /secret/\n")
    assert fetch().page_failures == {"robots": 1}
    assert "/secret/b" not in site.paths()


@pytest.mark.parametrize("status", [404, 403, 401, 410])
def test_without_robots_txt_everything_may_be_fetched(site, fetch, three_pages, status):
    site.answers["/robots.txt"] = Answer(b"User-agent: *\nDisallow: /\n", status)
    assert fetch().n_pages == 3


def test_a_robots_txt_that_fails_forbids_everything_for_now(site, fetch, three_pages):
    site.answers["/robots.txt"] = Answer(b"oops", 500)
    report = fetch()
    assert (report.n_pages, report.page_failures, report.n_waiting) == (0, {"not_now": 1}, 3)
    del site.answers["/robots.txt"]
    assert fetch(run_at=RUN_AT + AN_HOUR).n_pages == 3


def test_robots_txt_is_kept_for_a_day(site, fetch, three_pages):
    for hours in (0, 1, 23, 25):
        site.page(f"/{hours}")
        site.feed([site.url(f"/{hours}")])
        moment = RUN_AT + hours * AN_HOUR
        fetch(run_at=moment, now=moment)
    assert site.paths().count("/robots.txt") == 2


def test_requests_to_a_host_keep_the_pause_of_the_source(fetch, three_pages, clock):
    fetch(seconds_between_requests=2.5)
    assert clock.waits == [2.5] * 4  # feed, robots.txt and three pages


def test_robots_txt_may_ask_for_a_longer_pause(site, fetch, three_pages, clock):
    site.answers["/robots.txt"] = Answer(b"User-agent: *\nCrawl-delay: 7\n")
    fetch(seconds_between_requests=1)
    assert clock.waits == [1, 1, 7, 7]


def test_a_pause_longer_than_a_run_fetches_a_page_a_run(site, fetch, three_pages, clock):
    site.answers["/robots.txt"] = Answer(b"User-agent: *\nCrawl-delay: 3000\n")
    report = fetch()
    assert (report.n_pages, report.n_waiting) == (1, 2)
    assert clock.waits == []


def test_hosts_do_not_wait_for_one_another(site, fetch, clock):
    site.feed(["http://one.example/a", "http://two.example/a"])
    site.page("/a")
    feeds = ("http://news.example/feed",)
    guard = public_guard(site)
    fetch(feeds=feeds, local=False, guard=guard, seconds_between_requests=5)
    assert clock.waits == [5, 5]  # between robots.txt and the page of each


@pytest.mark.parametrize("status", [429, 503])
def test_a_short_wait_that_a_server_asks_for_is_kept(site, fetch, clock, status):
    def answer_later(handler):
        site.page("/a")
        handler.wfile.write(
            f"HTTP/1.1 {status} Busy\r\nRetry-After: 12\r\nContent-Length: 0\r\n\r\n".encode()
        )

    site.feed([site.url("/a")])
    site.answers["/a"] = Answer(answer_later)
    assert fetch().n_pages == 1
    assert clock.waits == [12]


def test_a_long_wait_is_kept_across_runs(site, fetch, clock, three_pages):
    site.answers["/a"] = Answer(b"", 429, headers={"Retry-After": "7200"})
    report = fetch()
    assert (report.page_failures, report.n_waiting) == ({"not_now": 1}, 3)
    assert clock.waits == []
    site.page("/a")
    site.asked.clear()
    report = fetch(run_at=RUN_AT + AN_HOUR, now=RUN_AT + AN_HOUR)
    assert site.asked == []
    assert (report.n_feeds_resting, report.n_waiting) == (1, 3)
    later = RUN_AT + 3 * AN_HOUR
    assert fetch(run_at=later, now=later).n_pages == 3


def test_a_feed_that_asks_to_come_later_fails_once_and_then_rests(site, fetch):
    site.answers["/feed"] = Answer(
        b"", 503, headers={"Retry-After": "Tue, 03 Mar 2099 08:00:00 GMT"}
    )
    with pytest.raises(SourceFailedError, match="not_now"):
        fetch()
    report = fetch(run_at=RUN_AT + AN_HOUR, now=RUN_AT + AN_HOUR)
    assert (report.n_feeds_failed, report.n_feeds_resting) == (0, 1)


def test_the_requests_say_who_asks(site, fetch, three_pages):
    fetch()
    assert all(headers["User-Agent"].startswith("Eventwire/") for _, headers in site.asked)
