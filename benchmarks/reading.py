"""Articles per second that are read, format by format.

`python -m benchmarks.reading` writes the same stories in every format and reads each of them
several times in one process: from bytes on disk to checked articles with language and dateline.
What follows, coding, is the same for all formats: see `benchmarks.throughput`.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median

from rich.console import Console
from rich.table import Table

from benchmarks.news_formats import WRITERS, Story
from include.eventwire.inputs.selection import list_inputs
from include.eventwire.inputs.sources import SourceProfile, load_sources
from include.eventwire.readers import read_articles
from include.eventwire.readers.raw import ReadContext
from include.eventwire.records import Article
from include.eventwire.settings import Settings

_FIRST_DAY = datetime(2020, 1, 1, tzinfo=UTC)
_NOT_AFTER = datetime(2026, 1, 1, tzinfo=UTC)


def main(arguments: Sequence[str]) -> int:
    """Measure and print one table; the status is 1 when a format lost an article."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.reading", description=__doc__)
    parser.add_argument("--articles", type=int, default=500, help="in each format (default 500)")
    parser.add_argument("--rounds", type=int, default=3, help="times each is read (default 3)")
    chosen = parser.parse_args(arguments)
    stories = make_stories(chosen.articles)
    table = Table("format", "articles", "articles/s", "MB/s")
    is_complete = True
    for name, write in WRITERS.items():
        with tempfile.TemporaryDirectory() as folder:
            files = write(stories)
            for file_name, data in files.items():
                (Path(folder) / file_name).write_bytes(data)
            timings = [_read(Path(folder)) for _ in range(chosen.rounds)]
        n_articles, seconds = timings[0][0], median(timing[1] for timing in timings)
        n_bytes = sum(map(len, files.values()))
        is_complete &= n_articles == len(stories)
        rates = (f"{n_articles / seconds:,.0f}", f"{n_bytes / 1e6 / seconds:,.1f}")
        table.add_row(name, f"{n_articles:,}", *rates)
    Console().print(table)
    return 0 if is_complete else 1


def make_stories(n_stories: int) -> list[Story]:
    """Return stories made of the texts of the sample, each with an id and a time of its own."""
    texts = _sample_texts()
    return [
        Story(
            story_id=f"story-{number:06d}",
            headline=f"Report {number}: {_opening(texts[number % len(texts)])}",
            byline="Ada Example",
            published_at=_FIRST_DAY + timedelta(minutes=number),
            paragraphs=tuple(part for part in texts[number % len(texts)].split("\n") if part),
        )
        for number in range(n_stories)
    ]


def _opening(text: str) -> str:
    return text.partition(".")[0][:60].strip()


def _sample_texts() -> list[str]:
    settings = Settings()
    sources = load_sources(settings.sources)
    texts = []
    for file in list_inputs([settings.landing], sources=sources).files:
        context = ReadContext(file, sources.profile_for(file.path), settings, _NOT_AFTER)
        found = (record for record in read_articles(context) if isinstance(record, Article))
        texts += [article.text for article in found if article.language == "en"]
    return texts


def _read(folder: Path) -> tuple[int, float]:
    """Read all files in `folder`; return the number of articles and the seconds taken."""
    began = time.perf_counter()
    n_articles = 0
    for file in list_inputs([folder]).files:
        context = ReadContext(file, SourceProfile(), Settings(), _NOT_AFTER)
        n_articles += sum(isinstance(record, Article) for record in read_articles(context))
    return n_articles, time.perf_counter() - began


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
