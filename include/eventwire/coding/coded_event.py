"""An event of an article before it becomes rows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from include.eventwire.coding.event_place import EventPlace
from include.eventwire.coding.parties import Party


@dataclass(frozen=True, slots=True)
class CodedEvent:
    """One event of an article before it becomes rows.

    Attributes:
        trigger_span: First character of the words that carry the act, and one past the last.
        lemma: Lemma of the word that carries the act.
        rule_id: Frame of the lexicon that matched.
        source: Who is cited for the report.
        confidence: Probability that the type is right.
    """

    trigger_span: tuple[int, int]
    lemma: str
    sentence_index: int
    event_type: str
    event_mode: str | None
    contexts: tuple[str, ...]
    rule_id: str
    actors: tuple[Party, ...]
    recipients: tuple[Party, ...]
    realis: str
    event_date: date | None
    event_date_precision: str | None
    place: EventPlace | None
    source: Party | None
    confidence: float
