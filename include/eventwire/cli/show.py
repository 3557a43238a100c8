"""`show`: one article with its mentions and events marked in the text."""

from __future__ import annotations

import argparse
from dataclasses import asdict

from rich.console import Console

from include.eventwire.cli.arguments import Commands, add_json_option, add_lake, open_lake
from include.eventwire.cli.marked_text import bracket, colour, find_marks
from include.eventwire.cli.terminal import make_console, print_json, printable
from include.eventwire.event_words import describe_event
from include.eventwire.lake.lookup import Found, find_article
from include.eventwire.records import Article


def add_command(commands: Commands) -> None:
    """Add `show` to the command line."""
    parser = commands.add_parser(
        "show",
        help="print an article with what was found in it",
        description="Print an article with its mentions and events marked in the text: in colours "
        "on a terminal, else as [Kyiv|GPE], {attacked|0 ASSAULT}, <the army|0 actor>, "
        "(Odesa|0 place). The number is that of the event in the article.",
    )
    add_lake(parser)
    parser.add_argument(
        "article_id", metavar="ARTICLE_ID", help="id of the article, or the beginning of it"
    )
    add_json_option(parser)
    parser.set_defaults(act=_show)


def _show(chosen: argparse.Namespace) -> int:
    found = find_article(open_lake(chosen), chosen.article_id)
    if chosen.json:
        batches = [str(key) for key in (found.key, *found.others)]
        print_json({"batches": batches, **asdict(found.coded)})
        return 0
    console = make_console()
    _print_head(console, found)
    article, marks = found.coded.article, find_marks(found.coded)
    if console.is_terminal:
        console.print(colour(article.text, marks))
    else:
        console.print(bracket(article.text, marks))
    _print_events(console, found)
    return 0


def _print_head(console: Console, found: Found) -> None:
    article = found.coded.article
    console.print(printable(article.headline or "(no headline)"), style="bold")
    published = article.published_at.isoformat(" ", "minutes") if article.published_at else None
    facts = [article.publisher, article.byline, published, article.url, article.language]
    console.print(printable(" | ".join(fact for fact in facts if fact)), style="dim")
    copy = (
        "" if article.is_canonical else f", {article.duplicate_kind} copy of {article.cluster_id}"
    )
    origin = f"{article.input_uri} record {article.record_number}"
    console.print(printable(f"{article.article_id} in {found.key}: {origin}{copy}"), style="dim")
    if found.others:
        console.print(f"also in {', '.join(map(str, found.others))}", style="dim")
    console.print()


def _print_events(console: Console, found: Found) -> None:
    console.print()
    if not found.coded.events:
        console.print(_explain_no_events(found.coded.article))
    for event in found.coded.events:
        words = describe_event(event, found.parties_of(event))
        console.print(printable(f"{event.event_index} {words}"))
        console.print(f"  {event.event_id}", style="dim")


def _explain_no_events(article: Article) -> str:
    if article.n_tokens is not None:
        return "no events"
    if not article.is_canonical:
        return f"not coded: this is a copy of {article.cluster_id}; see there"
    if "coding_failed" in (article.warnings or "").split(","):
        return "not coded: the coder failed on it when the lake was coded again"
    return "not coded: its language is none of those coded"
