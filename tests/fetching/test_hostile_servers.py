"""Servers that answer wrongly, slowly, too much or not at all."""

import gzip
import time
import zlib
from dataclasses import replace
from datetime import timedelta

import pytest

from include.eventwire.fetching.errors import SourceFailedError
from tests.fetching.conftest import RUN_AT, Answer, make_rss, responses

HTML = {"Content-Type": "text/html"}


@pytest.fixture
def fetch_page(site, fetch):
    """Fetch a feed whose only page is answered as given; return how it failed, or None."""

    def fetch_page(answer, **more):
        site.feed([site.url("/page")])
        site.answers["/page"] = answer
        report = fetch(**more)
        (reason,) = report.page_failures or (None,)
        return reason

    return fetch_page


def drip(head):
    """Return an answer that sends `head`, then a byte now and then until nobody listens."""

    def send(handler):
        handler.wfile.write(head)
        try:
            while True:
                handler.wfile.write(b"x")
                time.sleep(0.005)  # of the server, which is ended by the client
        except OSError:
            pass

    return Answer(send)


def send_and_hang_up(content):
    return Answer(lambda handler: handler.wfile.write(content))


@pytest.mark.parametrize(
    "head",
    [
        b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n<html>",
        b"HTTP/1.1 200 OK\r\nX-Slow: ",
        b"",
    ],
    ids=["body", "headers", "status"],
)
def test_a_server_that_drips_is_cut_off(fetch_page, limits, head):
    limits = replace(limits, total_seconds=0.3)
    assert fetch_page(drip(head), limits=limits) == "timeout"


def test_a_server_that_says_nothing_is_left(fetch_page, limits):
    silent = Answer(lambda handler: handler.rfile.read(1))
    assert fetch_page(silent, limits=replace(limits, read_seconds=0.2)) == "timeout"


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\nContent-Type: text/html\r\n\r\n<html>",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nContent-Type: text/html\r\n\r\nzz\r\n",
        b"SSH-2.0-OpenSSH_9.2\r\n",
        b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 200 + b"\r\n",
        b"HTTP/1.1 200 OK\r\nX: " + b"y" * 70_000 + b"\r\n\r\n",
    ],
    ids=["nothing", "cut off", "bad chunk", "no http", "many headers", "long header"],
)
def test_what_is_no_whole_response_is_tried_again(site, fetch, fetch_page, content):
    assert fetch_page(send_and_hang_up(content)) == "bad_response"
    site.page("/page")
    assert fetch(run_at=RUN_AT + timedelta(hours=1)).n_pages == 1


def test_a_large_page_is_not_read(site, fetch_page, fetch):
    body = b"<html>" + b"x" * 20_000_000
    assert fetch_page(Answer(body, headers=HTML)) == "too_large"
    assert fetch().n_waiting == 0


def test_a_large_page_that_does_not_say_so_is_broken_off(fetch_page):
    def send(handler):
        handler.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n")
        for _ in range(400):
            handler.wfile.write(b"x" * 100_000)

    assert fetch_page(Answer(send)) == "too_large"


@pytest.mark.parametrize("encoding", ["gzip", "deflate"])
def test_a_bomb_is_not_unpacked(fetch_page, encoding):
    packer = zlib.compressobj(9, wbits=31 if encoding == "gzip" else 15)
    bomb = b"".join(packer.compress(bytes(1_000_000)) for _ in range(200)) + packer.flush()
    assert len(bomb) < 300_000
    headers = {**HTML, "Content-Encoding": encoding}
    assert fetch_page(Answer(bomb, headers=headers)) == "too_large"


def test_a_bomb_of_many_members_is_not_unpacked(fetch_page):
    bomb = gzip.compress(bytes(1_000_000)) * 50
    headers = {**HTML, "Content-Encoding": "gzip"}
    assert fetch_page(Answer(bomb, headers=headers)) == "too_large"


@pytest.mark.parametrize(
    ("body", "encoding"),
    [
        (gzip.compress(b"<html>news</html>"), "gzip"),
        (gzip.compress(b"<html>") + gzip.compress(b"news</html>"), "x-gzip"),
        (zlib.compress(b"<html>news</html>"), "deflate"),
        (zlib.compress(b"<html>news</html>", wbits=-15), "deflate"),
        (b"<html>news</html>", "identity"),
    ],
)
def test_compressed_pages_are_kept_unpacked(fetch_page, landing, body, encoding):
    assert fetch_page(Answer(body, headers={**HTML, "Content-Encoding": encoding})) is None
    (file,) = landing.glob("wire/dt=*/*.warc.gz")
    assert b"<html>news</html>" in gzip.decompress(file.read_bytes())


@pytest.mark.parametrize(
    ("body", "encoding"),
    [
        (b"no gzip at all", "gzip"),
        (gzip.compress(b"<html>news</html>" * 99)[:-20], "gzip"),
        (b"\x0b\x02\x80<html>\x03", "br"),
    ],
)
def test_damaged_or_unknown_compression_is_told(fetch_page, body, encoding):
    headers = {**HTML, "Content-Encoding": encoding}
    assert fetch_page(Answer(body, headers=headers)) == "bad_response"


@pytest.mark.parametrize("type_", ["application/pdf", "image/png", "video/mp4", "text/plain"])
def test_only_web_pages_are_taken(fetch_page, type_):
    assert fetch_page(Answer(b"%PDF", headers={"Content-Type": type_})) == "wrong_type"


def test_a_page_that_fails_is_tried_in_three_runs(site, fetch):
    site.feed([site.url("/page")], etag='"1"')
    site.answers["/page"] = Answer(b"oops", 500)
    given_up = [fetch(run_at=RUN_AT + timedelta(hours=hour)).n_given_up for hour in range(4)]
    assert given_up == [0, 0, 1, 0]
    assert site.paths().count("/page") == 3


def test_a_host_that_does_not_answer_is_left_alone_for_the_run(site, fetch, limits):
    site.feed([site.url(f"/{number}") for number in range(10)])
    for number in range(10):
        site.answers[f"/{number}"] = Answer(lambda handler: handler.rfile.read(1))
    report = fetch(limits=replace(limits, read_seconds=0.1))
    assert report.page_failures == {"timeout": 3}
    assert report.n_waiting == 10


def test_a_feed_that_fails_does_not_stop_the_others(site, fetch, landing, limits):
    site.answers["/broken"] = Answer(b"oops", 500)
    site.answers["/html"] = Answer(b"<html>no feed</html>", headers=HTML)
    site.answers["/slow"] = Answer(lambda handler: handler.rfile.read(1))
    site.feed([site.url("/a")])
    site.page("/a")
    feeds = tuple(map(site.url, ("/broken", "/html", "/slow", "/absent", "/feed")))
    report = fetch(feeds=feeds, limits=replace(limits, read_seconds=0.2))
    assert [(failure["url"], failure["reason"]) for failure in report.failures] == [
        (site.url("/broken"), "bad_status"),
        (site.url("/html"), "bad_content"),
        (site.url("/slow"), "timeout"),
        (site.url("/absent"), "bad_status"),
    ]
    assert (report.n_feeds, report.n_feeds_failed, report.n_pages) == (5, 4, 1)
    assert responses(landing / report.files[0]) == [site.url("/feed"), site.url("/a")]


def test_a_source_without_a_feed_that_answers_fails_and_says_why(site, fetch, landing):
    site.answers["/feed"] = Answer(b"oops", 503)
    with pytest.raises(SourceFailedError, match="wire: none of its 1 feeds") as caught:
        fetch()
    assert "answered 503" in str(caught.value)
    assert not list(landing.glob("wire"))


@pytest.mark.parametrize(
    "feed",
    [
        b'<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;">'
        b'<!ENTITY c "&b;&b;&b;&b;&b;&b;&b;">]><rss version="2.0"><channel><title>&c;</title>'
        b"</channel></rss>",
        b"\x00" * 1000,
        b"",
        b"{",
    ],
    ids=["entities", "zeros", "empty", "json"],
)
def test_what_is_no_feed_is_a_failure_of_that_feed(site, fetch, feed):
    site.answers["/feed"] = Answer(feed, headers={"Content-Type": "application/xml"})
    with pytest.raises(SourceFailedError, match="bad_content"):
        fetch()


def test_a_feed_over_its_budget_is_refused(site, fetch, limits):
    site.feed([site.url(f"/{number}") for number in range(100)])
    with pytest.raises(SourceFailedError, match="too_large"):
        fetch(limits=replace(limits, max_feed_bytes=10_000))


@pytest.mark.slow
def test_a_feed_of_ten_thousand_entries_is_worked_off_in_portions(site, fetch):
    links = [site.url(f"/{number}") for number in range(10_000)]
    site.answers["/feed"] = Answer(make_rss(links), etag='"1"')
    for number in range(10_000):
        site.page(f"/{number}")
    first = fetch(max_pages=5)
    assert (first.n_new_entries, first.n_pages, first.n_waiting) == (10_000, 5, 9_995)
    second = fetch(max_pages=5, run_at=RUN_AT + timedelta(hours=1))
    assert (second.n_not_modified, second.n_pages, second.n_waiting) == (1, 5, 9_990)
    assert len(set(site.paths())) == 2 + 10
