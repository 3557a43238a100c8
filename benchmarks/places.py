"""Measures `resolve_place` on news whose places were resolved by people.

    python -m benchmarks.places [--evaluation FOLDER] [--misses]

The sets are `geo/*.jsonl`, outside the project; one that is absent is skipped, saying so. The
country is scored where the set names it. The countries and regions that the article names are the
context. Demonyms are left out: they are no places. Coordinates count as right within 161 km, as
the sets' authors count.
"""

from __future__ import annotations

import argparse
import json
import math
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from include.eventwire.gazetteer.names import load_gazetteer
from include.eventwire.gazetteer.phrases import split_words
from include.eventwire.gazetteer.places import Place, find_context, resolve_place

EVALUATION = Path(__file__).parents[2] / "shared" / "eval"
SETS = ("trnews", "lgl", "geowebnews", "geovirus")
NEAR_KM = 161.0
# Labels of GeoWebNews that are not places: demonyms, languages, homonyms and common nouns.
NO_PLACES = frozenset(
    {"Demonym", "Language", "Homonym", "Non_Toponym", "Non_Lit_Expression", "Literal_Expression"}
)


@dataclass(frozen=True)
class Case:
    """A place in an article, with the true point, the country where the set names it."""

    name: str
    countries: frozenset[str]
    regions: frozenset[str]
    latitude: float
    longitude: float
    country: str | None


def read_cases(path: Path) -> Iterator[Case]:
    """Yield the places of a set that have a point and are not demonyms."""
    for line in path.read_text(encoding="utf-8").split("\n"):
        if not line:
            continue
        row = json.loads(line)
        countries, regions = find_context(row["text"])
        for entity in row["entities"]:
            if entity["lat"] is None or entity["label"] in NO_PLACES or is_demonym(entity["text"]):
                continue
            country = resolve_place(entity["country"]) if entity.get("country") else None
            yield Case(
                entity["text"], countries, regions, entity["lat"], entity["lon"],
                country.country_code if country else None,
            )  # fmt: skip


def is_demonym(name: str) -> bool:
    """Return whether a name stands for the people of a country."""
    words = split_words(name)
    return any(
        match.entry.kind == "people" and len(words) == match.end - match.start
        for match in load_gazetteer().find(words)
    )


def _kilometres(lat: float, lon: float, lat2: float, lon2: float) -> float:
    east = math.cos(math.radians((lat + lat2) / 2)) * (lon - lon2)
    return 111.2 * math.hypot(lat - lat2, east)


def report(name: str, cases: list[Case], *, misses: bool) -> None:
    """Print how many places are known, and of those how many are right."""
    started = time.perf_counter()
    places = [
        resolve_place(case.name, countries=case.countries, regions=case.regions) for case in cases
    ]
    cost = (time.perf_counter() - started) / len(cases) * 1e6
    found = [(case, place) for case, place in zip(cases, places, strict=True) if place]
    scored = [(case, place) for case, place in found if case.country is not None]
    right = [case.country == place.country_code for case, place in scored]
    pointed = [(case, place) for case, place in found if place.latitude is not None]
    near = [_is_near(case, place) for case, place in pointed]
    print(
        f"{name}: {len(cases)} places, found {len(found) / len(cases):.3f}, "
        f"country right {_share(right)} of {len(right)}, "
        f"within {NEAR_KM:.0f} km {_share(near)} of {len(near)}; {cost:.0f} microseconds each"
    )
    if misses:
        print("  not found:", Counter(c.name for c, p in zip(cases, places, strict=True) if not p))
        wrong = Counter(
            (case.name, case.country, place.country_code)
            for case, place in scored
            if case.country != place.country_code
        )
        print("  wrong country:", wrong)
        far = Counter((c.name, p.entity_id) for c, p in pointed if not _is_near(c, p))
        print("  far:", far)


def score(cases: list[Case]) -> str:
    """Return the share of the places that are found whose country is right."""
    found = [
        (case, resolve_place(case.name, countries=case.countries, regions=case.regions))
        for case in cases
        if case.country is not None
    ]
    return _share([case.country == place.country_code for case, place in found if place])


def _is_near(case: Case, place: Place) -> bool:
    assert place.latitude is not None
    assert place.longitude is not None
    distance = _kilometres(case.latitude, case.longitude, place.latitude, place.longitude)
    return distance <= NEAR_KM


def _share(right: list[bool]) -> str:
    return f"{sum(right) / len(right):.3f}" if right else "-"


def main() -> None:
    """Measure on every set that is there."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--evaluation", type=Path, default=EVALUATION, help="folder of the sets")
    parser.add_argument("--misses", action="store_true", help="print the places that are wrong")
    options = parser.parse_args()
    resolve_place("Russia")  # loads the gazetteer
    for name in SETS:
        path = options.evaluation / "geo" / f"{name}.jsonl"
        if path.exists():
            report(name, list(read_cases(path)), misses=options.misses)
        else:
            print(f"{name}: skipped, {path} is not there")


if __name__ == "__main__":
    main()
