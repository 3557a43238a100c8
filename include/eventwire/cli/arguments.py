"""What several commands take: the lake, an id, `--json`; and values that are checked when read."""

from __future__ import annotations

import argparse
from datetime import date
from pathlib import Path
from typing import TypeAlias

from include.eventwire.lake.layout import LakeLayout
from include.eventwire.lake.locations import to_location

Commands: TypeAlias = "argparse._SubParsersAction[argparse.ArgumentParser]"


def add_lake(parser: argparse.ArgumentParser) -> None:
    """Take the lake as a position."""
    parser.add_argument("lake", metavar="LAKE", help="folder of the tables, or s3://bucket/prefix")


def add_json_option(parser: argparse.ArgumentParser) -> None:
    """Take `--json`."""
    parser.add_argument("--json", action="store_true", help="write one JSON object, for machines")


def add_days(parser: argparse.ArgumentParser) -> None:
    """Take `--day` and `--last-day`."""
    parser.add_argument(
        "--day", type=day, metavar="YYYY-MM-DD", help="only this day (UTC), or the first of several"
    )
    parser.add_argument(
        "--last-day", type=day, metavar="YYYY-MM-DD", help="last day (default: the first one)"
    )


def open_lake(chosen: argparse.Namespace) -> LakeLayout:
    """Return the lake that was named.

    Raises:
        LakeError: The name is an address of something else than a bucket.
        SchemaVersionError: The lake was written by a newer version of the schema.
    """
    layout = LakeLayout(lake_location(chosen.lake))
    layout.check_version()
    return layout


def lake_location(written: str) -> Path:
    """Return where the lake is that was named, from the root."""
    return to_location(written).absolute()


def day(text: str) -> date:
    """Return the day that `text` is."""
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"{text!r} is no day; write it like 2018-04-24") from error


def positive(text: str) -> int:
    """Return the whole number of 1 or more that `text` is."""
    if not text.isascii() or not text.isdigit() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"{text!r} is no whole number of 1 or more")
    return int(text)
