"""`run`: one batch of articles, from its files to the tables of a lake."""

from __future__ import annotations

import argparse
import re
import shlex
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Final, cast

from include.eventwire.batches.plan import DAILY, BatchRequest
from include.eventwire.cli.arguments import Commands, add_json_option, day, lake_location, positive
from include.eventwire.cli.progress import make_reporter
from include.eventwire.cli.terminal import make_console, print_json, printable
from include.eventwire.inputs.formats import FORMATS
from include.eventwire.inputs.selection import InputError
from include.eventwire.jobs import report_batch
from include.eventwire.lake.layout import LakeLayout
from include.eventwire.lake.parquet_files import read_rows
from include.eventwire.lake.receipts import Receipt, read_receipt
from include.eventwire.local_runs import run_batch
from include.eventwire.records import Reject
from include.eventwire.settings import Settings

_DAY_FOLDER: Final = re.compile(r"dt=(\d{4}-\d\d-\d\d)")


def add_command(commands: Commands) -> None:
    """Add `run` to the command line."""
    parser = commands.add_parser(
        "run",
        help="code articles into a lake",
        description="Read articles, find who did what to whom in them, and publish the tables of "
        "one batch of one day: all of it or nothing. A batch that is run again replaces itself.",
    )
    parser.add_argument(
        "inputs",
        nargs="+",
        metavar="INPUT",
        help="file, folder (with all below it) or pattern, such as 'news/*.jsonl.gz'",
    )
    parser.add_argument(
        "--lake", required=True, help="folder of the tables, made if needed, or s3://bucket/prefix"
    )
    parser.add_argument(
        "--day",
        type=day,
        metavar="YYYY-MM-DD",
        help="day of the batch (UTC), the partition of its rows; by default the day in the inputs' "
        "path (dt=YYYY-MM-DD) where there is one and only one, else today. To replace a batch on a "
        "later day, name its day",
    )
    parser.add_argument(
        "--batch",
        default=DAILY,
        metavar="NAME",
        help=f"name of the batch; it replaces what is called so on its day (default {DAILY})",
    )
    parser.add_argument(
        "--workers", type=positive, metavar="N", help="processes (default: one for each core)"
    )
    parser.add_argument(
        "--format", choices=FORMATS, help="format of all files (default: by their names)"
    )
    parser.add_argument(
        "--publisher", metavar="NAME", help="publisher of articles that name none, such as xinhua"
    )
    parser.add_argument(
        "--limit", type=positive, metavar="N", help="read only the first N records, for a trial"
    )
    parser.add_argument(
        "--code-copies",
        action="store_true",
        help="code also the articles that are copies of others (default: EVENTWIRE_CODE_COPIES)",
    )
    parser.add_argument("--model", help="installed spaCy pipeline (default en_core_web_sm)")
    add_json_option(parser)
    parser.set_defaults(act=_run)


def _run(chosen: argparse.Namespace) -> int:
    settings = replace(Settings.from_environment(), lake=lake_location(chosen.lake))
    if chosen.code_copies:
        settings = replace(settings, code_copies=True)
    named_day = chosen.day or find_day(chosen.inputs)
    request = BatchRequest(
        day=named_day or datetime.now(UTC).date(),
        inputs=tuple(chosen.inputs),
        batch=chosen.batch,
        format=chosen.format,
        publisher=chosen.publisher,
        limit=chosen.limit,
        model=chosen.model,
    )
    with make_reporter() as reporter:
        path = run_batch(request, settings, reporter, workers=chosen.workers)
    receipt = read_receipt(path)
    if chosen.json:
        print_json(_as_json(receipt, path))
        return 0
    _print_outcome(receipt, path, chosen.lake)
    if named_day is None:
        make_console().print(
            f"the day is today's, since no input names one: to run this again later, add "
            f"--day {request.day}"
        )
    return 0


def find_day(inputs: Sequence[str]) -> date | None:
    """Return the day that the paths of the inputs name, or None unless it is one and the same.

    Raises:
        InputError: They name a day that does not exist.
    """
    named = {match[1] if (match := _find_day(Path(spec).absolute())) else None for spec in inputs}
    if len(named) > 1 or (text := named.pop()) is None:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise InputError(f"dt={text} is no day; name the day of the batch (--day)") from error


def _find_day(path: Path) -> re.Match[str] | None:
    matches = (_DAY_FOLDER.fullmatch(part) for part in reversed(path.parts))
    return next((match for match in matches if match), None)


def _as_json(receipt: Receipt, path: Path) -> dict[str, object]:
    return {
        "day": receipt.day,
        "batch": receipt.batch,
        "receipt": path,
        "records_in": receipt.counts["records_in"],
        "copies": receipt.counts.get("copies", 0),
        "rows": {table: file.rows for table, file in receipt.tables.items()},
        "warnings": [check.to_json() for check in receipt.checks if not check.passed],
        "versions": receipt.versions,
    }


def _print_outcome(receipt: Receipt, path: Path, lake: str) -> None:
    console = make_console()
    for check in receipt.checks:
        if not check.passed:
            console.print(printable(f"warning: {check.describe()}"))
    console.print(report_batch(str(path)))
    rejects = LakeLayout(lake_location(lake)).table_file("rejects", receipt.day, receipt.batch)
    reasons = Counter(cast("Reject", reject).reason for reject in read_rows(rejects, "rejects"))
    if reasons:
        told = ", ".join(f"{n_rejects:,} {reason}" for reason, n_rejects in reasons.most_common())
        console.print(f"rejects: {told}")
    console.print(f"receipt: {path}")
    console.print(f"see more: python -m include.eventwire summary {shlex.quote(lake)}")
