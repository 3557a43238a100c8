"""Sitemaps, news sitemaps and indexes of sitemaps."""

import gzip
import json
from dataclasses import replace
from datetime import timedelta

import pytest
from fastwarc.warc import WarcRecordType

from include.eventwire.fetching.errors import SourceFailedError
from tests.fetching.conftest import RUN_AT, Answer, read_warc

NAMESPACE = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'
NEWS = 'xmlns:news="http://www.google.com/schemas/sitemap-news/0.9"'
XML = {"Content-Type": "application/xml"}


def make_sitemap(links):
    entries = "".join(
        f"<url><loc>{link}</loc><news:news><news:publication><news:name>Wire</news:name>"
        f"<news:language>en</news:language></news:publication>"
        f"<news:publication_date>2026-03-02T08:15:00+02:00</news:publication_date>"
        f"<news:title>Talks in Nairobi</news:title></news:news></url>"
        for link in links
    )
    return f"<urlset {NAMESPACE} {NEWS}>{entries}</urlset>".encode()


def make_index(links):
    entries = "".join(f"<sitemap><loc>{link}</loc></sitemap>" for link in links)
    return f"<sitemapindex {NAMESPACE}>{entries}</sitemapindex>".encode()


@pytest.fixture
def fetch_sitemap(site, fetch):
    """Fetch a source that has a sitemap and no feeds."""

    def fetch_sitemap(**more):
        return fetch(feeds=(), sitemaps=(site.url("/sitemap.xml"),), **more)

    return fetch_sitemap


def test_the_pages_of_a_news_sitemap_are_fetched(site, fetch_sitemap, landing):
    site.answers["/sitemap.xml"] = Answer(make_sitemap([site.url("/a")]), headers=XML, etag='"1"')
    site.page("/a")
    report = fetch_sitemap()
    assert (report.n_feeds, report.n_new_entries, report.n_pages) == (1, 1, 1)
    records = read_warc(landing / report.files[0])
    (said,) = [json.loads(block) for kind, *_, block in records if kind == WarcRecordType.metadata]
    assert said == {
        "headline": "Talks in Nairobi",
        "published_at": "2026-03-02T06:15:00+00:00",
        "language": "en",
        "feed": site.url("/sitemap.xml"),
    }
    assert fetch_sitemap(run_at=RUN_AT + timedelta(hours=1)).n_not_modified == 1


def test_the_pages_changed_last_go_first(site, fetch_sitemap):
    days = {"/old": "2026-01-05", "/new": "2026-03-01T10:00:00Z", "/middle": "2026-02-07"}
    entries = "".join(
        f"<url><loc>{site.url(path)}</loc><lastmod>{day}</lastmod></url>"
        for path, day in days.items()
    )
    site.answers["/sitemap.xml"] = Answer(f"<urlset {NAMESPACE}>{entries}</urlset>".encode())
    for path in days:
        site.page(path)
    fetch_sitemap()
    assert site.paths() == ["/sitemap.xml", "/robots.txt", "/new", "/middle", "/old"]


def test_a_sitemap_that_is_a_gzip_file_is_unpacked(site, fetch_sitemap):
    body = gzip.compress(make_sitemap([site.url("/a")]))
    site.answers["/sitemap.xml"] = Answer(body, headers={"Content-Type": "application/gzip"})
    site.page("/a")
    assert fetch_sitemap().n_pages == 1


def test_a_gzip_file_that_grows_beyond_its_budget_is_refused(site, fetch_sitemap, limits):
    body = gzip.compress(make_sitemap([site.url("/a")] * 1000))
    site.answers["/sitemap.xml"] = Answer(body)
    with pytest.raises(SourceFailedError, match="too_large"):
        fetch_sitemap(limits=replace(limits, max_feed_bytes=20_000))


def test_the_sitemaps_of_an_index_are_polled_even_when_it_did_not_change(site, fetch_sitemap):
    index = make_index([site.url("/news.xml"), site.url("/inner.xml")])
    site.answers["/sitemap.xml"] = Answer(index, headers=XML, etag='"index"')
    site.answers["/inner.xml"] = Answer(make_index([site.url("/deep.xml")]), headers=XML)
    site.answers["/news.xml"] = Answer(make_sitemap([site.url("/a")]), headers=XML)
    site.answers["/deep.xml"] = Answer(make_sitemap([site.url("/b")]), headers=XML)
    site.page("/a")
    site.page("/b")
    report = fetch_sitemap()
    assert (report.n_feeds, report.n_pages) == (4, 2)
    site.answers["/news.xml"] = Answer(make_sitemap([site.url("/c")]), headers=XML)
    site.page("/c")
    report = fetch_sitemap(run_at=RUN_AT + timedelta(hours=1))
    assert (report.n_feeds, report.n_not_modified, report.n_pages) == (4, 1, 1)


def test_pages_of_a_sitemap_that_an_index_dropped_still_wait(site, fetch_sitemap):
    site.answers["/sitemap.xml"] = Answer(make_index([site.url("/monday.xml")]), headers=XML)
    site.answers["/monday.xml"] = Answer(
        make_sitemap([site.url("/a"), site.url("/b")]), headers=XML
    )
    site.page("/a")
    site.page("/b")
    assert fetch_sitemap(max_pages=1).n_waiting == 1
    site.answers["/sitemap.xml"] = Answer(make_index([]), headers=XML)
    report = fetch_sitemap(run_at=RUN_AT + timedelta(hours=1))
    assert (report.n_feeds, report.n_pages, report.n_waiting) == (1, 1, 0)


def test_an_index_that_names_itself_or_too_many_ends(site, fetch_sitemap, limits):
    links = [site.url("/sitemap.xml"), *(site.url(f"/{number}.xml") for number in range(10))]
    site.answers["/sitemap.xml"] = Answer(make_index(links), headers=XML)
    for number in range(10):
        site.answers[f"/{number}.xml"] = Answer(make_sitemap([]), headers=XML)
    report = fetch_sitemap(limits=replace(limits, max_child_sitemaps=4))
    assert (report.n_feeds, report.n_sitemaps_left_out) == (5, 6)


@pytest.mark.parametrize(
    "body",
    [
        b"<html>no sitemap</html>",
        b"<urlset",
        b'<!DOCTYPE urlset [<!ENTITY x SYSTEM "file:///etc/passwd">]><urlset>&x;</urlset>',
    ],
)
def test_what_is_no_sitemap_is_told(site, fetch_sitemap, body):
    site.answers["/sitemap.xml"] = Answer(body, headers=XML)
    with pytest.raises(SourceFailedError, match="bad_content"):
        fetch_sitemap()
