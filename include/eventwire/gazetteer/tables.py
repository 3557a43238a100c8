"""The gazetteer's tables, `include/resources/gazetteer/*.csv`, read and checked row by row.

Every file is a table that can be read and changed by hand; `README.md` beside them says what each
column means. A row that cannot be right (unknown code, no name, dates reversed) is an error that
names file and line.
"""

from __future__ import annotations

import csv
import gc
import re
from calendar import monthrange
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Final, Literal, TypeAlias

from include.eventwire.gazetteer.phrases import split_words

Kind: TypeAlias = Literal[
    "country", "people", "government", "place", "city", "group", "role", "person", "body"
]
Strength: TypeAlias = Literal["strong", "weak", "modifier", ""]

GAZETTEER_FOLDER: Final = Path(__file__).parents[2] / "resources" / "gazetteer"

# PLOVER 2.0, as the coding guidelines of the project use it.
SECTORS: Final = frozenset(
    {
        "GOV", "MIL", "COP", "JUD", "LEG", "PTY", "OPP", "REB", "SPY", "UAF", "PRM", "CVL", "BUS",
        "JRN", "EDU", "LAB", "REL", "CRM", "ELI", "MED", "NGO", "IGO", "REF",
    }
)  # fmt: skip
SUPRANATIONAL: Final = frozenset({"IGO", "NGO", "IMG", "MNC"})
BODY_KINDS: Final = frozenset(
    {
        "igo", "ngo", "company", "armed_group", "party", "parliament", "ministry", "agency",
        "security_force", "police", "court", "media", "union", "church", "school", "movement",
    }
)  # fmt: skip
PLACE_KINDS: Final = frozenset(
    {"region", "breakaway", "historical_state", "people", "group", "seat", "parliament"}
)
# Smaller cities are places of events, hardly ever actors; their names are common words too often.
ACTOR_CITY_POPULATION: Final = 100_000

# Cities whose name opens a phrase more often as a word of English.
_WORDS_NOT_CITIES: Final = frozenset(
    {
        "split", "surprise", "man", "van", "orange", "tour", "mobile", "oral", "enterprise",
        "independence", "reading", "sour", "male", "hub", "salt", "billings", "lira", "pare",
        "erode", "shaping", "ann", "nice",
    }
)  # fmt: skip

_CODE: Final = re.compile(r"[A-Z]{3}")
_DATE: Final = re.compile(r"(\d{4})(?:-(\d\d)(?:-(\d\d))?)?")


class GazetteerError(ValueError):
    """A row of a gazetteer file cannot be right; the message names file, line and remedy."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing that a name stands for.

    Attributes:
        entity_id: Stable readable id ("country:CHN", "person:xi-jinping"); empty for a role.
        name: Name to show.
        kind: What the name is; "people" is an adjective or the nationals of a country.
        country_code: ISO 3166 alpha-3, or IGO, NGO, IMG, MNC; None when the name tells none.
        sector_code: PLOVER sector, or None.
        strength: Of a role: "strong" decides the sector, "weak" gives way to the body or role
            named before it, "modifier" only colours a weak one.
        office: Of a person: the office held ("prime minister").
        valid_from: First day on which the row holds, or None.
        valid_to: Last day on which the row holds, or None.
    """

    entity_id: str
    name: str
    kind: Kind
    country_code: str | None
    sector_code: str | None = None
    strength: Strength = ""
    office: str = ""
    valid_from: date | None = None
    valid_to: date | None = None

    def holds_on(self, day: date) -> bool:
        """Return whether `day` lies within the validity of the row."""
        return (self.valid_from or day) <= day <= (self.valid_to or day)


def read_names(folder: Path) -> Iterator[tuple[str, Entry]]:
    """Yield every name in the tables of `folder` with what it stands for.

    Raises:
        GazetteerError: A row cannot be right; the message names file and line.
    """
    known = set(SUPRANATIONAL)
    for name, entry in _countries(folder / "countries.csv"):
        known.add(entry.country_code or "")
        yield name, entry
    yield from _places(folder / "places.csv", known)
    yield from _regions(folder / "regions.csv", known)
    yield from _cities(folder / "cities.csv", known)
    yield from _roles(folder / "roles.csv")
    yield from _bodies(folder / "bodies.csv", known)
    yield from _persons(folder / "persons.csv", known)


def read_rows(path: Path) -> Iterator[tuple[str, dict[str, str]]]:
    """Yield the rows of a table, each with its place for messages ("roles.csv:17").

    Raises:
        GazetteerError: A row has more or fewer fields than the header.
    """
    with path.open(encoding="utf-8", newline="") as file:
        reader = csv.DictReader(file)
        for row in reader:
            where = f"{path.name}:{reader.line_num}"
            if None in row or None in row.values():
                raise GazetteerError(f"{where}: the row has not as many fields as the header")
            yield where, row


def split_cell(cell: str) -> list[str]:
    """Return the names in a cell, which semicolons part."""
    return [part.strip() for part in cell.split(";") if part.strip()]


@contextmanager
def collector_paused() -> Iterator[None]:
    """Stop the collector of cyclic garbage meanwhile: it halves the loading, and finds nothing."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


@lru_cache(maxsize=1)  # the rows of one person stand together
def make_slug(name: str) -> str:
    """Return `name` in lower-case words with hyphens, for an entity's id."""
    return "-".join(word.key for word in split_words(name) if word.key.isalnum())


def _countries(path: Path) -> Iterator[tuple[str, Entry]]:
    kinds: tuple[tuple[str, Kind], ...] = (
        ("name", "country"), ("other_names", "country"), ("people", "people"),
        ("governments", "government"),
    )  # fmt: skip
    for where, row in read_rows(path):
        code = _checked_code(row["code"], None, where)
        for column, kind in kinds:
            entry = Entry(f"country:{code}", row["name"], kind, code)
            for name in split_cell(row[column]):
                yield name, entry


def _places(path: Path, known: Collection[str]) -> Iterator[tuple[str, Entry]]:
    for where, row in read_rows(path):
        if row["kind"] not in PLACE_KINDS:
            raise GazetteerError(
                f"{where}: kind is {row['kind']!r}; use one of {sorted(PLACE_KINDS)}"
            )
        code = _checked_code(row["country_code"], known, where) if row["country_code"] else None
        kind: Kind = "people" if row["kind"] == "people" else "place" if code else "group"
        sector = "LEG" if row["kind"] == "parliament" else None
        start, end = _validity(row, where)
        entity_id = f"place:{make_slug(row['term'])}"
        yield (
            row["term"],
            Entry(entity_id, row["term"], kind, code, sector, valid_from=start, valid_to=end),
        )


def _regions(path: Path, known: Collection[str]) -> Iterator[tuple[str, Entry]]:
    for where, row in read_rows(path):
        code = _checked_code(row["country_code"], known, where)
        entry = Entry(f"region:{code}:{make_slug(row['name'])}", row["name"], "place", code)
        for name in [row["name"], *split_cell(row["other_names"])]:
            yield name, entry


def _cities(path: Path, known: Collection[str]) -> Iterator[tuple[str, Entry]]:
    """Yield the big cities; the table is sorted by population, the largest first."""
    for where, row in read_rows(path):
        if int(row["population"]) < ACTOR_CITY_POPULATION:
            return
        code = _checked_code(row["country_code"], known, where)
        entry = Entry(f"geonames:{row['geonames_id']}", row["name"], "city", code)
        names = [row["name"], *split_cell(row["other_names"]), *split_cell(row["spellings"])]
        for name in names:
            if name.lower() not in _WORDS_NOT_CITIES:
                yield name, entry


def _roles(path: Path) -> Iterator[tuple[str, Entry]]:
    strengths: dict[str, Strength] = {"strong": "strong", "weak": "weak", "modifier": "modifier"}
    for where, row in read_rows(path):
        strength = strengths.get(row["strength"])
        if strength is None:
            raise GazetteerError(
                f"{where}: strength is {row['strength']!r}; use one of {sorted(strengths)}"
            )
        sector = _checked_sector(row["sector_code"], where)
        entry = Entry("", row["role"], "role", None, sector, strength)
        yield row["role"], entry
        if strength != "modifier" and (plural := _plural(row["role"])) is not None:
            yield plural, entry


def _bodies(path: Path, known: Collection[str]) -> Iterator[tuple[str, Entry]]:
    for where, row in read_rows(path):
        if row["kind"] not in BODY_KINDS:
            raise GazetteerError(
                f"{where}: kind is {row['kind']!r}; use one of {sorted(BODY_KINDS)}"
            )
        code = _checked_code(row["country_code"], known, where) if row["country_code"] else None
        sector = _checked_sector(row["sector_code"], where) if row["sector_code"] else None
        start, end = _validity(row, where)
        entity_id = f"{row['kind']}:{make_slug(row['name'])}"
        entry = Entry(entity_id, row["name"], "body", code, sector, valid_from=start, valid_to=end)
        for name in [row["name"], *split_cell(row["other_names"])]:
            yield name, entry


def _persons(path: Path, known: Collection[str]) -> Iterator[tuple[str, Entry]]:
    for where, row in read_rows(path):
        code = _checked_code(row["country_code"], known, where)
        start, end = _validity(row, where)
        sector = _checked_sector(row["sector_code"], where)
        entity_id = f"person:{make_slug(row['name'])}"
        entry = Entry(
            entity_id, row["name"], "person", code, sector,
            office=row["office"], valid_from=start, valid_to=end,
        )  # fmt: skip
        for name in [row["name"], *split_cell(row["other_names"])]:
            yield name, entry


def _plural(role: str) -> str | None:
    """Return the plural of a role by its last word, or None when it is one or has none."""
    if role.endswith(
        ("s", "men", "people", "children", "police", "military", "judiciary", "media")
    ):
        return None
    if role.endswith("man"):
        return role[:-3] + "men"
    if role.endswith("y") and role[-2] not in "aeiou":
        return role[:-1] + "ies"
    if role.endswith(("ch", "sh", "x")):
        return role + "es"
    return role + "s"


def _checked_code(code: str, known: Collection[str] | None, where: str) -> str:
    if not _CODE.fullmatch(code) or (known is not None and code not in known):
        raise GazetteerError(
            f"{where}: country code {code!r} is neither in countries.csv nor one of "
            f"{sorted(SUPRANATIONAL)}"
        )
    return code


def _checked_sector(sector: str, where: str) -> str:
    if sector not in SECTORS:
        raise GazetteerError(f"{where}: sector {sector!r} is not one of {sorted(SECTORS)}")
    return sector


def _validity(row: Mapping[str, str], where: str) -> tuple[date | None, date | None]:
    start = _day(row["valid_from"], where, last=False)
    end = _day(row["valid_to"], where, last=True)
    if start is not None and end is not None and start > end:
        raise GazetteerError(f"{where}: valid_from {start} is after valid_to {end}")
    return start, end


def _day(cell: str, where: str, *, last: bool) -> date | None:
    """Return the first or last day of "2016", "2016-11" or "2016-11-09"."""
    if not cell:
        return None
    match = _DATE.fullmatch(cell)
    if match is None:
        raise GazetteerError(f"{where}: {cell!r} is not YYYY, YYYY-MM or YYYY-MM-DD")
    year, month = int(match[1]), int(match[2] or (12 if last else 1))
    if match[3]:
        return date(year, month, int(match[3]))
    return date(year, month, monthrange(year, month)[1] if last else 1)
