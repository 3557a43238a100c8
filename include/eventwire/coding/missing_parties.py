"""Parties that a sentence leaves out and the article names.

"The bombing killed twelve" has no actor, but two sentences before "rebels bombed a market" did: an
event without a party on one side takes that of the nearest event of the same type whose other side
does not contradict it. Where there is none, an act of conflict is taken to be against the party
that the article most often sets against its actor.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from include.eventwire.codebook import load_codebook
from include.eventwire.coding.coded_event import CodedEvent
from include.eventwire.coding.parties import Party

# Both lists are of the types for which this was right more often than wrong on coded leads.
_RETOLD: Final = frozenset(
    "ACCUSE ASSAULT COERCE CONSULT MOBILIZE PROTEST SANCTION THREATEN".split()
)
_AGAINST_THE_OPPONENT: Final = frozenset("ACCUSE ASSAULT COERCE PROTEST THREATEN".split())


def fill_missing_parties(events: Sequence[CodedEvent]) -> list[CodedEvent]:
    """Return the events of an article, in their order, with missing sides filled where known."""
    by_type: dict[str, list[CodedEvent]] = {}
    for event in events:
        by_type.setdefault(event.event_type, []).append(event)
    filled = [
        _borrow(event, by_type[event.event_type]) if event.event_type in _RETOLD else event
        for event in events
    ]
    opponents = _find_opponents(filled)
    return [_set_against(event, opponents) for event in filled]


def _borrow(event: CodedEvent, events: Sequence[CodedEvent]) -> CodedEvent:
    """Return `event` with a missing side filled from another of `events`, all of one type."""
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
        donor for donor in donors if donor is not event and _agree(own, getattr(donor, known))
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


@dataclass(slots=True)
class _Opponents:
    """How often the article sets parties against each other, by their codes.

    Attributes:
        counts: Opponents of a party, with the number of acts.
        first: The first party of the article with these codes.
    """

    counts: dict[str, Counter[str]] = field(default_factory=dict)
    first: dict[str, Party] = field(default_factory=dict)

    def add(self, one: Party, other: Party) -> None:
        """Note an act between two parties."""
        if one.codes and other.codes and one.codes != other.codes:
            for left, right in ((one, other), (other, one)):
                self.first.setdefault(left.codes, left)
                self.counts.setdefault(left.codes, Counter())[right.codes] += 1


def _find_opponents(events: Sequence[CodedEvent]) -> _Opponents:
    opponents = _Opponents()
    types = load_codebook().types
    for event in events:
        if types[event.event_type].quad_class.endswith("conflict"):
            for actor in event.actors:
                for recipient in event.recipients:
                    opponents.add(actor, recipient)
    return opponents


def _set_against(event: CodedEvent, opponents: _Opponents) -> CodedEvent:
    if event.recipients or event.event_type not in _AGAINST_THE_OPPONENT:
        return event
    own = {actor.codes for actor in event.actors}
    total: Counter[str] = Counter()
    for codes in own:
        total.update(opponents.counts.get(codes, {}))
    rivals = {codes: count for codes, count in total.items() if codes not in own}
    if not rivals:
        return event
    most = max(rivals, key=lambda codes: (rivals[codes], codes))
    return replace(event, recipients=(opponents.first[most],))
