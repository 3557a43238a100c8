"""The command `fetch`; the fetching itself is tested in tests/fetching."""

import json

import pytest

from tests.fetching.conftest import site

__all__ = ["site"]  # a fixture


@pytest.fixture
def sources(tmp_path, monkeypatch):
    """Write the file of sources; return a function that does."""
    path = tmp_path / "sources.toml"
    monkeypatch.setenv("EVENTWIRE_SOURCES", str(path))
    monkeypatch.setenv("EVENTWIRE_LANDING", str(tmp_path / "landing"))
    return path.write_text


def declare(site, name="wire", feed="/feed"):
    return (
        f'[[source]]\nname = "{name}"\nfeeds = ["{site.url(feed)}"]\nlocal = true\n'
        "seconds_between_requests = 0\n"
    )


def test_tells_what_was_fetched_and_where_the_report_is(site, call, sources, tmp_path):
    site.feed([site.url("/a"), site.url("/b")])
    site.page("/a")
    site.page("/b")
    sources(declare(site))
    status, output, _ = call("fetch", "--pages", "1")
    assert status == 0
    assert "wire: 1 feeds, 0 not modified, 2 new entries, 1 pages" in output
    assert "1 pages waiting" in output
    assert f"report: {tmp_path / 'landing' / '.feeds' / 'reports' / 'wire'}" in output


def test_json_holds_the_reports(site, call, sources):
    site.feed([])
    sources(declare(site) + declare(site, "other"))
    status, output, _ = call("fetch", "--source", "other", "--json")
    told = json.loads(output)
    assert status == 0
    assert [report["source"] for report in told["sources"]] == ["other"]
    assert told["n_failed"] == 0


def test_a_source_that_fails_does_not_stop_the_others(site, call, sources, tmp_path):
    site.feed([], path="/works")
    sources(declare(site) + declare(site, "other", "/works"))
    status, output, errors = call("fetch", "--landing", tmp_path / "elsewhere")
    assert status == 1
    assert "other: 1 feeds" in output
    assert "wire: none of its 1 feeds and sitemaps could be had" in " ".join(errors.split())
    assert (tmp_path / "elsewhere" / ".feeds" / "other.sqlite").exists()


def test_nothing_to_fetch_is_told(call, sources):
    sources('[[source]]\nname = "silent"\n')
    status, output, _ = call("fetch")
    assert status == 0
    assert "nothing to fetch" in output


@pytest.mark.parametrize(
    ("name", "says"), [("silent", "neither feeds nor sitemaps"), ("absent", "no source 'absent'")]
)
def test_a_wrong_name_is_a_mistake_of_usage(call, sources, name, says):
    sources('[[source]]\nname = "silent"\n')
    status, _, errors = call("fetch", "--source", name)
    assert status == 2
    assert says in errors
