"""No bytes make a reader fail: each record is an article or a reject."""

import json
import tempfile
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from include.eventwire.formats import FORMATS
from include.eventwire.inputs import InputFile
from include.eventwire.readers import read_articles
from include.eventwire.readers.raw import ReadContext
from include.eventwire.records import Article, Reject
from include.eventwire.settings import Settings
from include.eventwire.sources import SourceProfile

NOT_AFTER = datetime(2026, 1, 1, tzinfo=UTC)
PIECES = [b'"', b",", b"\n", b"\r", b"\0", b"text", b'{"text":"', b'"}', b"\xff\xfe", b"\xe9"]


def read_bytes(data, format_):
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "input"
        path.write_bytes(data)
        file = InputFile(path, "input", len(data), format_)
        return read_file(file, Settings(max_record_bytes=64))


def read_file(file, settings):
    return list(read_articles(ReadContext(file, SourceProfile(), settings, NOT_AFTER)))


@pytest.mark.parametrize("format_", FORMATS)
@settings(max_examples=60, deadline=None)
@given(data=st.lists(st.one_of(st.binary(max_size=20), st.sampled_from(PIECES))).map(b"".join))
def test_any_bytes_are_articles_or_rejects(format_, data):
    for start in (b"", b"text,id\n"):
        results = read_bytes(start + data, format_)
        assert all(isinstance(result, Article | Reject) for result in results)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=10),
    lambda inner: st.lists(inner, max_size=3),
    max_leaves=4,
)


@settings(max_examples=100, deadline=None)
@given(records=st.lists(st.dictionaries(st.sampled_from(["text", "date", "id", "author"]), JSON)))
def test_one_result_for_each_record(records):
    data = "".join(json.dumps(record) + "\n" for record in records).encode()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "input"
        path.write_bytes(data)
        file = InputFile(path, "input", len(data), "jsonl")
        results = read_file(file, Settings())
    assert [result.record_number for result in results] == list(range(1, len(records) + 1))
