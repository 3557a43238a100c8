"""A large lake to measure with: the articles of the sample, published again and again with changes.

`python -m benchmarks.made_lake LAKE` runs the command line on the sample and makes of its tables a
year of days: 200,000 articles and a million events of many publishers, the same ones every time.
Each article is one of the sample's with a line of its own at the end, so that all offsets stay
right; its days move with it, and half of them happen between other countries than in the sample.
One in twenty is a copy of another one. Days differ in volume. What is made goes through the
writer, the audit and the publication of every other batch, and `verify` finds nothing wrong in it.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Final

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray

from benchmarks.made_rows import ROWS, load_templates
from include.eventwire.checks.audit import audit_tables
from include.eventwire.checks.batch_profile import measure_batch
from include.eventwire.cli import main as command_line
from include.eventwire.lake.layout import LakeLayout
from include.eventwire.lake.parquet_files import concatenate_files, count_rows, file_schema
from include.eventwire.lake.publishing import publish_tables
from include.eventwire.lake.receipts import Receipt, read_receipt
from include.eventwire.schemas import TABLES
from include.eventwire.settings import Settings
from include.eventwire.summaries.jobs import summarise_day

BATCH: Final = "daily"
_SAMPLE_DAY: Final = date(2024, 1, 1)
_SEED: Final = 7
# One article in so many is a copy, of one of so many before it.
_COPIES: Final = 20
_LOOK_BACK: Final = 700
# Half of the articles are about other countries, in so many ways.
_VARIANTS: Final = 24
# Articles on each day of the week, from Monday, as of 1; and how far the year swings about that.
_WEEK: Final = (1.1, 1.15, 1.2, 1.15, 1.1, 0.7, 0.6)
_SWING: Final = 0.25


@dataclass(frozen=True, slots=True)
class Size:
    """How much is made.

    Attributes:
        n_articles: Articles, copies among them.
        n_events: Events, within a percent or two: an article has all of its events.
        n_days: Days that follow one another.
        first_day: The first of them.
    """

    n_articles: int = 200_000
    n_events: int = 1_000_000
    n_days: int = 365
    first_day: date = date(2023, 1, 1)


def make_lake(sample: Path, folder: Path, size: Size) -> Iterator[date]:
    """Publish the days of a made lake, and yield each as soon as it is there.

    Args:
        sample: Lake of which the rows are varied.
        folder: Lake to be made.
        size: How large it is to be.

    Raises:
        AuditError: The sample does not make a sound lake.
        LakeError: The lake cannot be written.
    """
    layout, sample_layout = LakeLayout(folder), LakeLayout(sample)
    (_, receipt_path), *_ = sample_layout.receipts()
    receipt = read_receipt(receipt_path)
    with duckdb.connect(config={"threads": 2}) as connection:
        connection.execute("SET TimeZone = 'UTC'")
        n_events = load_templates(connection, sample_layout, n_variants=_VARIANTS)
        connection.register("all_articles", plan_articles(size, n_events))
        connection.execute("CREATE TABLE plan AS FROM all_articles")
        for number in range(size.n_days):
            day = size.first_day + timedelta(days=number)
            _publish_day(connection, layout, day, number, receipt)
            yield day


def make_sample(folder: Path) -> None:
    """Run the command line on the sample that ships; its lake is `folder`.

    Raises:
        SystemExit: It failed.
    """
    landing = str(Settings().landing)
    options = ["--lake", str(folder), "--day", _SAMPLE_DAY.isoformat(), "--code-copies"]
    if command_line(["run", landing, *options]) != 0:
        raise SystemExit("the sample could not be coded")


def plan_articles(size: Size, n_events: Sequence[int]) -> pa.Table:
    """Return for each article what it is made of.

    Args:
        size: How much is wanted.
        n_events: Number of events of each article of the sample.

    Returns:
        A row an article: `number`, `day` (0 is the first), `template`, `variant` (0 leaves the
        countries as they are), `publisher` (a chance from 0 to 1), `second` (of the day), and
        `copy_of` (number of the article that it is a copy of, or null).
    """
    chance = np.random.default_rng(_SEED)
    numbers = np.arange(size.n_articles)
    is_copy, copy_of = _choose_copies(size.n_articles, chance)
    # Copies are not coded.
    wanted = size.n_events / max(1, size.n_articles - int(is_copy.sum()))
    template = chance.choice(len(n_events), size.n_articles, p=_weigh(n_events, wanted))
    variant = chance.integers(0, 2 * _VARIANTS, size.n_articles)
    variant = np.where(variant < _VARIANTS, variant, 0)
    origin = np.where(is_copy, copy_of, numbers)
    return pa.table(
        {
            "number": numbers,
            "day": _choose_days(size, chance),
            "template": template[origin],
            "variant": variant[origin],
            "publisher": chance.random(size.n_articles),
            "second": chance.integers(0, 86_400, size.n_articles),
            "copy_of": pa.array(copy_of, mask=~is_copy),
        }
    )


def _choose_copies(
    n_articles: int, chance: np.random.Generator
) -> tuple[NDArray[np.bool_], NDArray[np.int64]]:
    numbers = np.arange(n_articles)
    copy_of = np.maximum(numbers - chance.integers(1, _LOOK_BACK, n_articles), 0)
    is_copy = chance.integers(0, _COPIES, n_articles) == 0
    # No copies of copies, and the first article is none.
    return is_copy & ~is_copy[copy_of] & (numbers > 0), copy_of


def _choose_days(size: Size, chance: np.random.Generator) -> NDArray[np.int64]:
    days = np.arange(size.n_days)
    week = np.array(_WEEK)[(days + size.first_day.weekday()) % 7]
    season = 1 + _SWING * np.sin(days / 365 * 2 * np.pi)
    volume = week * season * chance.uniform(0.8, 1.2, size.n_days)
    ends = np.round(np.cumsum(volume) / volume.sum() * size.n_articles)
    return np.searchsorted(ends, np.arange(size.n_articles), side="right")


def _weigh(n_events: Sequence[int], wanted: float) -> NDArray[np.float64]:
    """Return how often each article is to be taken, so that the mean of events is `wanted`.

    Of all such weights these are the most even ones.

    Raises:
        ValueError: No article of the sample has so few, or so many.
    """
    counts = np.array(n_events, dtype=float)
    if not counts.min() < wanted < counts.max():
        raise ValueError(
            f"{wanted:.1f} events an article cannot be made of a sample whose articles have "
            f"{counts.min():.0f} to {counts.max():.0f}; choose another number of events"
        )
    low, high = -5.0, 5.0
    weights = np.ones_like(counts)
    for _ in range(100):
        tilt = (low + high) / 2
        weights = np.exp(tilt * (counts - wanted))
        weights /= weights.sum()
        low, high = (tilt, high) if weights @ counts < wanted else (low, tilt)
    return weights


def _publish_day(
    connection: duckdb.DuckDBPyConnection, layout: LakeLayout, day: date, number: int, old: Receipt
) -> None:
    folder = layout.create_staging_run(day, BATCH, "made") / "tables"
    folder.mkdir(exist_ok=True)
    connection.execute("CREATE OR REPLACE TEMP TABLE chosen AS FROM plan WHERE day = ?", [number])
    tables = {}
    for table, sql in ROWS.items():
        rows = connection.execute(sql, {"day": day} if "$day" in sql else {}).to_arrow_table()
        tables[table] = _write(rows, table, folder)
    receipt = _make_receipt(connection, day, number, tables, old)
    publish_tables(layout, day, BATCH, tables, receipt)


def _write(rows: pa.Table, table: str, folder: Path) -> Path:
    """Write rows as every other batch is written; return the file."""
    raw, path = folder / f"{table}.raw", folder / f"{table}.parquet"
    pq.write_table(rows.cast(TABLES[table]).cast(file_schema(table)), raw, compression="none")
    concatenate_files([raw], path, table)
    raw.unlink()
    return path


def _make_receipt(
    connection: duckdb.DuckDBPyConnection,
    day: date,
    number: int,
    tables: Mapping[str, Path],
    old: Receipt,
) -> Receipt:
    counts = {table: count_rows(path) for table, path in tables.items()}
    n_records = counts["articles"] + counts["rejects"]
    earlier = connection.execute(
        "SELECT DISTINCT md5('article ' || c.copy_of) FROM chosen c "
        "JOIN plan p ON p.number = c.copy_of WHERE p.day < ?",
        [number],
    ).fetchall()
    files = connection.execute(
        "SELECT DISTINCT input_uri FROM read_parquet(?) ORDER BY 1", [str(tables["articles"])]
    ).fetchall()
    return replace(
        old,
        day=day,
        batch=BATCH,
        inputs=[{"uri": uri, "size": 0, "sha256": sha256(b"").hexdigest()} for (uri,) in files],
        tables={},
        counts={"records_in": n_records, **counts},
        checks=tuple(audit_tables(tables, n_records, [cluster for (cluster,) in earlier])),
        run={"run_id": f"made_{day}", "published_at": f"{day}T23:00:00+00:00"},
        compared=(),
        profile=measure_batch(tables).to_json(),
    )


def main(arguments: Sequence[str]) -> int:
    """Make a lake as the command line asks."""
    chosen = _make_parser().parse_args(arguments)
    size = Size(chosen.articles, chosen.events, chosen.days, chosen.first_day)
    began = time.perf_counter()
    with tempfile.TemporaryDirectory() as name:
        sample = chosen.sample or Path(name) / "sample"
        if not chosen.sample:
            make_sample(sample)
        for number, day in enumerate(make_lake(sample, chosen.lake, size), 1):
            if number % 20 == 0 or number == size.n_days:
                print(f"{day}: {number} days, {time.perf_counter() - began:.0f} s", flush=True)
    last = size.first_day + timedelta(days=size.n_days - 1)
    for back in range(min(chosen.summaries, size.n_days)):
        day = last - timedelta(days=back)
        summarise_day(LakeLayout(chosen.lake), day, Settings().story_days)
    print(f"{chosen.lake}: {time.perf_counter() - began:.0f} s")
    return 0


def _make_parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.made_lake", description=__doc__)
    size = Size()
    parser.add_argument("lake", type=Path, help="folder of the lake")
    parser.add_argument("--articles", type=int, default=size.n_articles)
    parser.add_argument("--events", type=int, default=size.n_events)
    parser.add_argument("--days", type=int, default=size.n_days)
    parser.add_argument("--first-day", type=date.fromisoformat, default=size.first_day)
    parser.add_argument("--summaries", type=int, default=0, help="last days that are summarised")
    parser.add_argument("--sample", type=Path, help="lake of the sample (default: made anew)")
    return parser


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
