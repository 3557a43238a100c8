"""`fetch`: poll the feeds of the sources and fetch the pages that are new in them."""

from __future__ import annotations

import argparse
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from include.eventwire.cli.arguments import Commands, add_json_option, positive
from include.eventwire.cli.terminal import make_console, print_error, print_json, printable
from include.eventwire.lake.locations import to_location
from include.eventwire.settings import Settings


def add_command(commands: Commands) -> None:
    """Add `fetch` to the command line."""
    parser = commands.add_parser(
        "fetch",
        help="fetch news from feeds and sitemaps",
        description="Poll the feeds and sitemaps of the sources in sources.toml, fetch the pages "
        "that are new in them, and keep the raw bytes in the landing area. What did not change is "
        "not transferred, and no page is fetched twice.",
    )
    parser.add_argument(
        "--source",
        action="append",
        default=[],
        metavar="NAME",
        help="source to fetch; may be repeated (default: all that have feeds or sitemaps)",
    )
    parser.add_argument(
        "--landing",
        metavar="FOLDER",
        help="landing area, or s3://bucket/prefix (EVENTWIRE_LANDING)",
    )
    parser.add_argument(
        "--sources", metavar="FILE", help="file that declares the sources (EVENTWIRE_SOURCES)"
    )
    parser.add_argument(
        "--pages", type=positive, metavar="N", help="fetch at most N pages of each source"
    )
    add_json_option(parser)
    parser.set_defaults(act=_fetch)


def _fetch(chosen: argparse.Namespace) -> int:
    # Imported when needed: they bring libraries that no other command has a use for.
    from include.eventwire.fetching.errors import SourceBusyError, SourceFailedError
    from include.eventwire.fetching.limits import FetchLimits
    from include.eventwire.fetching.runs import SourceRun, list_fetched

    settings = _settings(chosen)
    limits = FetchLimits.from_environment(settings)
    run_at = datetime.now(UTC)
    reports, n_failed = [], 0
    profiles = list_fetched(settings, chosen.source)
    for profile in profiles:
        run = SourceRun(profile, settings.landing, run_at, limits, max_pages=chosen.pages)
        try:
            report, path = run.fetch()
        except (SourceFailedError, SourceBusyError) as error:
            print_error(str(error))
            n_failed += 1
            continue
        reports.append(report)
        if not chosen.json:
            make_console().print(printable(report.describe()))
            make_console().print(printable(f"report: {path}"))
    if chosen.json:
        print_json({"sources": [report.to_json() for report in reports], "n_failed": n_failed})
    elif not profiles:
        make_console().print(
            f"no source of {settings.sources} has feeds or sitemaps: nothing to fetch"
        )
    return 1 if n_failed else 0


def _settings(chosen: argparse.Namespace) -> Settings:
    settings = Settings.from_environment()
    if chosen.landing:
        settings = replace(settings, landing=to_location(chosen.landing).absolute())
    if chosen.sources:
        settings = replace(settings, sources=Path(chosen.sources).absolute())
    return settings
