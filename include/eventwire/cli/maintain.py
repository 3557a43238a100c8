"""`maintain`: what a kill left is finished or swept, and the lake is verified."""

from __future__ import annotations

import argparse
from dataclasses import asdict

from include.eventwire.cli.arguments import Commands, add_json_option, add_lake, open_lake
from include.eventwire.cli.terminal import make_console, print_json, printable
from include.eventwire.maintenance.jobs import (
    find_errors,
    heal_lake,
    join_batches,
    sweep_lake,
    tell_finding,
)
from include.eventwire.settings import Settings


def add_command(commands: Commands) -> None:
    """Add `maintain` to the command line."""
    parser = commands.add_parser(
        "maintain",
        help="finish what was cut short, verify, sweep",
        description="Finish publications that were cut short, verify all receipts, and remove what "
        "stopped runs left in staging. Exits with 1 when something is wrong; then nothing is "
        "removed.",
    )
    add_lake(parser)
    parser.add_argument(
        "--compact", action="store_true", help="put the batches of days that have many together"
    )
    add_json_option(parser)
    parser.set_defaults(act=_maintain)


def _maintain(chosen: argparse.Namespace) -> int:
    settings = Settings.from_environment()
    layout = open_lake(chosen)
    done = heal_lake(layout)
    errors = find_errors(layout)
    if not errors:
        done += sweep_lake(layout, settings)
        done += join_batches(layout, settings) if chosen.compact else []
    if chosen.json:
        findings = [asdict(finding) for finding in errors]
        print_json({"is_clean": not errors, "done": done, "findings": findings})
        return 1 if errors else 0
    console = make_console()
    for line in done:
        console.print(printable(line))
    for finding in errors:
        console.print(printable(tell_finding(finding)), style="red")
    trouble = f"{len(errors)} things are wrong" if errors else "nothing is wrong"
    console.print(trouble, style="red" if errors else "green")
    return 1 if errors else 0
