"""What may be asked and what not: addresses, redirects, names that change, certificates."""

import pytest

from include.eventwire.fetching.errors import SourceFailedError
from include.eventwire.fetching.runs import make_guard
from include.eventwire.inputs.sources import SourceProfile
from tests.fetching.conftest import PUBLIC, Answer, public_guard

FEED = ("http://news.example/feed",)


def failed(report):
    return [(failure["url"], failure["reason"]) for failure in report.failures]


def test_a_public_source_is_fetched_by_its_checked_address(site, fetch):
    site.feed(["http://news.example/a"])
    site.page("/a")
    report = fetch(local=False, feeds=FEED, guard=public_guard(site))
    assert report.n_pages == 1
    assert [headers["Host"] for _, headers in site.asked] == ["news.example"] * 3


@pytest.mark.parametrize(
    "link",
    [
        "http://127.0.0.1/a",
        "http://127.1/a",
        "http://2130706433/a",
        "http://[::1]/a",
        "http://[::ffff:127.0.0.1]/a",
        "http://169.254.169.254/latest/meta-data/",
        "http://inside.example/a",
        "http://mixed.example/a",
    ],
)
@pytest.mark.parametrize("is_redirect", [False, True], ids=["named", "redirect"])
def test_private_addresses_are_refused(site, fetch, link, is_redirect):
    site.feed(["http://news.example/a" if is_redirect else link])
    site.answers["/a"] = Answer(status=301, headers={"Location": link})
    names = {"inside.example": [["10.0.0.5"]], "mixed.example": [[PUBLIC, "192.168.0.1"]]}
    report = fetch(local=False, feeds=FEED, guard=public_guard(site, names=names))
    assert (report.n_pages, report.n_given_up, report.n_waiting) == (0, 1, 0)
    assert report.page_failures == {"refused_address": 1}


def test_a_feed_that_redirects_to_a_private_address_is_refused(site, fetch):
    site.answers["/feed"] = Answer(status=301, headers={"Location": "http://10.0.0.1/feed"})
    with pytest.raises(SourceFailedError, match="refused_address"):
        fetch(local=False, feeds=FEED, guard=public_guard(site))


def test_a_name_that_turns_private_is_refused_when_it_does(site, fetch):
    """DNS rebinding: the check and the connection use one answer of the resolver."""
    site.feed(["http://turning.example/a", "http://turning.example/b"])
    site.page("/a")
    site.answers["/a"].headers["Connection"] = "close"
    site.page("/b")
    site.answers["/robots.txt"] = Answer(b"", headers={"Connection": "close"})
    guard = public_guard(site, names={"turning.example": [[PUBLIC], [PUBLIC], ["127.0.0.1"]]})
    report = fetch(local=False, feeds=FEED, guard=guard)
    assert report.n_pages == 1
    assert failed(report) == [("http://turning.example/b", "refused_address")]


@pytest.mark.parametrize(
    ("link", "reason"),
    [
        ("http://news.example:8080/a", "refused_address"),
        ("http://news.example:22/a", "refused_address"),
        ("http://user:secret@news.example/a", "bad_address"),
    ],
)
def test_odd_ports_and_passwords_are_refused(site, fetch, link, reason):
    site.feed([link])
    report = fetch(local=False, feeds=FEED, guard=public_guard(site))
    assert failed(report) == [(link, reason)]


@pytest.mark.parametrize(
    "location",
    ["ftp://news.example/a", "file:///etc/passwd", "javascript:alert(1)", "http://[::1", "//[x]/a"],
)
def test_a_redirect_leads_to_the_web_only(site, fetch, location):
    site.feed(["http://news.example/a"])
    site.answers["/a"] = Answer(status=302, headers={"Location": location})
    report = fetch(local=False, feeds=FEED, guard=public_guard(site))
    assert report.page_failures == {"bad_address": 1}


def test_the_port_of_a_declared_feed_may_be_used_on_its_host():
    guard = make_guard(SourceProfile(feeds=("https://news.example:8443/feed",)))
    assert guard.named_hosts == {("news.example", 8443)}
    assert not guard.allow_local


def test_a_local_source_is_not_let_at_credentials_of_clouds(site, fetch):
    site.feed(["http://169.254.169.254/latest/meta-data/"])
    report = fetch()
    assert report.page_failures == {"refused_address": 1}


def test_redirects_are_followed_and_the_last_address_is_kept(site, fetch, landing):
    site.feed([site.url("/old")])
    site.answers["/old"] = Answer(status=301, headers={"Location": "/new"})
    site.answers["/new"] = Answer(status=302, headers={"Location": site.url("/newest")})
    site.page("/newest")
    report = fetch()
    assert report.n_pages == 1
    site.feed([site.url("/newest"), site.url("/old")])
    site.asked.clear()
    assert fetch().n_pages == 0
    assert site.paths() == ["/feed"]


def test_an_endless_loop_of_redirects_ends(site, fetch):
    site.feed([site.url("/round")])
    site.answers["/round"] = Answer(status=302, headers={"Location": "/round"})
    report = fetch()
    assert failed(report) == [(site.url("/round"), "redirects")]
    assert site.paths().count("/round") == 6


def test_proxies_of_the_environment_are_ignored(site, fetch, monkeypatch):
    for name in ("http_proxy", "HTTP_PROXY", "ALL_PROXY", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9/")
    site.feed([site.url("/a")])
    site.page("/a")
    assert fetch().n_pages == 1


def test_cookies_are_not_kept(site, fetch):
    site.feed([site.url("/a"), site.url("/b")])
    site.page("/a")
    site.answers["/a"].headers["Set-Cookie"] = "reader=1; Path=/"
    site.page("/b")
    fetch()
    assert all("Cookie" not in headers for _, headers in site.asked)
