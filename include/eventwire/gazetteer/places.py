"""Where a place is: country, and coordinates of a city or region that is known.

Of places that share a name, the larger wins, unless the article is about the other's country:
"Paris" is in France, "Birmingham" in an article about the United States is in Alabama, "Paris,
Texas" says so itself. A country has no coordinates: a point in its middle would be false precision.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import Final, Literal, TypeAlias

from include.eventwire.gazetteer.names import load_gazetteer
from include.eventwire.gazetteer.phrases import POSSESSIVE, split_words
from include.eventwire.gazetteer.tables import (
    GAZETTEER_FOLDER,
    collector_paused,
    make_slug,
    read_rows,
    split_cell,
)

PlaceKind: TypeAlias = Literal["country", "region", "city"]

# Weights are powers of ten of a population: a country outweighs every namesake that the article
# says nothing of; a region counts a tenth of its people, so that a big town comes before the region
# of its name; a foreign spelling is a worse guess than a namesake's own name.
_COUNTRY_WEIGHT: Final = 7.5
_REGION_PENALTY: Final = 1.0
_SPELLING_PENALTY: Final = 1.5
_CAPITAL_BONUS: Final = 1.5
_CONTEXT_BONUS: Final = 2.5
# With a namesake within a factor of five (10 ** 0.7) the point is not sure.
_SURE_MARGIN: Final = 0.7
_APART_DEGREES: Final = 1.0
_HAND_MADE_WEIGHT: Final = 7.2  # a row of places.csv: a region that the news name
_KIND_WORDS: Final = frozenset(
    {
        "province", "state", "region", "governorate", "oblast", "district", "county", "prefecture",
        "department", "territory", "island", "city", "town", "village", "municipality", "area",
        "peninsula", "borough", "parish", "suburb", "metropolitan",
    }
)  # fmt: skip
_TOWN_WORDS: Final = frozenset({"city", "town", "village", "municipality"})
_SMALL_KINDS: Final = _TOWN_WORDS | {"county", "parish", "borough", "suburb", "district"}
_DIRECTIONS: Final = frozenset(
    {
        "north", "south", "east", "west", "northern", "southern", "eastern", "western", "central",
        "northeastern", "northwestern", "southeastern", "southwestern", "northeast", "northwest",
        "southeast", "southwest", "upper", "lower", "greater", "downtown", "mainland", "rural",
        "nearby", "neighboring", "neighbouring",
    }
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Place:
    """A place of the gazetteer.

    Attributes:
        entity_id: Stable id ("country:FRA", "region:USA:texas", "geonames:2988507").
        name: Name to show.
        country_code: ISO 3166 alpha-3.
        latitude: Degrees north; None for a country, where the middle is not known, and where
            another place of that name is nearly as likely.
        longitude: Degrees east, likewise.
        kind: Country, region or city.
    """

    entity_id: str
    name: str
    country_code: str
    latitude: float | None
    longitude: float | None
    kind: PlaceKind


@dataclass(frozen=True, slots=True)
class _Candidate:
    place: Place
    weight: float
    region: str  # of a city: the key of its region


def resolve_place(
    name: str, *, countries: Collection[str] = (), regions: Collection[str] = ()
) -> Place | None:
    """Return the place that `name` means, or None when none is known.

    Args:
        name: A name of a place as printed; "Paris, Texas" is understood. A demonym is no place.
        countries: Codes of the countries that the article is about.
        regions: Names of the regions that the article names ("Texas").
    """
    return _resolve(name, frozenset(countries), frozenset(_key(region) for region in regions))


def find_context(text: str) -> tuple[frozenset[str], frozenset[str]]:
    """Return the countries and the regions that `text` names, for `resolve_place`.

    A country whose name is also a region's ("Georgia") tells nothing: it is what the context
    shall decide.
    """
    index = _load_index()
    countries: set[str] = set()
    regions: set[str] = set()
    for match in load_gazetteer().find(split_words(text)):
        entry = match.entry
        if entry.country_code is None or entry.kind not in {"country", "people", "place"}:
            continue
        if entry.kind == "place":
            regions.add(entry.name)
        elif any(
            candidate.place.kind == "region" and candidate.place.country_code != entry.country_code
            for candidate in index.get(_key(entry.name), ())
        ):
            continue
        countries.add(entry.country_code)
    return frozenset(countries), frozenset(regions)


@lru_cache(maxsize=20_000)
def _resolve(name: str, countries: frozenset[str], regions: frozenset[str]) -> Place | None:
    head, _, tail = name.partition(",")
    if tail and (place := _resolve_within(head, tail, countries)) is not None:
        return place

    candidates = _candidates(head.strip())
    if not candidates:
        return None

    def weigh(candidate: _Candidate) -> float:
        in_country = candidate.place.country_code in countries
        in_region = candidate.region in regions and candidate.region != _key(head)
        return candidate.weight + _CONTEXT_BONUS * (in_country + in_region)

    best, *rivals = sorted(candidates, key=weigh, reverse=True)
    if any(
        weigh(best) - weigh(rival) < _SURE_MARGIN and _are_apart(best, rival) for rival in rivals
    ):
        return replace(best.place, latitude=None, longitude=None)
    return best.place


def _are_apart(one: _Candidate, other: _Candidate) -> bool:
    """Return whether two places are far apart: a town and the region of its name are not."""
    a, b = one.place, other.place
    if other.region == _key(a.name) or one.region == _key(b.name):
        return False
    if a.latitude is None or a.longitude is None or b.latitude is None or b.longitude is None:
        return a.country_code != b.country_code
    return abs(a.latitude - b.latitude) + abs(a.longitude - b.longitude) > _APART_DEGREES


def _resolve_within(head: str, tail: str, countries: frozenset[str]) -> Place | None:
    """Return the place `head` that lies in the region or country `tail`."""
    around = _resolve(tail.strip(), countries, frozenset())
    if around is None:
        return None
    inside = [
        candidate
        for candidate in _candidates(head.strip())
        if candidate.place.country_code == around.country_code
        and candidate.place.kind != "country"
        and (around.kind == "country" or candidate.region == _key(around.name))
    ]
    return max(inside, key=lambda candidate: candidate.weight).place if inside else None


def _candidates(name: str) -> tuple[_Candidate, ...]:
    """Return what `name` may mean; words for its kind or side are left out where that helps."""
    index = _load_index()
    if name[:1].isupper() and (abbreviated := index.get(name)) is not None:
        return abbreviated
    words = _key(name).split()
    if not words or not (name[0].isupper() or words[0] in _DIRECTIONS):
        return ()
    if (found := index.get(" ".join(words))) is not None:
        return found
    kind = ""
    if words[0] in _DIRECTIONS:
        found = index.get(" ".join(words[1:]), ())
    elif len(words) > 2 and words[0] in _KIND_WORDS and words[1] == "of":
        kind, found = words[0], index.get(" ".join(words[2:]), ())
    elif words[-1] in _KIND_WORDS:
        kind, found = words[-1], index.get(" ".join(words[:-1]), ())
    else:
        return ()
    if kind in _SMALL_KINDS:
        found = tuple(candidate for candidate in found if candidate.place.kind != "country")
    if kind == "county":  # more of them are in the United States than anywhere else
        found = tuple(c for c in found if c.place.country_code == "USA") or found
    return found if kind in _TOWN_WORDS else tuple(_without_point(c) for c in found)


def _without_point(candidate: _Candidate) -> _Candidate:
    """Return the candidate for a part of the place or an area named after it, without the point."""
    place = candidate.place
    if place.kind == "region":
        return candidate
    area = replace(place, latitude=None, longitude=None, kind="region")
    return replace(candidate, place=area if place.kind == "city" else place)


@lru_cache(maxsize=50_000)
def _key(name: str) -> str:
    if name.isascii() and name.isalpha():  # nine names in ten
        return name.lower()
    return " ".join(word.key for word in split_words(name) if word.key != POSSESSIVE)


@lru_cache(maxsize=1)
def _load_index() -> dict[str, tuple[_Candidate, ...]]:
    """Return the project's places, read once per process."""
    with collector_paused():
        return _read_index(GAZETTEER_FOLDER)


def _read_index(folder: Path) -> dict[str, tuple[_Candidate, ...]]:
    """Return what each name may mean; nothing for a name of no one country ("Asia")."""
    index: dict[str, list[_Candidate]] = {}
    capitals: set[tuple[str, str]] = set()
    for reader in (_countries(folder, capitals), _hand_made(folder), _regions(folder)):
        for key, candidate in reader:
            index.setdefault(key, []).append(candidate)
    for key, candidate in _cities(folder, capitals):
        index.setdefault(key, []).append(candidate)
    found = {key: _drop_pointless(candidates) for key, candidates in index.items()}
    for _, row in read_rows(folder / "places.csv"):
        if not row["country_code"]:
            found[_key(row["term"])] = ()
    for _, row in read_rows(folder / "region_abbreviations.csv"):
        found[row["abbreviation"]] = tuple(
            candidate
            for candidate in found[_key(row["region"])]
            if candidate.place.kind == "region"
            and candidate.place.country_code == row["country_code"]
        )
    return found


def _drop_pointless(candidates: list[_Candidate]) -> tuple[_Candidate, ...]:
    """Return the candidates without rows of places.csv that another one places better."""
    located = {c.place.country_code for c in candidates if c.place.latitude is not None}
    return tuple(
        candidate
        for candidate in candidates
        if not candidate.place.entity_id.startswith("place:")
        or candidate.place.latitude is not None
        or candidate.place.country_code not in located
    )


def _countries(folder: Path, capitals: set[tuple[str, str]]) -> Iterator[tuple[str, _Candidate]]:
    for _, row in read_rows(folder / "countries.csv"):
        code = row["code"]
        capitals.update((code, _key(capital)) for capital in split_cell(row["governments"]))
        place = Place(f"country:{code}", row["name"], code, None, None, "country")
        for name in [row["name"], *split_cell(row["other_names"])]:
            yield _key(name), _Candidate(place, _COUNTRY_WEIGHT, "")


def _hand_made(folder: Path) -> Iterator[tuple[str, _Candidate]]:
    for _, row in read_rows(folder / "places.csv"):
        if not row["country_code"] or row["kind"] == "people":
            continue
        kind: PlaceKind = "country" if row["kind"] == "historical_state" else "region"
        place = Place(
            f"place:{make_slug(row['term'])}", row["term"], row["country_code"], *_point(row), kind,
        )  # fmt: skip
        yield _key(row["term"]), _Candidate(place, _HAND_MADE_WEIGHT, "")


def _regions(folder: Path) -> Iterator[tuple[str, _Candidate]]:
    for _, row in read_rows(folder / "regions.csv"):
        code = row["country_code"]
        place = Place(
            f"region:{code}:{make_slug(row['name'])}", row["name"], code,
            *_point(row), "region",
        )  # fmt: skip
        weight = math.log10(int(row["population"])) - _REGION_PENALTY
        for name in [row["name"], *split_cell(row["other_names"])]:
            yield _key(name), _Candidate(place, weight, "")


def _cities(folder: Path, capitals: set[tuple[str, str]]) -> Iterator[tuple[str, _Candidate]]:
    for _, row in read_rows(folder / "cities.csv"):
        code, name = row["country_code"], row["name"]
        place = Place(
            f"geonames:{row['geonames_id']}", name, code, *_point(row), "city",
        )  # fmt: skip
        weight = math.log10(int(row["population"]) + 1)
        region, key = _key(row["region"]), _key(name)
        others = [_key(other) for other in split_cell(row["other_names"])]
        if capitals.intersection((code, name) for name in (key, *others)):
            capitals.difference_update((code, name) for name in (key, *others))
            weight += _CAPITAL_BONUS
        yield key, _Candidate(place, weight, region)
        for other in others:
            yield other, _Candidate(place, weight, region)
        for spelling in split_cell(row["spellings"]):
            yield _key(spelling), _Candidate(place, weight - _SPELLING_PENALTY, region)


def _point(row: dict[str, str]) -> tuple[float | None, float | None]:
    """Return latitude and longitude of a row; neither unless it has both."""
    if not row["latitude"] or not row["longitude"]:
        return None, None
    return float(row["latitude"]), float(row["longitude"])
