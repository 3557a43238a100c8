"""Who a phrase names: country, PLOVER sector and known entity of "Chinese Foreign Minister Wang Yi".

The phrase is cut at commas and prepositions. The first part says who it is; what follows fills in
the country ("rebels in Syria"), or the sector where the first part has none ("members of the
judiciary"). Within a part the last role decides the sector, the first country the country, and a
known person the office held on the day. The names and words are data: `include/resources/gazetteer`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Final

from include.eventwire.gazetteer import Match, load_gazetteer
from include.eventwire.gazetteer_tables import Entry
from include.eventwire.phrases import POSSESSIVE, Word, split_words

# What follows one of these only tells where, whose or for whom.
_JOINTS: Final = frozenset(
    "of in from at for near across inside within throughout among around on under over "
    "to against with by between about after before during as into behind off outside than "
    "who that which whose where when , -".split()
)
_TELLS_COUNTRY: Final = frozenset(
    "of in from at for near across inside within throughout among around ,".split()
)
_TELLS_SECTOR: Final = frozenset("of for from at ,".split())
# Nothing after these is about the party itself.
_ENDS: Final = frozenset("who that which whose where when".split())

# "rebel-held", "US-backed": the word before the hyphen names somebody else.
_FOREIGN_ENDINGS: Final = frozenset(
    "backed supported allied aligned funded sponsored friendly held controlled occupied trained armed "
    "designated dominated linked affiliated born made built inspired brokered mediated style loyal "
    "speaking bound free related infected era like imposed wide language".split()
)
# "Saudi-led coalition": tells the country of the party, not its sector.
_LEADING_ENDINGS: Final = frozenset("led based run owned majority appointed elected".split())
_FOREIGN_PREFIXES: Final = frozenset("pro anti non counter un post".split())
_FORMER: Final = frozenset(
    "former ex retired ousted deposed onetime erstwhile toppled disgraced exiled".split()
)
_OFFICES: Final = frozenset("GOV LEG MIL JUD SPY COP IGO PTY".split())
# A group in arms stays one whatever it calls its men ("rebel soldiers", "Taliban commanders").
_ARMED_GROUPS: Final = frozenset("REB UAF CRM PRM".split())
_STATE_FORCES: Final = frozenset("MIL COP".split())
# What an international organisation sends keeps these sectors ("EU lawmakers", "NATO troops").
_SECTORS_WITHIN_IGO: Final = frozenset("MIL COP LEG JUD CVL REF REL JRN LAB EDU".split())
_COURTESIES: Final = frozenset("mr mrs ms miss mister madame sir dame don".split())
_COUNTRY_KINDS: Final = frozenset({"country", "people", "government", "place", "city"})


@dataclass(frozen=True, slots=True)
class ActorCode:
    """Who a phrase names.

    Attributes:
        country_code: ISO 3166 alpha-3, or IGO, NGO, IMG, MNC; None when the phrase tells none.
        sector_code: PLOVER sector, or None.
        entity_id: Entity in the gazetteer, when the phrase names one.
        name: Name of that entity.
        country_by: What decided the country ("Chinese: people"), for an explanation.
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
    """What one part of the phrase says; `is_firm` when no later part may change the sector."""

    country: str | None = None
    country_by: str = ""
    sector: str | None = None
    sector_by: str = ""
    is_firm: bool = False
    entity: Entry | None = None
    is_former: bool = False


@lru_cache(maxsize=100_000)
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
        if joint in _ENDS:
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
    """Return the one person of that surname who held an office on `day`, or None.

    With no `day` the surname must be that of one known person only.
    """
    words = [word for word in split_words(surname) if word.key != POSSESSIVE]
    if not words or not words[-1].is_capitalised:
        return None
    rows = _person_rows(words[-1].key, None, day, only_active=day is not None)
    if rows is None:
        return None
    row, sector = _row_on(rows, day)
    by = f"{row.name}: {row.office or 'person'}"
    return ActorCode(row.country_code, sector, row.entity_id, row.name, by, by)


Part = list[Match | int]  # matches, and positions of words that no name covers


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
        key = words[position].key
        if key in _JOINTS and not words[position].joined:
            parts.append((key, []))
        else:
            parts[-1][1].append(position)
        position += 1
    return [part for part in parts if part[1]] or [("", [])]


def _fill(reading: _Reading, joint: str, other: _Reading) -> None:
    """Let a later part of the phrase tell what the parts before it do not."""
    if reading.country is None and joint in _TELLS_COUNTRY:
        reading.country, reading.country_by = other.country, other.country_by
    if reading.entity is None and joint == "," and other.entity and other.entity.kind == "person":
        reading.entity = other.entity
    if reading.is_firm or other.sector is None or joint not in _TELLS_SECTOR:
        return
    if reading.sector is None or other.is_firm:
        reading.sector, reading.sector_by = other.sector, other.sector_by
        reading.is_firm = other.is_firm
    if reading.is_former and reading.sector in _OFFICES:
        reading.sector = "ELI"


def _read_part(words: Sequence[Word], part: Part, day: date | None) -> _Reading:
    reading = _Reading()
    modifier: Entry | None = None
    for index, piece in enumerate(part):
        if isinstance(piece, int):
            if words[piece].key in _FORMER:
                reading.is_former = True
            elif (rows := _surname_at(words, part, index, reading, day)) is not None:
                _read_person(reading, rows, day)
            continue
        if _names_somebody_else(words, piece):
            continue
        entry = _entry_on(piece.entries, day)
        only_country = _is_followed_by(words, piece, _LEADING_ENDINGS)
        if entry.country_code is not None and reading.country is None:
            reading.country = entry.country_code
            reading.country_by = f"{entry.name}: {entry.kind}"
        if only_country:
            continue
        if entry.kind == "person":
            _read_person(reading, piece.entries, day)
        elif entry.kind == "role" and entry.strength == "modifier":
            modifier = entry
        elif entry.kind == "role":
            _read_role(reading, entry, modifier)
            modifier = None
        elif entry.kind == "body" or entry.sector_code is not None:
            _read_body(reading, entry)
    if reading.sector is None:
        _read_bare_country(reading, words, part)
    if reading.is_former and reading.is_firm and reading.sector in _OFFICES:
        if reading.entity is None or reading.entity.kind != "person":
            reading.sector, reading.sector_by = "ELI", f"former; {reading.sector_by}"
    return reading


def _read_role(reading: _Reading, role: Entry, modifier: Entry | None) -> None:
    sector = role.sector_code
    if role.strength == "weak":
        if reading.is_firm:
            return
        if modifier is not None:
            sector = modifier.sector_code
    elif reading.is_firm:
        if reading.sector in _ARMED_GROUPS and sector in _STATE_FORCES:
            return
        if reading.sector == "IGO" and sector not in _SECTORS_WITHIN_IGO:
            return
    reading.sector, reading.sector_by = sector, f"{role.name}: role"
    reading.is_firm = role.strength == "strong" or modifier is not None


def _read_body(reading: _Reading, body: Entry) -> None:
    reading.entity = body
    if body.sector_code is None:
        return
    reading.sector, reading.sector_by = body.sector_code, f"{body.name}: {body.kind}"
    reading.is_firm = True


def _read_person(reading: _Reading, rows: Sequence[Entry], day: date | None) -> None:
    """Read a known person: the office held on the day, or the title that the text gives."""
    row, sector = _row_on(rows, day)
    reading.entity = row
    if reading.country is None:
        reading.country, reading.country_by = row.country_code, f"{row.name}: person"
    titled = reading.is_firm and reading.sector not in {None, "CVL"}
    if titled and not reading.is_former and sector in {"ELI", "OPP", "REB", None}:
        return
    if sector is None:
        return
    reading.sector, reading.sector_by = sector, f"{row.name}: {row.office or 'person'}"
    reading.is_firm = True


def _read_bare_country(reading: _Reading, words: Sequence[Word], part: Part) -> None:
    """Read a part that has a country and no role: the state itself, or its people."""
    named = [
        piece
        for piece in part
        if isinstance(piece, Match)
        and piece.entry.kind in _COUNTRY_KINDS
        and not _names_somebody_else(words, piece)
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
    if _is_followed_by(words, match, _FOREIGN_ENDINGS):
        return True
    return (
        match.start > 0
        and words[match.start].joined
        and words[match.start - 1].key in _FOREIGN_PREFIXES
    )


def _is_followed_by(words: Sequence[Word], match: Match, endings: frozenset[str]) -> bool:
    return match.end < len(words) and words[match.end].joined and words[match.end].key in endings


def _entry_on(entries: Sequence[Entry], day: date | None) -> Entry:
    """Return the row that holds on `day`; the latest where none does, or with no day."""
    if len(entries) == 1:
        return entries[0]
    holding = [entry for entry in entries if day is not None and entry.holds_on(day)]
    return max(holding or entries, key=lambda entry: entry.valid_from or date.min)


def _row_on(rows: Sequence[Entry], day: date | None) -> tuple[Entry, str | None]:
    """Return the person's row for `day` and the sector then: ELI when out of office."""
    if day is None:
        latest = max(rows, key=lambda row: (row.valid_to is None, row.valid_from or date.min))
        return latest, latest.sector_code if latest.valid_to is None else "ELI"
    holding = [row for row in rows if row.holds_on(day)]
    if holding:
        row = max(holding, key=lambda row: row.valid_from or date.min)
        return row, row.sector_code
    past = [row for row in rows if row.valid_to is not None and row.valid_to < day]
    if past:
        row = max(past, key=lambda row: row.valid_to or date.min)
        return row, "ELI" if row.sector_code in _OFFICES else row.sector_code
    return min(rows, key=lambda row: row.valid_from or date.max), None


def _surname_at(
    words: Sequence[Word], part: Part, index: int, reading: _Reading, day: date | None
) -> tuple[Entry, ...] | None:
    """Return the rows of the person whose surname stands alone at `index` of the part."""
    position = part[index]
    if not isinstance(position, int) or not words[position].is_capitalised:
        return None
    before = part[index - 1] if index else None
    after = part[index + 1] if index + 1 < len(part) else None
    for neighbour in (before, after):
        if isinstance(neighbour, int) and _is_name_word(words[neighbour]):
            return None
    titled = reading.sector is not None
    rows = _person_rows(words[position].key, reading.country, day, only_active=day is not None)
    if rows is None and titled:
        rows = _person_rows(words[position].key, reading.country, day, only_active=False)
    return rows


def _is_name_word(word: Word) -> bool:
    return word.is_capitalised and word.key not in _COURTESIES and word.key not in _FORMER


def _person_rows(
    surname: str, country: str | None, day: date | None, *, only_active: bool
) -> tuple[Entry, ...] | None:
    """Return all rows of the one person of that surname, or None when there is not just one."""
    rows = load_gazetteer().surnames.get(surname, ())
    if country is not None:
        rows = tuple(row for row in rows if row.country_code == country)
    meant = rows
    if only_active and day is not None:
        meant = tuple(row for row in rows if row.holds_on(day) and row.sector_code != "ELI")
    ids = {row.entity_id for row in meant}
    if len(ids) != 1:
        return None
    return tuple(row for row in rows if row.entity_id in ids)
