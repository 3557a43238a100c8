"""Events in words: "Russia (GOV) ACCUSE Ukraine (GOV)"."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache

from include.eventwire.gazetteer.tables import GAZETTEER_FOLDER, read_rows
from include.eventwire.records import Event, EventParty


def describe_event(event: Event, parties: Iterable[EventParty]) -> str:
    """Return who does what to whom, with the words of the act, the place and the date.

    Args:
        event: The event.
        parties: The parties of this event alone.
    """
    sides: dict[str, list[str]] = {"actor": [], "recipient": []}
    for party in parties:
        sides[party.role].append(describe_party(party))
    actors = " and ".join(dict.fromkeys(sides["actor"])) or "somebody"
    recipients = " and ".join(dict.fromkeys(sides["recipient"]))
    realis = "" if event.realis == "asserted" else f" ({event.realis})"
    who = f"{actors} {event.event_type}{realis} {recipients}".rstrip()
    details = [f'"{event.trigger}"', describe_place(event), describe_date(event)]
    return f"{who}: {', '.join(detail for detail in details if detail)}"


def describe_party(party: EventParty) -> str:
    """Return a party as country and sector, "Russia (GOV)", or by its words when it has neither."""
    country = _country_names().get(party.country_code or "")
    name = country or party.name or party.text
    code = party.sector_code or (None if country else party.country_code)
    return f"{name} ({code})" if code else name


def describe_place(event: Event) -> str | None:
    """Return the place of an event with its country, or None."""
    name = event.place_name or event.place_text
    return f"{name} ({event.place_country})" if name and event.place_country else name


def describe_date(event: Event) -> str | None:
    """Return the date of an event as far as it is known: "2018-04", or None."""
    if event.event_date is None:
        return None
    length = {"year": 4, "month": 7, "day": 10}[event.event_date_precision or "day"]
    return event.event_date.isoformat()[:length]


@cache
def _country_names() -> dict[str, str]:
    rows = read_rows(GAZETTEER_FOLDER / "countries.csv")
    return {row["code"]: row["name"] for _, row in rows}
