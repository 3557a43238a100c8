from pathlib import Path

import pytest

from include.eventwire.inputs.sources import SourceProfile, SourcesError, load_sources
from include.eventwire.settings import Settings


def test_the_sources_of_the_sample_load():
    sources = load_sources(Settings().sources)
    path = Path("/any/pacific_daily/dt=2018-04-24/part-1.jsonl.zst")
    assert sources.profile_for(path).fields["text"] == "story"
    assert sources.named("harbour_times").headline_on_first_line


def test_a_path_of_no_source_has_the_default_profile():
    assert load_sources(Settings().sources).profile_for(Path("/x/y.csv")) == SourceProfile()


@pytest.mark.parametrize(
    ("toml", "named"),
    [
        ("[[source]]\npublisher = 'x'", "'name' is missing"),
        ("[[source]]\nname = 'x'\ntime_zone = 'Mars/Olympus'", "'time_zone'"),
        ("[[source]]\nname = 'x'\nformat = 'docx'", "'format'"),
        ("[[source]]\nname = 'x'\nencoding = 'klingon'", "'encoding'"),
        ("[[source]]\nname = 'x'\ndelimiter = ';;'", "'delimiter'"),
        ("[[source]]\nname = 'x'\npath = '../x'", "'path'"),
        ("[[source]]\nname = 'x'\ncolour = 'red'", "'colour'"),
        ("[[source]]\nname = 'x'\ndated_by_folder = 'yes'", "'dated_by_folder'"),
        ("[[source]]\nname = 'x'\n[source.fields]\nbody = 'b'", "'fields.body'"),
        ("[[source]]\nname = 'x'\n[[source]]\nname = 'x'", "occurs twice"),
        ("[source]\nname = 'x'", r"\[\[source\]\]"),
        ("name = ", "cannot be read"),
        ("[[source]]\nname = 'x'\nfeeds = 'https://x.example/rss'", "'feeds'"),
        ("[[source]]\nname = 'x'\nfeeds = ['x.example/rss']", "'feeds'"),
        ("[[source]]\nname = 'x'\nfeeds = ['file:///etc/passwd']", "'feeds'"),
        ("[[source]]\nname = 'x'\nfeeds = ['http://x.example:web/']", "'feeds'"),
        ("[[source]]\nname = 'x'\nfeeds = ['https://x.example/a b']", "'feeds'"),
        ("[[source]]\nname = 'x'\nfeeds = ['https://me:pw@x.example/']", "passwords"),
        ("[[source]]\nname = 'x'\nsitemaps = ['http://']", "'sitemaps'"),
        ("[[source]]\nname = 'x'\nfeeds = ['http://x.example', 'http://x.example']", "twice"),
        (
            "[[source]]\nname = 'x'\nsitemaps = ['http://x.example/']\nfetch_pages = false",
            "fetch_pages",
        ),
        ("[[source]]\nname = 'x'\nseconds_between_requests = -1", "seconds_between_requests"),
        ("[[source]]\nname = 'x'\nseconds_between_requests = true", "seconds_between_requests"),
        ("[[source]]\nname = 'x'\nmax_pages_per_run = 0", "max_pages_per_run"),
        ("[[source]]\nname = 'x'\nmax_pages_per_run = 1.5", "max_pages_per_run"),
        ("[[source]]\nname = 'x'\nlocal = 'yes'", "'local'"),
    ],
)
def test_names_the_file_and_the_key_of_a_mistake(tmp_path, toml, named):
    path = tmp_path / "sources.toml"
    path.write_text(toml)
    with pytest.raises(SourcesError, match=named) as caught:
        load_sources(path)
    assert str(path) in str(caught.value)


def test_reads_what_is_to_be_fetched(tmp_path):
    path = tmp_path / "sources.toml"
    path.write_text(
        """
        [[source]]
        name = "wire"
        feeds = ["https://wire.example/rss", "http://wire.example:8080/atom"]
        sitemaps = ["https://wire.example/news.xml"]
        seconds_between_requests = 2
        max_pages_per_run = 50
        local = true
        """
    )
    (wire,) = load_sources(path).profiles
    assert wire.feeds == ("https://wire.example/rss", "http://wire.example:8080/atom")
    assert wire.sitemaps == ("https://wire.example/news.xml",)
    assert (wire.seconds_between_requests, wire.max_pages_per_run) == (2.0, 50)
    assert (wire.fetch_pages, wire.local, wire.folder) == (True, True, "wire")


def test_the_shipped_sources_fetch_nothing():
    assert not any(
        profile.feeds or profile.sitemaps for profile in load_sources(Settings().sources).profiles
    )
