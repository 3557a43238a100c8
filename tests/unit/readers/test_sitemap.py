"""Sitemaps list pages: an input of fetching, never an article."""

import pytest

from include.eventwire.readers.safe_xml import XmlError
from include.eventwire.readers.sitemap import SitemapEntry, parse_sitemap

NEWS = b"""<?xml version="1.0" encoding="UTF-8"?>
<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"
  xmlns:news="http://www.google.com/schemas/sitemap-news/0.9"
  xmlns:image="http://www.google.com/schemas/sitemap-image/1.1">
 <url><loc> https://lake.example/pact?a=1&amp;b=2 </loc>
  <image:image><image:loc>https://lake.example/a.jpg</image:loc><image:title>A</image:title>
  </image:image>
  <news:news><news:publication><news:name>Lake Post</news:name><news:language>en</news:language>
  </news:publication><news:publication_date>2018-04-24T10:30:00+02:00</news:publication_date>
  <news:title>Water pact &amp; trade</news:title></news:news></url>
 <url><loc>https://lake.example/old</loc><lastmod>2018-04-20</lastmod></url>
 <url><loc>/relative</loc></url>
 <url><lastmod>2018-04-20</lastmod></url>
</urlset>"""
INDEX = b"""<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">
 <sitemap><loc>https://lake.example/1.xml.gz</loc><lastmod>2018-04-20</lastmod></sitemap>
 <sitemap><loc>https://lake.example/2.xml</loc></sitemap></sitemapindex>"""


def test_what_a_news_sitemap_lists():
    sitemap = parse_sitemap(NEWS)
    assert sitemap.entries == (
        SitemapEntry(
            loc="https://lake.example/pact?a=1&b=2",
            title="Water pact & trade",
            publication_name="Lake Post",
            language="en",
            publication_date="2018-04-24T10:30:00+02:00",
        ),
        SitemapEntry(loc="https://lake.example/old", lastmod="2018-04-20"),
    )
    assert sitemap.sitemaps == ()
    assert sitemap.n_skipped == 2


def test_what_an_index_lists():
    sitemap = parse_sitemap(INDEX)
    assert sitemap.entries == ()
    assert sitemap.sitemaps == ("https://lake.example/1.xml.gz", "https://lake.example/2.xml")


def test_a_sitemap_without_a_namespace():
    data = b"<urlset><url><loc>http://a.example/1</loc></url></urlset>"
    assert parse_sitemap(data).entries == (SitemapEntry("http://a.example/1"),)


def test_a_landed_sitemap_is_one_reject_that_counts(read_input):
    (reject,) = read_input(NEWS, "news.xml")
    assert (reject.record_number, reject.reason) == (None, "not_an_article")
    assert "2 pages and 0 further sitemaps" in reject.detail


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "broken_record"),
        (b"<urlset><url><loc>http://a.example/", "broken_record"),
        (b"<rss></rss>", "broken_record"),
        (
            b'<!DOCTYPE a [<!ENTITY b "c">]><urlset><url><loc>&b;</loc></url></urlset>',
            "unsafe_input",
        ),
    ],
)
def test_what_is_no_sitemap(read_input, data, reason):
    (reject,) = read_input(data, "a.xml", format_="sitemap")
    assert (reject.record_number, reject.reason) == (None, reason)
    with pytest.raises(XmlError):
        parse_sitemap(data)
