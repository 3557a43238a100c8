import pytest
from hypothesis import given
from hypothesis import strategies as st

from include.eventwire.cleaning.addresses import make_canonical_url


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://News.Example.ORG/a/B", "https://news.example.org/a/B"),
        ("https://example.org/a?utm_source=rss&id=3&fbclid=1#top", "https://example.org/a?id=3"),
        ("http://example.org:80", "http://example.org/"),
        ("https://example.org:8443/a", "https://example.org:8443/a"),
        ("https://example.org/a?b=2&amp;a=1", "https://example.org/a?a=1&b=2"),
        ("https://user:secret@example.org/a", "https://example.org/a"),
        ("https://example.org/story.asp?4711", "https://example.org/story.asp?4711"),
        (" https://example.org/long-\n name ", "https://example.org/long-name"),
        ("https://example.org/share?u=https://other.org/a", None),
    ],
)
def test_one_spelling_of_an_address(url, expected):
    expected = expected or "https://example.org/share?u=https%3A%2F%2Fother.org%2Fa"
    assert make_canonical_url(url) == expected


@pytest.mark.parametrize(
    "url",
    [
        *(None, "", "/news/1", "javascript:alert(1)", "urn:newsml:example.org:20180424:1"),
        *("ftp://example.org/a", "https://", "http://[::1", "https://example.org/" + "a" * 5_000),
    ],
)
def test_what_is_no_web_address_has_none(url):
    assert make_canonical_url(url) is None


@given(st.text(max_size=40))
def test_any_text_after_the_scheme_is_an_address_or_none(rest):
    first = make_canonical_url("https://example.org/" + rest)
    assert first is None or make_canonical_url(first) == first
