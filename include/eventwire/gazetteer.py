"""Names that the coder knows, from `include/resources/gazetteer/*.csv`.

Every file is a table that can be read and changed by hand; `README.md` beside them says what each
column means. A row that cannot be right (unknown code, no name, dates reversed) is an error that
names file and line.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Final, Literal

from include.eventwire.phrases import Word, split_words

Kind = Literal["country", "people", "government", "place", "city", "group", "role", "person", "body"]
Strength = Literal["strong", "weak", "modifier", ""]

GAZETTEER_FOLDER: Final = Path(__file__).parents[1] / "resources" / "gazetteer"

# PLOVER 2.0, as the coding guidelines of the project use it.
SECTORS: Final = frozenset(
    "GOV MIL COP JUD LEG PTY OPP REB SPY UAF PRM CVL BUS JRN EDU LAB REL CRM ELI MED NGO IGO REF".split()
)
SUPRANATIONAL: Final = frozenset({"IGO", "NGO", "IMG", "MNC"})

_CODE: Final = re.compile(r"[A-Z]{3}")
_DATE: Final = re.compile(r"(\d{4})(?:-(\d\d)(?:-(\d\d))?)?")
# A name of up to three capitals is also an English word too often ("US", "IS", "WHO"): its
# capitals must stand in the text.
_ACRONYM_LETTERS: Final = 4


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


@dataclass(frozen=True, slots=True)
class Term:
    """A name as words, and everything that it may stand for."""

    keys: tuple[str, ...]
    entries: tuple[Entry, ...]
    exact: str | None
    capitalised: bool


@dataclass(frozen=True, slots=True)
class Match:
    """A term found in a phrase: words `start` to `end`, end exclusive."""

    start: int
    end: int
    entries: tuple[Entry, ...]

    @property
    def entry(self) -> Entry:
        """The first of the entries: the only one, except for persons and renamed bodies."""
        return self.entries[0]


@dataclass(frozen=True)
class Gazetteer:
    """All names, looked up by their first word; and persons by their surname."""

    terms: Mapping[str, tuple[Term, ...]]
    surnames: Mapping[str, tuple[Entry, ...]]
    countries: Mapping[str, str] = field(default_factory=dict)

    def find(self, words: Sequence[Word]) -> list[Match]:
        """Return the names in `words`, leftmost and longest first, without overlaps."""
        matches: list[Match] = []
        position = 0
        while position < len(words):
            term = self._longest(words, position)
            if term is None:
                position += 1
                continue
            end = position + len(term.keys)
            matches.append(Match(position, end, term.entries))
            position = end
        return matches

    def _longest(self, words: Sequence[Word], start: int) -> Term | None:
        for term in self.terms.get(words[start].key, ()):
            here = words[start : start + len(term.keys)]
            if tuple(word.key for word in here) == term.keys and _fits(term, here):
                return term
        return None


@lru_cache(maxsize=1)
def load_gazetteer() -> Gazetteer:
    """Return the project's gazetteer, read once per process."""
    return read_gazetteer(GAZETTEER_FOLDER)


def read_gazetteer(folder: Path) -> Gazetteer:
    """Return the gazetteer that the files of `folder` hold.

    Raises:
        GazetteerError: A row cannot be right; the message names file and line.
    """
    names: list[tuple[str, Entry]] = []
    countries: dict[str, str] = {}
    for name, entry in _countries(folder / "countries.csv"):
        names.append((name, entry))
        if entry.kind == "country" and entry.country_code:
            countries[entry.country_code] = entry.name
    known = SUPRANATIONAL | countries.keys()
    names.extend(_places(folder / "places.csv", known))
    names.extend(_cities(folder / "cities.csv", known))
    names.extend(_roles(folder / "roles.csv"))
    names.extend(_bodies(folder / "bodies.csv", known))
    persons = list(_persons(folder / "persons.csv", known))
    names.extend(persons)
    return Gazetteer(_index(names), _surnames(entry for _, entry in persons), countries)


def _fits(term: Term, here: Sequence[Word]) -> bool:
    if term.exact is not None:
        return " ".join(word.text for word in here) == term.exact
    return not term.capitalised or here[0].is_capitalised


def _index(names: Iterable[tuple[str, Entry]]) -> dict[str, tuple[Term, ...]]:
    grouped: dict[tuple[tuple[str, ...], str | None, bool], list[Entry]] = {}
    for name, entry in names:
        words = split_words(name)
        text = " ".join(word.text for word in words)
        short = text.isupper() and len(text) < _ACRONYM_LETTERS
        key = (tuple(word.key for word in words), text if short else None, words[0].text[0].isupper())
        grouped.setdefault(key, []).append(entry)
    terms: dict[str, list[Term]] = {}
    for (keys, exact, capitalised), entries in grouped.items():
        terms.setdefault(keys[0], []).append(Term(keys, _preferred(entries), exact, capitalised))
    # Longest first; of equal names the one that demands more of the text.
    return {
        first: tuple(sorted(group, key=lambda t: (-len(t.keys), t.exact is None, not t.capitalised)))
        for first, group in terms.items()
    }


def _preferred(entries: Sequence[Entry]) -> tuple[Entry, ...]:
    """Return the entries of the kind that a bare name means first; several rows of one thing stay."""
    first = min(entries, key=lambda entry: _ORDER.index(entry.kind))
    return tuple(entry for entry in entries if entry.kind == first.kind)


_ORDER: Final[tuple[Kind, ...]] = (
    "country", "government", "people", "body", "person", "group", "place", "role", "city",
)  # fmt: skip


def _rows(path: Path) -> Iterator[tuple[str, dict[str, str]]]:
    """Yield the rows of a table, each with its place for messages ("roles.csv:17")."""
    with path.open(encoding="utf-8", newline="") as file:
        reader = csv.DictReader(file)
        for row in reader:
            where = f"{path.name}:{reader.line_num}"
            if None in row or None in row.values():
                raise GazetteerError(f"{where}: the row has not as many fields as the header")
            yield where, row


def _split(cell: str) -> list[str]:
    return [part.strip() for part in cell.split(";") if part.strip()]


def _countries(path: Path) -> Iterator[tuple[str, Entry]]:
    kinds: tuple[tuple[str, Kind], ...] = (
        ("name", "country"), ("other_names", "country"), ("people", "people"), ("governments", "government"),
    )  # fmt: skip
    for where, row in _rows(path):
        code = _checked_code(row["code"], None, where)
        for column, kind in kinds:
            for name in _split(row[column]):
                yield name, Entry(f"country:{code}", row["name"], kind, code, None)


def _places(path: Path, known: Iterable[str]) -> Iterator[tuple[str, Entry]]:
    for where, row in _rows(path):
        code = _checked_code(row["country_code"], known, where) if row["country_code"] else None
        kind: Kind = "place" if code else "group"
        sector = "LEG" if row["kind"] == "parliament" else None
        start, end = _validity(row, where)
        entity_id = f"place:{_slug(row['term'])}"
        yield row["term"], Entry(entity_id, row["term"], kind, code, sector, valid_from=start, valid_to=end)


def _cities(path: Path, known: Iterable[str]) -> Iterator[tuple[str, Entry]]:
    for where, row in _rows(path):
        code = _checked_code(row["country_code"], known, where)
        yield row["name"], Entry(f"place:{_slug(row['name'])}", row["name"], "city", code)


def _roles(path: Path) -> Iterator[tuple[str, Entry]]:
    strengths: dict[str, Strength] = {"strong": "strong", "weak": "weak", "modifier": "modifier"}
    for where, row in _rows(path):
        strength = strengths.get(row["strength"])
        if strength is None:
            raise GazetteerError(f"{where}: strength is {row['strength']!r}; use {sorted(strengths)}")
        entry = Entry("", row["role"], "role", None, _checked_sector(row["sector_code"], where), strength)
        yield row["role"], entry
        if strength != "modifier" and (plural := _plural(row["role"])) is not None:
            yield plural, entry


def _bodies(path: Path, known: Iterable[str]) -> Iterator[tuple[str, Entry]]:
    for where, row in _rows(path):
        code = _checked_code(row["country_code"], known, where) if row["country_code"] else None
        start, end = _validity(row, where)
        sector = _checked_sector(row["sector_code"], where) if row["sector_code"] else None
        entity_id = f"{row['kind']}:{_slug(row['name'])}"
        entry = Entry(entity_id, row["name"], "body", code, sector, valid_from=start, valid_to=end)
        for name in [row["name"], *_split(row["other_names"])]:
            yield name, entry


def _persons(path: Path, known: Iterable[str]) -> Iterator[tuple[str, Entry]]:
    for where, row in _rows(path):
        code = _checked_code(row["country_code"], known, where)
        start, end = _validity(row, where)
        sector = _checked_sector(row["sector_code"], where)
        entity_id = f"person:{_slug(row['name'])}"
        entry = Entry(
            entity_id, row["name"], "person", code, sector,
            office=row["office"], valid_from=start, valid_to=end,
        )  # fmt: skip
        for name in [row["name"], *_split(row["other_names"])]:
            yield name, entry


# Where the family name comes first in the name as the news print it.
_FAMILY_NAME_FIRST: Final = frozenset({"CHN", "PRK", "KOR", "TWN", "VNM", "KHM", "HKG", "SGP"})


def _surnames(persons: Iterable[Entry]) -> dict[str, tuple[Entry, ...]]:
    found: dict[str, list[Entry]] = {}
    for entry in dict.fromkeys(persons):
        words = split_words(entry.name)
        first = entry.country_code in _FAMILY_NAME_FIRST and len(words) > 1
        found.setdefault(words[0 if first else -1].key, []).append(entry)
    return {surname: tuple(entries) for surname, entries in found.items()}


def _plural(role: str) -> str | None:
    """Return the plural of a role by its last word, or None when it is one or has none."""
    if role.endswith(("s", "men", "people", "children", "police", "military", "judiciary", "media")):
        return None
    if role.endswith("man"):
        return role[:-3] + "men"
    if role.endswith("y") and role[-2] not in "aeiou":
        return role[:-1] + "ies"
    if role.endswith(("ch", "sh", "x")):
        return role + "es"
    return role + "s"


def _slug(name: str) -> str:
    return "-".join(word.key for word in split_words(name) if word.key.isalnum())


def _checked_code(code: str, known: Iterable[str] | None, where: str) -> str:
    if not _CODE.fullmatch(code) or (known is not None and code not in known):
        raise GazetteerError(
            f"{where}: country code {code!r} is not in countries.csv nor one of {sorted(SUPRANATIONAL)}"
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
    year, month, day = int(match[1]), int(match[2] or (12 if last else 1)), match[3]
    return date(year, month, int(day) if day else (28 if last and month == 2 else 30 if last else 1))
