"""Zones of time as feeds, mails and web pages name them: offsets and abbreviations."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from typing import Final
from zoneinfo import ZoneInfo

_OFFSET: Final = re.compile(r"(?:GMT|UTC)?([+-])(\d{1,2})(?::?(\d\d))?")
# Abbreviations that mean one thing: those of RFC 822, and others in use by news organisations with
# their hours east of Greenwich. IST (India, Israel, Ireland), BST (Britain, Bangladesh), AST and
# their like are left out: they are taken only where the zone of the source has them.
_HOURS: Final = {
    **dict.fromkeys(("UTC", "GMT", "UT", "Z", "WET"), 0.0),
    **dict.fromkeys(("CET", "MET", "MEZ", "WEST", "WAT"), 1.0),
    **dict.fromkeys(("CEST", "MEST", "MESZ", "EET", "SAST", "CAT"), 2.0),
    **dict.fromkeys(("EEST", "MSK", "EAT", "TRT"), 3.0),
    **{"PKT": 5.0, "WIB": 7.0, "ICT": 7.0, "HKT": 8.0, "SGT": 8.0, "MYT": 8.0, "AWST": 8.0},
    **{"JST": 9.0, "KST": 9.0, "ACST": 9.5, "AEST": 10.0, "ACDT": 10.5, "AEDT": 11.0},
    **{"NZST": 12.0, "NZDT": 13.0, "NST": -3.5, "NDT": -2.5, "BRT": -3.0, "ART": -3.0},
    **{"EST": -5.0, "EDT": -4.0, "CST": -6.0, "CDT": -5.0, "MST": -7.0, "MDT": -6.0},
    **{"PST": -8.0, "PDT": -7.0, "AKST": -9.0, "AKDT": -8.0, "HST": -10.0},
}
# "9 am ET" leaves it to the day whether summer time is meant.
_AMERICAN: Final = {
    "ET": "America/New_York",
    "CT": "America/Chicago",
    "MT": "America/Denver",
    "PT": "America/Los_Angeles",
}


def find_zone(name: str | None, local: datetime, zone: tzinfo) -> tzinfo | None:
    """Return the zone that `name` means, or None when that is not sure.

    Args:
        name: "+02:00", "GMT+2", "CET", "Z"; None for a time that names no zone.
        local: The time that it stands with, without a zone.
        zone: Zone of the source. It is that of times that name none, and its own abbreviation
            counts before others' ("CST" of a source in Shanghai is China's).
    """
    if name is None:
        return zone
    name = name.upper()
    if offset := _OFFSET.fullmatch(name):
        return _make_zone(offset[1], int(offset[2]), int(offset[3] or 0))
    if any(local.replace(tzinfo=zone, fold=fold).tzname() == name for fold in (0, 1)):
        return zone
    if name in _AMERICAN:
        return ZoneInfo(_AMERICAN[name])
    return timezone(timedelta(hours=_HOURS[name])) if name in _HOURS else None


def _make_zone(sign: str, hours: int, minutes: int) -> tzinfo | None:
    if hours > 14 or minutes > 59:  # no place on Earth is further from Greenwich
        return None
    east = timedelta(hours=hours, minutes=minutes)
    return timezone(east if sign == "+" else -east) if east else UTC
