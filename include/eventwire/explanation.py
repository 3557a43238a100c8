"""Why an event was coded: its rule, the words behind its fields, and the versions."""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from include.eventwire.event_words import describe_date, describe_place
from include.eventwire.lake.lookup import Found
from include.eventwire.lexicon import LEXICON_FOLDER, load_lexicon
from include.eventwire.records import Event, EventParty
from include.eventwire.versions import (
    CODER_VERSION,
    ModelNotFoundError,
    lexicon_version,
    model_version,
)

# How much of the article around the trigger is shown.
_PASSAGE_CHARS: Final = 240


@dataclass(frozen=True, slots=True)
class Evidence:
    """One field of an event and the words that it rests on.

    Attributes:
        words: As they stand in the article; None where the table keeps none.
        start_char: Offset into the article; None without words or when it is not kept.
    """

    field: str
    value: str
    words: str | None = None
    start_char: int | None = None
    end_char: int | None = None


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why an event was coded.

    Attributes:
        rule_id: File and line of the frame: "assault.csv:17".
        rule: The frame as it stands there now, by column; None when there is no frame there.
        evidence: The fields of the event.
        passage: Offsets of the part of the article to read.
        versions: What the event was coded by: coder, lexicon, model.
        changed: Those of the versions that are others now.
    """

    rule_id: str
    rule: Mapping[str, str] | None
    evidence: tuple[Evidence, ...]
    passage: tuple[int, int]
    versions: Mapping[str, str]
    changed: Mapping[str, str]


def explain_event(found: Found, event: Event) -> Explanation:
    """Return why `event`, one of the events of the article `found`, was coded."""
    versions = {
        "coder": event.coder_version,
        "lexicon": event.lexicon_version,
        "model": event.model_version,
    }
    now = {
        "coder": CODER_VERSION,
        "lexicon": lexicon_version(),
        "model": _current_model(event.model_version),
    }
    return Explanation(
        rule_id=event.rule_id,
        rule=read_rule(event.rule_id),
        evidence=tuple(_list_evidence(event, found.parties_of(event))),
        passage=choose_passage(found.coded.article.text, event),
        versions=versions,
        changed={name: now[name] for name in versions if now[name] != versions[name]},
    )


def read_rule(rule_id: str) -> dict[str, str] | None:
    """Return the row of the lexicon that `rule_id` names, by column, as it stands in its file."""
    # Only what the lexicon itself calls a frame is looked up: ids come from a lake's files.
    if load_lexicon().frame(rule_id) is None:
        return None
    name, _, line = rule_id.partition(":")
    with (LEXICON_FOLDER / name).open(encoding="utf-8", newline="") as file:
        reader = csv.reader(file)
        header = next(reader)
        cells = next(row for row in reader if reader.line_num == int(line))
    return dict(zip(header, cells, strict=True))


def _list_evidence(event: Event, parties: Sequence[EventParty]) -> list[Evidence]:
    kind = f"{event.event_type} {event.event_mode or ''}".strip()
    evidence = [
        Evidence("type", f"{kind}, {event.quad_class}", event.trigger,
                 event.trigger_start_char, event.trigger_end_char),
        *(_explain_party(party) for party in parties),
        Evidence("place", describe_place(event) or "-", event.place_text,
                 event.place_start_char, event.place_end_char),
        Evidence("date", describe_date(event) or "-"),
        Evidence("realis", event.realis),
        Evidence("said by", event.attributed_to or "-", event.attributed_to),
        Evidence("contexts", event.contexts or "-"),
        Evidence("score", "-" if event.plover_score is None else f"{event.plover_score:.1f}"),
        Evidence("confidence", "-" if event.confidence is None else f"{event.confidence:.2f}"),
    ]  # fmt: skip
    return evidence


def _explain_party(party: EventParty) -> Evidence:
    codes = ".".join(code for code in (party.country_code, party.sector_code) if code)
    name = party.name if party.name and party.name != party.text else None
    value = ", ".join(part for part in (codes or "no code", name) if part)
    return Evidence(party.role, value, party.text, party.start_char, party.end_char)


def choose_passage(text: str, event: Event) -> tuple[int, int]:
    """Return offsets of what stands around the trigger, from a blank to a blank."""
    start = max(0, event.trigger_start_char - _PASSAGE_CHARS)
    end = min(len(text), event.trigger_end_char + _PASSAGE_CHARS)
    while start > 0 and not text[start - 1].isspace() and start < event.trigger_start_char:
        start += 1
    while end < len(text) and not text[end].isspace() and end > event.trigger_end_char:
        end -= 1
    return start, end


def _current_model(coded_by: str) -> str:
    name = coded_by.rpartition("-")[0]
    try:
        return model_version(name)
    except ModelNotFoundError:
        return "not installed"
