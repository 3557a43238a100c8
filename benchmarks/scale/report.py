"""The simulated days as tables: for a terminal, and for docs/scale.md."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from rich.console import Console
from rich.table import Table

from benchmarks.scale.amounts import tell_amount, tell_bytes, tell_seconds
from benchmarks.scale.costs import TABLE_NAMES, Costs
from benchmarks.scale.limits import Limit, list_limits
from benchmarks.scale.simulation import Outcome, Scheduler, simulate
from benchmarks.scale.workload import (
    DAYS_COMPARED,
    Day,
    Step,
    chunks_of_tasks,
    count_chunks,
    count_files,
    count_requests,
    list_steps,
)
from include.eventwire.settings import PROJECT_ROOT

DOCUMENT: Final = PROJECT_ROOT / "docs" / "scale.md"
SIZES: Final = (20_000, 1_000_000, 10_000_000, 100_000_000)
SLOTS: Final = (2, 16, 128, 1_024)
# Articles of a batch where a day is several, and of a part where a batch is.
PART_ARTICLES: Final = 1_000_000
_YEAR_DAYS: Final = 365
# Of the recorded run through Airflow.
_SLOTS_OF_RUN: Final = 2
_CHANGES: Final[Mapping[str, Mapping[str, float]]] = {
    "all figures are as they are": {},
    "the scheduler takes ten times as long for a task": {"scheduler_seconds_per_task": 10},
    "a request to the store takes five times as long": {"store_request_seconds": 5},
    "the store sends a fourth of the bytes a second": {"store_bytes_per_second": 0.25},
    "coding takes twice as long": {"code_seconds_per_article": 2},
    "comparing takes three times as long": {
        "deduplicate_seconds_per_article": 3,
        "deduplicate_seconds_per_signature": 3,
    },
}
_HEADINGS: Final = tuple(f"{size:,}" for size in SIZES)


@dataclass(frozen=True, slots=True)
class Grid:
    """A table: the first column tells what the others are about.

    Attributes:
        name: Names its place in the document.
        title: What it shows.
    """

    name: str
    title: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


def make_grids(costs: Costs) -> list[Grid]:
    """Return all tables."""
    return [
        _grid_of_costs(costs),
        _grid_of_makespans("as-it-is", "one daily batch", [Day(n) for n in SIZES], costs),
        _grid_of_makespans("by-source", "a batch for each million", _split_days(), costs),
        _grid_of_makespans("in-parts", "one batch, in parts by hash (a plan)", _part_days(), costs),
        _grid_of_steps(costs),
        _grid_of_catalogue(costs),
        _grid_of_limits(list_limits(costs)),
        _grid_of_checks(costs),
        _grid_of_sensitivity(costs),
        _grid_of_assumptions(costs),
    ]


def print_report(costs: Costs, console: Console) -> None:
    """Print all tables."""
    for grid in make_grids(costs):
        table = Table(*grid.head, title=grid.title, title_justify="left")
        for row in grid.rows:
            table.add_row(*row)
        console.print(table)


def write_tables(document: str, costs: Costs) -> str:
    """Return the text of the document with its tables as they would be made now.

    A table stands between `<!-- name -->` and `<!-- end -->`.
    """
    for grid in make_grids(costs):
        before, rest = document.split(f"<!-- {grid.name} -->\n", 1)
        _, after = rest.split("<!-- end -->", 1)
        document = f"{before}<!-- {grid.name} -->\n{_write_table(grid)}<!-- end -->{after}"
    return document


def _write_table(grid: Grid) -> str:
    columns = zip(*grid.rows, strict=True)
    lines = tuple(
        "---:" if any(cell[:1].isdigit() for cell in column) else "---" for column in columns
    )
    rows = [grid.head, ("---", *lines[1:]), *grid.rows]
    return "".join(f"| {' | '.join(row)} |\n" for row in rows)


def _split_days() -> list[Day]:
    return [Day(n, batches=-(-n // PART_ARTICLES)) for n in SIZES]


def _part_days() -> list[Day]:
    return [Day(n, parts=-(-n // PART_ARTICLES)) for n in SIZES]


def _grid_of_costs(costs: Costs) -> Grid:
    million = 1_000_000
    rows = [
        (name, f"{tell_seconds(million * costs[f'{step}_seconds_per_article'])} of processor time")
        for name, step in (
            ("reading", "ingest"),
            ("comparing, within the batch", "deduplicate"),
            ("coding", "code"),
            ("putting together, checking", "audit"),
        )
    ]
    for name in TABLE_NAMES:
        n_rows = million * costs[f"{name}_rows_per_article"]
        n_bytes = tell_bytes(million * costs[f"{name}_bytes_per_article"])
        rows.append((f"table `{name}`", f"{n_rows:,.0f} rows, {n_bytes}"))
    rows.append(("all tables", tell_bytes(million * costs.per_article("bytes"))))
    staging = tell_bytes(million * costs["staging_bytes_per_article"])
    rows.append(("staging, while the run goes on", staging))
    day = str(costs.about["recorded_at"])[:10]
    machine = f"{costs.about['cores']} cores, load {costs.about['load_average']}"
    rows.append(("recorded", f"{costs['recorded_articles']:,.0f} articles, {machine}, {day}"))
    return Grid("costs", "recorded", ("a million articles", "take"), tuple(rows))


def _grid_of_makespans(name: str, title: str, days: Sequence[Day], costs: Costs) -> Grid:
    head = (
        "articles a day",
        *(f"{n:,} slots" for n in SLOTS),
        "tasks",
        "longest",
        "work",
        "scheduler",
    )
    rows = []
    for day in days:
        outcomes = [run_day(day, n_slots, costs) for n_slots in SLOTS]
        last = outcomes[-1]
        rows.append(
            (
                f"{day.articles:,}",
                *(tell_seconds(outcome.seconds) for outcome in outcomes),
                f"{last.n_tasks:,}",
                _tell_longest(day, costs),
                f"{last.work_seconds / 3_600:,.1f} h",
                f"{max(outcome.scheduler_load for outcome in outcomes):.0%}",
            )
        )
    return Grid(name, title, head, tuple(rows))


def _tell_longest(day: Day, costs: Costs) -> str:
    longest = max(max(step.seconds) for step in list_steps(day, costs))
    is_late = longest > costs["task_timeout_seconds"]
    return f"{tell_seconds(longest)}{' (!)' if is_late else ''}"


def run_day(day: Day, n_slots: int, costs: Costs) -> Outcome:
    """Return what happens when all batches of `day` are started at once."""
    steps = list_steps(replace(day, slots=n_slots), costs)
    return simulate([steps] * day.batches, n_slots, Scheduler.from_costs(costs))


def _grid_of_steps(costs: Costs) -> Grid:
    names = [step.name for step in list_steps(Day(SIZES[0]), costs)]
    rows = []
    for n_articles in SIZES:
        steps = run_day(Day(n_articles), SLOTS[2], costs).steps
        rows.append((f"{n_articles:,}", *(tell_seconds(steps[name]) for name in names)))
    title = f"steps of one daily batch, {SLOTS[2]} slots"
    return Grid("steps", title, ("articles a day", *names), tuple(rows))


def _grid_of_catalogue(costs: Costs) -> Grid:
    days = [Day(n) for n in SIZES]
    n_tasks = [sum(len(step.seconds) for step in list_steps(day, costs)) for day in days]
    n_bytes = [n * costs.per_article("bytes") for n in SIZES]
    batches = [_YEAR_DAYS * day.batches for day in _split_days()]
    texts = costs["articles_bytes_per_article"]
    week = DAYS_COMPARED * costs["signatures_bytes_per_article"]
    cells = {
        "chunks of a daily batch": [f"{count_chunks(day):,}" for day in days],
        "tasks of its step `code`": [f"{len(chunks_of_tasks(day)):,}" for day in days],
        "tasks of the run": [f"{n:,}" for n in n_tasks],
        "plan, of files of 10,000 articles": [
            tell_bytes(count_files(day) * costs["plan_bytes_per_file"]) for day in days
        ],
        "rows that it adds to Airflow's database": [
            f"{n * costs['rows_per_task']:,.0f}" for n in n_tasks
        ],
        "requests to the store": [f"{count_requests(day, costs):,.0f}" for day in days],
        "tables": [tell_bytes(n) for n in n_bytes],
        "of these the file of articles": [tell_bytes(n * texts) for n in SIZES],
        "tables of a year": [tell_bytes(_YEAR_DAYS * n) for n in n_bytes],
        "signatures of seven days": [tell_bytes(n * week) for n in SIZES],
        "`verify` of a year, on a disk": [
            tell_seconds(_YEAR_DAYS * n * costs["verify_seconds_per_byte"]) for n in n_bytes
        ],
        "`verify` of a year, on S3": [
            tell_seconds(_YEAR_DAYS * n / costs["store_bytes_per_second"]) for n in n_bytes
        ],
        "files and receipts of a year, a batch for each million": [
            f"{n * (len(TABLE_NAMES) + 1):,}" for n in batches
        ],
        "footers that a query over its events reads": [
            tell_seconds(n * costs["footer_seconds_per_file"]) for n in batches
        ],
    }
    rows = tuple((name, *row) for name, row in cells.items())
    return Grid("catalogue", "database and catalogue", ("", *_HEADINGS), rows)


def _grid_of_limits(limits: Sequence[Limit]) -> Grid:
    head = ("one daily batch needs", "allowed", *_HEADINGS, "breaks at", "today", "to be built")
    found = [(limit, limit.breaks_at()) for limit in limits]
    found.sort(key=lambda pair: pair[1] or float("inf"))
    rows = tuple(
        (
            limit.name,
            tell_amount(limit.allowed, limit.unit),
            *(_mark(limit, n_articles) for n_articles in SIZES),
            "beyond" if breaks_at is None else f"{float(f'{breaks_at:.1e}'):,.0f}",
            limit.today,
            limit.later,
        )
        for limit, breaks_at in found
    )
    return Grid("limits", "what breaks first", head, rows)


def _mark(limit: Limit, n_articles: int) -> str:
    need = limit.need(n_articles)
    amount = tell_amount(need, limit.unit)
    return f"{amount} (!)" if need > limit.allowed else amount


def _grid_of_checks(costs: Costs) -> Grid:
    """Return what was simulated beside what was measured."""
    n_articles = int(costs.run["articles"])
    day = Day(n_articles, articles_per_file=n_articles)
    simulated = run_day(day, _SLOTS_OF_RUN, costs.on_disk())
    work = {step.name: step.seconds for step in list_steps(day, costs.on_disk())}
    overhead = costs["empty_task_seconds"]
    taken = [Step(name, tuple(seconds)) for name, seconds in costs.run["tasks"].items()]
    scheduler = replace(Scheduler.from_costs(costs), overhead_seconds=0.0)  # is in what they took
    replayed = simulate([taken], _SLOTS_OF_RUN, scheduler)
    rows = [
        (
            "all of the run, from what its tasks took",
            replayed.seconds,
            float(costs.run["seconds"]),
        ),
        ("all of the run", simulated.seconds, float(costs.run["seconds"])),
    ]
    rows += [
        (
            f"tasks of `{name}`",
            sum(seconds) + overhead * len(seconds),
            sum(costs.run["tasks"][name]),
        )
        for name, seconds in work.items()
    ]
    compared = (
        f"comparing {costs['deduplicate_checked_articles']:,.0f} articles with "
        f"{costs['deduplicate_checked_earlier']:,.0f}"
    )
    expected = costs["deduplicate_checked_expected_seconds"]
    rows.append((compared, expected, costs["deduplicate_checked_seconds"]))
    told = tuple((name, tell_seconds(one), tell_seconds(other)) for name, one, other in rows)
    head = (f"{n_articles:,} articles, {_SLOTS_OF_RUN} slots", "simulated", "measured")
    return Grid("checks", "how well it holds", head, told)


def _grid_of_sensitivity(costs: Costs) -> Grid:
    """Return how long two days take when a figure is another than thought."""
    large, slots = Day(SIZES[-1], parts=SIZES[-1] // PART_ARTICLES), SLOTS[-1]
    rows = []
    for told, changes in _CHANGES.items():
        changed = costs.multiplied(changes)
        one = run_day(Day(PART_ARTICLES), SLOTS[2], changed)
        other = run_day(large, slots, changed)
        rows.append((told, tell_seconds(one.seconds), tell_seconds(other.seconds)))
    head = (
        "if",
        f"{PART_ARTICLES:,}, {SLOTS[2]} slots",
        f"{large.articles:,} in parts, {slots:,} slots",
    )
    return Grid("sensitivity", "what if a figure is another", head, tuple(rows))


def _grid_of_assumptions(costs: Costs) -> Grid:
    rows = tuple(
        (f"`{name}`", f"{costs[name]:,.10g}", told) for name, told in costs.origins.items()
    )
    return Grid("assumed", "not recorded here", ("figure", "value", "from"), rows)
