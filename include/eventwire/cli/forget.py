"""`forget`: an article leaves every table of a lake, and is kept out."""

from __future__ import annotations

import argparse

from include.eventwire.cli.arguments import Commands, add_json_option, add_lake, open_lake
from include.eventwire.cli.terminal import make_console, print_json, printable
from include.eventwire.maintenance.forgetting import ForgetRequest, forget
from include.eventwire.maintenance.jobs import tell_forgotten


def add_command(commands: Commands) -> None:
    """Add `forget` to the command line."""
    parser = commands.add_parser(
        "forget",
        help="take an article out of a lake for good",
        description="Take an article, or all from one address, out of every table and batch of a "
        "lake, and keep it out: a tombstone rejects it when it comes in again. The files that it "
        "came from are named, and left as they are.",
    )
    add_lake(parser)
    parser.add_argument(
        "wanted", metavar="ARTICLE_ID|URL", help="id of the article, all of it, or a web address"
    )
    parser.add_argument(
        "--reason", metavar="TEXT", help="why, for the tombstone; nothing of the content"
    )
    parser.add_argument(
        "--with-copies", action="store_true", help="forget its copies too, exact and near ones"
    )
    add_json_option(parser)
    parser.set_defaults(act=_forget)


def _forget(chosen: argparse.Namespace) -> int:
    request = ForgetRequest(chosen.wanted, chosen.reason, chosen.with_copies)
    forgotten = forget(open_lake(chosen), request)
    if chosen.json:
        print_json(forgotten.to_json())
        return 0
    console = make_console()
    for line in tell_forgotten(forgotten):
        console.print(printable(line))
    return 0
