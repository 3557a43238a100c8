"""`summary`: what a lake holds."""

from __future__ import annotations

import argparse
from dataclasses import asdict

from rich.console import Console
from rich.table import Table

from include.eventwire.cli.arguments import Commands, add_json_option, add_lake, open_lake
from include.eventwire.cli.terminal import make_console, print_json, printable
from include.eventwire.lake.summary import LakeSummary, summarise_lake
from include.eventwire.schemas import TOLD_TABLES


def add_command(commands: Commands) -> None:
    """Add `summary` to the command line."""
    parser = commands.add_parser(
        "summary",
        help="tell what a lake holds",
        description="Print the rows of each table and batch, the rejects by reason, some coded "
        "events in words, and a query to go on with.",
    )
    add_lake(parser)
    add_json_option(parser)
    parser.set_defaults(act=_summarise)


def _summarise(chosen: argparse.Namespace) -> int:
    layout = open_lake(chosen)
    summary = summarise_lake(layout)
    if chosen.json:
        print_json(asdict(summary))
        return 0
    console = make_console()
    console.print(_make_table(summary))
    for batch in summary.batches:
        if not batch.is_complete:
            console.print(f"{batch.key} has no receipt: run it again", style="red")
    _print_rejects(console, summary)
    _print_events(console, summary, chosen.lake)
    console.print(f"\nTables: {layout.root}/<table>/dt=*/*.parquet, see {layout.data_dictionary}")
    console.print(f"Query for DuckDB:\n  {summary.query}")
    return 0


def _make_table(summary: LakeSummary) -> Table:
    table = Table("day", "batch", box=None, pad_edge=False)
    for name in TOLD_TABLES:
        table.add_column(name, justify="right")
    for batch in summary.batches:
        counts = [f"{batch.rows[name]:,}" if name in batch.rows else "-" for name in TOLD_TABLES]
        table.add_row(batch.key.day.isoformat(), batch.key.batch, *counts)
    if len(summary.batches) > 1:
        totals = (sum(batch.rows.get(name, 0) for batch in summary.batches) for name in TOLD_TABLES)
        table.add_row("all", "", *(f"{total:,}" for total in totals), style="bold")
    return table


def _print_rejects(console: Console, summary: LakeSummary) -> None:
    if summary.reasons:
        told = ", ".join(f"{count:,} {reason}" for reason, count in summary.reasons.items())
        console.print(f"\nRejects: {told}")


def _print_events(console: Console, summary: LakeSummary, lake: str) -> None:
    if not summary.events:
        return
    console.print("\nSome of the events:")
    for event in summary.events:
        console.print(printable(f"  {event.words}"))
    first = summary.events[0]
    command = "python -m include.eventwire"
    console.print(f"\nIn its article:  {command} show {lake} {first.article_id[:12]}")
    console.print(f"Why it is coded: {command} explain {lake} {first.event_id[:12]}")
