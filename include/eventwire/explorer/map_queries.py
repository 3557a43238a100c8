"""Events by the country of their place, and points where the place is a town that is known.

A country has no point, and neither has a region, whose coordinates are the middle of its towns:
only those of a town of the gazetteer are shown as a point. What is known less well is counted.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Final, Literal

from include.eventwire.explorer.filters import Selection
from include.eventwire.explorer.lake_reading import Connection
from include.eventwire.gazetteer.tables import GAZETTEER_FOLDER, read_rows

Precision = Literal["town", "region", "country", "unknown", "none"]

# The scale of explorer.css has five colours.
N_CLASSES: Final = 5
_MOST_POINTS: Final = 2_000
# The first of these whose fifth power is above the largest number gives the classes: 1 to 2,
# 3 to 8, 9 to 26 ...
_BASES: Final = (2, 3, 5, 10, 20, 50, 100)
_PLACES: Final = """
    SELECT place_country, place_name, latitude, longitude, place_text IS NOT NULL, count(*)
    FROM ({events}) GROUP BY ALL
"""

Town = tuple[str, str, float, float]


@dataclass(frozen=True, slots=True)
class Point:
    """The events in one town.

    Attributes:
        latitude: Degrees north.
        longitude: Degrees east.
    """

    name: str
    country: str
    latitude: float
    longitude: float
    n_events: int


@dataclass(frozen=True, slots=True)
class EventMap:
    """Where the events are, as far as it is known.

    Attributes:
        countries: Number of events by the country of their place, the most first.
        points: The towns with the most events.
        n_points: How many towns there are.
        precisions: Number of events by how well their place is known: `town`; `region`, with
            coordinates that are no town's; `country` alone; `unknown`, words for a place that the
            gazetteer does not have; `none`, no place is named.
    """

    countries: Mapping[str, int]
    points: tuple[Point, ...]
    n_points: int
    precisions: Mapping[Precision, int]

    @property
    def n_events(self) -> int:
        """All events, those without a place too."""
        return sum(self.precisions.values())

    @property
    def n_placed(self) -> int:
        """Events whose country is known."""
        return sum(self.countries.values())


@dataclass(frozen=True, slots=True)
class Class:
    """Numbers that have the same colour, both ends included."""

    least: int
    most: int


def read_map(connection: Connection, selection: Selection) -> EventMap:
    """Return where the chosen events are.

    Args:
        connection: Has the views that the selection needs.
        selection: The chosen events.
    """
    rows = connection.execute(_PLACES.format(events=selection.sql), selection.values).fetchall()
    countries: Counter[str] = Counter()
    precisions: Counter[Precision] = Counter()
    points: Counter[Town] = Counter()
    for country, name, latitude, longitude, is_named, n_events in rows:
        town = (country, name, latitude, longitude)
        precision = _find_precision(country, latitude, town in load_towns(), is_named=is_named)
        precisions[precision] += n_events
        if country is not None:
            countries[country] += n_events
        if precision == "town":
            points[town] += n_events
    most = sorted(points.items(), key=lambda entry: (-entry[1], entry[0]))
    return EventMap(
        countries=dict(sorted(countries.items(), key=lambda entry: (-entry[1], entry[0]))),
        points=tuple(
            Point(name, country, latitude, longitude, n_events)
            for (country, name, latitude, longitude), n_events in most[:_MOST_POINTS]
        ),
        n_points=len(most),
        precisions={
            name: precisions[name] for name in ("town", "region", "country", "unknown", "none")
        },
    )


def make_log_classes(counts: Iterable[int]) -> tuple[Class, ...]:
    """Return classes each of which is as many times as wide as the one before."""
    largest = max(counts, default=0)
    base = next((base for base in _BASES if base**N_CLASSES > largest), _BASES[-1])
    return tuple(
        Class(
            base**number,
            max(base ** (number + 1) - 1, largest if number == N_CLASSES - 1 else 0),
        )
        for number in range(N_CLASSES)
        if base**number <= largest
    )


def make_quantile_classes(counts: Iterable[int]) -> tuple[Class, ...]:
    """Return classes that hold about as many countries each; equal numbers are never parted."""
    numbers = sorted(counts)
    ends = {
        numbers[max(0, -(-len(numbers) * part // N_CLASSES) - 1)]
        for part in range(1, N_CLASSES + 1)
        if numbers
    }
    classes = []
    least = 1
    for end in sorted(ends):
        classes.append(Class(least, end))
        least = end + 1
    return tuple(classes)


def class_of(number: int, classes: Iterable[Class]) -> int | None:
    """Return the class of a number, from 0; None for one in none of them."""
    found = (place for place, one in enumerate(classes) if one.least <= number <= one.most)
    return next(found, None)


@cache
def load_towns() -> frozenset[Town]:
    """Return the towns of the gazetteer: country, name, latitude and longitude."""
    return frozenset(
        (row["country_code"], row["name"], float(row["latitude"]), float(row["longitude"]))
        for _, row in read_rows(GAZETTEER_FOLDER / "cities.csv")
        if row["latitude"] and row["longitude"]
    )


def _find_precision(
    country: str | None, latitude: float | None, is_town: bool, *, is_named: bool
) -> Precision:
    if is_town:
        return "town"
    if latitude is not None:
        return "region"
    if country is not None:
        return "country"
    return "unknown" if is_named else "none"
