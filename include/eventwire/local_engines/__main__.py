"""Command line of the comparison, `python -m include.eventwire.local_engines`: `make engines`."""

from __future__ import annotations

import argparse
import signal
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from types import FrameType

from pyarrow.fs import FileSystem, LocalFileSystem
from rich.console import Console

from include.eventwire.local_airflow.api import AirflowApiError
from include.eventwire.local_airflow.components import ComponentError
from include.eventwire.local_airflow.sessions import landed_days
from include.eventwire.local_engines.comparison import COMMAND_LINE, Outcome, make_table
from include.eventwire.local_engines.engines import ENGINES, Engine, Servers
from include.eventwire.local_engines.landing import BulkError, land_bulk, upload
from include.eventwire.local_engines.programs import (
    MissingProgramError,
    install_packages,
    missing_packages,
)
from include.eventwire.local_engines.runs import (
    EngineError,
    count_tasks_of_workers,
    run_command_line,
    run_engine,
)
from include.eventwire.local_engines.servers import running_postgres, running_redis, running_s3
from include.eventwire.local_engines.tables import count_rows, differences, hash_tables
from include.eventwire.local_engines.timings import Cost
from include.eventwire.settings import PROJECT_ROOT

_SAMPLE = PROJECT_ROOT / "data" / "sample_landing"
# So that no line of the table is broken in a log.
_WIDTH_OF_FILES = 150
_TROUBLE = (AirflowApiError, BulkError, ComponentError, EngineError, MissingProgramError)


def main(arguments: Sequence[str]) -> int:
    """Compare the engines that `arguments` name; return 0 when all wrote the same bytes."""
    chosen = make_parser().parse_args(arguments)
    signal.signal(signal.SIGTERM, _interrupt)
    console = Console(soft_wrap=True, width=None if sys.stdout.isatty() else _WIDTH_OF_FILES)
    folder = Path(tempfile.mkdtemp(prefix="eventwire-engines-"))
    folder.chmod(0o711)  # PostgreSQL's account must get to its own folder
    try:
        return _compare(chosen, folder, console)
    except KeyboardInterrupt:
        console.print("stopped")
        return 130
    except _TROUBLE as error:
        Console(stderr=True, soft_wrap=True).print(f"error: {error}", markup=False, highlight=False)
        return 1
    finally:
        console.print(f"logs and tables: {folder}", highlight=False)


def make_parser() -> argparse.ArgumentParser:
    """Return the parser of the command line."""
    parser = argparse.ArgumentParser(
        prog="make engines",
        description="Run code_news on several engines, each with the servers that it needs, and "
        "compare the tables byte by byte. Engines: "
        + "; ".join(f"{engine.number} {engine.name}" for engine in ENGINES),
    )
    parser.add_argument(
        "--engines", type=_engines, default=ENGINES, metavar="1,2,3", help="which (default: all)"
    )
    parser.add_argument(
        "--input",
        type=Path,
        default=_SAMPLE,
        metavar="LANDING",
        help="landing area, <source>/dt=YYYY-MM-DD/ (default: the sample)",
    )
    parser.add_argument("--days", nargs="+", metavar="YYYY-MM-DD", help="only these landed days")
    parser.add_argument(
        "--bulk", type=Path, metavar="FILE.jsonl.gz", help="take the articles of this file instead"
    )
    parser.add_argument(
        "--articles", type=int, default=20_000, metavar="N", help="how many of them (20000)"
    )
    parser.add_argument(
        "--install", action="store_true", help="as root, install missing packages of Debian"
    )
    return parser


def _compare(chosen: argparse.Namespace, folder: Path, console: Console) -> int:
    engines = chosen.engines
    if missing := missing_packages(
        postgres=any(engine.on_postgres for engine in engines),
        celery=any(engine.on_celery for engine in engines),
    ):
        install_packages(missing, allowed=chosen.install)
    landing = _landing(chosen, folder)
    if not (days := chosen.days or landed_days(landing)):
        raise EngineError(f"{landing} has no folder <source>/dt=YYYY-MM-DD/")
    comparison = _Comparison(folder, landing, days, console)
    comparison.measure_command_line()
    with _running_servers(engines, folder) as servers:
        for engine in engines:
            comparison.measure(engine, servers)
    return comparison.tell()


class _Comparison:
    """The runs over the same landed days, the command line's first."""

    def __init__(self, folder: Path, landing: Path, days: Sequence[str], console: Console) -> None:
        self._folder = folder
        self._landing = landing
        self._days = days
        self._console = console
        self._expected: dict[str, str] = {}
        self._outcomes: list[Outcome] = []

    def measure_command_line(self) -> None:
        self._say(COMMAND_LINE)
        lake = self._folder / "command-line"
        cost = run_command_line(self._landing, self._days, lake, self._console)
        self._expected = hash_tables(LocalFileSystem(), str(lake))
        self._keep(COMMAND_LINE, cost, LocalFileSystem(), str(lake))

    def measure(self, engine: Engine, servers: Servers) -> None:
        self._say(f"{engine.number}: {engine.name}")
        folder = self._folder / f"engine-{engine.number}"
        lake, landing = str(folder / "lake"), str(self._landing)
        store: FileSystem = LocalFileSystem()
        if engine.on_celery and servers.s3 is not None:
            store = servers.s3.connect()
            lake, landing = (servers.s3.location(name) for name in ("lake", "landing"))
            upload(self._landing, store, landing.removeprefix("s3://"))
        cost = run_engine(
            engine, servers, folder, self._days, self._console, lake=lake, landing=landing
        )
        if engine.on_celery:
            for number, done in enumerate(count_tasks_of_workers(folder), start=1):
                self._say(f"worker {number}: {done} tasks")
        self._keep(engine.name, cost, store, lake.removeprefix("s3://"))

    def tell(self) -> int:
        """Print the outcome; return 0 when all engines wrote the same bytes, else 1."""
        self._console.print(make_table(self._outcomes, self._outcomes[0].cost))
        for outcome in self._outcomes:
            for line in outcome.differences:
                self._say(f"{outcome.name}: {line}")
        return 1 if any(outcome.differences for outcome in self._outcomes) else 0

    def _keep(self, name: str, cost: Cost, store: FileSystem, lake: str) -> None:
        hashes = hash_tables(store, lake)
        unlike = tuple(differences(self._expected, hashes))
        self._outcomes.append(Outcome(name, cost, len(hashes), count_rows(store, lake), unlike))

    def _say(self, text: str) -> None:
        self._console.print(text, highlight=False, markup=False)


def _landing(chosen: argparse.Namespace, folder: Path) -> Path:
    if chosen.bulk is None:
        landing: Path = chosen.input.resolve()
        return landing
    made = folder / "landing"
    land_bulk(chosen.bulk, chosen.articles, made)
    return made


@contextmanager
def _running_servers(engines: Sequence[Engine], folder: Path) -> Iterator[Servers]:
    postgres = redis = s3 = None
    with ExitStack() as stack:
        if any(engine.on_postgres for engine in engines):
            postgres = stack.enter_context(running_postgres(folder / "postgres"))
        if any(engine.on_celery for engine in engines):
            redis = stack.enter_context(running_redis(folder / "redis"))
            s3 = stack.enter_context(running_s3(folder / "s3"))
        yield Servers(postgres, redis, s3)


def _engines(written: str) -> tuple[Engine, ...]:
    known = {str(engine.number): engine for engine in ENGINES}
    try:
        return tuple(known[number.strip()] for number in written.split(","))
    except KeyError as error:
        raise argparse.ArgumentTypeError(f"no engine {error}; there are 1, 2 and 3") from error


def _interrupt(signal_number: int, frame: FrameType | None) -> None:  # noqa: ARG001 - as called
    raise KeyboardInterrupt


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
