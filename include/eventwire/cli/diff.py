"""`diff`: what differs between two lakes, or between the versions within one."""

from __future__ import annotations

import argparse
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import date
from typing import Final

from rich.console import Console
from rich.table import Table

from include.eventwire.cli.arguments import (
    Commands,
    add_days,
    add_json_option,
    add_lake,
    lake_location,
    open_lake,
)
from include.eventwire.cli.marked_text import bracket_event
from include.eventwire.cli.terminal import make_console, print_error, print_json, printable
from include.eventwire.comparison.lakes import Counts, Example, LakeDiff, compare_lakes
from include.eventwire.comparison.within import VersionShares, compare_versions
from include.eventwire.event_words import describe_event
from include.eventwire.lake.layout import LakeLayout
from include.eventwire.lake.lookup import Found
from include.eventwire.records import Event

# What is beyond these stands in the JSON.
_MOST_ROWS: Final = 20
_TITLES: Final = {
    "event_type": "type",
    "event_mode": "mode",
    "realis": "realis",
    "party_country": "country of a party",
}


def add_command(commands: Commands) -> None:
    """Add `diff` to the command line."""
    parser = commands.add_parser(
        "diff",
        help="tell which events differ between lakes or versions",
        description="Compare the events of the articles that two lakes have in common: which were "
        "gained, lost and changed from LAKE (A) to OTHER (B), with examples. With --versions, "
        "compare the batches of one lake by the versions that coded them.",
    )
    add_lake(parser)
    parser.add_argument("other", metavar="OTHER", nargs="?", help="the lake of after")
    parser.add_argument(
        "--versions", action="store_true", help="compare the versions within LAKE, in shares"
    )
    add_days(parser)
    parser.add_argument(
        "--examples", type=_number, default=3, metavar="N", help="of each difference (default 3)"
    )
    add_json_option(parser)
    parser.set_defaults(act=_diff)


def _number(text: str) -> int:
    if not text.isascii() or not text.isdigit():
        raise argparse.ArgumentTypeError(f"{text!r} is no whole number")
    return int(text)


def _diff(chosen: argparse.Namespace) -> int:
    if (chosen.other is None) is not chosen.versions:
        print_error("name two lakes, or one and --versions")
        return 2
    layout = open_lake(chosen)
    days: dict[str, date | None] = {
        "first_day": chosen.day,
        "last_day": chosen.last_day or chosen.day,
    }
    if chosen.versions:
        shares = compare_versions(layout, **days)
        if chosen.json:
            print_json({"versions": [_shares_as_json(share) for share in shares]})
        else:
            _print_shares(make_console(), shares)
        return 0
    other = LakeLayout(lake_location(chosen.other))
    other.check_version()
    diff = compare_lakes(layout, other, **days, most_examples=chosen.examples)
    if chosen.json:
        print_json(_diff_as_json(diff))
    else:
        _print_diff(make_console(), diff)
    return 0


def _print_diff(console: Console, diff: LakeDiff) -> None:
    for side, versions in (("A", diff.versions_a), ("B", diff.versions_b)):
        for name, n_batches in versions.items():
            console.print(printable(f"{side}: {name} ({n_batches:,} batches)"))
    articles, events = diff.articles, diff.events
    console.print(
        f"\nArticles: {articles.both:,} in both, {articles.a - articles.both:,} only in A, "
        f"{articles.b - articles.both:,} only in B; of those in both {articles.coded_only_a:,} "
        f"coded only in A, {articles.coded_only_b:,} only in B"
    )
    for side, only in (("A", diff.only_a), ("B", diff.only_b)):
        for article_id, batch in only:
            console.print(f"  only in {side}: {article_id} in {batch}", style="dim")
    console.print(
        f"Events of the articles in both: {events.a:,} in A, {events.b:,} in B: "
        f"{events.gained:,} gained, {events.lost:,} lost, {events.changed:,} changed; mean "
        f"confidence {_decimals(diff.confidence_a)} in A, {_decimals(diff.confidence_b)} in B"
    )
    for name, counts in diff.by.items():
        _print_counts(console, _TITLES[name], counts)
    if diff.fields:
        told = ", ".join(f"{count:,} {name}" for name, count in diff.fields.items())
        console.print(f"\nChanged: {told}")
    for before, after, n_events in diff.moves[:_MOST_ROWS]:
        console.print(f"  {n_events:,} from {before} to {after}")
    for example in diff.examples:
        _print_example(console, example)


def _print_counts(console: Console, title: str, counts: Mapping[str, Counts]) -> None:
    """Print one table of counts, of the values for which something differs."""
    differing = [
        (value, row) for value, row in counts.items() if row.gained + row.lost + row.changed
    ]
    if not differing:
        return
    table = Table(title, box=None, pad_edge=False)
    for name in ("A", "B", "gained", "lost", "changed"):
        table.add_column(name, justify="right")
    for value, row in differing[:_MOST_ROWS]:
        numbers = (row.a, row.b, row.gained, row.lost, row.changed)
        table.add_row(printable(value), *(f"{number:,}" for number in numbers))
    console.print()
    console.print(table)
    if len(differing) > _MOST_ROWS:
        console.print(f"and {len(differing) - _MOST_ROWS:,} more (--json has all)", style="dim")


def _print_example(console: Console, example: Example) -> None:
    changed = f" ({', '.join(example.fields)})" if example.fields else ""
    console.print(f"\n{example.kind}{changed}", style="bold")
    for side, one in (("A", example.before), ("B", example.after)):
        if one is not None:
            console.print(printable(f"  {side}: {_words(*one)}"))
            console.print(f"     {bracket_event(*one)}", style="dim")
    console.print(f"     article {example.article_id}", style="dim")


def _words(found: Found, event: Event) -> str:
    return describe_event(event, found.parties_of(event))


def _diff_as_json(diff: LakeDiff) -> dict[str, object]:
    counted = {name: getattr(diff, name) for name in LakeDiff.__slots__ if name != "examples"}
    return {
        **counted,
        "articles": asdict(diff.articles),
        "events": asdict(diff.events),
        "by": {
            name: {value: asdict(row) for value, row in counts.items()}
            for name, counts in diff.by.items()
        },
        "examples": [_example_as_json(example) for example in diff.examples],
    }


def _example_as_json(example: Example) -> dict[str, object]:
    sides = {"a": example.before, "b": example.after}
    return {
        "kind": example.kind,
        "fields": example.fields,
        "article_id": example.article_id,
        **{
            side: None
            if one is None
            else {
                "event_id": one[1].event_id,
                "batch": str(one[0].key),
                "words": _words(*one),
                "passage": bracket_event(*one),
            }
            for side, one in sides.items()
        },
    }


def _print_shares(console: Console, shares: Sequence[VersionShares]) -> None:
    for number, share in enumerate(shares, 1):
        days = " to ".join(sorted({share.first_day.isoformat(), share.last_day.isoformat()}))
        about = f"{share.n_batches:,} batches, {days}"
        console.print(printable(f"{number}: {share.versions} ({about})"))
    table = Table("", box=None, pad_edge=False)
    for number in range(1, len(shares) + 1):
        table.add_column(str(number), justify="right")
    table.add_row("articles", *(f"{share.n_articles:,}" for share in shares))
    table.add_row("coded", *(f"{share.n_coded:,}" for share in shares))
    table.add_row("events", *(f"{share.n_events:,}" for share in shares))
    table.add_row("events an article", *(_decimals(share.events_per_article) for share in shares))
    table.add_row("mean confidence", *(_decimals(share.confidence) for share in shares))
    for columns in ([share.types for share in shares], [share.realis for share in shares]):
        for value in sorted({value for column in columns for value in column}):
            found = (f"{column.get(value, 0.0):,.1f}" for column in columns)
            table.add_row(printable(value), *found)
    console.print()
    console.print(table)
    console.print("\nTypes and realis: events for a thousand coded articles", style="dim")


def _shares_as_json(share: VersionShares) -> dict[str, object]:
    return {**asdict(share), "events_per_article": share.events_per_article}


def _decimals(value: float | None) -> str:
    return "-" if value is None else f"{value:.3f}"
