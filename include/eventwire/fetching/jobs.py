"""What each task of `fetch_feeds` does; what is handed on are names of sources and paths."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from datetime import UTC, datetime

from include.eventwire.fetching.limits import FetchLimits
from include.eventwire.fetching.runs import SourceRun, list_fetched
from include.eventwire.settings import Settings

_LOG = logging.getLogger(__name__)


def list_sources(settings: Settings, names: Sequence[str] = ()) -> list[str]:
    """Return the names of the sources to fetch: those of `names`, or all that have feeds.

    Raises:
        SourcesError: A name is unknown, or its source declares nothing to fetch.
        SettingsError: A limit of fetching cannot be used.
    """
    FetchLimits.from_environment(settings)  # what is set wrongly fails here, once
    sources = [profile.name for profile in list_fetched(settings, names)]
    if sources:
        _LOG.info("to fetch: %s", ", ".join(sources))
    else:
        _LOG.info("no source of %s has feeds or sitemaps: nothing to fetch", settings.sources)
    return sources


def fetch_source(
    settings: Settings, source: str, run_at: datetime, max_pages: int | None = None
) -> str:
    """Fetch the source called `source` and return the path of the report.

    Args:
        settings: Settings of the run.
        source: Name of the source.
        run_at: Moment that the run is for, with a zone: the same when it is tried again.
        max_pages: How many pages are tried at most; None = as the source says.

    Raises:
        SourceBusyError: Another run fetches the source at this moment.
        SourceFailedError: None of its feeds and sitemaps could be had.
    """
    (profile,) = list_fetched(settings, [source])
    limits = FetchLimits.from_environment(settings)
    run = SourceRun(profile, settings.landing, run_at.astimezone(UTC), limits, max_pages=max_pages)
    return str(run.fetch()[1])
