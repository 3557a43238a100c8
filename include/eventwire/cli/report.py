"""`report`: reports on batches, written as HTML files into the lake."""

from __future__ import annotations

import argparse
from datetime import date

from include.eventwire.cli.arguments import (
    Commands,
    add_days,
    add_json_option,
    add_lake,
    open_lake,
)
from include.eventwire.cli.terminal import make_console, print_error, print_json, printable
from include.eventwire.jobs import report_batch
from include.eventwire.lake.layout import BatchKey, LakeLayout
from include.eventwire.reports.files import write_report


def add_command(commands: Commands) -> None:
    """Add `report` to the command line."""
    parser = commands.add_parser(
        "report",
        help="write reports on batches",
        description="Write an HTML file on each batch of a day into the lake: what was read, "
        "rejected and coded, beside the days before. It needs nothing beside it and may be sent. "
        "Without --day, of the newest day.",
    )
    add_lake(parser)
    add_days(parser)
    parser.add_argument("--batch", metavar="NAME", help="name of the batch (default: all)")
    parser.add_argument(
        "--print-path", action="store_true", help="print the files' names and nothing else"
    )
    add_json_option(parser)
    parser.set_defaults(act=_report)


def _report(chosen: argparse.Namespace) -> int:
    layout = open_lake(chosen)
    keys = _choose(layout, chosen.day, chosen.last_day or chosen.day, chosen.batch)
    if not keys:
        print_error(f"{layout.root}: no complete batch there is the one that was named")
        return 1
    console = make_console()
    written = []
    for key in keys:
        path = write_report(layout, key)
        written.append({"day": key.day.isoformat(), "batch": key.batch, "path": str(path)})
        if not (chosen.json or chosen.print_path):
            console.print(
                printable(report_batch(str(layout.receipt_file(key.day, key.batch)))), style="dim"
            )
        if not chosen.json:
            console.print(printable(str(path)))
    if chosen.json:
        print_json({"reports": written})
    return 0


def _choose(
    layout: LakeLayout, first: date | None, last: date | None, batch: str | None
) -> list[BatchKey]:
    """Return the complete batches of the days; without a day those of the newest one."""
    keys = [key for key, _ in layout.receipts() if batch in (None, key.batch)]
    if first is None and keys:
        first = last = keys[-1].day
    return [
        key
        for key in keys
        if (first is None or first <= key.day) and (last is None or key.day <= last)
    ]
