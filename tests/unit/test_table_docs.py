import duckdb

from include.eventwire.codebook import load_codebook
from include.eventwire.schemas import TABLES
from include.eventwire.table_docs import DOCS_FILE, describe_tables, write_views


def test_docs_tables_md_is_not_stale():
    assert DOCS_FILE.read_text(encoding="utf-8") == describe_tables(), (
        "run: python -m include.eventwire.table_docs"
    )


def test_describes_every_column_and_code():
    text = describe_tables()
    for schema in TABLES.values():
        for column in schema:
            assert f"| {column.name} |" in text
    for code in load_codebook().types:
        assert f"| {code} |" in text


def test_the_first_line_of_the_views_tells_the_version():
    assert write_views().splitlines()[0] == "-- Eventwire tables, schema version 2"


def test_views_of_the_tables_are_sql_that_parses():
    statements = duckdb.extract_statements(write_views())
    assert len(statements) == len(TABLES)
