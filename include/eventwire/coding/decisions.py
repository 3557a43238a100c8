"""What the coder made of an article: every candidate event, whether it was coded, and why."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from spacy.tokens import Doc

from include.eventwire.coding.coder import DescribedEvent, describe_candidates
from include.eventwire.coding.confidence import LEAST, choose, estimate, load_weights
from include.eventwire.coding.evidence import Features
from include.eventwire.coding.parties import Party
from include.eventwire.lexicon import Lexicon

CODED: Final = "coded"
UNLIKELY: Final = "unlikely"
QUIET_STORY: Final = "quiet story"

# A candidate has about sixty features, of which most hardly count.
_MOST_FEATURES: Final = 8


@dataclass(frozen=True, slots=True)
class Weighed:
    """One feature of a candidate and what it adds to the log-odds of its confidence."""

    feature: str
    value: float
    weight: float
    adds: float


@dataclass(frozen=True, slots=True)
class Decision:
    """What became of one candidate event.

    Attributes:
        start_char: First character of the words that carry the act.
        end_char: One past the last.
        actors: Codes of who acts, as "CHN.GOV".
        recipients: Codes of on whom.
        confidence: Probability that the type is right.
        verdict: `CODED`; `UNLIKELY`, when the confidence is below `confidence.LEAST`; or
            `QUIET_STORY`, when no candidate of the article reaches `confidence.LEAST_OF_BEST`.
        features: What counted most, by how much it counted.
        rest: What all other features add together.
    """

    sentence_index: int
    start_char: int
    end_char: int
    event_type: str
    event_mode: str | None
    rule_id: str
    realis: str
    actors: tuple[str, ...]
    recipients: tuple[str, ...]
    confidence: float
    verdict: str
    features: tuple[Weighed, ...]
    rest: float


@dataclass(frozen=True, slots=True)
class Decisions:
    """All that was decided on an article.

    Attributes:
        sentences: First character of each sentence and one past its last.
        candidates: In the order of the text.
    """

    sentences: tuple[tuple[int, int], ...]
    candidates: tuple[Decision, ...]


def list_decisions(
    doc: Doc,
    published: date | None,
    *,
    lexicon: Lexicon | None = None,
    weights: Mapping[str, float] | None = None,
) -> Decisions:
    """Return what `coder.code_events` decides on each candidate of a parsed article.

    Candidates are what is left after an act that is told twice in a sentence was taken once, and an
    act that is only asked for or promised was taken into the asking or the promise.

    Args:
        doc: The article, with heads, tags, lemmas and named entities.
        published: Day of publication, the anchor of "on Monday".
        lexicon: Frames; the project's own when None.
        weights: Weights of the confidence model; the project's own when None.
    """
    used = load_weights() if weights is None else weights
    sentences = tuple((sentence.start_char, sentence.end_char) for sentence in doc.sents)
    described = describe_candidates(doc, published, lexicon=lexicon)
    confidences = [estimate(candidate.features, used) for candidate in described]
    kept = choose(confidences, len(sentences))
    return Decisions(
        sentences,
        tuple(
            _decide(candidate, confidence, used, is_kept=is_kept)
            for candidate, confidence, is_kept in zip(described, confidences, kept, strict=True)
        ),
    )


def _decide(
    described: DescribedEvent, confidence: float, weights: Mapping[str, float], *, is_kept: bool
) -> Decision:
    event = described.event
    weighed = _weigh(described.features, weights)
    unlikely = UNLIKELY if confidence < LEAST else QUIET_STORY
    return Decision(
        sentence_index=event.sentence_index,
        start_char=event.trigger_span[0],
        end_char=event.trigger_span[1],
        event_type=event.event_type,
        event_mode=event.event_mode,
        rule_id=event.rule_id,
        realis=event.realis,
        actors=_codes(event.actors),
        recipients=_codes(event.recipients),
        confidence=confidence,
        verdict=CODED if is_kept else unlikely,
        features=tuple(weighed[:_MOST_FEATURES]),
        rest=sum(feature.adds for feature in weighed[_MOST_FEATURES:]),
    )


def _weigh(features: Features, weights: Mapping[str, float]) -> list[Weighed]:
    """Return the features that have a weight, those that count most first."""
    weighed = [
        Weighed(name, value, weights[name], value * weights[name])
        for name, value in features.items()
        if weights.get(name)
    ]
    return sorted(weighed, key=lambda feature: (-abs(feature.adds), feature.feature))


def _codes(parties: Sequence[Party]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(party.codes for party in parties if party.codes))
