"""Which office a known person held on a day, and who is known by a surname alone."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date
from typing import Final

from include.eventwire.gazetteer.names import load_gazetteer
from include.eventwire.gazetteer.tables import Entry

# Who has left one of these is of the elite (ELI); a former rebel or activist is not.
OFFICES: Final = frozenset({"GOV", "LEG", "MIL", "JUD", "SPY", "COP", "IGO", "PTY"})
# The news give only these by the surname without an earlier mention.
KNOWN_BY_SURNAME: Final = frozenset(
    {
        "president", "prime minister", "premier", "chancellor", "king", "supreme leader",
        "leader", "president-elect", "candidate", "foreign minister", "foreign secretary",
        "secretary of state", "defense secretary", "defense minister", "vice president",
        "opposition leader", "FBI director", "CIA director", "UN secretary-general",
        "NATO secretary-general", "EU leader", "Chechen leader", "al-Qaida leader", "IS leader",
        "Hezbollah leader", "Hamas leader",
    }
)  # fmt: skip


def row_on(rows: Sequence[Entry], day: date | None) -> tuple[Entry, str | None]:
    """Return the row of a person for `day` and the sector then.

    The sector is ELI for somebody out of office, and None before the first known office. With no
    `day` the latest row decides.
    """
    if day is None:
        latest = max(rows, key=lambda row: (row.valid_to is None, row.valid_from or date.min))
        return latest, latest.sector_code if latest.valid_to is None else _sector_after(latest)
    holding = [row for row in rows if row.holds_on(day)]
    if holding:
        row = max(holding, key=lambda row: row.valid_from or date.min)
        return row, row.sector_code
    past = [row for row in rows if row.valid_to is not None and row.valid_to < day]
    if past:
        row = max(past, key=lambda row: row.valid_to or date.min)
        return row, _sector_after(row)
    return min(rows, key=lambda row: row.valid_from or date.max), None


def choose_person(
    entries: Sequence[Entry], country: str | None, day: date | None
) -> tuple[Entry, ...]:
    """Return the rows of one person among those of one name: of the country, then in office."""
    for keep in (
        [entry for entry in entries if entry.country_code == country],
        [entry for entry in entries if day is not None and entry.holds_on(day)],
        entries,
    ):
        if keep:
            chosen = max(keep, key=lambda entry: entry.valid_from or date.min)
            return tuple(entry for entry in entries if entry.entity_id == chosen.entity_id)
    raise ValueError("a name without entries")


def rows_of(
    surname: str, country: str | None, day: date | None, *, offices: Collection[str]
) -> tuple[Entry, ...] | None:
    """Return all rows of the one person of that surname with one of the `offices`, or None.

    Args:
        surname: In the form of `Word.key`.
        country: Code of the person's country when it is known.
        day: Who held the office then comes before who had held it earlier.
        offices: Names of offices, or sectors.
    """
    rows = load_gazetteer().surnames.get(surname, ())
    if country is not None:
        rows = tuple(row for row in rows if row.country_code == country)
    fitting = [row for row in rows if row.office in offices or row.sector_code in offices]
    found = {row.entity_id for row in fitting if day is not None and row.holds_on(day)}
    if not found:  # out of office: only where nobody else of the name ever held one
        found = {row.entity_id for row in rows if row.sector_code in OFFICES}
        found |= {row.entity_id for row in fitting}
        if not any(day is None or (row.valid_from or day) <= day for row in fitting):
            return None
    if len(found) != 1:
        return None
    return tuple(row for row in rows if row.entity_id in found)


def _sector_after(row: Entry) -> str | None:
    return "ELI" if row.sector_code in OFFICES else row.sector_code
