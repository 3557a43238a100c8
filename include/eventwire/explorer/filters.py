"""What the pages are narrowed by: read from an address, written to one, and as SQL.

The address of a page is the link that restores its view, so all that can be chosen stands in it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlencode

from include.eventwire.explorer.lake_reading import DEFAULT_DAYS, LakeState
from include.eventwire.explorer.meanings import codebook_choices

if TYPE_CHECKING:
    from starlette.requests import Request

MOST_VALUES: Final = 50
MOST_CHARS: Final = 200
_COUNTRY: Final = re.compile(r"[A-Z]{3}")


class FilterError(ValueError):
    """An address asks for what cannot be; the message names the part and what it may be."""


@dataclass(frozen=True, slots=True)
class Filters:
    """What is shown. An empty tuple or text narrows nothing.

    Attributes:
        first_day: First day of the batches that are looked at.
        last_day: Last day of them.
        publishers: Codes of publishers.
        event_types: PLOVER types.
        event_modes: PLOVER modes.
        quad_classes: Quad classes, in words.
        realis: Values of realis.
        actor_countries: Codes of countries (or IGO, NGO, IMG, MNC), one of which is an actor's.
        recipient_countries: The same of recipients.
        place_countries: Countries in one of which the event takes place.
        least_confidence: Least probability that the type is right; 0 lets those without pass.
        text: What must stand in the headline or the text of the article; case does not matter.
        fold_duplicates: Whether several reports of an event are one row.
    """

    first_day: date
    last_day: date
    publishers: tuple[str, ...] = ()
    event_types: tuple[str, ...] = ()
    event_modes: tuple[str, ...] = ()
    quad_classes: tuple[str, ...] = ()
    realis: tuple[str, ...] = ()
    actor_countries: tuple[str, ...] = ()
    recipient_countries: tuple[str, ...] = ()
    place_countries: tuple[str, ...] = ()
    least_confidence: float = 0.0
    text: str = ""
    fold_duplicates: bool = True

    def __post_init__(self) -> None:
        """Refuse a period that ends before it begins."""
        if self.first_day > self.last_day:
            raise FilterError(
                f"from={self.first_day} lies after to={self.last_day}; exchange the two days"
            )

    @property
    def has_more(self) -> bool:
        """Whether anything is chosen that few people choose, so that the form shows it."""
        rare = (self.quad_classes, self.event_modes, self.realis, self.place_countries)
        return (
            any(rare)
            or bool(self.publishers or self.least_confidence)
            or (not self.fold_duplicates)
        )

    def to_query(self, **changes: Any) -> str:
        """Return the filters as the query of an address, days always among them.

        Args:
            **changes: Attributes that the address has other values of.
        """
        changed = replace(self, **changes) if changes else self
        pairs: list[tuple[str, str]] = [
            ("from", changed.first_day.isoformat()),
            ("to", changed.last_day.isoformat()),
        ]
        for name, attribute in _LISTS.items():
            pairs += [(name, value) for value in getattr(changed, attribute)]
        if changed.least_confidence:
            pairs.append(("confidence", f"{changed.least_confidence:g}"))
        if changed.text:
            pairs.append(("text", changed.text))
        if not changed.fold_duplicates:
            pairs.append(("fold", "no"))
        return urlencode(pairs)


# Events and the one that each is a report of.
_MEMBERS: Final = (
    "SELECT DISTINCT dt, unnest(string_split(event_ids, ',')) AS event_id, event_cluster_id "
    "FROM event_clusters"
)
# Names in an address, and the attributes that they stand for.
_LISTS: Final = {
    "publisher": "publishers",
    "type": "event_types",
    "mode": "event_modes",
    "quad": "quad_classes",
    "realis": "realis",
    "actor": "actor_countries",
    "recipient": "recipient_countries",
    "place": "place_countries",
}


@dataclass(frozen=True, slots=True)
class Selection:
    """The events that filters choose, as SQL.

    Attributes:
        sql: A SELECT of all columns of the view `events`, with `dt` and `batch`.
        values: Values of its parameters, by name; all begin with `f_`.
        tables: The views that it needs.
    """

    sql: str
    values: dict[str, Any]
    tables: tuple[str, ...]


def read_filters(request: Request) -> Filters:
    """Return the filters that the address of a request asks for.

    Where it names no days, they are the last 30 that the lake has.

    Raises:
        FilterError: The address asks for what cannot be.
        EmptyLakeError: It names no days, and the lake has none.
        LakeError: The lake cannot be read.
    """
    return parse_filters(request.query_params.multi_items(), request.app.state.reader.state)


def parse_filters(
    query: Iterable[tuple[str, str]], look_at_lake: Callable[[], LakeState]
) -> Filters:
    """Return the filters that the parts of a query ask for.

    Args:
        query: Names and values; names that are no filters are left to others, empty values too.
        look_at_lake: Tells what is published; asked when a day is missing.

    Raises:
        FilterError: The query asks for what cannot be.
        EmptyLakeError: It names no days, and the lake has none.
        LakeError: The lake cannot be read.
    """
    values: dict[str, list[str]] = {}
    for name, value in query:
        if value.strip():
            values.setdefault(name, []).append(value.strip())
    lists = {attribute: _list(values, name) for name, attribute in _LISTS.items()}
    first, last = _choose_days(_day(values, "from"), _day(values, "to"), look_at_lake)
    return Filters(
        first_day=first,
        last_day=last,
        **lists,
        least_confidence=_confidence(values),
        text=_text(values),
        fold_duplicates=_one(values, "fold", "yes", ("yes", "no")) == "yes",
    )


def select_events(filters: Filters) -> Selection:
    """Return SQL of the events that the filters choose, within the days that the views have."""
    conditions: list[str] = []
    values: dict[str, Any] = {}

    def add(condition: str, **named: Any) -> None:
        conditions.append(condition)
        values.update(named)

    for column, chosen in (
        ("event_type", filters.event_types),
        ("event_mode", filters.event_modes),
        ("quad_class", filters.quad_classes),
        ("realis", filters.realis),
        ("place_country", filters.place_countries),
    ):
        if chosen:
            add(f"e.{column} IN (SELECT unnest($f_{column}))", **{f"f_{column}": list(chosen)})
    for column, countries in (
        ("actor_codes", filters.actor_countries),
        ("recipient_codes", filters.recipient_countries),
    ):
        if countries:
            pattern = rf"(^|\|)({'|'.join(countries)})(\.|\||$)"
            add(f"regexp_matches(e.{column}, $f_{column})", **{f"f_{column}": pattern})
    if filters.least_confidence > 0:
        add("e.confidence >= $f_confidence", f_confidence=filters.least_confidence)
    articles = _article_conditions(filters, values)
    joined = ""
    if articles:
        joined = (
            " SEMI JOIN (SELECT a.article_id, a.dt, a.batch FROM articles a "  # noqa: S608 - values are parameters, names ours
            f"WHERE {' AND '.join(articles)}) USING (article_id, dt, batch)"
        )
    where = f" WHERE {' AND '.join(conditions)}" if conditions else ""
    tables = ("events", *(("articles",) if articles else ()))
    if not filters.fold_duplicates:
        return Selection(f"SELECT e.* FROM events e{joined}{where}", values, tables)  # noqa: S608 - the same
    # Reports of one event that were told to be so; else an event that stands in several batches.
    # The first report that the filters let through stands for all.
    folded = (
        f"SELECT e.* FROM events e{joined} LEFT JOIN ({_MEMBERS}) m USING (dt, event_id){where} "  # noqa: S608 - the same
        "QUALIFY row_number() OVER (PARTITION BY coalesce(m.event_cluster_id, e.event_id) "
        "ORDER BY e.dt, e.batch, e.article_id, e.event_index) = 1"
    )
    return Selection(folded, values, (*tables, "event_clusters"))


def _choose_days(
    first: date | None, last: date | None, look_at_lake: Callable[[], LakeState]
) -> tuple[date, date]:
    """Return both days; of a period with one open end the other is chosen by what the lake has."""
    if first is not None and last is not None:
        return first, last
    if last is not None:
        return last - timedelta(days=DEFAULT_DAYS - 1), last
    default_first, default_last = look_at_lake().default_days()
    if first is not None:
        return first, max(first, default_last)
    return default_first, default_last


def _article_conditions(filters: Filters, values: dict[str, Any]) -> list[str]:
    conditions = []
    if filters.fold_duplicates:
        conditions.append("a.is_canonical")
    if filters.publishers:
        conditions.append("a.publisher IN (SELECT unnest($f_publishers))")
        values["f_publishers"] = list(filters.publishers)
    if filters.text:
        # The words of an event stand in the text as well.
        conditions.append(
            "(contains(lower(a.headline), $f_text) OR contains(lower(a.text), $f_text))"
        )
        values["f_text"] = filters.text.lower()
    return conditions


def _list(values: dict[str, list[str]], name: str) -> tuple[str, ...]:
    written = values.get(name, [])
    if name != "publisher":  # whose codes are not ours
        written = [part.strip() for value in written for part in value.split(",")]
    found = tuple(dict.fromkeys(value for value in written if value))
    if len(found) > MOST_VALUES:
        raise FilterError(f"{name}: {len(found)} values; name {MOST_VALUES} at most")
    if name in ("actor", "recipient", "place"):
        found = tuple(value.upper() for value in found)
    for value in found:
        _check_value(name, value)
    return found


def _check_value(name: str, value: str) -> None:
    if name in ("actor", "recipient", "place"):
        if not _COUNTRY.fullmatch(value):
            raise FilterError(
                f"{name}={value[:MOST_CHARS]!r} is no code of a country of three letters, such as "
                "FRA; see ISO 3166"
            )
        return
    choices = () if name == "publisher" else codebook_choices(name)
    if choices and value not in choices:
        raise FilterError(
            f"{name}={value[:MOST_CHARS]!r} is not in the codebook; choose of {', '.join(choices)}"
        )
    if len(value) > MOST_CHARS:
        raise FilterError(f"{name}: longer than {MOST_CHARS} characters")


def _day(values: dict[str, list[str]], name: str) -> date | None:
    written = values.get(name)
    if not written:
        return None
    try:
        return date.fromisoformat(written[-1])
    except ValueError as error:
        raise FilterError(
            f"{name}={written[-1][:MOST_CHARS]!r} is no day such as 2018-04-24"
        ) from error


def _confidence(values: dict[str, list[str]]) -> float:
    written = values.get("confidence", ["0"])[-1]
    try:
        confidence = float(written)
    except ValueError:
        confidence = -1.0
    if not 0 <= confidence <= 1:
        raise FilterError(f"confidence={written[:MOST_CHARS]!r} is no number from 0 to 1")
    return confidence


def _text(values: dict[str, list[str]]) -> str:
    text = values.get("text", [""])[-1]
    if len(text) > MOST_CHARS:
        raise FilterError(f"text: longer than {MOST_CHARS} characters; search for less")
    return text


def _one(values: dict[str, list[str]], name: str, default: str, choices: Sequence[str]) -> str:
    value = values.get(name, [default])[-1]
    if value not in choices:
        raise FilterError(f"{name}={value[:MOST_CHARS]!r} must be {' or '.join(choices)}")
    return value
