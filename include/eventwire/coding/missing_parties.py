"""Parties that a sentence leaves out and the article names: taken from the same act told elsewhere.

"The bombing killed twelve" has no actor, but two sentences before "rebels bombed a market" did. An
event without a party on one side takes that of the nearest event of the same type whose other side
does not contradict it. For other types this was wrong as often as right.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from include.eventwire.coding.coded_event import CodedEvent
from include.eventwire.coding.parties import Party

# Acts that a story tells again and again, each time with other parties named.
_RETOLD: Final = frozenset(
    "ACCUSE ASSAULT COERCE CONSULT MOBILIZE PROTEST SANCTION THREATEN".split()
)


def fill_missing_parties(events: Sequence[CodedEvent]) -> list[CodedEvent]:
    """Return the events of an article, in their order, with missing sides filled where known."""
    return [_fill(event, events) if event.event_type in _RETOLD else event for event in events]


def _fill(event: CodedEvent, events: Sequence[CodedEvent]) -> CodedEvent:
    if not event.actors:
        donor = _nearest(event, [e for e in events if e.actors], "recipients")
        if donor is not None:
            event = replace(event, actors=donor.actors)
    if not event.recipients:
        donor = _nearest(event, [e for e in events if e.recipients], "actors")
        if donor is not None:
            event = replace(event, recipients=donor.recipients)
    return event


def _nearest(event: CodedEvent, donors: Sequence[CodedEvent], known: str) -> CodedEvent | None:
    """Return the donor that tells the same act, by its type and the side that both know."""
    own: tuple[Party, ...] = getattr(event, known)
    fitting = [
        donor
        for donor in donors
        if donor is not event
        and donor.event_type == event.event_type
        and _agree(own, getattr(donor, known))
    ]
    return min(
        fitting,
        key=lambda donor: (
            donor.lemma != event.lemma,
            abs(donor.sentence_index - event.sentence_index),
            donor.trigger_span,
        ),
        default=None,
    )


def _agree(own: Sequence[Party], other: Sequence[Party]) -> bool:
    """Return whether two sides can be the same: one is not named, or they share a party."""
    if not own or not other:
        return True
    return bool({party.codes for party in own} & {party.codes for party in other})
