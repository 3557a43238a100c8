"""`recode`: the stored articles of a lake coded again by the current versions."""

from __future__ import annotations

import argparse
import shlex
from contextlib import closing
from dataclasses import replace

from include.eventwire.cli.arguments import (
    Commands,
    add_days,
    add_json_option,
    add_lake,
    lake_location,
    open_lake,
    positive,
)
from include.eventwire.cli.progress import make_reporter
from include.eventwire.cli.terminal import make_console, print_error, print_json, printable
from include.eventwire.jobs import report_batch
from include.eventwire.lake.receipts import Receipt, read_receipt
from include.eventwire.local_runs import recode_batches
from include.eventwire.recoding import Choice, RecodeRequest, choose_batches
from include.eventwire.settings import Settings


def add_command(commands: Commands) -> None:
    """Add `recode` to the command line."""
    parser = commands.add_parser(
        "recode",
        help="code the articles of a lake again",
        description="Code the stored articles of a lake again by the current coder, lexicon and "
        "model, day by day, without the inputs that they came from. Each batch replaces itself; "
        "batches that the current versions have coded already are left as they are.",
    )
    add_lake(parser)
    add_days(parser)
    parser.add_argument("--batch", metavar="NAME", help="name of the batches (default: all)")
    parser.add_argument(
        "--into", metavar="LAKE", help="lake that the result goes to; LAKE stays as it is"
    )
    parser.add_argument("--model", help="installed spaCy pipeline (default: EVENTWIRE_MODEL)")
    parser.add_argument(
        "--force", action="store_true", help="also what the current versions have coded already"
    )
    parser.add_argument(
        "--workers", type=positive, metavar="N", help="processes (default: one for each core)"
    )
    add_json_option(parser)
    parser.set_defaults(act=_recode)


def _recode(chosen: argparse.Namespace) -> int:
    settings = replace(Settings.from_environment(), lake=open_lake(chosen).root)
    request = RecodeRequest(
        first_day=chosen.day,
        last_day=chosen.last_day or chosen.day,
        batch=chosen.batch,
        into=lake_location(chosen.into) if chosen.into else None,
        model=chosen.model,
        force=chosen.force,
    )
    choice = choose_batches(request, settings)
    if not (choice.wanted or choice.current):
        print_error(f"{settings.lake}: no batch there is the one that was named")
        return 1
    receipts = _code_again(choice, request, settings, chosen)
    if chosen.json:
        print_json(
            {
                "recoded": [_as_json(receipt) for receipt in receipts],
                "current": [str(key) for key in choice.current],
            }
        )
    elif request.into is not None:
        lakes = f"{shlex.quote(chosen.lake)} {shlex.quote(chosen.into)}"
        make_console().print(f"see what changed: python -m include.eventwire diff {lakes}")
    return 0


def _code_again(
    choice: Choice, request: RecodeRequest, settings: Settings, chosen: argparse.Namespace
) -> list[Receipt]:
    """Code the wanted batches again, telling of each as it is done; return their receipts."""
    console, receipts = make_console(), []
    if choice.current and not chosen.json:
        console.print(
            f"{len(choice.current)} batches are left as they are: the current versions coded them "
            "(--force codes them again)"
        )
    if not choice.wanted:
        return []
    with (
        make_reporter() as reporter,
        closing(
            recode_batches(choice.wanted, request, settings, reporter, workers=chosen.workers)
        ) as paths,
    ):
        for path in paths:
            receipts.append(read_receipt(path))
            if not chosen.json:
                console.print(printable(report_batch(str(path))))
    return receipts


def _as_json(receipt: Receipt) -> dict[str, object]:
    return {
        "day": receipt.day,
        "batch": receipt.batch,
        "rows": {table: file.rows for table, file in receipt.tables.items()},
        "warnings": [check.to_json() for check in receipt.checks if not check.passed],
        "versions": receipt.versions,
        "recoded_from": receipt.recoded_from,
    }
