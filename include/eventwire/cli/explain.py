"""`explain`: why an event was coded."""

from __future__ import annotations

import argparse
from dataclasses import asdict

from rich.console import Console
from rich.table import Table
from rich.text import Text

from include.eventwire.cli.arguments import Commands, add_json_option, add_lake, open_lake
from include.eventwire.cli.marked_text import Mark, bracket
from include.eventwire.cli.terminal import make_console, print_json, printable
from include.eventwire.event_words import describe_event
from include.eventwire.explanation import Explanation, explain_event
from include.eventwire.lake.lookup import Found, find_event
from include.eventwire.records import Event


def add_command(commands: Commands) -> None:
    """Add `explain` to the command line."""
    parser = commands.add_parser(
        "explain",
        help="tell why an event was coded",
        description="Print the rule that coded an event, the words behind each of its fields with "
        "their offsets in the article, and the versions that it was coded by.",
    )
    add_lake(parser)
    parser.add_argument(
        "event_id", metavar="EVENT_ID", help="id of the event, or the beginning of it"
    )
    add_json_option(parser)
    parser.set_defaults(act=_explain)


def _explain(chosen: argparse.Namespace) -> int:
    found, event = find_event(open_lake(chosen), chosen.event_id)
    explanation = explain_event(found, event)
    if chosen.json:
        print_json({"event": asdict(event), **asdict(explanation)})
        return 0
    console = make_console()
    console.print(printable(describe_event(event, found.parties_of(event))), style="bold")
    console.print(f"event {event.event_id} of article {event.article_id}", style="dim")
    console.print(_quote(found, event, explanation))
    _print_rule(console, event, explanation)
    _print_evidence(console, explanation)
    _print_versions(console, explanation)
    return 0


def _quote(found: Found, event: Event, explanation: Explanation) -> str:
    start, end = explanation.passage
    text = found.coded.article.text
    trigger = Mark(
        event.trigger_start_char - start, event.trigger_end_char - start, "trigger", "trigger"
    )
    before, after = "... " if start else "", " ..." if end < len(text) else ""
    return f"\n{before}{bracket(text[start:end], [trigger])}{after}\n"


def _print_rule(console: Console, event: Event, explanation: Explanation) -> None:
    place = f"include/resources/lexicon/{explanation.rule_id}"
    console.print(printable(f"rule {place}"), style="bold")
    if explanation.rule is None:
        console.print("  no frame stands there now: the lexicon has changed since")
        return
    if explanation.rule_id.partition(".")[0].upper() != event.event_type:
        console.print("  it codes another type: what stands there now is another frame")
    for column, cell in explanation.rule.items():
        if cell:
            console.print(printable(f"  {column:<10} {cell}"))


def _print_evidence(console: Console, explanation: Explanation) -> None:
    table = Table("field", "value", "words", "offsets", box=None, pad_edge=False)
    for item in explanation.evidence:
        offsets = "" if item.start_char is None else f"{item.start_char}:{item.end_char}"
        cells = (item.field, item.value, item.words or "", offsets)
        table.add_row(*(Text(printable(cell)) for cell in cells))
    console.print()
    console.print(table)


def _print_versions(console: Console, explanation: Explanation) -> None:
    console.print()
    for name, version in explanation.versions.items():
        now = explanation.changed.get(name)
        note = f"   now {now}: today the event might be coded differently" if now else ""
        console.print(printable(f"{name:<8} {version}{note}"), style="yellow" if now else "")
