"""Parties and events as the coder makes them, each with one or two fields of its own."""

from dataclasses import replace
from typing import Any

from include.eventwire.coding.coded_event import CodedEvent
from include.eventwire.coding.parties import Party
from tests.unit.parsed import parse

TOKEN = parse("Kenya Kenya NNP ROOT 1 GPE")[0]


def make_party(codes: str, start_char: int = 0, text: str = "Kenya", **changes: Any) -> Party:
    """Return a party with the codes "KEN.GOV"; either half may be missing."""
    country, _, sector = codes.partition(".")
    end_char = start_char + len(text)
    party = Party(TOKEN, start_char, end_char, text, country or None, sector or None, None, None)
    return replace(party, **changes)


def make_event(event_type: str = "ASSAULT", **changes: Any) -> CodedEvent:
    """Return an event without parties, date and place."""
    event = CodedEvent(
        trigger_span=(10, 14),
        lemma="bomb",
        sentence_index=0,
        event_type=event_type,
        event_mode=None,
        contexts=(),
        rule_id="assault.csv:2",
        actors=(),
        recipients=(),
        realis="asserted",
        event_date=None,
        event_date_precision=None,
        place=None,
        source=None,
        confidence=0.7,
    )
    return replace(event, **changes)
