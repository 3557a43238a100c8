"""The contract of the six tables: one Arrow schema each, every column described.

New columns are nullable and stand at the end; a type never changes. Raise `SCHEMA_VERSION` with
every change: a lake written by a newer schema than the code's is refused.
"""

from __future__ import annotations

from typing import Final

import pyarrow as pa

SCHEMA_VERSION: Final = 2

# Opens the first line of a lake's views.sql; the version follows.
VERSION_MARK: Final = "-- Eventwire tables, schema version "

TIMESTAMP: Final = pa.timestamp("us", tz="UTC")


class SchemaVersionError(ValueError):
    """A file or lake was written with a newer version of the schema than this code knows."""


def column(name: str, type_: pa.DataType, description: str, *, null: bool = False) -> pa.Field:
    """Return one column of a table, its description kept in the field's metadata."""
    return pa.field(name, type_, nullable=null, metadata={"description": description})


ARTICLES: Final = pa.schema(
    [
        column("article_id", pa.string(), "Key: hash of the article's content."),
        column("source_id", pa.string(), "Id of the article in its input.", null=True),
        column("publisher", pa.string(), "Short code of the publisher or wire.", null=True),
        column("url", pa.string(), "Address of the article.", null=True),
        column("headline", pa.string(), "Headline.", null=True),
        column("byline", pa.string(), "Author line.", null=True),
        column("published_at", TIMESTAMP, "Time of publication, UTC.", null=True),
        column("language", pa.string(), "ISO 639-1 code; und = undetermined.", null=True),
        column(
            "language_score", pa.float32(), "Language detector's confidence, 0 to 1.", null=True
        ),
        column("text", pa.string(), "Body, decoded and repaired; offsets point into it."),
        column("n_chars", pa.int32(), "Length of text in Unicode code points."),
        column("n_tokens", pa.int32(), "Number of spaCy tokens; null when not coded.", null=True),
        column("n_sentences", pa.int32(), "Number of sentences; null when not coded.", null=True),
        column("text_sha256", pa.string(), "SHA-256 of text in UTF-8, hexadecimal."),
        column("cluster_id", pa.string(), "article_id of the canonical copy.", null=True),
        column("is_canonical", pa.bool_(), "True when the article stands for its copies."),
        column("duplicate_kind", pa.string(), "null, exact or near.", null=True),
        column("input_uri", pa.string(), "File that the article was read from."),
        column("input_format", pa.string(), "Reader that read it."),
        column("record_number", pa.int32(), "1-based number of the record in its file."),
        column("canonical_url", pa.string(), "url without tracking parameters.", null=True),
        column("declared_language", pa.string(), "Language that the input states.", null=True),
        column("dateline_place", pa.string(), "Place in the dateline, as printed.", null=True),
        column("dateline_date", pa.date32(), "Day that the dateline names.", null=True),
        column("agency", pa.string(), "Agency of the dateline or input.", null=True),
        column("dateline_start_char", pa.int32(), "First character of the dateline.", null=True),
        column("dateline_end_char", pa.int32(), "Where the story begins after it.", null=True),
        column("source_metadata", pa.string(), "Other fields of the input, JSON.", null=True),
        column("warnings", pa.string(), "What was doubted or repaired, codes.", null=True),
    ]
)

MENTIONS: Final = pa.schema(
    [
        column("article_id", pa.string(), "Article that the mention stands in."),
        column("mention_index", pa.int32(), "0-based position in the article."),
        column("sentence_index", pa.int32(), "0-based sentence of the article."),
        column("start_char", pa.int32(), "First character in articles.text."),
        column("end_char", pa.int32(), "One past the last character in articles.text."),
        column("text", pa.string(), "Surface: articles.text[start_char:end_char]."),
        column("label", pa.string(), "spaCy (OntoNotes) entity label: PERSON, GPE, ORG ..."),
        column("entity_id", pa.string(), "Entity in the gazetteer.", null=True),
        column("entity_name", pa.string(), "Name of that entity.", null=True),
        column("country_code", pa.string(), "ISO 3166 alpha-3 or IGO, NGO, IMG, MNC.", null=True),
        column("latitude", pa.float64(), "Degrees north, WGS 84, of a known place.", null=True),
        column("longitude", pa.float64(), "Degrees east, WGS 84, of a known place.", null=True),
    ]
)

EVENTS: Final = pa.schema(
    [
        column("event_id", pa.string(), "Key: hash of article, trigger, type and parties."),
        column("article_id", pa.string(), "Article that reports the event."),
        column("event_index", pa.int32(), "0-based position in the article."),
        column("sentence_index", pa.int32(), "0-based sentence of the trigger."),
        column("trigger", pa.string(), "Words that carry the act."),
        column("trigger_start_char", pa.int32(), "First character in articles.text."),
        column("trigger_end_char", pa.int32(), "One past the last character in articles.text."),
        column("event_type", pa.string(), "PLOVER type, one of 16."),
        column("event_mode", pa.string(), "PLOVER mode of the type.", null=True),
        column("quad_class", pa.string(), "verbal or material, cooperation or conflict."),
        column("plover_score", pa.float32(), "PLOVER score of the mode or the type.", null=True),
        column("contexts", pa.string(), "PLOVER contexts, comma-separated.", null=True),
        column("realis", pa.string(), "asserted, future, hypothetical, negated, historical."),
        column("event_date", pa.date32(), "Day of the act, or first day of its period.", null=True),
        column("event_date_precision", pa.string(), "day, month or year.", null=True),
        column("place_text", pa.string(), "Words that name the place of the act.", null=True),
        column("place_start_char", pa.int32(), "First character in articles.text.", null=True),
        column("place_end_char", pa.int32(), "One past the last character.", null=True),
        column("place_name", pa.string(), "Name of the place in the gazetteer.", null=True),
        column("place_country", pa.string(), "ISO 3166 alpha-3 of the place.", null=True),
        column("latitude", pa.float64(), "Degrees north, WGS 84; null unless sure.", null=True),
        column("longitude", pa.float64(), "Degrees east, WGS 84; null unless sure.", null=True),
        column("attributed_to", pa.string(), "Who is cited for the report.", null=True),
        column("actor_codes", pa.string(), "COUNTRY.SECTOR of the actors, joined by |.", null=True),
        column("recipient_codes", pa.string(), "The same of the recipients.", null=True),
        column("confidence", pa.float32(), "Probability that the type is right.", null=True),
        column("coder_version", pa.string(), "Version of the event coder."),
        column("rule_id", pa.string(), "Frame of the lexicon that matched.", null=True),
        column("model_version", pa.string(), "spaCy pipeline and its version.", null=True),
        column("lexicon_version", pa.string(), "Hash of the resource files.", null=True),
    ]
)

EVENT_PARTIES: Final = pa.schema(
    [
        column("event_id", pa.string(), "Event that the party takes part in."),
        column("article_id", pa.string(), "Article that reports it."),
        column("party_index", pa.int32(), "0-based position within the event and role."),
        column("role", pa.string(), "actor or recipient."),
        column("start_char", pa.int32(), "First character in articles.text."),
        column("end_char", pa.int32(), "One past the last character in articles.text."),
        column("text", pa.string(), "Surface: articles.text[start_char:end_char]."),
        column("name", pa.string(), "Name of the party after linking.", null=True),
        column("country_code", pa.string(), "ISO 3166 alpha-3 or IGO, NGO, IMG, MNC.", null=True),
        column("sector_code", pa.string(), "PLOVER sector.", null=True),
        column("entity_id", pa.string(), "Entity in the gazetteer.", null=True),
    ]
)

REJECTS: Final = pa.schema(
    [
        column("input_uri", pa.string(), "File that was read."),
        column("record_number", pa.int32(), "1-based record; null = the whole file.", null=True),
        column("stage", pa.string(), "read, decode, check, deduplicate or code."),
        column("reason", pa.string(), "Short code of the reason."),
        column("detail", pa.string(), "What was wrong and what to do."),
    ]
)

# How signatures are made, and why so: see `deduplication.signatures`. Band keys have columns of
# their own because lists are slow to read; 32 bits are enough, since the signature decides.
SIGNATURES: Final = pa.schema(
    [
        column("article_id", pa.string(), "Article whose text it is made of."),
        column("cluster_id", pa.string(), "cluster_id of the article.", null=True),
        column("normalised_sha256", pa.string(), "SHA-256 of the text's words, hexadecimal."),
        column("n_words", pa.int32(), "Number of words."),
        column("algorithm", pa.string(), "Method of the signature."),
        column("algorithm_version", pa.string(), "Version of the method and of its encoding."),
        column("seed", pa.int32(), "Seed of the permutations."),
        column("n_permutations", pa.int32(), "Number of permutations, one byte each."),
        column("shingle_spec", pa.string(), "How a text becomes a set of shingles."),
        column("signature", pa.string(), "MinHash in base64; null for short texts.", null=True),
        *(
            column(f"band_{number:02d}", pa.int32(), "Hash of a band of the MinHash.", null=True)
            for number in range(20)
        ),
    ]
)

TABLES: Final[dict[str, pa.Schema]] = {
    "articles": ARTICLES,
    "mentions": MENTIONS,
    "events": EVENTS,
    "event_parties": EVENT_PARTIES,
    "rejects": REJECTS,
    "signatures": SIGNATURES,
}

# The tables whose rows are told to people; signatures only serve the batches of later days.
TOLD_TABLES: Final = tuple(table for table in TABLES if table != "signatures")

TABLE_DESCRIPTIONS: Final[dict[str, str]] = {
    "articles": "One row per article. Key: article_id.",
    "mentions": "One row per entity mention. Key: article_id, mention_index.",
    "events": "One row per coded event. Key: event_id.",
    "event_parties": "One row per actor or recipient. Key: event_id, role, party_index.",
    "rejects": "One row per input that did not become an article, with the reason.",
    "signatures": "One row per article: what copies are found by across days. Key: article_id.",
}

# Where an input can be refused: while it is read, while its text is decoded, when its fields are
# checked, or because it stood in the batch before.
REJECT_STAGES: Final = ("read", "decode", "check", "deduplicate", "code")

REJECT_REASONS: Final[dict[str, str]] = {
    "broken_record": "The record is not what its format demands (broken JSON, wrong type).",
    "unknown_format": "No reader is known for the file.",
    "unreadable_file": "The file could not be opened or decompressed.",
    "undecodable_text": "No character encoding gave readable text.",
    "empty_text": "The article has no body text.",
    "text_too_long": "The body is longer than the limit.",
    "bad_date": "The publication date is not a date that the source's profile can read.",
    "duplicate_article": "The same record stood in the batch before.",
    "not_an_article": "The item is a picture, video, package or other thing without a story.",
    "other_language": "The language is none that is coded, and others are rejected by a setting.",
    "took_too_long": "Reading or coding the article took longer than the limit.",
    "crashed_the_coder": "Coding the article ended the process that did it, more than once.",
    "too_large": "The record, page or archive member is larger than the limit.",
    "unsafe_input": "The input tries what none should: a path out of its archive, an XML bomb.",
    "forgotten": "The article was forgotten on request and is kept out of the lake.",
    "unexpected_error": "The record made a stage fail; the detail names the error.",
}

# What may be noted of an article that was taken all the same: `articles.warnings`.
WARNINGS: Final[dict[str, str]] = {
    "coding_failed": "The article could not be coded again and stays without events.",
    "date_in_future": "The stated time of publication lies in the future and is not believed.",
    "date_too_early": "The stated time of publication lies before 1900 and is not believed.",
    "date_unreadable": "The time of publication that a page, feed or mail states is no date.",
    "language_differs": "The language that the input declares is not the one that was detected.",
    "text_repaired": "Characters that had been decoded wrongly were repaired.",
}
