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

from include.eventwire.explorer.lake_state import DEFAULT_DAYS, LakeState
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

    def narrow(self, **changes: Any) -> Filters:
        """Return these filters with other values of some attributes."""
        return replace(self, **changes)

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


# Reports of one event have the same key: of the event that they are reports of, where the day was
# summarised, else their own, which is the same in every batch. Hashes, since a million texts would
# be compared; that two of a million are alike by chance happens once in forty million lakes.
_FOLDED: Final = (
    "(SELECT dt, hash(unnest(string_split(event_ids, ','))) AS event_key, "
    "hash(event_cluster_id) AS fold_key FROM event_clusters WHERE contains(event_ids, ','))"
)
FOLD_KEYS: Final = f"LEFT JOIN {_FOLDED} m ON m.dt = e.dt AND m.event_key = hash(e.event_id)"
FOLD_KEY: Final = "coalesce(m.fold_key, hash(e.event_id))"
# Articles that stand in several batches, so that their events do.
_REPEATED: Final = "(SELECT article_id FROM articles GROUP BY article_id HAVING count(*) > 1)"
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
        reports: A SELECT of all columns of the view `events`, with `dt` and `batch`: every report.
        is_folded: Whether reports of one event are to be one row.
        values: Values of its parameters, by name; all begin with `f_`.
        tables: The views that it needs.
        indexed: Those of them of which the columns of the index are enough, to choose and count.
    """

    reports: str
    is_folded: bool
    values: dict[str, Any]
    tables: tuple[str, ...]
    indexed: tuple[str, ...]

    @property
    def sql(self) -> str:
        """The same SELECT with one row an event, the first report, if they are to be folded."""
        if not self.is_folded:
            return self.reports
        # Most events have one report. Only the others are put in order: of a million that takes
        # more than all else.
        further = (
            f"SELECT e.dt, e.batch, e.event_id FROM ({self.reports}) e {FOLD_KEYS} "  # noqa: S608 - made of our own names
            f"WHERE m.fold_key IS NOT NULL OR e.article_id IN {_REPEATED} "
            f"OR hash(e.event_id) IN (SELECT fold_key FROM {_FOLDED}) "
            f"QUALIFY row_number() OVER (PARTITION BY {FOLD_KEY} "
            "ORDER BY e.dt, e.batch, e.article_id, e.event_index) > 1"
        )
        return (
            f"SELECT e.* FROM ({self.reports}) e ANTI JOIN ({further}) USING (dt, batch, event_id)"  # noqa: S608
        )

    @property
    def count_sql(self) -> str:
        """A SELECT of how many rows `sql` has."""
        if not self.is_folded:
            return f"SELECT count(*) FROM ({self.reports})"  # noqa: S608 - made of our own names
        return f"SELECT count(DISTINCT {FOLD_KEY}) FROM ({self.reports}) e {FOLD_KEYS}"  # noqa: S608


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
    joined = _join_articles(filters, values)
    where = f" WHERE {' AND '.join(conditions)}" if conditions else ""
    tables = ["events"]
    if joined:
        tables.append("articles")
    if filters.fold_duplicates:
        tables.append("event_clusters")
    return Selection(
        reports=f"SELECT e.* FROM events e{joined}{where}",  # noqa: S608 - values are parameters
        is_folded=filters.fold_duplicates,
        values=values,
        tables=tuple(tables),
        # Texts are not in the index.
        indexed=tuple(name for name in tables if not (name == "articles" and filters.text)),
    )


def _join_articles(filters: Filters, values: dict[str, Any]) -> str:
    """Return what of an article's fields decides; values of parameters go into `values`."""
    conditions = []
    if filters.publishers:
        conditions.append("a.publisher IN (SELECT unnest($f_publishers))")
        values["f_publishers"] = list(filters.publishers)
    if filters.text:
        # The words of an event stand in the text as well.
        conditions.append(
            "(contains(lower(a.headline), $f_text) OR contains(lower(a.text), $f_text))"
        )
        values["f_text"] = filters.text.lower()
    if not conditions:
        # Copies are few, and fewer still are coded.
        excluded = "SELECT a.article_id, a.dt FROM articles a WHERE NOT a.is_canonical"
        return f" ANTI JOIN ({excluded}) USING (article_id, dt)" if filters.fold_duplicates else ""
    if filters.fold_duplicates:
        conditions.append("a.is_canonical")
    chosen = f"SELECT a.article_id, a.dt FROM articles a WHERE {' AND '.join(conditions)}"  # noqa: S608 - values are parameters
    return f" SEMI JOIN ({chosen}) USING (article_id, dt)"


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
