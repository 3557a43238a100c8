"""Expressions of dates in a sentence, resolved against the day of publication. Nothing is guessed.

"on Monday" is the Monday on or before the publication, or after it for an act that is yet to come;
"in March" is the last March, "last year" the year before, "last week" the
month that held it. What has no place in the calendar ("recently", "days ago") gives no date.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final, Literal

Precision = Literal["day", "month", "year"]

_WEEKDAYS: Final = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_MONTHS: Final = (
    "january", "february", "march", "april", "may", "june", "july", "august", "september",
    "october", "november", "december",
)  # fmt: skip
_MONTH_NUMBERS: Final = {
    **{name: number for number, name in enumerate(_MONTHS, 1)},
    **{name[:3]: number for number, name in enumerate(_MONTHS, 1)},
    "sept": 9,
}
_NUMBERS: Final = {
    word: number
    for number, word in enumerate(
        [
            "one",
            "two",
            "three",
            "four",
            "five",
            "six",
            "seven",
            "eight",
            "nine",
            "ten",
            "eleven",
            "twelve",
        ],
        1,
    )
} | {"a": 1, "an": 1}

_MONTH: Final = (
    r"(?P<month>January|February|March|April|May|June|July|August|September|October|November|"
    r"December|Jan\.?|Feb\.?|Mar\.|Apr\.?|Jun\.|Jul\.|Aug\.?|Sept?\.?|Oct\.?|Nov\.?|Dec\.?)"
)
_WEEKDAY: Final = r"(?P<weekday>Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday)s?"
_YEAR: Final = r"(?P<year>1[89]\d\d|20\d\d)"
_COUNT: Final = rf"(?P<count>\d{{1,3}}|{'|'.join(_NUMBERS)})"


@dataclass(frozen=True, slots=True)
class DateMention:
    """One expression of a date in a text.

    Attributes:
        start_char: First character in the text that was searched.
        end_char: One past its last character.
        day: The day, or the first day of the month or year.
        precision: How exact the expression is.
        next_day: The day if the act is yet to come; the same as `day` unless a weekday or month is
            named without a year.
        is_full: Whether day, month and year are all written.
    """

    start_char: int
    end_char: int
    day: date
    precision: Precision
    next_day: date
    is_full: bool


def find_dates(text: str, published: date | None) -> list[DateMention]:
    """Return the expressions of dates in `text`, in order, without overlaps.

    Args:
        text: One sentence.
        published: Day of publication; without it only full dates are found.
    """
    found: list[DateMention] = []
    for match in _EXPRESSIONS.finditer(text):
        kind = match.lastgroup
        assert kind is not None
        pattern, resolve = _PATTERNS[kind]
        inner = pattern.fullmatch(match[0])
        assert inner is not None
        try:
            resolved = resolve(inner, published)
        except (ValueError, OverflowError):
            continue  # 31 June, or a year outside the calendar
        if resolved is not None:
            day, precision, next_day = resolved
            is_full = precision == "day" and str(day.year) in match[0]
            found.append(DateMention(*match.span(), day, precision, next_day, is_full))
    return found


_Resolved = tuple[date, Precision, date] | None
_Resolve = Callable[[re.Match[str], date | None], _Resolved]


def _calendar_day(match: re.Match[str], published: date | None) -> _Resolved:
    month, day = _MONTH_NUMBERS[match["month"].lower().rstrip(".")], int(match["day"])
    if match["year"]:
        exact = date(int(match["year"]), month, day)
        return exact, "day", exact
    if published is None:
        return None
    return (
        _last(lambda year: date(year, month, day), published, slack=timedelta(days=31)),
        "day",
        _next(lambda year: date(year, month, day), published),
    )


def _calendar_month(match: re.Match[str], published: date | None) -> _Resolved:
    month = _MONTH_NUMBERS[match["month"].lower().rstrip(".")]
    if match["year"]:
        exact = date(int(match["year"]), month, 1)
        return exact, "month", exact
    if published is None:
        return None
    this_month = published.replace(day=1)
    last = _last(lambda year: date(year, month, 1), this_month)
    return last, "month", _next(lambda year: date(year, month, 1), this_month)


def _calendar_year(match: re.Match[str], published: date | None) -> _Resolved:  # noqa: ARG001
    exact = date(int(match["year"]), 1, 1)
    return exact, "year", exact


def _iso_day(match: re.Match[str], published: date | None) -> _Resolved:  # noqa: ARG001
    exact = date.fromisoformat(match[0])
    return exact, "day", exact


def _week_day(match: re.Match[str], published: date | None) -> _Resolved:
    if published is None:
        return None
    number = _WEEKDAYS.index(match["weekday"].lower())
    back = (published.weekday() - number) % 7
    which = (match["which"] or "").strip().lower()
    if which == "last" and back == 0:
        back = 7
    previous = published - timedelta(days=back)
    following = published + timedelta(days=(number - published.weekday()) % 7)
    if which in ("next", "this coming", "coming"):
        following = following if following > published else following + timedelta(days=7)
        return following, "day", following
    return previous, "day", previous if which == "last" else following


def _near_day(match: re.Match[str], published: date | None) -> _Resolved:
    if published is None:
        return None
    word = match[0].lower()
    offset = -1 if word.startswith(("yesterday", "last night")) else 1 if word == "tomorrow" else 0
    day = published + timedelta(days=offset)
    return day, "day", day


def _near_period(match: re.Match[str], published: date | None) -> _Resolved:
    if published is None:
        return None
    step = {"last": -1, "previous": -1, "next": 1}.get(match["which"].lower(), 0)
    if match["unit"].lower() == "week":
        day = (published + timedelta(days=7 * step)).replace(day=1)
        return day, "month", day
    if match["unit"].lower() == "year":
        day = date(published.year + step, 1, 1)
        return day, "year", day
    day = _add_months(published.replace(day=1), step)
    return day, "month", day


def _ago(match: re.Match[str], published: date | None) -> _Resolved:
    if published is None:
        return None
    written = match["count"].lower()
    count = int(written) if written.isdigit() else _NUMBERS[written]
    match match["unit"].lower().rstrip("s"):
        case "day":
            day, precision = published - timedelta(days=count), "day"
        case "month":
            day, precision = _add_months(published.replace(day=1), -count), "month"
        case "year":
            day, precision = date(published.year - count, 1, 1), "year"
        case _:
            return None
    return day, precision, day  # type: ignore[return-value] # the three cases name a Precision


def _add_months(first: date, months: int) -> date:
    total = first.year * 12 + first.month - 1 + months
    return date(total // 12, total % 12 + 1, 1)


def _last(in_year: Callable[[int], date], published: date, slack: timedelta = timedelta(0)) -> date:
    """Return the latest such day on or before the publication, or a little after it."""
    this_year = in_year(published.year)
    return this_year if this_year <= published + slack else in_year(published.year - 1)


def _next(in_year: Callable[[int], date], published: date) -> date:
    this_year = in_year(published.year)
    return this_year if this_year >= published else in_year(published.year + 1)


def _compile(pattern: str, flags: re.RegexFlag = re.NOFLAG) -> re.Pattern[str]:
    return re.compile(pattern, flags)


_PATTERNS: Final[dict[str, tuple[re.Pattern[str], _Resolve]]] = {
    "iso": (_compile(r"\d{4}-\d\d-\d\d"), _iso_day),
    "month_day": (
        _compile(rf"{_MONTH}\s+(?P<day>\d{{1,2}})(?:st|nd|rd|th)?(?:,?\s+{_YEAR})?"),
        _calendar_day,
    ),
    "day_month": (
        _compile(rf"(?P<day>\d{{1,2}})(?:st|nd|rd|th)?\s+(?:of\s+)?{_MONTH}(?:,?\s+{_YEAR})?"),
        _calendar_day,
    ),
    # "May" and "March" are a verb and a name too often without the word before them or a year.
    "month": (
        _compile(rf"(?:in|since|last|this|late|early|mid-?|until|by)\s+{_MONTH}(?:,?\s+{_YEAR})?"),
        _calendar_month,
    ),
    "month_year": (_compile(rf"{_MONTH},?\s+{_YEAR}"), _calendar_month),
    "weekday": (_compile(rf"(?P<which>(?:[Ll]ast|[Nn]ext|[Cc]oming)\s+)?{_WEEKDAY}"), _week_day),
    "near_day": (
        _compile(
            r"(?i:yesterday|today|tonight|tomorrow|last night|this (?:morning|afternoon|evening))"
        ),
        _near_day,
    ),
    "near_period": (
        _compile(r"(?P<which>[Ll]ast|[Pp]revious|[Tt]his|[Nn]ext)\s+(?P<unit>week|month|year)"),
        _near_period,
    ),
    "ago": (
        _compile(
            rf"(?i:(?:about |nearly |almost )?{_COUNT}\s+(?P<unit>days?|months?|years?))\s+ago"
        ),
        _ago,
    ),
    "year": (
        _compile(rf"(?:(?:in|since|of|from|until|by|late|early|the)\s+){_YEAR}"),
        _calendar_year,
    ),
}
_EXPRESSIONS: Final = re.compile(
    "|".join(
        rf"(?P<{name}>\b(?:{re.sub(r'[(][?]P<[a-z]+>', '(?:', pattern.pattern)})(?!\w|-\d))"
        for name, (pattern, _) in _PATTERNS.items()
    )
)
