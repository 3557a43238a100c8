"""Headline, authors, date and address: what of several statements counts."""

import json
from datetime import UTC, datetime

import pytest

from include.eventwire.web_pages.addresses import find_publisher, find_stated_url, is_site_root
from include.eventwire.web_pages.authors import find_authors, split_authors
from include.eventwire.web_pages.dates import find_published_at
from include.eventwire.web_pages.headlines import find_headline, strip_site_name

NOW = datetime(2025, 3, 4, 6, tzinfo=UTC)


def page(head="", body="", **linked):
    data = json.dumps({"@type": "NewsArticle", **linked}) if linked else "{}"
    return (
        f'<html><head>{head}<script type="application/ld+json">{data}</script></head>'
        f"<body>{body}</body></html>"
    )


def meta(name, content):
    return f'<meta property="{name}" content="{content}">'


@pytest.mark.parametrize(
    ("written", "headline"),
    [
        (page(meta("og:title", "B") + "<title>C</title>", "<h1>D</h1>", headline="A"), "A"),
        (page(meta("og:title", "B | Amber Post"), "<h1>D</h1>"), "B"),
        (page("<title>C - Amber Post</title>", "<h1> D <i>e</i></h1>"), "D e"),
        (page("<title>Amber Post: C - Amber Post</title>"), "Amber Post: C"),
        (page(meta("og:title", "Levy passed by council"), headline="Levy passed by…"), None),
        (page(body="<h1>" + "word " * 200 + "</h1>"), "none"),
        (page(headline="Tom &amp; Ann"), "Tom & Ann"),
    ],
)
def test_headline(parse, written, headline):
    expected = {None: "Levy passed by council", "none": None}.get(headline, headline)
    assert find_headline(*parse(written), ["Amber Post"]) == expected


@pytest.mark.parametrize(
    ("title", "stripped"),
    [
        ("Levy passed | Amber Post", "Levy passed"),
        ("Levy - what now? – AMBER POST", "Levy - what now?"),
        ("Amber Post » Levy passed", "Levy passed"),
        ("税可決：Amber Post", "税可決"),
        ("Levy passed | Opinion", "Levy passed | Opinion"),
        ("Amber Post", "Amber Post"),
        ("Port-au-Prince levy", "Port-au-Prince levy"),
    ],
)
def test_the_name_of_the_site_is_no_headline(title, stripped):
    assert strip_site_name(title, ["Amber Post", "amber.example"]) == stripped


@pytest.mark.parametrize(
    ("line", "names"),
    [
        ("Ada Quill", ["Ada Quill"]),
        ("By Ada Quill and Ben Marsh", ["Ada Quill", "Ben Marsh"]),
        ("Von Ada Quill, Ben Marsh und Cy van Dow", ["Ada Quill", "Ben Marsh", "Cy van Dow"]),
        ("Written by: Ada Quill | 4 March 2025", ["Ada Quill"]),
        ("Ada Quill Published 10:15, 4 March", ["Ada Quill"]),
        ("Ada Quill (@adaquill) ada@amber.example", ["Ada Quill"]),
        ("Ada Quill, Reuters", ["Ada Quill, Reuters"]),  # no list of full names
        ("Ada Quill, Ben Marsh, and Cy Dow, CNN", ["Ada Quill", "Ben Marsh", "Cy Dow"]),
        ("AFP, LIMA", ["AFP, LIMA"]),
        ("Byron Anders", ["Byron Anders"]),
        ("Jean-Paul de Sauvigny-Lefèvre", ["Jean-Paul de Sauvigny-Lefèvre"]),
        ("Ada von Quill", ["Ada von Quill"]),
        ("李明", ["李明"]),
        ("https://www.facebook.com/amberpost", []),
        ("2025-03-04", []),
        ("   ", []),
        ("word " * 60, []),
    ],
)
def test_names_in_an_author_line(line, names):
    assert split_authors(line) == names


@pytest.mark.parametrize(
    ("written", "names"),
    [
        (page(meta("author", "Ben Marsh"), author=[{"name": "Ada Quill"}]), ["Ada Quill"]),
        (page(meta("author", "Ben Marsh")), ["Ben Marsh"]),
        (page(meta("author", "Ben Marsh"), author={"name": "Amber Post"}), ["Ben Marsh"]),
        (page(meta("article:author", "https://social.example/ada")), []),
        (page(meta("author", "admin"), '<a rel="author" href="/ada">Ada Quill</a>'), ["Ada Quill"]),
        (page(author=["Ada Quill", "ADA QUILL", "Ben Marsh"]), ["Ada Quill", "Ben Marsh"]),
        (page(body='<p class="lead byline">By <a href="/a">Ada Quill</a></p>'), ["Ada Quill"]),
        (page(author={"name": "Associated Press"}), ["Associated Press"]),
        (
            page(
                body='<p class="author-name">Ada Quill</p>'
                '<div id="comments"><b class="author-name">boatman7</b></div>'
            ),
            ["Ada Quill"],
        ),
    ],
)
def test_authors(parse, written, names):
    assert find_authors(*parse(written), ["Amber Post", "amber.example"]) == names


@pytest.mark.parametrize(
    ("written", "date"),
    [
        (
            page(meta("article:published_time", "2025-03-01"), datePublished="2025-03-03T10:00Z"),
            "2025-03-03T10:00Z",
        ),
        (
            page(
                meta("article:published_time", "2025-03-03T10:00:00+01:00"),
                datePublished="2025-03-03",
            ),
            "2025-03-03T10:00:00+01:00",  # the same day with its time
        ),
        (
            page(meta("date", "2025-03-02T10:00:00Z"), datePublished="yesterday"),
            "2025-03-02T10:00:00Z",
        ),
        (page(meta("date", "2025-03-02"), datePublished="1970-01-01T00:00:00Z"), "2025-03-02"),
        (page(meta("date", "2025-03-02"), datePublished="2031-01-01"), "2025-03-02"),
        (page(datePublished="2025-03-04T23:00:00Z"), "2025-03-04T23:00:00Z"),  # within a day
        (page(datePublished="2025-03-09"), None),
        (page(datePublished="1899-12-31"), None),
        (
            page(body="<article><time datetime='2025-03-02T09:00Z'>2 March</time></article>"),
            "2025-03-02T09:00Z",
        ),
        (
            page(body="<p><span itemprop='datePublished' content='2025-03-02'>x</span></p>"),
            "2025-03-02",
        ),
        (page(body="<div class='published'>2 March 2025</div><p>Text.</p>"), "2025-03-02"),
        (page(body="<p>Text without a date.</p>"), None),
    ],
)
def test_date_of_publication(parse, written, date):
    tree, statements = parse(written)
    assert find_published_at(tree, written, statements, None, NOW) == date


@pytest.mark.parametrize(
    ("text", "date"),
    [
        ("1 March 2024", "2024-03-01"),
        ("March 1st, 2024", "2024-03-01"),
        ("01.03.2024", "2024-03-01"),
        ("March 2024", None),
    ],
)
def test_a_month_is_no_first_day(parse, monkeypatch, text, date):
    monkeypatch.setattr(
        "include.eventwire.web_pages.dates.find_date", lambda *_, **__: "2024-03-01"
    )
    written = page(body=f"<div class='date'>{text}</div>")
    tree, statements = parse(written)
    assert find_published_at(tree, written, statements, None, NOW) == date


@pytest.mark.parametrize(
    ("head", "url", "stated"),
    [
        (
            '<link rel="canonical" href="/news/1">',
            "https://a.example/x",
            "https://a.example/news/1",
        ),
        (
            '<link rel="canonical" href="//a.example/1">',
            "https://a.example/x",
            "https://a.example/1",
        ),
        ('<link rel="canonical" href="https://a.example/">', "https://a.example/x", None),
        (
            '<link rel="canonical" href="https://a.example/">',
            "https://a.example/",
            "https://a.example/",
        ),
        (
            '<link rel="canonical" href="https://a.example/">'
            + meta("og:url", "https://a.example/2"),
            "https://a.example/x",
            "https://a.example/2",
        ),
        ('<link rel="canonical" href="/news/1">', None, None),
        ('<link rel="canonical" href="javascript:void(0)">', "https://a.example/x", None),
        ('<link rel="canonical" href="http://[broken">', "https://a.example/x", None),
        ("", "https://a.example/x", None),
    ],
)
def test_address_that_the_page_states(parse, head, url, stated):
    assert find_stated_url(parse(page(head))[1], url) == stated


@pytest.mark.parametrize(
    ("url", "publisher"),
    [
        ("https://www.bbc.co.uk/news/1", "bbc.co.uk"),
        ("https://edition.cnn.com/x", "cnn.com"),
        ("file:///home/page.html", None),
        (None, None),
    ],
)
def test_publisher_is_the_registered_domain(url, publisher):
    assert find_publisher(url) == publisher


def test_front_pages():
    roots = ["https://a.example", "https://a.example/", "https://a.example/#top"]
    pages = ["https://a.example/1", "https://a.example/?p=1", "http://[broken"]
    assert [is_site_root(url) for url in roots + pages] == [True] * 3 + [False] * 3
