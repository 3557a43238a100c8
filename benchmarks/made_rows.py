"""The SQL by which the rows of a made lake are varied from those of the sample; see `made_lake`.

The tables `plan` and, of the day that is made, `chosen` tell which article is made of which; the
sample stands in tables called `s_<table>`, where `template` is the number of an article. Events and
parties are there once for every variant, with other countries.
"""

# ruff: noqa: S608 - the queries are made of names that stand in this file
from __future__ import annotations

import csv
import re
from typing import Final

import duckdb
import pyarrow as pa

from include.eventwire.lake.layout import LakeLayout
from include.eventwire.schemas import TABLES
from include.eventwire.versions import RESOURCES

# Copies in the same words, and copies with a line more, by turns.
_IS_NEAR: Final = "(c.copy_of IS NOT NULL AND c.number % 2 = 1)"
_ORIGIN: Final = "coalesce(c.copy_of, c.number)"
_ID: Final = "md5('article ' || c.number)"
_CLUSTER: Final = f"md5('article ' || {_ORIGIN})"
_TEXT: Final = (
    f"s.text || chr(10) || chr(10) || 'Filed as number ' || {_ORIGIN} || '.' "
    f"|| CASE WHEN {_IS_NEAR} THEN ' Sent again.' ELSE '' END"
)
# Publishers by size: each has two thirds of what the one before it has.
_PUBLISHER: Final = (
    "(SELECT list(publisher ORDER BY publisher) FROM s_publishers)"
    "[1 + least((SELECT count(*) FROM s_publishers) - 1, floor(ln(1 - c.publisher) / ln(2 / 3)))"
    "::INTEGER]"
)
_URI: Final = "{publisher} || '/dt=' || $day::DATE || '/news.jsonl'"
# How far the article's days lie after those of the sample's one.
_LATER: Final = "($day::DATE - coalesce(s.published_at::DATE, $day::DATE))::INTEGER"
_CODED: Final = "c.copy_of IS NULL"
_EVENT_ID: Final = "md5('event ' || c.number || ' ' || {index})"


def _select(table: str, changes: dict[str, str], source: str) -> str:
    columns = ", ".join(
        f"{changes.get(name, f's.{name}')} AS {name}" for name in TABLES[table].names
    )
    return f"SELECT {columns} FROM {source}"


# One query a table; `$day` is the day and `$batch_day` its number.
ROWS: Final[dict[str, str]] = {
    "articles": _select(
        "articles",
        {
            "article_id": _ID,
            "source_id": "'made-' || c.number",
            "publisher": _PUBLISHER,
            "url": "'https://news.example/' || c.number",
            "canonical_url": "'https://news.example/' || c.number",
            "headline": f"s.headline || ', ' || {_ORIGIN}",
            "published_at": "$day::DATE::TIMESTAMPTZ + to_seconds(c.second)",
            "text": "c.text",
            "n_chars": "length(c.text)",
            "n_tokens": f"CASE WHEN {_CODED} THEN s.n_tokens + 6 END",
            "n_sentences": f"CASE WHEN {_CODED} THEN s.n_sentences + 1 END",
            "text_sha256": "sha256(c.text)",
            "cluster_id": _CLUSTER,
            "is_canonical": _CODED,
            "duplicate_kind": (
                f"CASE WHEN {_CODED} THEN NULL WHEN {_IS_NEAR} THEN 'near' ELSE 'exact' END"
            ),
            "input_uri": _URI.format(publisher=_PUBLISHER),
            "input_format": "'jsonl'",
            "record_number": "row_number() OVER (ORDER BY c.number)",
            "dateline_date": f"(s.dateline_date + {_LATER})::DATE",
        },
        f"(SELECT c.*, {_TEXT} AS text FROM chosen c JOIN s_articles s USING (template)) c "
        "JOIN s_articles s USING (template) ORDER BY article_id",
    ),
    "mentions": _select(
        "mentions",
        {"article_id": _ID},
        f"chosen c JOIN s_mentions s USING (template) WHERE {_CODED} "
        "ORDER BY article_id, mention_index",
    ),
    "events": _select(
        "events",
        {
            "event_id": _EVENT_ID.format(index="s.event_index"),
            "article_id": _ID,
            # A month or year is told by its first day.
            "event_date": (
                "date_trunc(coalesce(s.event_date_precision, 'day'), "
                f"s.event_date + {_LATER})::DATE"
            ),
            "confidence": "s.confidence * (0.9 + (c.number % 11) / 110)",
        },
        f"chosen c JOIN s_events s USING (template, variant) WHERE {_CODED} "
        "ORDER BY article_id, event_index",
    ),
    "event_parties": _select(
        "event_parties",
        {"event_id": _EVENT_ID.format(index="s.event_index"), "article_id": _ID},
        f"chosen c JOIN s_event_parties s USING (template, variant) WHERE {_CODED} "
        "ORDER BY article_id, s.event_index, role, party_index",
    ),
    "rejects": _select(
        "rejects",
        {
            "input_uri": _URI.format(publisher="split_part(s.input_uri, '/', 1)"),
            "record_number": "1000000 + c.number",
        },
        "(SELECT number, number % (SELECT count(*) FROM s_rejects) AS template FROM chosen "
        "WHERE hash(number) % 50 = 0) c JOIN s_rejects s USING (template) ORDER BY ALL",
    ),
    "signatures": _select(
        "signatures",
        {
            "article_id": _ID,
            "cluster_id": _CLUSTER,
            "normalised_sha256": f"sha256('words ' || {_ORIGIN})",
            **{
                name: f"xor(s.{name}, {_ORIGIN}::INTEGER)"
                for name in TABLES["signatures"].names
                if name.startswith("band_")
            },
        },
        "chosen c JOIN s_signatures s USING (template) ORDER BY article_id",
    ),
}


def load_templates(
    connection: duckdb.DuckDBPyConnection, sample: LakeLayout, *, n_variants: int
) -> list[int]:
    """Load the rows of a lake as templates; return the number of events of each article.

    Args:
        connection: Where the tables `s_...` are made.
        sample: The lake.
        n_variants: In how many ways countries are changed, leaving them as they are among them.
    """
    for table in TABLES:
        files = [str(path) for _, path in sample.published_files(table)]
        connection.execute(
            f"CREATE TABLE raw_{table} AS FROM read_parquet($files)", {"files": files}
        )
    connection.execute(
        "CREATE TABLE s_articles AS SELECT row_number() OVER (ORDER BY article_id) - 1 AS "
        "template, * FROM raw_articles WHERE is_canonical"
    )
    connection.execute(
        "CREATE TABLE s_publishers AS SELECT DISTINCT publisher FROM raw_articles "
        "WHERE publisher IS NOT NULL"
    )
    for table in ("mentions", "signatures"):
        connection.execute(
            f"CREATE TABLE s_{table} AS SELECT template, r.* FROM raw_{table} r "
            "JOIN s_articles USING (article_id)"
        )
    # One that tells of a whole file has no number; what stood in the batch before is no copy here.
    connection.execute(
        "CREATE TABLE s_rejects AS SELECT *, "
        "row_number() OVER (ORDER BY input_uri, record_number) - 1 AS template FROM raw_rejects "
        "WHERE record_number IS NOT NULL"
    )
    _load_variants(connection, n_variants)
    return [
        int(number)
        for (number,) in connection.execute(
            "SELECT count(event_id) FROM s_articles LEFT JOIN raw_events USING (article_id) "
            "GROUP BY template ORDER BY template"
        ).fetchall()
    ]


def _load_variants(connection: duckdb.DuckDBPyConnection, n_variants: int) -> None:
    others = _vary_countries(n_variants)
    events = connection.execute(
        "SELECT template, e.*, s.published_at FROM raw_events e JOIN s_articles s "
        "USING (article_id) ORDER BY e.event_id"
    ).to_arrow_table()
    parties = connection.execute(
        "SELECT template, event_index, p.* FROM raw_event_parties p JOIN raw_events e "
        "USING (event_id) JOIN s_articles s ON s.article_id = p.article_id"
    ).to_arrow_table()
    varied_events = [_vary_events(events, number, other) for number, other in enumerate(others)]
    varied_parties = [_vary_parties(parties, number, other) for number, other in enumerate(others)]
    for table, rows in (("events", varied_events), ("event_parties", varied_parties)):
        connection.register("varied", pa.concat_tables(rows))
        connection.execute(f"CREATE TABLE s_{table} AS FROM varied")
        connection.unregister("varied")


def _vary_countries(n_variants: int) -> list[dict[str, str]]:
    """Return for each variant which country stands for which; none is changed in the first."""
    path = RESOURCES / "gazetteer" / "countries.csv"
    with path.open(encoding="utf-8", newline="") as file:
        codes = sorted({row["code"] for row in csv.DictReader(file)})
    step = max(1, len(codes) // n_variants)
    return [
        {code: codes[(place + step * number) % len(codes)] for place, code in enumerate(codes)}
        for number in range(n_variants)
    ]


def _vary_events(events: pa.Table, number: int, others: dict[str, str]) -> pa.Table:
    changed = _number(events, number)
    for column in ("actor_codes", "recipient_codes"):
        changed = _change(
            changed, column, [_vary_codes(text, others) for text in events[column].to_pylist()]
        )
    if number == 0:
        return changed
    # The place is another one: its country is known, and nothing nearer.
    countries = [others.get(code, code) for code in events["place_country"].to_pylist()]
    changed = _change(changed, "place_country", countries)
    for column in ("place_name", "latitude", "longitude"):
        changed = _change(changed, column, [None] * len(events))
    return changed


def _vary_parties(parties: pa.Table, number: int, others: dict[str, str]) -> pa.Table:
    codes = [others.get(code, code) for code in parties["country_code"].to_pylist()]
    return _change(_number(parties, number), "country_code", codes)


def _vary_codes(text: str | None, others: dict[str, str]) -> str | None:
    """Return "CHN.GOV|RUS" with other countries."""
    if text is None:
        return None
    return re.sub(r"(?<![^|])[A-Z]{3}", lambda found: others.get(found[0], found[0]), text)


def _number(rows: pa.Table, number: int) -> pa.Table:
    return rows.append_column("variant", pa.array([number] * len(rows), pa.int64()))


def _change(rows: pa.Table, column: str, values: list[object]) -> pa.Table:
    place = rows.schema.get_field_index(column)
    return rows.set_column(place, column, pa.array(values, rows.schema.field(column).type))
