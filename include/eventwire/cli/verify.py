"""`verify`: whether the files of a lake are those that its receipts name."""

from __future__ import annotations

import argparse
from dataclasses import asdict

from include.eventwire.cli.arguments import Commands, add_json_option, add_lake, open_lake
from include.eventwire.cli.terminal import make_console, print_json, printable
from include.eventwire.lake.verification import verify_lake


def add_command(commands: Commands) -> None:
    """Add `verify` to the command line."""
    parser = commands.add_parser(
        "verify",
        help="check a lake against its receipts",
        description="Compare every file with its receipt: find what is torn, missing, damaged or "
        "named by no receipt. Changes nothing; exits with 1 when something is wrong.",
    )
    add_lake(parser)
    add_json_option(parser)
    parser.set_defaults(act=_verify)


def _verify(chosen: argparse.Namespace) -> int:
    layout = open_lake(chosen)
    findings = verify_lake(layout)
    errors = [finding for finding in findings if finding.is_error]
    if chosen.json:
        print_json({"is_clean": not errors, "findings": [asdict(finding) for finding in findings]})
        return 1 if errors else 0
    console = make_console()
    for finding in findings:
        text = f"{finding.kind}: {finding.path}: {finding.detail}"
        console.print(printable(text), style="red" if finding.is_error else "dim")
    n_batches = sum(1 for _ in layout.receipts())
    trouble = f"{len(errors)} things are wrong" if errors else "nothing is wrong"
    console.print(f"{n_batches} complete batches, {trouble}", style="red" if errors else "green")
    return 1 if errors else 0
