"""Runs for one source: what lands, what is asked, what is remembered."""

import json
import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from fastwarc.warc import WarcRecordType

from include.eventwire.fetching.errors import SourceBusyError, SourceFailedError
from include.eventwire.fetching.state import SourceState, open_state
from include.eventwire.fetching.warc_files import WarcFile
from include.eventwire.inputs.selection import list_inputs
from include.eventwire.inputs.sources import SourceProfile
from include.eventwire.readers import read_articles
from include.eventwire.readers.raw import ReadContext
from include.eventwire.settings import Settings
from tests.fetching.conftest import RUN_AT, Answer, read_warc, responses

NAME = "fetch-20260302T080700Z"
WARC = f"wire/dt=2026-03-02/{NAME}.warc.gz"
AN_HOUR_LATER = RUN_AT + timedelta(hours=1)


def test_a_feed_and_its_pages_land_as_one_warc(site, fetch, landing):
    site.feed([site.url("/a"), site.url("/b")], etag='"1"')
    site.page("/a", "Ministers met in Nairobi")
    site.page("/b", "Troops left the border")
    report = fetch()
    assert (report.n_new_entries, report.n_pages, report.n_waiting) == (2, 2, 0)
    assert report.files == [WARC]
    assert responses(landing / WARC) == [site.url("/feed"), site.url("/a"), site.url("/b")]
    records = read_warc(landing / WARC)
    said = [json.loads(block) for kind, *_, block in records if kind == WarcRecordType.metadata]
    assert said[0] == {
        "headline": "Headline of a",
        "published_at": "2026-03-02T08:59:00+00:00",
        "feed": site.url("/feed"),
    }
    asked = [block for kind, *_, block in records if kind == WarcRecordType.request]
    assert asked[1].startswith(f"GET {site.url('/a')} HTTP/1.1\r\n".encode())


def test_the_folder_of_the_day_holds_what_is_to_be_read_and_no_more(site, fetch, landing):
    site.feed([site.url("/a")])
    site.page("/a", "Ministers met in Nairobi")
    fetch()
    listed = list_inputs([landing], landing=landing)
    assert [file.uri for file in listed.files] == [WARC]
    assert listed.rejects == ()


def test_the_reader_of_warc_makes_articles_of_it(site, fetch, landing):
    text = "Ministers of the two neighbours met in Nairobi on Monday to discuss the border. " * 5
    html = f"<html><body><article><h1>Talks</h1><p>{text}</p><p>{text}</p></article></body></html>"
    site.feed([site.url("/a")])
    site.answers["/a"] = Answer(html.encode(), headers={"Content-Type": "text/html"})
    fetch()
    (file,) = list_inputs([landing / WARC], landing=landing).files
    profile = SourceProfile(name="wire", publisher="wire")
    context = ReadContext(file, profile, Settings(), datetime(2026, 3, 3, tzinfo=UTC))
    articles = [found for found in read_articles(context) if hasattr(found, "text")]
    assert [article.url for article in articles] == [site.url("/a")]
    assert articles[0].published_at == datetime(2026, 3, 2, 8, 59, tzinfo=UTC)


def test_what_is_known_is_not_asked_for_again(site, fetch, landing):
    site.feed([site.url("/a")], etag='"1"')
    site.page("/a")
    fetch()
    site.asked.clear()
    report = fetch(run_at=AN_HOUR_LATER)
    assert site.paths() == ["/feed"]
    assert site.asked[0][1]["If-None-Match"] == '"1"'
    assert (report.n_not_modified, report.n_new_entries, report.n_pages) == (1, 0, 0)
    assert report.files == []
    assert len(list(landing.glob("wire/**/*.warc.gz"))) == 1


def test_last_modified_is_sent_back_too(site, fetch):
    site.feed([site.url("/a")])
    site.answers["/feed"].headers["Last-Modified"] = "Mon, 02 Mar 2026 08:00:00 GMT"
    site.page("/a")
    fetch()
    fetch(run_at=AN_HOUR_LATER)
    assert site.asked[-1][1]["If-Modified-Since"] == "Mon, 02 Mar 2026 08:00:00 GMT"


def test_only_new_pages_of_a_changed_feed_are_fetched(site, fetch, landing):
    site.feed([site.url("/a")])
    site.page("/a")
    fetch()
    site.feed([site.url("/b"), site.url("/a")])
    site.page("/b")
    site.asked.clear()
    report = fetch(run_at=AN_HOUR_LATER)
    assert site.paths() == ["/feed", "/b"]
    assert responses(landing / report.files[0]) == [site.url("/feed"), site.url("/b")]


def test_a_feed_sent_anew_without_news_writes_no_file(site, fetch):
    site.feed([site.url("/a")])
    site.page("/a")
    fetch()
    report = fetch(run_at=AN_HOUR_LATER)
    assert (report.n_not_modified, report.n_new_entries, report.files) == (0, 0, [])


def test_a_page_that_two_feeds_name_is_fetched_once(site, fetch):
    site.feed([site.url("/a")])
    site.feed([site.url("/a"), site.url("/b")], path="/other")
    site.page("/a")
    site.page("/b")
    report = fetch(feeds=(site.url("/feed"), site.url("/other")))
    assert report.n_pages == 2
    assert site.paths().count("/a") == 1


def test_entries_without_a_page_are_counted(site, fetch):
    item = "<item><title>Only a headline</title><guid isPermaLink='false'>1</guid></item>"
    feed = f"<rss version='2.0'><channel><title>Wire</title>{item}</channel></rss>"
    site.answers["/feed"] = Answer(feed.encode(), headers={"Content-Type": "text/xml"})
    report = fetch()
    assert (report.n_new_entries, report.n_without_link, report.n_waiting) == (1, 1, 0)


def test_a_limit_leaves_pages_waiting_the_newest_go_first(site, fetch):
    site.feed([site.url(f"/{number}") for number in range(4)])
    for number in range(4):
        site.page(f"/{number}")
    assert fetch(max_pages=3).n_waiting == 1
    report = fetch(run_at=AN_HOUR_LATER, max_pages_per_run=3)
    assert (report.n_pages, report.n_waiting) == (1, 0)
    assert site.paths() == ["/feed", "/robots.txt", "/0", "/1", "/2", "/feed", "/3"]


def test_without_dates_the_order_of_the_feed_counts(site, fetch):
    site.feed([site.url(f"/{number}") for number in (3, 1, 2)])
    body = site.answers["/feed"].body
    site.answers["/feed"].body = re.sub(rb"<pubDate>.*?</pubDate>", b"", body)
    fetch()
    assert site.paths()[2:] == ["/3", "/1", "/2"]


def test_a_changed_date_of_a_known_entry_is_no_news(site, fetch):
    site.feed([site.url("/a")])
    site.page("/a")
    fetch()
    site.answers["/feed"].body = site.answers["/feed"].body.replace(b"Headline", b"Update")
    assert fetch(run_at=AN_HOUR_LATER).files == []


def test_a_run_whose_time_is_over_says_so(site, fetch, limits):
    site.feed([site.url("/a")])
    with pytest.raises(SourceFailedError, match="no_time"):
        fetch(limits=replace(limits, max_run_seconds=-1))


def test_a_feed_that_is_declared_no_longer_is_forgotten(site, fetch):
    site.feed([site.url("/a")], path="/other")
    site.feed([])
    both = (site.url("/other"), site.url("/feed"))
    site.answers["/a"] = Answer(b"oops", 500)
    assert fetch(feeds=both).n_waiting == 1
    assert fetch(run_at=AN_HOUR_LATER).n_waiting == 0


def test_without_pages_the_feed_itself_lands(site, fetch, landing):
    site.feed([site.url("/a")])
    report = fetch(fetch_pages=False)
    (path,) = landing.glob(f"wire/dt=2026-03-02/{NAME}-*.xml")
    assert report.files == [path.relative_to(landing).as_posix()]
    assert path.read_bytes() == site.answers["/feed"].body
    assert site.paths() == ["/feed"]
    assert fetch(fetch_pages=False, run_at=AN_HOUR_LATER).files == []
    site.answers["/feed"].body = site.answers["/feed"].body.replace(b"met in", b"left")
    assert len(fetch(fetch_pages=False, run_at=AN_HOUR_LATER).files) == 1


def test_json_feeds_are_read_too(site, fetch, landing):
    feed = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": "Wire",
        "items": [
            {
                "id": "1",
                "url": site.url("/a"),
                "title": "Talks in Nairobi",
                "content_text": "Ministers met.",
                "authors": [{"name": "A. Otieno"}],
                "language": "en",
            }
        ],
    }
    headers = {"Content-Type": "application/feed+json"}
    site.answers["/feed"] = Answer(json.dumps(feed).encode(), headers=headers)
    site.page("/a")
    report = fetch()
    (said,) = [
        json.loads(block)
        for kind, *_, block in read_warc(landing / report.files[0])
        if kind == WarcRecordType.metadata
    ]
    assert said == {
        "headline": "Talks in Nairobi",
        "byline": "A. Otieno",
        "language": "en",
        "feed": site.url("/feed"),
    }


def test_the_report_is_written_beside_the_state(site, fetch, landing):
    site.feed([site.url("/a"), site.url("/missing")])
    site.page("/a")
    report = fetch()
    path = landing / ".feeds" / "reports" / "wire" / "dt=2026-03-02" / f"{NAME}.json"
    assert json.loads(path.read_text()) == report.to_json()
    assert report.page_failures == {"bad_status": 1}
    assert report.failures[0]["detail"] == "127.0.0.1 answered 404 Not Found"
    assert report.describe() == (
        f"wire: 1 feeds, 0 not modified, 2 new entries, 1 pages, {report.received_bytes:,} bytes, "
        f"1 pages bad_status, 1 pages waiting -> {WARC}"
    )


def test_two_runs_of_one_source_do_not_mix(site, fetch, landing):
    site.feed([])
    with open_state(landing, "wire"), pytest.raises(SourceBusyError, match="by another run"):
        fetch()
    fetch()


class Killed(BaseException):
    """Stands for the end of the process."""


@pytest.fixture
def die_before_commit(monkeypatch):
    """Let the next run end when its files are in place and its state is not."""

    def commit(self):
        monkeypatch.undo()
        raise Killed

    monkeypatch.setattr(SourceState, "commit", commit)


def test_a_run_killed_before_its_state_is_repeated_in_full(site, fetch, landing, die_before_commit):
    site.feed([site.url("/a")], etag='"1"')
    site.page("/a")
    with pytest.raises(Killed):
        fetch()
    assert responses(landing / WARC) == [site.url("/feed"), site.url("/a")]
    assert not (landing / ".feeds" / "wire.sqlite").exists()
    report = fetch()
    assert (report.n_not_modified, report.n_pages) == (0, 1)
    assert responses(landing / WARC) == [site.url("/feed"), site.url("/a")]
    assert len(list(landing.glob("wire/**/*.gz"))) == 1


def test_a_run_killed_while_it_writes_leaves_nothing_to_read(site, fetch, landing, monkeypatch):
    def die(self, target):
        raise Killed

    site.feed([site.url("/a")])
    site.page("/a")
    with monkeypatch.context() as patch:
        patch.setattr(WarcFile, "place", die)
        with pytest.raises(Killed):
            fetch()
    assert not list(landing.glob("wire/**/*"))
    (landing / ".feeds" / ".wire.warc.gz.part").write_bytes(b"left by a killed run")
    assert fetch().files == [WARC]
    assert responses(landing / WARC) == [site.url("/feed"), site.url("/a")]
    assert not list(landing.glob(".feeds/*.part"))


def test_a_second_try_after_a_commit_replaces_nothing(site, fetch, landing):
    site.feed([site.url("/a")])
    site.page("/a")
    fetch()
    site.feed([site.url("/b")])
    site.page("/b")
    report = fetch()
    assert report.files == [f"wire/dt=2026-03-02/{NAME}-2.warc.gz"]
    assert responses(landing / WARC) == [site.url("/feed"), site.url("/a")]


def test_a_run_that_ends_after_its_day_lands_in_the_next(site, fetch, landing):
    """The batch of its own day may have been read already."""
    site.feed([site.url("/a")])
    site.page("/a")
    late = datetime(2026, 3, 2, 23, 7, tzinfo=UTC)
    report = fetch(run_at=late, now=late + timedelta(hours=1))
    assert report.files == ["wire/dt=2026-03-03/fetch-20260302T230700Z.warc.gz"]


def test_the_folder_of_the_source_is_the_declared_one(site, fetch):
    site.feed([site.url("/a")])
    site.page("/a")
    assert fetch(path="wire_files").files == [f"wire_files/dt=2026-03-02/{NAME}.warc.gz"]
