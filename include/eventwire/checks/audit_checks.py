"""The checks that a batch must pass before it is published: one SQL query each.

A query gives the rows that break the rule; no rows, no fault. It sees the staged tables under their
names, `code_list(list_name, code)` with the values that coded columns may have, and the texts in
overlapping pieces as `windows(article_id, n_chars, first_char, text)`.
"""

# ruff: noqa: S608 - the queries are made of names that stand in this file
from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, Literal

from include.eventwire.deduplication.signatures import BAND_COLUMNS, LEAST_WORDS

Severity = Literal["error", "warning"]

# Finding a character by its number means counting from the front: ten thousand mentions in a text
# of a million characters would take a quarter of a minute. So texts are cut into windows of twice
# this length, one starting wherever this many characters have gone by.
WINDOW_CHARS: Final = 4_000
WINDOWS_SQL: Final = (
    "SELECT article_id, n_chars, first_char, "
    f"substr(text, first_char + 1, {2 * WINDOW_CHARS}) AS text FROM "
    f"(SELECT article_id, n_chars, text, unnest(range(0, length(text), {WINDOW_CHARS})) "
    "AS first_char FROM articles)"
)


@dataclass(frozen=True, slots=True)
class Check:
    """A rule on the tables.

    Attributes:
        name: Name of the rule, as in receipts.
        rule: What must hold, in words.
        sql: Query for the rows that break it.
        severity: An "error" stops the batch; a "warning" goes to its receipt.
    """

    name: str
    rule: str
    sql: str
    severity: Severity = "error"


def _unique(table: str, *key: str) -> Check:
    columns = ", ".join(key)
    return Check(
        f"{table}_unique" if len(key) == 1 else f"{table}_unique_{key[-1]}",
        f"no two rows of {table} have the same {columns}",
        f"SELECT {columns}, count(*) AS n_rows FROM {table} GROUP BY {columns} HAVING count(*) > 1",
    )


def _known_article(table: str) -> Check:
    return Check(
        f"{table}_have_article",
        f"every row of {table} belongs to an article of the batch",
        f"SELECT article_id, count(*) AS n_rows FROM {table} ANTI JOIN articles USING (article_id) "
        "GROUP BY article_id",
    )


def _span(table: str, key: str, start: str, end: str, surface: str) -> tuple[Check, Check]:
    """Return the checks of a stretch of text: it lies in the text, and it reads as it says."""
    shown = f"row.{key}, row.article_id, row.{start}, row.{end}, row.{surface}"
    within = f"row.{start} >= 0 AND row.{start} < row.{end} AND row.{end} <= n_chars"
    name = f"{table}_{surface}"
    in_range = Check(
        f"{name}_in_range",
        f"{start} and {end} of {table} bound characters of the article's text",
        # A span that is given in part is out of range too; one that is not given is none.
        f"SELECT {shown}, n_chars FROM {table} AS row JOIN articles USING (article_id) "
        f"WHERE coalesce(row.{start}, row.{end}) IS NOT NULL AND ({within}) IS NOT TRUE "
        f"OR row.{surface} IS NOT NULL AND row.{start} IS NULL",
    )

    def differing(joined: str, length: str, printed: str) -> str:
        return (
            f"SELECT {shown}, {printed} AS printed FROM {table} AS row JOIN {joined} "
            f"WHERE {within} AND row.{end} - row.{start} {length} {WINDOW_CHARS} "
            f"AND {printed} IS DISTINCT FROM row.{surface}"
        )

    first = f"row.{start} % {WINDOW_CHARS}"
    short = differing(
        f"windows ON windows.article_id = row.article_id AND first_char = row.{start} - {first}",
        "<=",
        f"substr(windows.text, {first} + 1, row.{end} - row.{start})",
    )
    long = differing(
        "articles ON articles.article_id = row.article_id",
        ">",
        f"substr(articles.text, row.{start} + 1, row.{end} - row.{start})",
    )
    as_printed = Check(
        f"{name}_as_printed",
        f"{surface} of {table} is the article's text from {start} to {end}",
        f"{short} UNION ALL {long}",
    )
    return in_range, as_printed


def _known_code(table: str, key: str, column: str, list_name: str) -> Check:
    return Check(
        f"{table}_{column}_known",
        f"{column} of {table} is one of the {list_name}",
        f"SELECT {key}, {column} FROM {table} WHERE {column} IS NOT NULL AND {column} NOT IN "
        f"(SELECT code FROM code_list WHERE list_name = '{list_name}')",
    )


def _known_codes(column: str, separator: str, lists: Iterable[str]) -> Check:
    names = tuple(lists)
    listed = ", ".join(f"'{name}'" for name in names)
    return Check(
        f"events_{column}_known",
        f"each part of {column} of events is one of the {' or '.join(names)}",
        f"SELECT event_id, {column}, part FROM "
        f"(SELECT event_id, {column}, unnest(string_split({column}, '{separator}')) AS part "
        "FROM events) WHERE part NOT IN "
        f"(SELECT code FROM code_list WHERE list_name IN ({listed}))",
    )


def _party_codes(column: str) -> Check:
    known = "SELECT code FROM code_list WHERE list_name = "
    return Check(
        f"events_{column}_known",
        f"{column} of events are COUNTRY.SECTOR, COUNTRY or .SECTOR with codes of the lists",
        f"SELECT event_id, {column}, part FROM "
        f"(SELECT event_id, {column}, unnest(string_split({column}, '|')) AS part FROM events) "
        "WHERE part = '' OR part LIKE '%.' OR split_part(part, '.', 3) <> '' "
        f"OR split_part(part, '.', 1) NOT IN ({known}'party countries' UNION ALL SELECT '') "
        f"OR split_part(part, '.', 2) NOT IN ({known}'sectors' UNION ALL SELECT '')",
    )


def _coordinates(table: str, key: str) -> Check:
    return Check(
        f"{table}_coordinates",
        f"latitude and longitude of {table} are both given and on the globe, or neither",
        f"SELECT {key}, latitude, longitude FROM {table} "
        "WHERE (latitude IS NULL) <> (longitude IS NULL) "
        "OR latitude NOT BETWEEN -90 AND 90 OR longitude NOT BETWEEN -180 AND 180",
    )


_MENTION: Final = "article_id, mention_index"
_PARTY: Final = "event_id, role, party_index"

CHECKS: Final[tuple[Check, ...]] = (
    _unique("articles", "article_id"),
    Check(
        "articles_measured",
        "n_chars and text_sha256 are those of the text, which is not empty",
        "SELECT article_id, n_chars, length(text) AS measured FROM articles "
        "WHERE n_chars <> length(text) OR n_chars = 0 OR text_sha256 <> sha256(text)",
    ),
    Check(
        "articles_clusters",
        "an article stands for its cluster, or is the exact or near copy of the one that does",
        "SELECT article_id, cluster_id, is_canonical, duplicate_kind FROM articles "
        "WHERE is_canonical <> (duplicate_kind IS NULL) OR cluster_id IS NULL "
        # The same record, met again on a later day, is a copy of itself.
        "OR is_canonical <> (cluster_id = article_id AND cluster_id NOT IN "
        "(SELECT cluster_id FROM earlier_clusters)) "
        "OR duplicate_kind NOT IN ('exact', 'near')",
    ),
    Check(
        "articles_ranges",
        "language_score lies between 0 and 1, record_number starts at 1, counts are not negative",
        "SELECT article_id, language_score, record_number, n_tokens, n_sentences FROM articles "
        "WHERE language_score NOT BETWEEN 0 AND 1 OR record_number < 1 OR n_tokens < 0 "
        "OR n_sentences < 0",
    ),
    Check(
        "articles_dateline_in_range",
        "dateline_start_char and dateline_end_char are both given and within the text, or neither",
        "SELECT article_id, dateline_start_char, dateline_end_char, n_chars FROM articles "
        "WHERE coalesce(dateline_start_char, dateline_end_char) IS NOT NULL AND "
        "(dateline_start_char >= 0 AND dateline_start_char < dateline_end_char "
        "AND dateline_end_char <= n_chars) IS NOT TRUE",
    ),
    Check(
        "articles_warnings_known",
        "each part of warnings of articles is one of the warnings",
        "SELECT article_id, warnings, part FROM "
        "(SELECT article_id, warnings, unnest(string_split(warnings, ',')) AS part FROM articles) "
        "WHERE part NOT IN (SELECT code FROM code_list WHERE list_name = 'warnings')",
    ),
    _unique("mentions", "article_id", "mention_index"),
    _known_article("mentions"),
    *_span("mentions", "mention_index", "start_char", "end_char", "text"),
    _known_code("mentions", _MENTION, "country_code", "party countries"),
    _coordinates("mentions", _MENTION),
    _unique("events", "event_id"),
    _unique("events", "article_id", "event_index"),
    _known_article("events"),
    *_span("events", "event_id", "trigger_start_char", "trigger_end_char", "trigger"),
    *_span("events", "event_id", "place_start_char", "place_end_char", "place_text"),
    _known_code("events", "event_id", "event_type", "event types"),
    Check(
        "events_event_mode_known",
        "event_mode is a mode of the event's type",
        "SELECT event_id, event_type, event_mode FROM events WHERE event_mode IS NOT NULL AND "
        "event_type || ' ' || event_mode NOT IN "
        "(SELECT code FROM code_list WHERE list_name = 'event modes')",
    ),
    Check(
        "events_quad_class_of_type",
        "quad_class is that of the event's type",
        "SELECT event_id, event_type, quad_class FROM events WHERE "
        "event_type IN (SELECT code FROM code_list WHERE list_name = 'event types') AND "
        "event_type || ' ' || quad_class NOT IN "
        "(SELECT code FROM code_list WHERE list_name = 'quad classes')",
    ),
    _known_code("events", "event_id", "realis", "values of realis"),
    _known_codes("contexts", ",", ["contexts"]),
    Check(
        "events_dates",
        "event_date has a precision (day, month, year) and is the first day of its period",
        "SELECT event_id, event_date, event_date_precision FROM events "
        "WHERE (event_date IS NULL) <> (event_date_precision IS NULL) "
        "OR event_date_precision NOT IN ('day', 'month', 'year') "
        "OR (event_date_precision = 'month' AND day(event_date) <> 1) "
        "OR (event_date_precision = 'year' AND dayofyear(event_date) <> 1)",
    ),
    _known_code("events", "event_id", "place_country", "countries"),
    _coordinates("events", "event_id"),
    _party_codes("actor_codes"),
    _party_codes("recipient_codes"),
    Check(
        "events_ranges",
        "confidence lies between 0 and 1, plover_score between -10 and 10",
        "SELECT event_id, confidence, plover_score FROM events "
        "WHERE confidence NOT BETWEEN 0 AND 1 OR plover_score NOT BETWEEN -10 AND 10",
    ),
    _unique("event_parties", "event_id", "role", "party_index"),
    Check(
        "event_parties_have_event",
        "every party belongs to an event of the batch, in the same article",
        "SELECT event_id, article_id, party_index FROM event_parties "
        "ANTI JOIN events USING (event_id, article_id)",
    ),
    *_span("event_parties", "event_id", "start_char", "end_char", "text"),
    _known_code("event_parties", _PARTY, "role", "roles"),
    _known_code("event_parties", _PARTY, "country_code", "party countries"),
    _known_code("event_parties", _PARTY, "sector_code", "sectors"),
    _known_code("rejects", "input_uri, record_number", "reason", "reasons"),
    _known_code("rejects", "input_uri, record_number", "stage", "stages"),
    _unique("signatures", "article_id"),
    _known_article("signatures"),
    Check(
        "signatures_of_articles",
        "every article has a row of signatures, with its cluster",
        "SELECT article_id, articles.cluster_id, signatures.cluster_id AS signatures_cluster_id "
        "FROM articles LEFT JOIN signatures USING (article_id) "
        "WHERE articles.cluster_id IS DISTINCT FROM signatures.cluster_id",
    ),
    Check(
        "signatures_whole",
        f"texts of {LEAST_WORDS} words or more have a signature, with a byte for each permutation "
        "and all band keys; shorter ones have nothing of it",
        "SELECT article_id, n_words, n_permutations FROM signatures "
        f"WHERE (signature IS NULL) <> (n_words < {LEAST_WORDS}) "
        "OR octet_length(from_base64(signature)) <> n_permutations "
        f"OR list_count([{', '.join(BAND_COLUMNS)}]) <> "
        f"CASE WHEN signature IS NULL THEN 0 ELSE {len(BAND_COLUMNS)} END",
    ),
    Check(
        "records_accounted_for",
        "every record that came in is an article or a reject",
        "SELECT * FROM (SELECT (SELECT n FROM records_in) AS records_in, "
        "(SELECT count(*) FROM articles) AS articles, (SELECT count(*) FROM rejects) AS rejects) "
        "WHERE records_in <> articles + rejects",
    ),
    Check(
        "batch_not_empty",
        "there is at least one article",
        "SELECT count(*) AS articles FROM articles HAVING count(*) = 0",
        "warning",
    ),
    Check(
        "few_rejects",
        "at most a tenth of the records are rejected, copies apart",
        "SELECT reason, count(*) AS n_rows FROM rejects WHERE reason <> 'duplicate_article' AND "
        "(SELECT count(*) FROM rejects WHERE reason <> 'duplicate_article') > "
        "0.1 * (SELECT n FROM records_in) GROUP BY reason",
        "warning",
    ),
    Check(
        "articles_dated",
        "at most a fifth of the articles have no date; their events cannot be dated",
        "SELECT publisher, count(*) AS undated FROM articles WHERE published_at IS NULL AND "
        "(SELECT count(*) FILTER (published_at IS NULL) > 0.2 * count(*) FROM articles) "
        "GROUP BY publisher",
        "warning",
    ),
    Check(
        "copies_have_canonical",
        "what a copy is a copy of is an article of the batch or of an earlier day; where that one "
        "could not be coded, the copies are without events",
        "SELECT article_id, cluster_id FROM articles WHERE NOT is_canonical AND cluster_id NOT IN "
        "(SELECT article_id FROM articles WHERE is_canonical UNION ALL FROM earlier_clusters)",
        "warning",
    ),
    Check(
        "articles_new",
        "at most half of the articles repeat earlier days; more may mean that the input of another "
        "day was read again (copies are not coded)",
        "SELECT publisher, count(*) AS repeated FROM articles WHERE NOT is_canonical "
        "AND cluster_id IN (FROM earlier_clusters) AND (SELECT count(*) FILTER ("
        "NOT is_canonical AND cluster_id IN (FROM earlier_clusters)) > 0.5 * count(*) "
        "FROM articles) GROUP BY publisher",
        "warning",
    ),
    Check(
        "articles_coded",
        "at most half of the articles that are no copies are left uncoded (in other languages)",
        "SELECT language, count(*) AS uncoded FROM articles WHERE n_tokens IS NULL "
        "AND is_canonical AND (SELECT count(*) FILTER (n_tokens IS NULL) > 0.5 * count(*) "
        "FROM articles WHERE is_canonical) GROUP BY language",
        "warning",
    ),
    Check(
        "few_warnings",
        "at most a tenth of the articles have the same warning",
        "SELECT part AS warning, count(*) AS n_articles FROM "
        "(SELECT unnest(string_split(warnings, ',')) AS part FROM articles) GROUP BY part "
        "HAVING count(*) > 0.1 * (SELECT count(*) FROM articles)",
        "warning",
    ),
    Check(
        "events_found",
        "a batch with coded articles has at least one event",
        "SELECT count(*) AS coded_articles FROM articles WHERE n_tokens IS NOT NULL "
        "HAVING count(*) > 0 AND (SELECT count(*) FROM events) = 0",
        "warning",
    ),
)
