"""What codes mean, in the words of the codebook and the gazetteer, for readers of the pages."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Final

from include.eventwire.codebook import QUAD_CLASSES, REALIS, load_codebook
from include.eventwire.gazetteer.tables import GAZETTEER_FOLDER, read_rows

_BODIES: Final = {
    "IGO": "international organisation of states",
    "NGO": "non-governmental organisation",
    "IMG": "international armed group",
    "MNC": "multinational company",
}


def type_meaning(code: str | None) -> str:
    """Return what an event type means; empty for one that the codebook does not have."""
    kind = load_codebook().types.get(code or "")
    return kind.definition if kind else ""


def mode_meaning(event_type: str | None, mode: str | None) -> str:
    """Return what a mode of a type means; empty for one that the codebook does not have."""
    return load_codebook().mode_definitions.get((event_type or "", mode or ""), "")


def country_name(code: str | None) -> str:
    """Return the name of a country or kind of body; the code itself for an unknown one."""
    return _names().get(code or "", code or "")


def read_codes(joined: str | None) -> list[tuple[str, str]]:
    """Return each of the codes of actors or recipients, "CHN.GOV|RUS.MIL", with its meaning.

    Several parties may have the same code; it is told once.
    """
    return [(code, _describe(code)) for code in dict.fromkeys((joined or "").split("|")) if code]


def codebook_choices(name: str) -> Sequence[str]:
    """Return the codes that a filter may have: of "type", "mode", "quad" or "realis"."""
    types = load_codebook().types
    return {
        "type": sorted(types),
        "mode": sorted({mode for kind in types.values() for mode in kind.modes}),
        "quad": QUAD_CLASSES,
        "realis": REALIS,
    }[name]


def country_choices() -> list[tuple[str, str]]:
    """Return the codes of countries and bodies and their names, by name."""
    return sorted(_names().items(), key=lambda entry: entry[1])


def _describe(code: str) -> str:
    country, _, sector = code.partition(".")
    sector_meaning = load_codebook().sectors.get(sector, sector)
    return ": ".join(part for part in (country_name(country), sector_meaning) if part)


@cache
def _names() -> dict[str, str]:
    rows = read_rows(GAZETTEER_FOLDER / "countries.csv")
    return {**_BODIES, **{row["code"]: row["name"] for _, row in rows}}
