"""The rows of the tables, as frozen dataclasses without logic.

A field has the name and the order of its column in `schemas.py`; a test holds the two together.
Offsets are Unicode code points into `Article.text`, end exclusive.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta


@dataclass(frozen=True, slots=True)
class Article:
    """One published news text, as it was received after decoding and repair (docs/cleaning.md).

    Attributes:
        article_id: Hash of the content; see `article_ids.make_article_id`.
        source_id: What the reader of the input calls the article's id, or None.
        publisher: Short code of the publisher or wire ("xinhua", "reuters"), or None.
        url: Address of the article, or None.
        headline: Headline, or None when there is none.
        byline: Author line, or None.
        published_at: Publication time in UTC, or None when the input gives none.
        language: ISO 639-1 code, "und" when undetermined, or None before detection.
        language_score: Confidence of the language detector, 0 to 1.
        text: Body text. Never rewritten: offsets elsewhere point into it.
        n_chars: Length of `text` in code points.
        n_tokens: Number of spaCy tokens; None until annotated.
        n_sentences: Number of sentences; None until annotated.
        text_sha256: Hex SHA-256 of `text` in UTF-8.
        cluster_id: `article_id` of the canonical article among its copies.
        is_canonical: Whether this is the article that stands for its cluster.
        duplicate_kind: None for a canonical article, else "exact" or "near".
        input_uri: File that the article was read from, as given in the plan.
        input_format: Name of the reader ("jsonl", "plain_text").
        record_number: 1-based number of the record within its file.
        canonical_url: `url` without tracking parameters and the like, to compare addresses by.
        declared_language: ISO 639-1 code that the input or its source declares, or None.
        dateline_place: Place in the dateline, as printed ("NAIROBI"), or None.
        dateline_date: Day that the dateline names, its year from `published_at`, or None.
        agency: Agency that the dateline or the input names ("Reuters"), or None.
        dateline_start_char: Where the dateline begins in `text`; None without one.
        dateline_end_char: Where the story begins after its dateline; None without one.
        source_metadata: Other fields that the input states, as a JSON object with sorted keys
            (see `readers.raw.RawArticle.metadata`), or None.
        warnings: Comma-separated codes from `WARNINGS` in `schemas.py` in alphabetical order of
            what was doubted or repaired, or None.
    """

    article_id: str
    source_id: str | None
    publisher: str | None
    url: str | None
    headline: str | None
    byline: str | None
    published_at: datetime | None
    language: str | None
    language_score: float | None
    text: str
    n_chars: int
    n_tokens: int | None
    n_sentences: int | None
    text_sha256: str
    cluster_id: str | None
    is_canonical: bool
    duplicate_kind: str | None
    input_uri: str
    input_format: str
    record_number: int
    canonical_url: str | None = None
    declared_language: str | None = None
    dateline_place: str | None = None
    dateline_date: date | None = None
    agency: str | None = None
    dateline_start_char: int | None = None
    dateline_end_char: int | None = None
    source_metadata: str | None = None
    warnings: str | None = None

    def __post_init__(self) -> None:
        """Refuse a time that is not in UTC."""
        if self.published_at is not None and self.published_at.utcoffset() != timedelta(0):
            raise ValueError(f"{self.article_id}: published_at must be in UTC")


@dataclass(frozen=True, slots=True)
class Mention:
    """A stretch of an article's text that names something."""

    article_id: str
    mention_index: int
    sentence_index: int
    start_char: int
    end_char: int
    text: str
    label: str
    entity_id: str | None = None
    entity_name: str | None = None
    country_code: str | None = None
    latitude: float | None = None
    longitude: float | None = None


@dataclass(frozen=True, slots=True)
class Event:
    """One coded happening; the words behind every field are given by offsets.

    Attributes:
        event_id: Hash of the article, the trigger, the type and the parties.
        event_index: 0-based position among the article's events, in text order.
        realis: "asserted", "future", "hypothetical", "negated" or "historical".
        event_date: First day of the day, month or year that the sentence states, or None.
        event_date_precision: "day", "month" or "year"; None without a date.
        contexts: Comma-separated PLOVER contexts in alphabetical order, or None.
        actor_codes: Codes of the actors in text order, joined by "|" ("CHN.GOV|RUS.MIL").
        rule_id: Frame of the lexicon that matched ("assault.csv:17").
    """

    event_id: str
    article_id: str
    event_index: int
    sentence_index: int
    trigger: str
    trigger_start_char: int
    trigger_end_char: int
    event_type: str
    event_mode: str | None
    quad_class: str
    plover_score: float | None
    contexts: str | None
    realis: str
    event_date: date | None
    event_date_precision: str | None
    place_text: str | None
    place_start_char: int | None
    place_end_char: int | None
    place_name: str | None
    place_country: str | None
    latitude: float | None
    longitude: float | None
    attributed_to: str | None
    actor_codes: str | None
    recipient_codes: str | None
    confidence: float | None
    coder_version: str
    rule_id: str
    model_version: str
    lexicon_version: str


@dataclass(frozen=True, slots=True)
class EventParty:
    """One actor or recipient of an event.

    A party that the sentence names by a pronoun or leaves out has the offsets of the words in the
    article that name it.
    """

    event_id: str
    article_id: str
    party_index: int
    role: str
    start_char: int
    end_char: int
    text: str
    name: str | None
    country_code: str | None
    sector_code: str | None
    entity_id: str | None


@dataclass(frozen=True, slots=True)
class Reject:
    """One input that did not become an article, and why.

    Attributes:
        input_uri: File that was read.
        record_number: 1-based record within the file; None when the file as a whole was refused.
        stage: Where it was refused: "read", "decode", "check", "deduplicate" or "code".
        reason: Short code from `REJECT_REASONS` in `schemas.py` ("empty_text").
        detail: One sentence for a person: what was wrong and what to do.
    """

    input_uri: str
    record_number: int | None
    stage: str
    reason: str
    detail: str


@dataclass(frozen=True, slots=True)
class Signature:
    """What the copies of an article's text are found by; see `deduplication.signatures`.

    Attributes:
        cluster_id: That of the article; None before its copies are known.
        normalised_sha256: Hex SHA-256 of the text's words: equal for exact copies.
        n_words: Number of words.
        algorithm: Method of the signature; with the next four columns, only rows in which all five
            are the same are comparable.
        shingle_spec: How the text becomes a set of shingles, in words.
        signature: Lowest byte of each minimum, in base64; None for short texts.
        band_00: Hash of the first band of minima; None for short texts.
    """

    article_id: str
    cluster_id: str | None
    normalised_sha256: str
    n_words: int
    algorithm: str
    algorithm_version: str
    seed: int
    n_permutations: int
    shingle_spec: str
    signature: str | None = None
    band_00: int | None = None
    band_01: int | None = None
    band_02: int | None = None
    band_03: int | None = None
    band_04: int | None = None
    band_05: int | None = None
    band_06: int | None = None
    band_07: int | None = None
    band_08: int | None = None
    band_09: int | None = None
    band_10: int | None = None
    band_11: int | None = None
    band_12: int | None = None
    band_13: int | None = None
    band_14: int | None = None
    band_15: int | None = None
    band_16: int | None = None
    band_17: int | None = None
    band_18: int | None = None
    band_19: int | None = None


@dataclass(frozen=True, slots=True)
class CodedArticle:
    """An article with everything that was found in it, ready for the tables."""

    article: Article
    mentions: tuple[Mention, ...]
    events: tuple[Event, ...]
    event_parties: tuple[EventParty, ...]
