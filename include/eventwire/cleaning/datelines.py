"""The dateline that opens an agency's report: "NAIROBI, June 6 (Reuters) - ".

A dateline tells where and when a report was written, and by whom it was sent. Words that only look
like one cost more than a dateline that is missed, so that an opening counts only with a sign that
is sure: a known agency, a day, or a place that the gazetteer knows, before a dash.
"""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from typing import Final

from include.eventwire.cleaning.bylines import find_byline
from include.eventwire.gazetteer.places import resolve_place
from include.eventwire.gazetteer.tables import split_cell
from include.eventwire.versions import RESOURCES

# The longest that were seen have 70 characters: two towns, a state, a day and an agency.
_LONGEST: Final = 120
# An article is dated in UTC, its dateline where it was written: a day ahead is possible.
_LEAD: Final = timedelta(days=1)
# A day of last spring in this autumn's paper: no dateline of a story of today.
_LONGEST_AGO: Final = timedelta(days=183)

# First letters of the months in the languages of the large agencies; the longer ones first.
_MONTHS: Final = {
    **{"jan": 1, "gen": 1, "ene": 1, "янв": 1, "feb": 2, "fév": 2, "fev": 2, "фев": 2},
    **{"mar": 3, "mär": 3, "mrz": 3, "мар": 3, "apr": 4, "avr": 4, "abr": 4, "апр": 4},
    **{"may": 5, "mai": 5, "mag": 5, "мая": 5, "май": 5, "juin": 6, "jun": 6, "giu": 6, "июн": 6},
    **{"juil": 7, "jul": 7, "lug": 7, "июл": 7, "aug": 8, "aoû": 8, "aou": 8, "ago": 8, "авг": 8},
    **{"sep": 9, "set": 9, "сен": 9, "oct": 10, "okt": 10, "ott": 10, "out": 10, "окт": 10},
    **{"nov": 11, "ноя": 11, "dec": 12, "déc": 12, "dez": 12, "dic": 12, "дек": 12},
}
# A dateline stands on one line.
_BLANK: Final = r"[ \t\xa0]"
_MONTH: Final = rf"(?i:{'|'.join(_MONTHS)})[^\W\d_]{{0,7}}\.?"
_WORD: Final = r"[^\W\d_](?:[\w.'’]|-(?=\w))*"
_WORDS: Final = rf"{_WORD}(?:{_BLANK}{{1,2}}{_WORD}){{0,3}}"
_DATE: Final = (
    rf"(?:(?P<month_first>{_MONTH}){_BLANK}?(?P<day_second>\d\d?)(?:,?{_BLANK}(?P<year_a>\d{{4}}))?"
    rf"|(?P<day_first>\d\d?)(?:\.|er|º)?{_BLANK}?(?:de{_BLANK})?(?P<month_second>{_MONTH})"
    rf"(?:{_BLANK}(?:de{_BLANK})?(?P<year_b>\d{{4}}))?"
    r"|(?P<day_dotted>\d\d?)\.(?P<month_dotted>\d\d?)\.(?P<year_c>\d{4})?)"
)
_PLACE: Final = (
    rf"(?P<place>{_WORDS}(?:/{_WORDS}){{0,3}})"
    rf"(?:,{_BLANK}?(?P<region>(?!{_MONTH}{_BLANK}?\d){_WORDS}))?"
    rf"(?:(?:{_BLANK}?[,.]?{_BLANK}|,)(?P<date>{_DATE}))?"
)
# As in "FRANKFURT (dpa) -", "MOSCOW, March 4. /TASS/." and "TULSA, Okla.--(BUSINESS WIRE)--".
_SENT_BY: Final = (
    rf"(?:\.?{_BLANK}*(?:--|[-–—])?{_BLANK}?"
    r"(?:\((?P<agency>[^()\n]{1,40})\)|/(?P<slashed>[^/\n]{2,30})/))"
)
# "_" is how some wires send a dash, "�" where it was lost.
_DASHES: Final = rf"(?:--|[-–—―�:]|_(?={_BLANK}))(?:{_BLANK}?-)?"
_STOP: Final = rf"{_BLANK}*(?P<stop>\.?{_BLANK}?{_DASHES}|\.)?"
_FORMS: Final = (
    re.compile(rf"{_PLACE}(?:{_SENT_BY}{_STOP}|{_BLANK}*(?P<dash>{_DASHES}))\s*"),
    # TOKYO, Dec. 1 Kyodo
    re.compile(rf"{_PLACE},?{_BLANK}(?P<agency>[^\W\d_][\w-]{{1,12}}){_STOP}\s+"),
    # The agency comes first: "(ANSA) - ROMA, 24 NOV - ", or without a place: "Jan 30 (Reuters) - ".
    re.compile(rf"{_SENT_BY}{_STOP}{_BLANK}*{_PLACE}{_BLANK}*(?P<dash>{_DASHES})\s*"),
    re.compile(rf"(?:(?P<date>{_DATE}){_BLANK}?)?{_SENT_BY}{_STOP}\s*"),
)
_SMALL_WORDS: Final = frozenset(
    "de del des di da do dos du la le les el al an am on upon the of and y et und en im".split()
)
# Where the gazetteer has no town, and reports come from all the same.
_SEATS: Final = frozenset(
    {"white house", "pentagon", "united nations", "capitol hill", "state department", "aboard"}
)


@dataclass(frozen=True, slots=True)
class Dateline:
    """The dateline of an article.

    Attributes:
        start_char: Where it begins in the text.
        end_char: Where the story begins after it.
        place: Place as printed, without its state or country, or None.
        date: Day that it names, or None; a day without a year needs the day of publication.
        agency: Short name of the agency, as printed where it is not a known one, or None.
    """

    start_char: int
    end_char: int
    place: str | None
    date: date | None
    agency: str | None


def find_dateline(text: str, published: date | None = None) -> Dateline | None:
    """Return the dateline that `text` opens with, after a byline if there is one, or None.

    Args:
        text: Text of an article.
        published: Day of publication, for the year of a day that is printed without one: the
            latest that is not after it (a day later counts: it may be tomorrow there).
    """
    byline = find_byline(text)
    start = byline.end_char if byline else len(text) - len(text.lstrip())
    for form in _FORMS:
        match = form.match(text, start, start + _LONGEST)
        if match and text[match.end() : match.end() + 1].strip() and _is_sure(match, text):
            return _make_dateline(match, published)
    return None


def find_dateline_end(text: str) -> int:
    """Return where the story begins after its dateline: a character of `text`, 0 without one."""
    dateline = find_dateline(text)
    return dateline.end_char if dateline else 0


def name_agency(printed: str | None) -> str | None:
    """Return the short name of the agency that `printed` names, or None when none is known."""
    names = _load_agencies()
    written = _fold(printed or "")
    for part in (written, *re.split(r"\s*[/,&|]\s*", written)):
        for candidate in (part, part.split(" ")[0].split("-")[0]):
            if candidate in names:
                return names[candidate]
    return None


def _is_sure(match: re.Match[str], text: str) -> bool:
    """Tell whether what has the form of a dateline is one."""
    parts = match.groupdict()
    printed = parts.get("agency") or parts.get("slashed")
    known = name_agency(printed) is not None
    place = parts.get("place")
    if place is None:
        return known
    dash = (parts.get("dash") or parts.get("stop") or "").strip(" .\xa0")
    if not _is_name(place) or not (known or dash):
        return False
    if not _is_in_capitals(place):
        return _is_sure_in_small_letters(match, text, dash, known=known)
    if known:
        return True
    if match.re is _FORMS[1]:  # a word after the place that is no agency
        return False
    if parts["date"]:
        return dash != ":" or printed is not None
    return _is_known_place(place, parts["region"]) and _opens_story(dash, match, text)


def _is_sure_in_small_letters(match: re.Match[str], text: str, dash: str, *, known: bool) -> bool:
    """Tell whether a name before an agency or a day is a place: "Berlin (dpa) - "."""
    parts = match.groupdict()
    if parts["place"].startswith("The ") or text[match.end()].islower():
        return False
    if parts["date"] and known:
        return True
    if parts["date"] or not dash:
        return (known or dash not in ("", ":")) and _is_known_place(parts["place"], parts["region"])
    # Initials in brackets may be those of the name before them: "Labour Party (LP) - ".
    printed = parts.get("agency") or parts.get("slashed") or ""
    initials = printed.isupper() and len(printed) <= 3
    return known and (not initials or _is_known_place(parts["place"], parts["region"]))


def _opens_story(dash: str, match: re.Match[str], text: str) -> bool:
    """Tell whether a sentence follows a dash that nothing but a place stands before."""
    if dash == "-" and not match[0].endswith((" ", "\n", "\xa0")):
        return False  # "LONDON-based"
    rest = text[match.end() : match.end() + 60]
    if rest[0].islower() or re.match(r"\d[\d,.]*(?:\s*$|\s*\W|\s+[A-Z]+\b)", rest):
        return False  # "LONDON - the capital - is", "CHICAGO - 3, BOSTON - 2"
    letters = [char for char in rest if char.isalpha()]
    return sum(map(str.isupper, letters)) * 2 <= len(letters)  # not a headline in capitals


def _is_name(place: str) -> bool:
    words = re.split(r"[ \xa0/]+", place)
    if len(place) < 3 or words[0] == "By":
        return False
    # "ST. LOUIS" is a name, "Jane Doe. BOSTON" is the end of something before it.
    return all(
        (word[0].isupper() or word in _SMALL_WORDS)
        and not (word.endswith(".") and len(word) > 3 and place.rstrip()[-len(word) :] != word)
        for word in words
    )


def _is_in_capitals(place: str) -> bool:
    words = [word for word in re.split(r"[ \xa0/]+", place) if word not in _SMALL_WORDS]
    return all(word.removeprefix("Mc").isupper() for word in words)


def _is_known_place(place: str, region: str | None = None) -> bool:
    towns = place.split("/")
    if region and resolve_place(region):
        return True
    return any(
        len(town) > 3 and (town.lower() in _SEATS or resolve_place(town) is not None)
        for town in towns
    )


def _make_dateline(match: re.Match[str], published: date | None) -> Dateline:
    parts = match.groupdict()
    place = parts.get("place")
    printed = " ".join((parts.get("agency") or parts.get("slashed") or "").split())
    agency = name_agency(printed)
    if agency is None and printed and resolve_place(printed) is None:
        agency = printed
    return Dateline(
        start_char=match.start(),
        end_char=match.end(),
        place=_trim(place) if place else None,
        date=_read_day(parts, published) if parts.get("date") else None,
        agency=agency,
    )


def _trim(place: str) -> str:
    """Return a place without a full stop that ends it, but for initials ("WASHINGTON D.C.")."""
    words = place.split()
    last = words[-1]
    return " ".join([*words[:-1], last if "." in last[:-1] else last.rstrip(".")])


def _read_day(parts: dict[str, str | None], published: date | None) -> date | None:
    name = (parts["month_first"] or parts["month_second"] or "").lower()
    month = int(parts["month_dotted"] or 0) or next(
        number for prefix, number in _MONTHS.items() if name.startswith(prefix)
    )
    day = int(parts["day_second"] or parts["day_first"] or parts["day_dotted"] or 0)
    if year := parts["year_a"] or parts["year_b"] or parts["year_c"]:
        return _make_day(int(year), month, day)
    if published is None:
        return None
    days = (
        _make_day(year, month, day)
        for year in (published.year + 1, published.year, published.year - 1)
    )
    latest = next((found for found in days if found and found - _LEAD <= published), None)
    return latest if latest and published - latest <= _LONGEST_AGO else None


def _make_day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None  # 31 April


def _fold(printed: str) -> str:
    return " ".join(printed.replace(".", "").split()).casefold()


@cache
def _load_agencies() -> dict[str, str]:
    """Return the short names of agencies by their forms."""
    path = RESOURCES / "datelines" / "agencies.csv"
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    return {
        _fold(form): row["name"]
        for row in rows
        for form in (row["name"], *split_cell(row["other_forms"]))
    }
