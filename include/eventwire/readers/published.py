"""Times of publication as they are written in records, to UTC. Nothing is guessed."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from email.utils import parsedate_to_datetime
from typing import Final

# ISO 8601: calendar, week or basic date; a time with "T" or a space; fraction; zone.
# `fromisoformat` alone would take any character between date and time.
_ISO: Final = re.compile(
    r"(?P<date>\d{4}-\d\d-\d\d|\d{8}|\d{4}-?W\d\d-?[1-7])"
    r"(?:[Tt ](?P<time>\d\d(?::?\d\d(?::?\d\d(?:[.,]\d+)?)?)?)"
    r"\s?(?P<zone>[Zz]|UTC|GMT|[+-]\d\d(?::?\d\d)?)?)?"
)
# RFC 2822, as in RSS and mail. Other names of zones than these mean different things in different
# countries, and the library would silently read them as UTC.
_RFC_2822: Final = re.compile(
    r"(?:[A-Za-z]{3},?\s+)?\d{1,2}\s+[A-Za-z]{3}\s+\d{4}\s+\d\d?:\d\d(?::\d\d)?"
    r"(?:\s+(?P<zone>[+-]\d{4}|GMT|UT|UTC|Z|EST|EDT|CST|CDT|MST|MDT|PST|PDT))?"
)
# Seconds since 1970 for 1973 to 2286. Below lie dates written as numbers (20180424), above lie
# milliseconds: both would give a wrong time without a sign of it.
_SECONDS: Final = (100_000_000, 10_000_000_000)


def read_published_at(value: object, zone: tzinfo) -> datetime:
    """Return a time of publication in UTC.

    Args:
        value: A text in ISO 8601 or RFC 2822, a number of seconds since 1970, a date or a
            datetime. A date alone is its midnight.
        zone: Zone of a value that names none: that of the source.

    Raises:
        ValueError: The value is none of these; the message says what it is and what is taken.
    """
    match value:
        case datetime():
            moment: datetime | None = value
        case date():
            moment = datetime.combine(value, time())
        case str():
            moment = _read_text(value.strip())
        case int() | float() if not isinstance(value, bool):
            moment = _read_seconds(value)
        case _:
            moment = None
    if moment is None:
        raise ValueError(
            f"{_shorten(value)} is no date; write ISO 8601 (2018-04-24T10:30:00+02:00), RFC 2822 "
            "or a number of seconds since 1970"
        )
    return _to_utc(moment, zone)


def _read_text(written: str) -> datetime | None:
    try:
        if iso := _ISO.fullmatch(written):
            clock = f"T{iso['time']}{_plain_zone(iso['zone'])}" if iso["time"] else ""
            return datetime.fromisoformat(iso["date"] + clock)
        if mail := _RFC_2822.fullmatch(written):
            moment = parsedate_to_datetime(written)
            # The library leaves "-0000" (UTC, place unknown) without a zone.
            return moment.replace(tzinfo=UTC) if mail["zone"] == "-0000" else moment
    except ValueError:
        return None  # the form is right, the day or hour is not: 31 February
    return None


def _plain_zone(zone: str | None) -> str:
    if zone is None:
        return ""
    return "Z" if zone.upper() in ("Z", "UTC", "GMT") else zone


def _read_seconds(seconds: float) -> datetime | None:
    if not _SECONDS[0] <= seconds < _SECONDS[1]:  # refuses NaN, too
        return None
    return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=seconds)


def _to_utc(moment: datetime, zone: tzinfo) -> datetime:
    try:
        aware = moment if moment.utcoffset() is not None else moment.replace(tzinfo=zone)
        return aware.astimezone(UTC)
    except OverflowError as error:
        raise ValueError(f"{moment} is outside the years 1 to 9999") from error


def _shorten(value: object) -> str:
    written = repr(value)
    return written if len(written) <= 60 else written[:57] + "..."
