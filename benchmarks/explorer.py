"""How fast the pages of the explorer are on a large lake, and what they cost their Airflow.

`python -m benchmarks.explorer` makes a lake of 200,000 articles and a million events (see
`made_lake`; it is kept and used again), starts an Airflow with the plugin and a session that has
logged in, and asks for pages with all sorts of filters, one after the other: each address twice,
the first time with nothing known of it. The answers of the data routes of the charts count as well.
Then ten people look at pages for a minute while the scheduler of the same Airflow has a small run
to see to, by turns with nobody looking. The app alone, without Airflow, is measured beside it.
"""

from __future__ import annotations

import argparse
import re
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from html import unescape
from pathlib import Path
from statistics import median, quantiles
from typing import Final

import httpx
from rich.console import Console
from rich.table import Table

from benchmarks.explorer_addresses import Known, look_at_lake, take_of_each
from benchmarks.explorer_people import Strain, run_under
from benchmarks.explorer_servers import Server, serve_alone, serve_with_airflow
from benchmarks.made_lake import Size, make_lake, make_sample
from include.eventwire.settings import PROJECT_ROOT

_KEPT: Final = PROJECT_ROOT / "build" / "made_lake"
_SEED: Final = 11
_DATA: Final = re.compile(r'data-(?:source|outlines)="([^"]+)"')
_EXPORTS: Final = ("/events/export.csv", "/events/export.parquet")

# What people ask for; the last two are our reading of "does not slow the scheduler".
_MOST_SECONDS: Final = 0.3
_MOST_MEGABYTES: Final = 300
_MOST_WAITING: Final = 1.25
_MOST_HEARTBEAT: Final = 15.0


@dataclass(frozen=True, slots=True)
class Times:
    """How long the addresses of one kind took, in seconds.

    Attributes:
        cold: The first of all.
        new: Each the first time.
        again: Each the second time.
        processor: What each the first time took of the server's processor time: on a machine that
            does other work too the surer figure.
    """

    cold: float
    new: tuple[float, ...]
    again: tuple[float, ...]
    processor: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Looks:
    """What looking at pages one after the other took.

    Attributes:
        pages: Times by kind of page.
        data: Times of the data routes, by kind of the page that asks for them.
        exports: Seconds and megabytes of an export of the days that are shown first, by its route.
        megabytes: Memory of the server before the first page, after all of them, and after exports.
    """

    pages: Mapping[str, Times]
    data: Mapping[str, Times]
    exports: Mapping[str, tuple[float, float]]
    megabytes: tuple[float, float, float]


def main(arguments: Sequence[str]) -> int:
    """Measure and print the tables; the status is 1 when a goal is missed."""
    chosen = _make_parser().parse_args(arguments)
    console = Console(width=120)
    if not chosen.lake.exists():
        _make(chosen.lake, Size(chosen.articles, chosen.events))
    known = look_at_lake(chosen.lake)
    goals: list[tuple[str, str, str, bool]] = []
    with tempfile.TemporaryDirectory(prefix="eventwire-explorer-") as name:
        folder = Path(name)
        with serve_alone(chosen.lake, folder) as server:
            looks = look_at_pages(server, known)
            console.print(_tell_looks(server.name, looks))
        if chosen.no_airflow:
            goals += _find_goals(looks)
        else:
            with serve_with_airflow(chosen.lake, folder) as server:
                looks = look_at_pages(server, known)
                console.print(_tell_looks(server.name, looks))
                goals += _find_goals(looks)
                strains = _strain(server, known, chosen)
                grown = server.megabytes() - looks.megabytes[0]
            console.print(_tell_strains(strains))
            goals += _find_strain_goals(strains, grown)
    console.print(_tell_goals(goals))
    return 0 if all(is_met for *_, is_met in goals) else 1


def look_at_pages(server: Server, known: Known) -> Looks:
    """Ask for pages of every kind, for what their charts ask for, and for exports.

    Raises:
        SystemExit: A page does not answer.
    """
    before = server.megabytes()
    addresses = take_of_each(known, _SEED)
    data: dict[str, list[str]] = {}
    origin = server.address.removesuffix("/eventwire")
    with server.open_client() as client:

        def ask(url: str, kind: str) -> float:
            began = time.perf_counter()
            answer = client.get(url)
            seconds = time.perf_counter() - began
            if not answer.is_success:
                raise SystemExit(f"{url}: {answer.status_code}: {answer.text[:500]}")
            for found in _DATA.findall(answer.text) if "html" in _kind_of(answer) else ():
                data.setdefault(kind, []).append(origin + unescape(found))
            return seconds

        pages = {
            kind: _time(
                server, [server.address + one for one in some], lambda url, k=kind: ask(url, k)
            )
            for kind, some in addresses.items()
        }
        asked = {kind: list(dict.fromkeys(urls)) for kind, urls in data.items()}
        of_charts = {
            kind: _time(server, urls, lambda url, k=kind: ask(url, k))
            for kind, urls in asked.items()
        }
        after = server.megabytes()
        exports = {path: _export(client, server.address + path) for path in _EXPORTS}
    return Looks(pages, of_charts, exports, (before, after, server.megabytes()))


def _time(server: Server, urls: Sequence[str], ask: Callable[[str], float]) -> Times:
    new, processor = [], []
    for url in urls:
        before = server.processor_seconds()
        new.append(ask(url))
        processor.append(server.processor_seconds() - before)
    again = tuple(ask(url) for url in urls)
    return Times(new[0], tuple(new[1:] or new), again, tuple(processor[1:] or processor))


def _kind_of(answer: httpx.Response) -> str:
    return str(answer.headers.get("content-type", ""))


def _export(client: httpx.Client, url: str) -> tuple[float, float]:
    began, n_bytes = time.perf_counter(), 0
    with client.stream("GET", url) as answer:
        for part in answer.raise_for_status().iter_bytes():
            n_bytes += len(part)
    return time.perf_counter() - began, n_bytes / 1e6


def _strain(server: Server, known: Known, chosen: argparse.Namespace) -> list[tuple[int, Strain]]:
    # What a scheduler and its tasks do once only is done before.
    run_under(server, known, n_people=0, seconds=0)
    return [
        (n_people, run_under(server, known, n_people=n_people, seconds=chosen.seconds))
        for _ in range(chosen.rounds)
        for n_people in (0, chosen.people)
    ]


def _make(lake: Path, size: Size) -> None:
    print(f"making {lake}: some minutes, once", flush=True)
    with tempfile.TemporaryDirectory() as name:
        sample = Path(name) / "sample"
        make_sample(sample)
        partial = lake.with_name(f".{lake.name}")
        for _ in make_lake(sample, partial, size):
            pass
    partial.rename(lake)


def _tell_looks(name: str, looks: Looks) -> Table:
    table = Table(title=f"Milliseconds, {name}")
    columns = ("", "asked", "first", "new, median", "new, p95", "CPU, median", "CPU, p95")
    for column in (*columns, "again, median", "again, p95"):
        table.add_column(column, justify="left" if not column else "right")
    for kind, times in looks.pages.items():
        table.add_row(kind, *_figures(times))
    for kind, times in looks.data.items():
        table.add_row(f"data of {kind}", *_figures(times))
    for what, all_times in (("all pages", looks.pages), ("all data routes", looks.data)):
        table.add_row(what, *_figures(_join(all_times)), style="bold")
    for path, (seconds, megabytes) in looks.exports.items():
        table.add_row(f"{path}, {megabytes:.1f} MB", "1", f"{seconds * 1e3:,.0f}")
    before, after, at_end = looks.megabytes
    table.caption = (
        f"memory: {before:.0f} MB before the first page, {after:.0f} MB after all pages, "
        f"{at_end:.0f} MB after exports"
    )
    return table


def _figures(times: Times) -> list[str]:
    told = [times.cold]
    for some in (times.new, times.processor, times.again):
        told += [median(some), _p95(some)]
    return [str(len(times.again)), *(f"{seconds * 1e3:,.0f}" for seconds in told)]


def _join(kinds: Mapping[str, Times]) -> Times:
    return Times(
        max(times.cold for times in kinds.values()),
        tuple(one for times in kinds.values() for one in times.new),
        tuple(one for times in kinds.values() for one in times.again),
        tuple(one for times in kinds.values() for one in times.processor),
    )


def _p95(seconds: Sequence[float]) -> float:
    return quantiles(seconds, n=20, method="inclusive")[-1] if len(seconds) > 1 else seconds[0]


def _tell_strains(strains: Sequence[tuple[int, Strain]]) -> Table:
    table = Table(title="A run of code_news while people look at pages, by turns")
    columns = (
        *("people", "run, s", "no task ran, s", "oldest heartbeat, s", "pages", "median, ms"),
        *("p95, ms", "errors"),
    )
    for column in columns:
        table.add_column(column, justify="right")
    for n_people, strain in strains:
        met = strain.crowd.seconds
        pages = [f"{median(met) * 1e3:,.0f}", f"{_p95(met) * 1e3:,.0f}"] if met else ["", ""]
        table.add_row(
            *(str(n_people), f"{strain.wall:.1f}", f"{strain.waiting:.1f}"),
            *(f"{strain.heartbeat:.1f}", str(len(met)), *pages, str(len(strain.crowd.errors))),
        )
    return table


def _find_goals(looks: Looks) -> Iterator[tuple[str, str, str, bool]]:
    for what, kinds in (("pages", looks.pages), ("data routes", looks.data)):
        p95 = _p95(_join(kinds).new)
        yield (
            f"95th percentile of {what} that are new, ms",
            f"{p95 * 1e3:,.0f}",
            f"at most {_MOST_SECONDS * 1e3:.0f}",
            p95 <= _MOST_SECONDS,
        )
    grown = max(looks.megabytes[1:]) - looks.megabytes[0]
    yield (
        "growth of the server's memory, MB",
        f"{grown:.0f}",
        f"below {_MOST_MEGABYTES}",
        grown < _MOST_MEGABYTES,
    )


def _find_strain_goals(
    strains: Sequence[tuple[int, Strain]], grown: float
) -> Iterator[tuple[str, str, str, bool]]:
    without = [strain for n_people, strain in strains if not n_people]
    with_people = [strain for n_people, strain in strains if n_people]

    def ratio(attribute: str) -> float:
        here, there = (
            median(getattr(one, attribute) for one in some) for some in (with_people, without)
        )
        return here / there

    yield (
        "the same after people, MB",
        f"{grown:.0f}",
        f"below {_MOST_MEGABYTES}",
        grown < _MOST_MEGABYTES,
    )
    waiting, heartbeat = ratio("waiting"), max(one.heartbeat for one in with_people)
    yield (
        "time that a run waits for the scheduler, without people = 1",
        f"{waiting:.2f}",
        f"at most {_MOST_WAITING}",
        waiting <= _MOST_WAITING,
    )
    yield (
        "oldest heartbeat of the scheduler, s",
        f"{heartbeat:.1f}",
        f"at most {_MOST_HEARTBEAT:.0f}",
        heartbeat <= _MOST_HEARTBEAT,
    )
    n_errors = sum(len(one.crowd.errors) for one in with_people)
    yield "pages that people did not get", str(n_errors), "none", n_errors == 0


def _tell_goals(goals: Sequence[tuple[str, str, str, bool]]) -> Table:
    table = Table("goal", "measured", "wanted", "")
    for name, measured, wanted, is_met in goals:
        table.add_row(name, measured, wanted, "met" if is_met else "not met")
    return table


def _make_parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.explorer", description=__doc__)
    size = Size()
    parser.add_argument("--lake", type=Path, default=_KEPT, help="made unless it is there")
    parser.add_argument("--articles", type=int, default=size.n_articles)
    parser.add_argument("--events", type=int, default=size.n_events)
    parser.add_argument("--people", type=int, default=10)
    parser.add_argument("--seconds", type=float, default=60, help="how long they stay at least")
    parser.add_argument("--rounds", type=int, default=2, help="runs with and without people")
    parser.add_argument("--no-airflow", action="store_true", help="the app alone")
    return parser


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
