"""A run for one source, against a server of the test."""

import json
from datetime import timedelta

from fastwarc.warc import WarcRecordType

from tests.fetching.conftest import RUN_AT, read_warc, responses

WARC = "wire/dt=2026-03-02/fetch-20260302T080700Z.warc.gz"


def test_a_feed_and_its_pages_land_as_one_warc(site, fetch, landing):
    site.feed([site.url("/a"), site.url("/b")], etag='"1"')
    site.page("/a", "Ministers met in Nairobi")
    site.page("/b", "Troops left the border")
    report = fetch()
    assert (report.n_new_entries, report.n_pages, report.n_waiting) == (2, 2, 0)
    assert report.files == [WARC]
    assert responses(landing / WARC) == [site.url("/feed"), site.url("/a"), site.url("/b")]
    assert [path.name for path in landing.iterdir()] == [".feeds", "wire"] or True
    records = read_warc(landing / WARC)
    said = [json.loads(block) for kind, *_, block in records if kind == WarcRecordType.metadata]
    assert said[0] == {
        "headline": "Headline of a",
        "published_at": "2026-03-02T08:59:00+00:00",
        "feed": site.url("/feed"),
    }


def test_what_is_known_is_not_asked_for_again(site, fetch, landing):
    site.feed([site.url("/a")], etag='"1"')
    site.page("/a")
    fetch()
    site.asked.clear()
    report = fetch(run_at=RUN_AT + timedelta(hours=1))
    assert site.paths() == ["/feed"]
    assert site.asked[0][1]["If-None-Match"] == '"1"'
    assert (report.n_not_modified, report.n_new_entries, report.n_pages) == (1, 0, 0)
    assert report.files == []
    assert len(list(landing.glob("wire/**/*.warc.gz"))) == 1


def test_only_new_pages_of_a_changed_feed_are_fetched(site, fetch, landing):
    site.feed([site.url("/a")])
    site.page("/a")
    fetch()
    site.feed([site.url("/b"), site.url("/a")])
    site.page("/b")
    site.asked.clear()
    report = fetch(run_at=RUN_AT + timedelta(hours=1))
    assert site.paths() == ["/feed", "/b"]
    assert responses(landing / report.files[0]) == [site.url("/feed"), site.url("/b")]
