"""Tables made to fill the memory or to be understood in two ways."""

import gzip
import io
import json

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from include.eventwire.records import Article
from include.eventwire.settings import Settings

STORY = "The council of Lindholm voted on Tuesday to keep the ferry running through the winter."


def outcomes(results):
    return [result.text if isinstance(result, Article) else result.reason for result in results]


def as_parquet(table, **options):
    buffer = io.BytesIO()
    pq.write_table(table, buffer, **options)
    return buffer.getvalue()


def test_a_row_that_does_not_end_is_given_up(read_input):
    # Each line ends within quotes, so that to a parser the row goes on.
    rows = b"id,text\n" + b'"a\n",' * 500 + b'"\n' + f"1,{STORY}\n".encode()
    results = read_input(rows, "a.csv", settings=Settings(max_record_bytes=200))
    assert set(outcomes(results[:-1])) == {"broken_record"}
    assert outcomes(results)[-1] == STORY


def test_a_quote_that_is_not_closed_costs_a_bounded_part_of_the_file(read_input):
    rows = [b"id,text", b'1,"no end', *(f"{n},{STORY}".encode() for n in range(2, 40))]
    results = read_input(b"\n".join(rows), "a.csv", settings=Settings(max_record_bytes=500))
    assert outcomes(results)[0] == "broken_record"
    assert "lines 2 to" in results[0].detail
    assert outcomes(results).count(STORY) > 30


def test_a_header_of_too_many_columns_is_refused(read_input):
    header = ",".join(["text", *(f"c{number}" for number in range(10_000))])
    (reject,) = read_input(f"{header}\n{STORY}\n".encode(), "a.csv")
    assert reject.reason == "too_large"
    assert "10,001 columns" in reject.detail


def test_a_row_of_too_many_columns_is_a_reject(read_input):
    data = b"id,text\n" + b"," * 100_000 + f"\n2,{STORY}\n".encode()
    assert outcomes(read_input(data, "a.csv")) == ["broken_record", STORY]


def test_a_field_longer_than_the_parser_likes_is_read(read_input):
    text = "Long. " * 25_000
    assert outcomes(read_input(f"text\n{text}\n".encode(), "a.csv")) == [text]


def test_nul_bytes_in_a_table_are_a_reject(read_input):
    data = f"id,text\n1,half\0\n2,{STORY}\n".encode()
    assert outcomes(read_input(data, "a.csv")) == ["undecodable_text", STORY]


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ('{"text": "one", "text": "two"}', "twice"),
        ('{"text": ' + "[" * 100_000 + "]" * 100_000 + "}", "nested"),
        ('{"id": ' + "1" * 10_000 + ', "text": "one"}', "no JSON"),
        ("[" * 100_000, "nested"),
    ],
)
def test_a_hostile_line_of_json_is_one_reject(read_input, line, words):
    results = read_input(f'{line}\n{{"text": "{STORY}"}}\n'.encode(), "a.jsonl")
    assert outcomes(results) == ["broken_record", STORY]
    assert words in results[0].detail


def test_a_name_that_stands_twice_elsewhere_does_no_harm(read_input):
    data = f'{{"tags": {{"a": 1, "a": 2}}, "text": "{STORY}"}}\n'.encode()
    assert outcomes(read_input(data, "a.jsonl")) == [STORY]


def test_lone_surrogates_are_rejects(read_input):
    lines = [json.dumps({"text": "half \ud83d"}), json.dumps({"text": STORY, "title": "\udc00"})]
    results = read_input("\n".join([*lines, json.dumps({"text": STORY})]).encode(), "a.jsonl")
    assert outcomes(results) == ["undecodable_text", "undecodable_text", STORY]


def test_a_text_that_all_rows_share_is_cut_off(read_input, monkeypatch):
    monkeypatch.setattr("include.eventwire.inputs.compression._ALWAYS_ALLOWED_BYTES", 100_000)
    data = as_parquet(pa.table({"text": [STORY * 100] * 10_000}))
    assert len(data) < 20_000
    results = read_input(data, "a.parquet", settings=Settings(max_expansion=2))
    assert outcomes(results)[-1] == "too_large"
    assert len(results) < 20


def test_pages_that_grow_too_much_are_not_opened(read_input, monkeypatch):
    monkeypatch.setattr("include.eventwire.inputs.compression._ALWAYS_ALLOWED_BYTES", 100_000)
    data = as_parquet(
        pa.table({"text": ["x" * 1_000_000]}), use_dictionary=False, compression="zstd"
    )
    (reject,) = read_input(data, "a.parquet", settings=Settings(max_expansion=2))
    assert reject.reason == "too_large"
    assert "EVENTWIRE_MAX_EXPANSION" in reject.detail


def test_few_rows_are_held_where_values_are_large(read_input, monkeypatch):
    monkeypatch.setattr("include.eventwire.readers.parquet_table._BATCH_BYTES", 100)
    data = as_parquet(pa.table({"text": [STORY, STORY[:9], None]}), row_group_size=2)
    assert outcomes(read_input(data, "a.parquet")) == [STORY, STORY[:9], "empty_text"]


@pytest.mark.parametrize(
    ("column", "reason"),
    [
        (pa.array([7]), "broken_record"),
        (pa.array([[["deep"]]]), "broken_record"),
        (pa.array([{"a": {"b": "c"}}]), "broken_record"),
        (pa.array([b"\xff\xfe"]), "broken_record"),
        (pa.array([None], pa.null()), "empty_text"),
        (pa.array([10**14], pa.timestamp("s")), "undecodable_text"),
    ],
)
def test_a_text_of_another_type_is_a_reject(read_input, column, reason):
    assert outcomes(read_input(as_parquet(pa.table({"text": column})), "a.parquet")) == [reason]


def test_invalid_utf8_in_a_text_column_is_a_reject_of_its_row(read_input):
    spoilt = pa.array([b"caf\xe9", STORY.encode()]).view(pa.string())
    data = as_parquet(pa.table({"text": spoilt}))
    assert outcomes(read_input(data, "a.parquet")) == ["undecodable_text", STORY]


def test_a_parquet_file_of_many_columns_is_read(read_input):
    columns = {f"c{number}": [1] for number in range(5_000)}
    assert outcomes(read_input(as_parquet(pa.table({**columns, "text": [STORY]})), "a.pq")) == [
        STORY
    ]


def test_a_table_within_a_gzip_member_that_is_followed_by_another_is_read_whole(read_input):
    first, second = (json.dumps({"text": text}).encode() + b"\n" for text in ("one", "two"))
    data = gzip.compress(first) + gzip.compress(second)
    assert outcomes(read_input(data, "a.jsonl.gz")) == ["one", "two"]
