import dataclasses

import pytest

from include.eventwire.lake.parquet_files import RECORD_TYPES
from include.eventwire.schemas import TABLES
from include.eventwire.summaries.schemas import SUMMARY_DESCRIPTIONS, SUMMARY_TABLES

ALLOWED = {"string", "int32", "float", "double", "date32[day]", "timestamp[us, tz=UTC]"}


def test_each_table_is_described_and_none_is_called_like_one_of_batches():
    assert list(SUMMARY_TABLES) == list(SUMMARY_DESCRIPTIONS)
    assert SUMMARY_TABLES.keys().isdisjoint(TABLES)


@pytest.mark.parametrize("table", SUMMARY_TABLES)
def test_records_and_schema_have_the_same_columns_in_the_same_order(table):
    fields = dataclasses.fields(RECORD_TYPES[table])
    assert [field.name for field in fields] == SUMMARY_TABLES[table].names
    for field in fields:
        may_be_none = str(field.type).endswith("| None")
        assert SUMMARY_TABLES[table].field(field.name).nullable == may_be_none, field.name


@pytest.mark.parametrize("table", SUMMARY_TABLES)
def test_columns_are_flat_described_and_of_the_allowed_types(table):
    for column in SUMMARY_TABLES[table]:
        assert str(column.type) in ALLOWED, column.name
        assert column.metadata[b"description"], column.name
        assert column.name != "dt"
