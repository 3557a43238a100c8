"""Dates of feeds: as written where that can be read, else as feedparser understands them."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from time import struct_time
from typing import Final

from include.eventwire.readers.published import read_published_at

_CLOCK: Final = re.compile(r"\d:\d\d")
# Zones that feedparser knows for certain; it silently takes any other name for UTC.
_SURE_ZONE: Final = re.compile(r"[+-]\d\d:?\d\d\s*\Z|(?:\d|\s)(?:Z|GMT|UTC?)\s*\Z")
_ZONE_NAME: Final = re.compile(r"[A-Z]{2,5}\s*\Z")


def date_as_written(written: str | None, parsed: struct_time | None) -> str | None:
    """Return a date of a feed in a form that `read_published_at` reads, or as it is written.

    Args:
        written: The date as the feed has it.
        parsed: What feedparser makes of it, in UTC by its word.

    Returns:
        `written` where we can read it ourselves, or nobody can. Else ISO 8601 of `parsed`: without
        a zone where none was written, since feedparser then only supposes UTC. A date without a
        time of day and one in a zone that feedparser does not know are left as written: it fills
        in a day, or takes UTC.
    """
    if written is None or _is_readable(written) or parsed is None or not _CLOCK.search(written):
        return written
    moment = datetime(*parsed[:6], tzinfo=UTC)
    # Korean, Greek and Hungarian dates are moved to UTC by feedparser.
    if _SURE_ZONE.search(written) or not written.isascii():
        return moment.isoformat()
    if _ZONE_NAME.search(written):
        return written
    return moment.replace(tzinfo=None).isoformat()


def _is_readable(written: str) -> bool:
    try:
        read_published_at(written, UTC)
    except ValueError:
        return False
    return True
