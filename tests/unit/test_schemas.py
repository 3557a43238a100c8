import dataclasses

import pytest

from include.eventwire.lake.parquet_files import RECORD_TYPES
from include.eventwire.schemas import TABLE_DESCRIPTIONS, TABLES
from include.eventwire.summaries.schemas import SUMMARY_TABLES

# What a contract promises to those who read the tables; a column may be added, none may go.
CONTRACT = {
    "articles": "article_id source_id publisher url headline byline published_at language "
    "language_score text n_chars n_tokens n_sentences text_sha256 cluster_id is_canonical "
    "duplicate_kind input_uri input_format",
    "mentions": "article_id mention_index sentence_index start_char end_char text label entity_id "
    "entity_name country_code latitude longitude",
    "events": "event_id article_id event_index sentence_index trigger trigger_start_char "
    "trigger_end_char event_type event_mode quad_class plover_score contexts realis event_date "
    "event_date_precision place_text place_start_char place_end_char place_name place_country "
    "latitude longitude attributed_to actor_codes recipient_codes confidence coder_version",
    "event_parties": "event_id article_id party_index role start_char end_char text name "
    "country_code sector_code entity_id",
    "rejects": "input_uri record_number stage reason detail",
    "signatures": "article_id cluster_id normalised_sha256 n_words algorithm algorithm_version "
    "seed n_permutations shingle_spec signature band_00",
}
TYPES = {
    "string", "int32", "int64", "float", "double", "bool", "date32[day]", "timestamp[us, tz=UTC]",
}  # fmt: skip


@pytest.mark.parametrize("table", TABLES)
def test_records_and_schema_have_the_same_columns_in_the_same_order(table):
    fields = [field.name for field in dataclasses.fields(RECORD_TYPES[table])]
    assert fields == TABLES[table].names


@pytest.mark.parametrize("table", TABLES)
def test_a_field_may_be_none_where_its_column_may_be_null(table):
    for field in dataclasses.fields(RECORD_TYPES[table]):
        may_be_none = str(field.type).endswith("| None")
        nullable = TABLES[table].field(field.name).nullable
        assert nullable or not may_be_none, f"{table}.{field.name}"


def test_there_are_six_tables_each_described():
    assert list(TABLES) == list(CONTRACT) == list(TABLE_DESCRIPTIONS)
    assert list(RECORD_TYPES) == [*TABLES, *SUMMARY_TABLES]


@pytest.mark.parametrize("table", TABLES)
def test_columns_of_the_contract_come_first_in_the_contracts_order(table):
    names = CONTRACT[table].split()
    assert TABLES[table].names[: len(names)] == names


@pytest.mark.parametrize("table", TABLES)
def test_columns_are_flat_described_and_of_the_allowed_types(table):
    for column in TABLES[table]:
        assert str(column.type) in TYPES, column.name
        assert column.metadata[b"description"], column.name
        assert column.name != "dt"
