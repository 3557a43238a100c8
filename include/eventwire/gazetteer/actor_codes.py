"""Who a phrase names: country, PLOVER sector and entity of "Chinese Foreign Minister Wang Yi".

The phrase is cut at commas and prepositions. The first part says who it is; what follows fills in
the country ("rebels in Syria"), or the sector where the first part has none ("members of the
judiciary"). Within a part the last role decides the sector, the first country the country, and a
known person the office held on the day. Names and words are data: `include/resources/gazetteer`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Final, TypeAlias

from include.eventwire.gazetteer.names import Match, load_gazetteer
from include.eventwire.gazetteer.persons import (
    KNOWN_BY_SURNAME,
    OFFICES,
    choose_person,
    row_on,
    rows_of,
)
from include.eventwire.gazetteer.phrase_words import (
    ARMED_GROUPS,
    BODY_SECTORS,
    COUNTING,
    COURTESIES,
    ENDINGS_OF_COUNTRY,
    ENDINGS_OF_OTHERS,
    FORMER,
    GIVEN_NAMES,
    JOINTS,
    KIN,
    MEMBERS,
    NUMBERS,
    OTHER_STATES,
    PREFIXES_OF_OTHERS,
    PRESIDING,
    RANKS,
    RELATIVE_PRONOUNS,
    SECTORS_WITHIN_IGO,
    TELLS_COUNTRY,
    TELLS_SECTOR,
)
from include.eventwire.gazetteer.phrases import POSSESSIVE, Word, split_words
from include.eventwire.gazetteer.tables import SUPRANATIONAL, Entry

_COUNTRY_KINDS: Final = frozenset({"country", "people", "government", "place", "city"})
# Matches, and positions of words that no name covers.
Part: TypeAlias = list[Match | int]


@dataclass(frozen=True, slots=True)
class ActorCode:
    """Who a phrase names.

    Attributes:
        country_code: ISO 3166 alpha-3, or IGO, NGO, IMG, MNC; None when the phrase tells none.
        sector_code: PLOVER sector, or None.
        entity_id: Entity in the gazetteer, when the phrase names one.
        name: Name of that entity.
        country_by: What decided the country ("China: people"), for an explanation.
        sector_by: What decided the sector ("foreign minister: role"), for an explanation.
    """

    country_code: str | None = None
    sector_code: str | None = None
    entity_id: str | None = None
    name: str | None = None
    country_by: str = ""
    sector_by: str = ""


@dataclass(slots=True)
class _Reading:
    """What one part of the phrase says.

    `is_firm` when a weak role or a later part may not change the sector; `role` is the last role.
    """

    country: str | None = None
    country_by: str = ""
    sector: str | None = None
    sector_by: str = ""
    is_firm: bool = False
    entity: Entry | None = None
    is_former: bool = False
    role: str = ""


@lru_cache(maxsize=20_000)
def resolve_actor(phrase: str, day: date | None = None) -> ActorCode:
    """Return who `phrase` names.

    Args:
        phrase: A noun phrase of the text ("three Palestinian protesters").
        day: Day of the article: offices are those of that day. None takes the latest known.
    """
    words = split_words(phrase)
    if not words:
        return ActorCode()
    parts = _cut(words, load_gazetteer().find(words))
    reading = _read_part(words, parts[0][1], day)
    for joint, part in parts[1:]:
        if joint in RELATIVE_PRONOUNS:
            break
        _fill(reading, joint, _read_part(words, part, day))
    entity = reading.entity
    return ActorCode(
        reading.country,
        reading.sector,
        entity.entity_id if entity else None,
        entity.name if entity else None,
        reading.country_by,
        reading.sector_by,
    )


@lru_cache(maxsize=10_000)
def resolve_surname(surname: str, day: date | None = None) -> ActorCode | None:
    """Return the one person of high office known by that surname, or None.

    Who held such an office on `day` comes first, then who had held one before.
    """
    words = [word for word in split_words(surname) if word.key != POSSESSIVE]
    if not words or not words[-1].is_capitalised:
        return None
    rows = rows_of(words[-1].key, None, day, offices=KNOWN_BY_SURNAME)
    if rows is None:
        return None
    row, sector = row_on(rows, day)
    by = f"{row.name}: {row.office}"
    return ActorCode(row.country_code, sector, row.entity_id, row.name, by, by)


def _cut(words: Sequence[Word], matches: Iterable[Match]) -> list[tuple[str, Part]]:
    """Return the parts of the phrase, each with the word that joins it to the one before."""
    starts = {match.start: match for match in matches}
    parts: list[tuple[str, Part]] = [("", [])]
    position = 0
    while position < len(words):
        match = starts.get(position)
        if match is not None:
            parts[-1][1].append(match)
            position = match.end
            continue
        word = words[position]
        if word.key in JOINTS and not word.joined and not _counts(words, position):
            parts.append((word.key, []))
        else:
            parts[-1][1].append(position)
        position += 1
    return [part for part in parts if part[1]] or [("", [])]


def _counts(words: Sequence[Word], position: int) -> bool:
    """Return whether a preposition belongs to a number: "more than 90", "at least two"."""
    if words[position].key not in COUNTING or position + 1 == len(words):
        return False
    after = words[position + 1]
    return after.text[0].isdigit() or after.key in NUMBERS


def _fill(reading: _Reading, joint: str, other: _Reading) -> None:
    """Let a later part of the phrase tell what the parts before it do not."""
    if reading.country is None and joint in TELLS_COUNTRY:
        reading.country, reading.country_by = other.country, other.country_by
    if reading.entity is None and joint == "," and other.entity and other.entity.kind == "person":
        reading.entity = other.entity
    if other.sector is None:
        return
    if reading.sector == "PTY" and joint == "in" and other.sector == "LEG":
        reading.sector, reading.sector_by = "LEG", f"{reading.sector_by} in {other.sector_by}"
    if joint not in TELLS_SECTOR:
        return
    if reading.role in KIN and joint == "of" and other.is_firm and other.sector in {"GOV", "ELI"}:
        reading.sector, reading.sector_by = "ELI", f"{reading.role}: family of {other.sector_by}"
    presides = reading.role in PRESIDING and joint == "of" and other.sector in BODY_SECTORS
    if presides and other.is_firm and not reading.is_former:
        reading.is_firm = False
        if other.entity is not None and other.entity.country_code is not None:
            reading.country, reading.country_by = other.country, other.country_by
    if reading.is_firm:
        return
    if reading.sector is None or other.is_firm or (joint == "," and not reading.role):
        reading.sector, reading.sector_by = other.sector, other.sector_by
        reading.is_firm = other.is_firm
    if reading.is_former and reading.sector in OFFICES:
        reading.sector = "ELI"


def _read_part(words: Sequence[Word], part: Part, day: date | None) -> _Reading:
    reading = _Reading()
    modifier: Entry | None = None
    for index, piece in enumerate(part):
        if isinstance(piece, int):
            _read_word(reading, words, part, index, day)
            continue
        if _names_somebody_else(words, piece) or _is_part_of_name(words, part, index):
            continue
        entry = _entry_on(piece.entries, reading.country, day)
        if entry.country_code is not None and reading.country is None and entry.kind != "person":
            reading.country = entry.country_code
            reading.country_by = f"{entry.name}: {entry.kind}"
        if _is_followed_by_participle(words, piece):
            continue
        if entry.kind == "person":
            _read_person(reading, choose_person(piece.entries, reading.country, day), day)
        elif entry.kind == "role" and entry.strength == "modifier":
            modifier = entry
        elif entry.kind == "role":
            _read_role(reading, entry, modifier)
            modifier = None
        elif entry.kind == "body" or entry.sector_code is not None:
            _read_body(reading, entry)
    if reading.sector is None:
        _read_bare_country(reading, words, part)
    by_person = reading.entity is not None and reading.entity.kind == "person"
    if reading.is_former and reading.sector in OFFICES and not by_person:
        reading.sector, reading.sector_by = "ELI", f"former; {reading.sector_by}"
    return reading


def _read_word(
    reading: _Reading, words: Sequence[Word], part: Part, index: int, day: date | None
) -> None:
    """Read a word that no name covers: "former", "members" of an organisation, a surname."""
    position = part[index]
    assert isinstance(position, int)
    word = words[position]
    if word.key in FORMER:
        reading.is_former = True
    elif word.key in MEMBERS and reading.sector == "IGO":
        reading.sector, reading.sector_by = "GOV", f"{word.key} of {reading.sector_by}"
    elif word.is_capitalised and _stands_alone(words, part, index):
        offices = OFFICES if reading.is_firm else KNOWN_BY_SURNAME
        rows = rows_of(word.key, reading.country, day, offices=offices)
        if rows is not None:
            _read_person(reading, rows, day)


def _read_role(reading: _Reading, role: Entry, modifier: Entry | None) -> None:
    sector = role.sector_code
    reading.role = role.name
    if role.name in OTHER_STATES:
        reading.country, reading.country_by = None, ""
    if role.name in KIN and reading.is_firm and reading.sector in {"GOV", "ELI"}:
        sector = "ELI"
    elif role.strength == "weak":
        if reading.is_firm:
            return
        if modifier is not None:
            sector = modifier.sector_code
    elif reading.is_firm:
        if reading.sector in ARMED_GROUPS and sector in {"MIL", "COP"}:
            return
        if reading.sector == "IGO" and sector not in SECTORS_WITHIN_IGO:
            return
        if reading.sector in BODY_SECTORS and role.name in PRESIDING:
            return
        if reading.sector == "GOV" and role.name in RANKS:
            return
    reading.sector, reading.sector_by = sector, f"{role.name}: role"
    reading.is_firm = role.strength == "strong" or modifier is not None


def _read_body(reading: _Reading, body: Entry) -> None:
    # "the Jordanian Muslim Brotherhood" is not Egypt's.
    is_same = body.country_code in {None, reading.country} | SUPRANATIONAL
    if body.kind == "body":
        reading.entity = body if is_same else None
    if body.sector_code is None:
        return
    reading.sector, reading.sector_by = body.sector_code, f"{body.name}: {body.kind}"
    reading.is_firm = True


def _read_person(reading: _Reading, rows: Sequence[Entry], day: date | None) -> None:
    """Read a known person: the office held on the day, or the title that the text gives."""
    row, sector = row_on(rows, day)
    reading.entity = row
    if reading.country is None:
        reading.country, reading.country_by = row.country_code, f"{row.name}: person"
    if reading.is_firm and not reading.is_former:
        gone = sector in {"ELI", "OPP", "REB", None} and reading.sector != "CVL"
        told = reading.sector in {"OPP", "REB"} or (reading.sector == "GOV" and sector != "PTY")
        if told or gone:
            return
    if sector is None:
        return
    reading.sector, reading.sector_by = sector, f"{row.name}: {row.office}"
    reading.is_firm = True


def _read_bare_country(reading: _Reading, words: Sequence[Word], part: Part) -> None:
    """Read a part that has a country and no role: the state itself, or its people."""
    named = [
        piece
        for index, piece in enumerate(part)
        if isinstance(piece, Match)
        and piece.entry.kind in _COUNTRY_KINDS
        and not _names_somebody_else(words, piece)
        and not _is_part_of_name(words, part, index)
    ]
    if not named:
        return
    last, kind = part[-1], named[-1].entry.kind
    if isinstance(last, int) and words[last].key == POSSESSIVE and len(part) > 1:
        last = part[-2]
    if isinstance(last, int):
        # "Pakistani Mumtaz Qadri" is one of the people; "Iranian networks" may be anything.
        if kind != "people" or not words[last].is_capitalised:
            return
        reading.sector = "CVL"
    else:
        reading.sector = "CVL" if kind in {"people", "city"} else "GOV"
        if kind in {"country", "government"}:
            reading.entity = named[-1].entry
    reading.sector_by = f"{named[-1].entry.name}: {kind}"


def _names_somebody_else(words: Sequence[Word], match: Match) -> bool:
    """Return whether the name only tells whose friend or foe the party is ("US-backed")."""
    after = words[match.end] if match.end < len(words) else None
    if after is not None and after.joined and after.key in ENDINGS_OF_OTHERS:
        return True
    return (
        match.start > 0
        and words[match.start].joined
        and words[match.start - 1].key in PREFIXES_OF_OTHERS
    )


def _is_followed_by_participle(words: Sequence[Word], match: Match) -> bool:
    """Return whether the name only modifies ("Saudi-led coalition", "drug-smuggling network")."""
    if match.end >= len(words) or not words[match.end].joined:
        return False
    key = words[match.end].key
    return key in ENDINGS_OF_COUNTRY or key.endswith(("ed", "ing"))


def _is_part_of_name(words: Sequence[Word], part: Part, index: int) -> bool:
    """Return whether a place is the name of a person: "Vladimir Ionov", "Jason Van Dyke"."""
    match = part[index]
    assert isinstance(match, Match)
    if match.end - match.start > 1:
        return False
    is_given_name = words[match.start].key in GIVEN_NAMES
    if match.entry.kind not in {"city", "place"} and not is_given_name:
        return False
    before = part[index - 1] if index else None
    if isinstance(before, Match) and before.entry.kind == "role" and not is_given_name:
        return True  # "King Hassan": a title, then a name that is also a town's
    if (
        isinstance(before, int)
        and _is_name_word(words[before])
        and not words[before].text.isupper()
    ):
        return before > 0 or not is_given_name
    rest = part[index + 1 :]
    return bool(rest) and all(isinstance(p, int) and _is_name_word(words[p]) for p in rest)


def _entry_on(entries: Sequence[Entry], country: str | None, day: date | None) -> Entry:
    """Return the row of `country` that holds on `day`; of several things the first in the table.

    Where no row holds, the latest of that thing counts.
    """
    if len(entries) == 1:
        return entries[0]
    meant = [entry for entry in entries if country is not None and entry.country_code == country]
    meant = meant or list(entries)
    holding = [entry for entry in meant if day is not None and entry.holds_on(day)]
    chosen = (holding or meant)[0].entity_id
    rows = [entry for entry in holding or meant if entry.entity_id == chosen]
    return max(rows, key=lambda entry: entry.valid_from or date.min)


def _stands_alone(words: Sequence[Word], part: Part, index: int) -> bool:
    """Return whether a capitalised word may be a surname: no other name touches it."""
    before = part[index - 1] if index else None
    after = part[index + 1] if index + 1 < len(part) else None
    for neighbour in (before, after):
        if isinstance(neighbour, int) and _is_name_word(words[neighbour]):
            return False
        if isinstance(neighbour, Match) and neighbour.entry.kind in {"city", "person"}:
            return False
    if isinstance(after, Match):  # "Azhar university", "Trump Tower" is no person
        return after.entry.kind == "role" and after.entry.sector_code not in BODY_SECTORS
    return True


def _is_name_word(word: Word) -> bool:
    return (
        word.is_capitalised
        and word.text[0].isalpha()
        and word.key not in COURTESIES
        and word.key not in FORMER
        and word.key != POSSESSIVE
    )
