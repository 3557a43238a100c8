"""How fast the whole command line is: against spaCy alone, by processes, and by articles.

`python -m benchmarks.throughput` runs `run` (reading, cleaning, near-duplicates, coding, audit,
publishing) and, on the same texts in the same number of processes, `spacy.load(model).pipe(texts)`
as a user would write it: by turns, each in a fresh process that is timed from start to end. Medians
are compared. Then it runs `run` on more and more articles made of the same news. On a machine that
does other work too, the ratios of processor time are the surer ones.

`--full` takes 2,000 articles for the first part and 50,000 for the last: an hour or so.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from rich.console import Console
from rich.table import Table

from benchmarks.made_news import write_real_news, write_varied_news
from benchmarks.measured_runs import Measured, run_module, take_median
from include.eventwire.local_runs import count_cores
from include.eventwire.settings import Settings

_DAY: Final = "2020-01-01"
_OURS: Final = "eventwire run"
_STOCK: Final = "stock spaCy"
# Articles of the first part and of each run of the last.
_SIZES: Final = (600, (1_000, 4_000))
_FULL_SIZES: Final = (2_000, (2_000, 10_000, 50_000))

# What issue and users ask for.
_LEAST_SPEED: Final = 1.3
_LEAST_SCALING: Final = 1.8
_MOST_GROWTH: Final = 1.1
_MOST_MEGABYTES: Final = 700


@dataclass(frozen=True, slots=True)
class Goal:
    """What must hold, as measured.

    Attributes:
        name: What is measured.
        wall: By the clock on the wall; None where it is no time.
        processor: By processor time, or the measured value.
        wanted: The goal in words.
        is_met: Whether it holds.
    """

    name: str
    wall: float | None
    processor: float
    wanted: str
    is_met: bool


def main(arguments: Sequence[str]) -> int:
    """Measure and print two small tables."""
    chosen = _make_parser().parse_args(arguments)
    n_real, sizes = _FULL_SIZES if chosen.full else _SIZES
    console = Console(width=100)
    with tempfile.TemporaryDirectory(dir=chosen.folder) as name:
        bench = _Bench(Path(name), chosen.model)
        n_articles = write_real_news(bench.news, chosen.articles or n_real)
        counts = sorted({1, chosen.workers})
        runs = {key: take_median(found) for key, found in bench.compare(counts, chosen.rounds)}
        grown = {size: bench.run_varied(size, chosen.workers) for size in chosen.sizes or sizes}
    n_tokens = int(runs[_STOCK, 1].output)
    console.print(_tell_runs(n_articles, n_tokens, runs, grown, chosen.workers))
    console.print(_tell_goals([*_find_goals(runs, grown, chosen.workers)]))
    return 0


def _make_parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.throughput", description=__doc__)
    parser.add_argument("--articles", type=int, help=f"of the first part (default {_SIZES[0]})")
    parser.add_argument("--sizes", type=int, nargs="*", help="articles of the runs of the last")
    parser.add_argument("--full", action="store_true", help="the sizes that the goals name")
    parser.add_argument("--rounds", type=int, default=3, help="runs of each (default 3)")
    parser.add_argument("--workers", type=int, default=count_cores(), help="most processes")
    parser.add_argument("--model", default=Settings().model, help="spaCy pipeline of both")
    parser.add_argument("--folder", help="where to work (default: the system's temporary folder)")
    return parser


_Key = tuple[str, int]


class _Bench:
    """Runs both sides in a folder."""

    def __init__(self, folder: Path, model: str) -> None:
        self.news = folder / "news.jsonl"
        self._folder = folder
        self._model = model
        self._n_lakes = 0

    def compare(
        self, counts: Sequence[int], n_rounds: int
    ) -> Iterator[tuple[_Key, list[Measured]]]:
        """Yield what each side took with each number of processes, all by turns."""
        found: dict[_Key, list[Measured]] = {}
        for number in range(n_rounds):
            for workers in counts:
                ours = self._run(self.news, workers)
                stock = run_module("benchmarks.bare_spacy", self.news, self._model, workers)
                found.setdefault((_OURS, workers), []).append(ours)
                found.setdefault((_STOCK, workers), []).append(stock)
                _note(f"round {number + 1}, processes: {workers}", ours, stock)
        yield from found.items()

    def run_varied(self, n_articles: int, workers: int) -> Measured:
        """Return what `n_articles` that are made up took."""
        news = self._folder / f"made-{n_articles}.jsonl"
        write_varied_news(news, n_articles)
        measured = self._run(news, workers)
        _note(f"{n_articles:,} made articles", measured)
        return measured

    def _run(self, news: Path, workers: int) -> Measured:
        self._n_lakes += 1
        lake = self._folder / f"lake-{self._n_lakes}"
        options = ["--lake", lake, "--day", _DAY, "--model", self._model, "--workers", workers]
        # Bare spaCy parses copies too.
        return run_module("include.eventwire", "run", news, *options, "--json", "--code-copies")


def _note(what: str, *runs: Measured) -> None:
    told = ", ".join(f"{run.seconds:.1f} s ({run.processor_seconds:.1f} s CPU)" for run in runs)
    print(f"{what}: {told}", flush=True)


def _tell_runs(
    n_articles: int,
    n_tokens: int,
    runs: Mapping[_Key, Measured],
    grown: Mapping[int, Measured],
    workers: int,
) -> Table:
    table = Table(title=f"{n_articles:,} articles, {n_tokens:,} tokens; medians")
    for column in ("", "processes", "s", "CPU s", "articles/s", "CPU ms/article", "peak MB"):
        table.add_column(column, justify="left" if not column else "right")
    for (name, processes), run in runs.items():
        table.add_row(name, str(processes), *_figures(run, n_articles))
    for size, run in grown.items():
        table.add_row(f"{size:,} made articles", str(workers), *_figures(run, size))
    return table


def _figures(run: Measured, n_articles: int) -> list[str]:
    return [
        f"{run.seconds:.1f}",
        f"{run.processor_seconds:.1f}",
        f"{n_articles / run.seconds:,.1f}",
        f"{run.processor_seconds / n_articles * 1e3:.1f}",
        f"{run.peak_megabytes:,.0f}",
    ]


def _find_goals(
    runs: Mapping[_Key, Measured], grown: Mapping[int, Measured], workers: int
) -> Iterator[Goal]:
    for processes in sorted({processes for _, processes in runs}):
        ours, stock = runs[_OURS, processes], runs[_STOCK, processes]
        wall, processor = _ratios(stock, ours)
        name = f"times the speed of stock spaCy, processes: {processes}"
        yield Goal(name, wall, processor, f"at least {_LEAST_SPEED}", wall >= _LEAST_SPEED)
    if workers > 1:
        wall, processor = _ratios(runs[_OURS, 1], runs[_OURS, workers])
        name = f"times the speed of one process, processes: {workers}"
        wanted = f"at least {_LEAST_SCALING} for 2"
        yield Goal(name, wall, processor * workers, wanted, wall >= _LEAST_SCALING * workers / 2)
    least, most = min(grown), max(grown)
    wall, processor = (ratio * least / most for ratio in _ratios(grown[most], grown[least]))
    name = f"cost of an article of {most:,}, of {least:,} = 1"
    yield Goal(name, wall, processor, f"at most {_MOST_GROWTH}", processor <= _MOST_GROWTH)
    peak = max(run.peak_megabytes for run in (*runs_of(runs, _OURS), *grown.values()))
    name = "peak of the largest process, MB"
    yield Goal(name, None, peak, f"below {_MOST_MEGABYTES}", peak < _MOST_MEGABYTES)
    growth = grown[most].peak_megabytes / grown[least].peak_megabytes
    name = f"its peak with {most:,} articles, with {least:,} = 1"
    yield Goal(name, None, growth, f"at most {_MOST_GROWTH}", growth <= _MOST_GROWTH)


def runs_of(runs: Mapping[_Key, Measured], side: str) -> list[Measured]:
    """Return the runs of one side, with any number of processes."""
    return [run for (name, _), run in runs.items() if name == side]


def _ratios(one: Measured, other: Measured) -> tuple[float, float]:
    """Return how many times as long `one` took, by the wall and in processor time."""
    return one.seconds / other.seconds, one.processor_seconds / other.processor_seconds


def _tell_goals(goals: Sequence[Goal]) -> Table:
    table = Table("goal", "by the clock", "by CPU time", "wanted", "")
    for goal in goals:
        wall = "" if goal.wall is None else f"{goal.wall:.2f}"
        processor = f"{goal.processor:.2f}" if goal.processor < 100 else f"{goal.processor:,.0f}"
        table.add_row(goal.name, wall, processor, goal.wanted, "met" if goal.is_met else "not met")
    return table


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
