import gzip
import json
from datetime import UTC, datetime

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import zstandard

from include.eventwire.inputs.selection import list_inputs
from include.eventwire.inputs.sources import SourceProfile
from include.eventwire.readers import read_articles
from include.eventwire.readers.raw import ReadContext
from include.eventwire.records import Article, Reject
from include.eventwire.schemas import REJECT_REASONS
from include.eventwire.settings import Settings

NOT_AFTER = datetime(2026, 1, 1, tzinfo=UTC)
SMALL = Settings(max_article_chars=200, max_record_bytes=1_000)


@pytest.fixture
def read(tmp_path):
    """Write bytes to a file of a name and return what is read from it."""

    def read(name, data, profile=None, settings=SMALL):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
        (file,) = list_inputs([path]).files
        profile = profile or SourceProfile()
        return list(read_articles(ReadContext(file, profile, settings, NOT_AFTER)))

    return read


def outcome(result):
    """Return the text of an article or the reason of a reject."""
    return result.text if isinstance(result, Article) else result.reason


def as_lines(*records):
    return b"".join(json.dumps(record).encode() + b"\n" for record in records)


def test_every_line_of_jsonl_is_an_article_or_a_reject(read):
    lines = {
        b'{"text": "one"}': "one",
        b'{"text": ': "broken_record",
        b"[1, 2]": "broken_record",
        b"[" * 900: "broken_record",
        b'{"text": ["a", "b"]}': "broken_record",
        b'{"title": "no text"}': "empty_text",
        b'{"text": " \\n "}': "empty_text",
        b'{"text": "' + b"x" * 201 + b'"}': "text_too_long",
        b'{"text": "' + b"x" * 5_000 + b'"}': "text_too_long",
        b'{"text": "a\\u0000b"}': "undecodable_text",
        b'{"text": "\\ud83d"}': "undecodable_text",
        b'{"text": "x", "date": "soon"}': "bad_date",
        b'{"text": "last"}': "last",
    }
    results = read("a.jsonl", b"\n".join(lines))
    assert [outcome(result) for result in results] == list(lines.values())
    assert [result.record_number for result in results] == list(range(1, len(lines) + 1))
    rejects = [result for result in results if isinstance(result, Reject)]
    assert {reject.reason for reject in rejects} <= set(REJECT_REASONS)
    assert all(reject.detail and reject.input_uri.endswith("a.jsonl") for reject in rejects)


def test_usual_names_and_a_mapping(read):
    record = {
        "storyId": 7,
        "head": "Talks",
        "story": "Body.",
        "stamp": "2018-04-24 09:00",
        "authors": ["A. Abe", "B. Bo"],
        "source": "other",
    }
    profile = SourceProfile(
        time_zone="Asia/Tokyo",
        fields={
            "source_id": "storyId",
            "headline": "head",
            "text": "story",
            "published_at": "stamp",
        },
    )
    (article,) = read("a.jsonl", as_lines(record), profile)
    assert (article.source_id, article.headline, article.text) == ("7", "Talks", "Body.")
    assert article.published_at == datetime(2018, 4, 24, tzinfo=UTC)
    assert (article.byline, article.publisher, article.url) == ("A. Abe, B. Bo", "other", None)


@pytest.mark.parametrize(
    ("name", "compress"),
    [("a.jsonl.gz", gzip.compress), ("a.jsonl.zst", zstandard.ZstdCompressor().compress)],
)
def test_compressed_files_are_read_and_damage_is_told(read, name, compress):
    data = compress(as_lines({"text": "one"}, {"text": "two"}))
    assert [outcome(result) for result in read(name, data)] == ["one", "two"]
    assert outcome(read(name, data[:-5])[-1]) == "unreadable_file"
    assert outcome(read(name, b"no archive")[-1]) == "unreadable_file"


def test_a_file_that_grows_too_much_is_cut_off(read, monkeypatch):
    monkeypatch.setattr("include.eventwire.inputs.compression._ALWAYS_ALLOWED_BYTES", 1_000)
    data = zstandard.ZstdCompressor().compress(b" " * 1_000_000 + b"\n")
    (reject,) = read("a.jsonl.zst", data, settings=Settings(max_expansion=2))
    assert reject.reason == "too_large"
    assert "EVENTWIRE_MAX_EXPANSION" in reject.detail


def test_csv_goes_on_after_broken_rows(read):
    long = b"x" * 2_000
    data = (
        b"id,title,text,date\r\n"
        b'1,Talks,"First line,\r\nsecond ""line""",2018-04-24\r\n'
        b'2,"Bro"ken,text,\r\n'
        b"3,too,few\r\n"
        b"4,NUL,a\0b,\r\n"
        b"5," + long + b",text,\r\n"
        b"6,Last,six,\r\n"
    )
    results = read("a.csv", data)
    assert [outcome(result) for result in results] == [
        'First line,\r\nsecond "line"',
        "broken_record",
        "broken_record",
        "undecodable_text",
        "text_too_long",
        "six",
    ]
    assert [result.record_number for result in results] == [1, 2, 3, 4, 5, 6]
    assert results[0].published_at == datetime(2018, 4, 24, tzinfo=UTC)


def test_csv_without_a_column_for_the_text_is_one_reject(read):
    (reject,) = read("a.csv", b"id;text\n1;x\n")
    assert reject.record_number is None
    assert "delimiter" in reject.detail
    (article,) = read("a.csv", b"id;text\n1;x\n", SourceProfile(delimiter=";"))
    assert article.text == "x"


def test_an_open_quote_is_a_reject_that_names_its_lines(read):
    first, broken = read("a.csv", b'id,text\n1,one\n2,"two\n3,three\n')
    assert first.text == "one"
    assert "lines 3 to 4" in broken.detail


def test_parquet_rows(read, tmp_path):
    table = pa.table(
        {
            "text": ["one", None, "three"],
            "published": pa.array([10**18 + 1, None, 0], pa.timestamp("ns")),
            "author": [["A", "B"], None, []],
        }
    )
    pq.write_table(table, tmp_path / "t.parquet")
    results = read("t.parquet", (tmp_path / "t.parquet").read_bytes())
    assert [outcome(result) for result in results] == ["one", "empty_text", "three"]
    assert results[0].published_at == datetime(2001, 9, 9, 1, 46, 40, tzinfo=UTC)
    assert (results[0].byline, results[2].byline) == ("A, B", None)


@pytest.mark.parametrize("data", [b"", b"PAR1 is not all"])
def test_a_file_that_is_no_parquet_is_one_reject(read, data):
    (reject,) = read("t.parquet", data)
    assert (reject.reason, reject.record_number) == ("unreadable_file", None)


def test_plain_text_is_the_whole_file_unless_it_opens_with_its_headline(read):
    data = b"Talks end\r\n\r\nMinisters met.\r\n"
    (whole,) = read("a.txt", data)
    assert (whole.headline, whole.text) == (None, data.decode())
    profile = SourceProfile(headline_on_first_line=True, dated_by_folder=True)
    (article,) = read("dt=2018-04-24/a.txt", data, profile)
    assert (article.headline, article.text) == ("Talks end", "Ministers met.\r\n")
    assert article.published_at == datetime(2018, 4, 24, tzinfo=UTC)


@pytest.mark.parametrize("data", [b"", b" \n", b"headline only"])
def test_an_empty_text_file_is_a_reject(read, data):
    (reject,) = read("a.txt", data, SourceProfile(headline_on_first_line=True))
    assert reject.reason == "empty_text"


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-32", "latin-1"])
@pytest.mark.parametrize("name", ["a.txt", "a.jsonl", "a.csv"])
def test_decodes_marked_files_and_latin_1(read, encoding, name):
    text = "Le président a rencontré le ministre à Genève; les négociations ont été différées."
    written = {
        "a.txt": text,
        "a.jsonl": json.dumps({"text": text}, ensure_ascii=False) + "\n",
        "a.csv": f"text\n{text}\n",
    }
    (article,) = read(name, written[name].encode(encoding))
    assert article.text == text
    assert article.language == "fr"


def test_bytes_that_are_no_text_are_a_reject(read):
    (reject,) = read("a.txt", bytes(range(256)) * 3)
    assert reject.reason == "undecodable_text"


def test_ids_are_of_the_content_alone(read):
    one = read("a.jsonl", as_lines({"text": "x", "id": "1"}))[0]
    two = read("b.jsonl", as_lines({"text": "skip"}, {"body": "x", "id": 1}))[1]
    assert one.article_id == two.article_id
    assert len(one.article_id) == 32
    assert read("c.jsonl", as_lines({"text": "x", "url": "1"}))[0].article_id != one.article_id


def test_a_declared_language_stands_where_the_text_is_too_short(read):
    article, other = read("a.jsonl", as_lines({"text": "Hi.", "lang": "en-GB"}, {"text": "Hi."}))
    assert (article.language, article.language_score) == ("en", None)
    assert (other.language, other.language_score) == ("und", 0.0)
