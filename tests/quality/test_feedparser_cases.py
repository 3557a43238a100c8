"""The feeds that feedparser is tested with make our reader fail nowhere.

They are in feedparser's source package, which is no part of the project. Where the variable
FEEDPARSER_SDIST names it they are read here; `python -m benchmarks.feedparser_cases` fetches it.
"""

import io
import os
import tarfile
from pathlib import Path

import pytest

from benchmarks.feedparser_cases import main, read_cases

PACKAGE = os.environ.get("FEEDPARSER_SDIST", "")
FEED = (
    b"<rss version='2.0'><channel><title>A</title><item><title>B</title>"
    b"<description>The harbour was closed.</description></item><item/></channel></rss>"
)


@pytest.fixture
def package(tmp_path):
    """Return the path of a package with three small feeds and a file that is none."""
    files = {
        "feedparser-1/tests/wellformed/rss/a.xml": FEED,
        "feedparser-1/tests/wellformed/b.xml": FEED.replace(b"</item>", b"</item>&"),
        "feedparser-1/tests/illformed/c.xml": b"",
        "feedparser-1/docs/d.xml": FEED,
    }
    path = tmp_path / "feedparser-1.tar.gz"
    with tarfile.open(path, "w:gz") as archive:
        for name, data in files.items():
            member = tarfile.TarInfo(name)
            member.size = len(data)
            archive.addfile(member, io.BytesIO(data))
    return path


def test_what_is_counted(package, capsys):
    cases = list(read_cases(package))
    assert [(case.name, case.n_articles, case.rejects) for case in cases] == [
        ("wellformed/rss/a.xml", 1, ("empty_text",)),
        ("wellformed/b.xml", 1, ("empty_text",)),
        ("illformed/c.xml", 0, ("broken_record",)),
    ]
    assert main([str(package)]) == 0
    assert "all               3        2        3       0" in capsys.readouterr().out


def test_a_failure_is_told(package, monkeypatch, capsys):
    def stumble(*_args, **_options):
        raise IndexError("oops")

    monkeypatch.setattr("feedparser.parse", stumble)
    assert main([str(package)]) == 1
    assert "wellformed/b.xml: feedparser fails: IndexError: oops" in capsys.readouterr().out


@pytest.mark.slow
@pytest.mark.skipif(not PACKAGE, reason="FEEDPARSER_SDIST names no source package of feedparser")
def test_no_feed_of_the_package_makes_the_reader_fail():
    cases = list(read_cases(Path(PACKAGE)))
    assert len(cases) > 2_000
    assert [case for case in cases if case.failure] == []
    assert sum(case.n_articles for case in cases) > 300
