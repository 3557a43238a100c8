"""Times of publication as they are written in records, to UTC. Nothing is guessed."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import Final

from include.eventwire.readers.time_zones import find_zone

_MONTHS: Final = (
    "jan",
    "feb",
    "mar",
    "apr",
    "may",
    "jun",
    "jul",
    "aug",
    "sep",
    "oct",
    "nov",
    "dec",
)
_MONTH: Final = (
    r"(?P<name>jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|"
    r"sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\.?"
)
_WEEKDAY: Final = r"(?:(?:mon|tues?|wed(?:nes)?|thur?s?|fri|sat(?:ur)?|sun)(?:day)?\.?,?\s+)?"
_CLOCK: Final = r"(?P<hour>\d\d?):(?P<minute>\d\d)(?::(?P<second>\d\d)(?:[.,](?P<part>\d+))?)?"
_HALF: Final = r"(?:\s?(?P<half>[ap])\.?m\.?)?"
_ZONE: Final = r"(?P<zone>(?:GMT|UTC)?[+-]\d{1,2}(?::?\d\d)?|[A-Z]{1,4})"
_TIME: Final = rf"(?:,?\s+(?:at\s+)?{_CLOCK}{_HALF}(?:\s*\(?{_ZONE}\)?(?:\s+\(.{{1,40}}\))?)?)?"
# In the order in which they are tried; `_from_parts` reads the named groups of all alike.
_FORMS: Final = tuple(
    re.compile(form, re.IGNORECASE | re.ASCII)
    for form in (
        # ISO 8601: 2018-04-24T10:30:00.5+02:00, 20180424T103000Z, also with slashes and a blank.
        r"(?P<year>\d{4})(?P<dash>[-/]?)(?P<month>\d\d)(?P=dash)(?P<day>\d\d)"
        r"(?:[T ](?P<hour>\d\d)(?::?(?P<minute>\d\d)(?::?(?P<second>\d\d)(?:[.,](?P<part>\d+))?)?)?"
        rf"(?:\s?{_ZONE})?|(?P<zone_of_day>Z|[+-]\d\d:\d\d))?",
        # RFC 822 and 2822, as in RSS and mail: Tue, 24 Apr 2018 10:30:00 +0200 (CEST).
        rf"{_WEEKDAY}(?P<day>\d\d?)\s+{_MONTH},?\s+(?P<year>\d{{4}}|\d\d){_TIME}",
        rf"(?P<day>\d\d?)-{_MONTH}-(?P<year>\d{{4}}){_TIME}",
        # As Americans write it: Tuesday, April 24, 2018 at 10:30 a.m. EDT.
        rf"{_WEEKDAY}{_MONTH}\s+(?P<day>\d\d?),?\s+(?P<year>\d{{4}}){_TIME}",
        # As programs in C write it: Tue Apr 24 10:30:00 UTC 2018.
        rf"{_WEEKDAY}{_MONTH}\s+(?P<day>\d\d?)\s+{_CLOCK}(?:\s+{_ZONE})?\s+(?P<year>\d{{4}})",
    )
)
_WEEK: Final = re.compile(r"(\d{4}-?W\d\d-?[1-7])(?:[Tt].*)?", re.ASCII)
# Seconds since 1970 for 1973 to 2286; below lie dates written as numbers (20180424).
_SECONDS: Final = (100_000_000, 10_000_000_000)
# Milliseconds for 1990 to 2286; below lie dates with times written as numbers (201804241030).
_MILLISECONDS: Final = (631_152_000_000, 10_000_000_000_000)
# RFC 2822, section 4.3: two digits up to 49 are of this century.
_LAST_SHORT_YEAR: Final = 49


def read_published_at(value: object, zone: tzinfo) -> datetime:
    """Return a time of publication in UTC.

    A day alone is its midnight. Of a local time that occurs twice, when clocks go back, the first
    is taken; one that is skipped when they go forward counts as if they had not.

    Args:
        value: A text in ISO 8601, RFC 822 or the long form of English; a number of seconds or
            milliseconds since 1970; a date or a datetime. Days in digits that do not begin with
            the year (04/05/2018) are refused: they mean two days.
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
            moment = _read_text(" ".join(value.split()), zone)
        case int() | float() if not isinstance(value, bool):
            moment = _read_number(value)
        case _:
            moment = None
    if moment is None:
        raise ValueError(
            f"{_shorten(value)} is no date; write ISO 8601 (2018-04-24T10:30:00+02:00), RFC 2822 "
            "or a number of seconds since 1970"
        )
    return _to_utc(moment, zone)


def _read_text(written: str, zone: tzinfo) -> datetime | None:
    try:
        if _WEEK.fullmatch(written):
            return datetime.fromisoformat(written)
        matches = (form.fullmatch(written) for form in _FORMS)
        found = next((match.groupdict() for match in matches if match), None)
        return _from_parts(found, zone) if found else None
    except ValueError:
        return None  # the form is right, the day or hour is not: 31 February


def _from_parts(parts: dict[str, str | None], zone: tzinfo) -> datetime | None:
    name = (parts.get("name") or "")[:3].lower()
    moment = datetime(
        _read_year(parts["year"] or ""),
        _MONTHS.index(name) + 1 if name else int(parts["month"] or 0),
        int(parts["day"] or 0),
        _read_hour(int(parts["hour"] or 0), parts.get("half")),
        int(parts["minute"] or 0),
        int(parts["second"] or 0),
        int((parts["part"] or "0")[:6].ljust(6, "0")),
    )
    found = find_zone(parts["zone"] or parts.get("zone_of_day"), moment, zone)
    return moment.replace(tzinfo=found) if found else None


def _read_year(written: str) -> int:
    if len(written) > 2:
        return int(written)
    return int(written) + (2000 if int(written) <= _LAST_SHORT_YEAR else 1900)


def _read_hour(hour: int, half: str | None) -> int:
    if half is None:
        return hour
    if not 1 <= hour <= 12:
        raise ValueError(f"{hour} is no hour of half a day")
    return hour % 12 + (12 if half.lower() == "p" else 0)


def _read_number(number: float) -> datetime | None:
    if _SECONDS[0] <= number < _SECONDS[1]:  # refuses NaN, too
        return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=number)
    if _MILLISECONDS[0] <= number < _MILLISECONDS[1]:
        return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=number)
    return None


def _to_utc(moment: datetime, zone: tzinfo) -> datetime:
    try:
        aware = moment if moment.utcoffset() is not None else moment.replace(tzinfo=zone)
        return aware.astimezone(UTC)
    except OverflowError as error:
        raise ValueError(f"{moment} is outside the years 1 to 9999") from error


def _shorten(value: object) -> str:
    written = repr(value)
    return written if len(written) <= 60 else written[:57] + "..."
