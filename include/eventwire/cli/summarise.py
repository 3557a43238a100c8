"""`summarise`: the summaries of days of a lake, made of its batches."""

from __future__ import annotations

import argparse
from datetime import timedelta

from include.eventwire.cli.arguments import Commands, add_days, add_json_option, open_lake, positive
from include.eventwire.cli.terminal import make_console, print_error, print_json
from include.eventwire.lake.locations import to_location
from include.eventwire.lake.receipts import read_receipt
from include.eventwire.settings import Settings
from include.eventwire.summaries.jobs import choose_days, summarise_day, tell_summary


def add_command(commands: Commands) -> None:
    """Add `summarise` to the command line."""
    parser = commands.add_parser(
        "summarise",
        help="count pairs of actors, find events across reports and stories",
        description="Make the summaries of days: how often who did what to whom, the same event "
        "across reports, stories, and what each source delivered. Each is made of the batches of "
        "its day and of some days before it; one that was made of the same batches is left as it "
        "is. See docs/analytics.md.",
    )
    parser.add_argument("--lake", required=True, help="folder of the tables, or s3://bucket/prefix")
    add_days(parser)
    parser.add_argument(
        "--story-days",
        type=positive,
        metavar="N",
        help="how many days up to its own a summary looks at (default: EVENTWIRE_STORY_DAYS, 7)",
    )
    add_json_option(parser)
    parser.set_defaults(act=_summarise)


def _summarise(chosen: argparse.Namespace) -> int:
    layout = open_lake(chosen)
    story_days = chosen.story_days or Settings.from_environment().story_days
    days = None
    if chosen.day is not None:
        last = chosen.last_day or chosen.day
        days = [chosen.day + timedelta(days=n) for n in range((last - chosen.day).days + 1)]
    elif chosen.last_day is not None:
        print_error("--last-day needs --day, the first of the days")
        return 2
    choice = choose_days(layout, story_days, days)
    made = []
    for day in choice.wanted:
        path = summarise_day(layout, day, story_days)
        made.append(read_receipt(to_location(path)))
        if not chosen.json:
            make_console().print(tell_summary(path))
    if chosen.json:
        summaries = [{"day": receipt.day, "rows": receipt.counts} for receipt in made]
        print_json({"summarised": summaries, "current": choice.current})
    elif choice.current:
        make_console().print(f"{len(choice.current)} summaries are left: they are up to date")
    return 0
