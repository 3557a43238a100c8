"""Articles and tokens per second of the whole command line against bare spaCy.

`python -m benchmarks.throughput` runs `run` (reading, coding, audit, publishing) and, on the same
texts in the same number of processes, `spacy.load(model).pipe(texts)`: by turns, each in a fresh
process that is timed from start to end. The ratio of the medians tells what everything beyond
spaCy's parser costs, or saves. On a machine that does other work too, the ratio of the seconds of
processor time is the surer one.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from statistics import median
from typing import Final

from rich.console import Console
from rich.table import Table

from include.eventwire.inputs import list_inputs
from include.eventwire.local_runs import count_cores
from include.eventwire.readers import read_articles
from include.eventwire.readers.raw import ReadContext
from include.eventwire.records import Article
from include.eventwire.settings import PROJECT_ROOT, Settings
from include.eventwire.sources import load_sources

# News of many publishers beside the project, where it is at hand; else the sample that ships.
_BULK: Final = PROJECT_ROOT.parent / "shared" / "eval" / "bulk" / "mixed.jsonl.gz"
_DAY: Final = "2020-01-01"


@dataclass(frozen=True, slots=True)
class Timing:
    """What one run took."""

    seconds: float
    processor_seconds: float


def main(arguments: Sequence[str]) -> int:
    """Measure and print one small table."""
    chosen = _make_parser().parse_args(arguments)
    with tempfile.TemporaryDirectory() as folder:
        news = Path(folder) / "news.jsonl"
        n_articles = _write_news(news, chosen.articles)
        ours: list[Timing] = []
        bare: list[Timing] = []
        for number in range(chosen.rounds):
            lake = Path(folder) / f"lake-{number}"
            ours.append(_time_command_line(news, lake, chosen.model, chosen.workers))
            timing, n_tokens = _time_bare_spacy(news, chosen.model, chosen.workers)
            bare.append(timing)
            told = f"{ours[-1].seconds:.1f} s, bare {bare[-1].seconds:.1f} s"
            print(f"round {number + 1}: {told}", flush=True)
    _print_table(n_articles, n_tokens, ours, bare, chosen.workers)
    return 0


def _make_parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.throughput", description=__doc__)
    parser.add_argument("--articles", type=int, default=2_000, help="most articles (default 2000)")
    parser.add_argument("--rounds", type=int, default=3, help="runs of each (default 3)")
    parser.add_argument("--workers", type=int, default=count_cores(), help="processes of each")
    parser.add_argument("--model", default=Settings().model, help="spaCy pipeline of both")
    return parser


def _write_news(path: Path, most: int) -> int:
    """Write up to `most` articles to `path`; return their number."""
    with path.open("w", encoding="utf-8") as file:
        n_articles = 0
        for article in islice(_read_english(), most):
            published = article.published_at and article.published_at.isoformat()
            record = {"id": n_articles, "date": published, "language": article.language}
            file.write(json.dumps({**record, "text": article.text}) + "\n")
            n_articles += 1
    return n_articles


def _read_english() -> Iterator[Article]:
    """Yield articles that are coded, so that both sides parse the very same texts."""
    settings = Settings()
    inputs = [_BULK] if _BULK.exists() else [settings.landing]
    sources = load_sources(settings.sources)
    for file in list_inputs(inputs).files:
        context = ReadContext(file, sources.profile_for(file.path), settings, datetime.now(UTC))
        for record in read_articles(context):
            if isinstance(record, Article) and record.language in settings.coded_languages:
                yield record


def _time_command_line(news: Path, lake: Path, model: str, workers: int) -> Timing:
    options = ["--lake", lake, "--day", _DAY, "--model", model, "--workers", workers, "--json"]
    # Bare spaCy parses copies too.
    return _time("include.eventwire", "run", news, *options, "--code-copies")[0]


def _time_bare_spacy(news: Path, model: str, workers: int) -> tuple[Timing, int]:
    timing, output = _time("benchmarks.bare_spacy", news, model, workers)
    return timing, int(output)


def _time(module: str, *arguments: object) -> tuple[Timing, str]:
    """Run a module in a fresh process; return what it took and its output."""
    command = [sys.executable, "-m", module, *map(str, arguments)]
    began, processor_began = time.perf_counter(), _processor_seconds()
    done = subprocess.run(command, cwd=PROJECT_ROOT, capture_output=True, text=True, check=False)  # noqa: S603 - our own modules
    timing = Timing(time.perf_counter() - began, _processor_seconds() - processor_began)
    if done.returncode != 0:
        raise SystemExit(f"{' '.join(command)} failed:\n{done.stderr}")
    return timing, done.stdout


def _processor_seconds() -> float:
    """Return what processes that have ended took so far, with the processes that they started."""
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


def _print_table(
    n_articles: int, n_tokens: int, ours: Sequence[Timing], bare: Sequence[Timing], workers: int
) -> None:
    console = Console()
    console.print(
        f"\n{n_articles:,} articles, {n_tokens:,} tokens, {workers} processes, medians of "
        f"{len(ours)} runs"
    )
    table = Table("", "seconds", "processor seconds", "articles/s", "tokens/s")
    sides = [_middle(ours), _middle(bare)]
    for name, side in zip(("eventwire run", "bare spaCy"), sides, strict=True):
        rates = (f"{n_articles / side.seconds:,.0f}", f"{n_tokens / side.seconds:,.0f}")
        table.add_row(name, f"{side.seconds:.1f}", f"{side.processor_seconds:.1f}", *rates)
    console.print(table)
    wall = sides[0].seconds / sides[1].seconds
    processor = sides[0].processor_seconds / sides[1].processor_seconds
    console.print(
        f"eventwire takes {wall:.2f} times as long as bare spaCy, and {processor:.2f} times the "
        "processor time"
    )


def _middle(timings: Sequence[Timing]) -> Timing:
    return Timing(
        median(timing.seconds for timing in timings),
        median(timing.processor_seconds for timing in timings),
    )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
