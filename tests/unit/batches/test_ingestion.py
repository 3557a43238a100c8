import hashlib
import json
from datetime import date

import pytest

from include.eventwire.batches import ingestion
from include.eventwire.batches.ingestion import ingest_files
from include.eventwire.batches.plan import Plan
from include.eventwire.batches.staging import read_json
from include.eventwire.inputs.selection import list_inputs
from include.eventwire.lake.parquet_files import read_rows
from include.eventwire.settings import Settings

BROKEN = '{"text": '


@pytest.fixture
def make_plan(tmp_path):
    """Write files of JSON lines (texts, or BROKEN lines) and return a plan with one shard."""

    def make_plan(files, *, articles_per_shard=2, **changes):
        folder = tmp_path / "wire"
        folder.mkdir()
        for name, texts in files.items():
            lines = [text if text == BROKEN else json.dumps({"text": text}) for text in texts]
            (folder / name).write_text("\n".join(lines))
        found = list_inputs([folder]).files
        settings = Settings(
            lake=tmp_path / "lake",
            max_article_chars=1_000,
            max_record_bytes=10_000,
            max_expansion=10,
            articles_per_shard=articles_per_shard,
        )
        values = {
            "day": date(2018, 4, 24),
            "batch": "daily",
            "run": "abc",
            "settings": settings,
            "files": found,
            "shards": (tuple(range(len(found))),),
            "rejects": (),
            "publisher": None,
            "limit": None,
            "created_at": "2018-04-25T00:00:00+00:00",
        }
        return Plan(**{**values, **changes})

    return make_plan


@pytest.fixture
def staging(tmp_path):
    folder = tmp_path / "staging"
    folder.mkdir()
    return folder


def texts_by_chunk(folder):
    return [
        [article.text for article in read_rows(path, "articles")]
        for path in sorted(folder.glob("articles-*.parquet"))
    ]


def rejected(folder):
    return [
        (reject.input_uri, reject.record_number, reject.reason)
        for path in sorted(folder.glob("rejects-*.parquet"))
        for reject in read_rows(path, "rejects")
    ]


def test_articles_are_cut_into_chunks_across_files_in_order(make_plan, staging):
    plan = make_plan({"a.jsonl": ["1", "2", "3"], "b.jsonl": ["4", BROKEN, "5"]})
    folder = ingest_files(plan, staging, 0)
    assert texts_by_chunk(folder) == [["1", "2"], ["3", "4"], ["5"]]
    assert rejected(folder) == [("wire/b.jsonl", 2, "broken_record")]


def test_beside_each_chunk_of_articles_stand_their_signatures(make_plan, staging):
    folder = ingest_files(make_plan({"a.jsonl": ["1", BROKEN, "2", "3"]}), staging, 0)
    for number in range(2):
        articles, signatures = (
            list(read_rows(folder / f"{table}-0000{number}.parquet", table))
            for table in ("articles", "signatures")
        )
        assert [row.article_id for row in articles] == [row.article_id for row in signatures]
        assert {row.cluster_id for row in signatures} == {None}
    assert len(list(folder.glob("signatures-*"))) == 2


def test_long_articles_fill_a_chunk_as_many_short_ones_do(make_plan, staging, monkeypatch):
    monkeypatch.setattr(ingestion, "MOST_CHUNK_CHARS", 10)
    plan = make_plan({"a.jsonl": ["x" * 10, "x" * 4, "y" * 4]}, articles_per_shard=100)
    assert texts_by_chunk(ingest_files(plan, staging, 0)) == [["x" * 10], ["x" * 4, "y" * 4]]


def test_rejects_are_never_all_in_memory(make_plan, staging, monkeypatch):
    monkeypatch.setattr(ingestion, "_MOST_CHUNK_REJECTS", 2)
    folder = ingest_files(make_plan({"a.jsonl": [BROKEN] * 5}), staging, 0)
    assert len(list(folder.glob("rejects-*.parquet"))) == 3
    assert [number for _, number, _ in rejected(folder)] == [1, 2, 3, 4, 5]


def test_the_limit_counts_records_over_files_and_opens_no_more_than_it_needs(make_plan, staging):
    plan = make_plan({"a.jsonl": ["1", BROKEN], "b.jsonl": ["2", "3"], "c.jsonl": ["4"]}, limit=3)
    folder = ingest_files(plan, staging, 0)
    assert texts_by_chunk(folder) == [["1", "2"]]
    assert len(rejected(folder)) == 1
    assert list(read_json(folder / "inputs.json")) == ["wire/a.jsonl", "wire/b.jsonl"]


def test_inputs_are_hashed(make_plan, staging):
    plan = make_plan({"a.jsonl": ["1"]})
    folder = ingest_files(plan, staging, 0)
    sha256 = hashlib.sha256(plan.files[0].path.read_bytes()).hexdigest()
    assert read_json(folder / "inputs.json") == {"wire/a.jsonl": sha256}


def test_a_file_that_vanished_is_a_reject_and_the_others_are_read(make_plan, staging):
    plan = make_plan({"a.jsonl": ["1"], "b.jsonl": ["2"]})
    plan.files[0].path.unlink()
    folder = ingest_files(plan, staging, 0)
    assert texts_by_chunk(folder) == [["2"]]
    assert rejected(folder) == [("wire/a.jsonl", None, "unreadable_file")]
    assert read_json(folder / "inputs.json")["wire/a.jsonl"] is None


def test_an_error_that_no_reader_foresaw_costs_the_rest_of_one_file(
    make_plan, staging, monkeypatch
):
    def fail_on_the_first_file(context):
        if context.file.uri == "wire/a.jsonl":
            raise ZeroDivisionError("boom")
        yield from read_articles(context)

    read_articles = ingestion.read_articles
    monkeypatch.setattr(ingestion, "read_articles", fail_on_the_first_file)
    folder = ingest_files(make_plan({"a.jsonl": ["1"], "b.jsonl": ["2"]}), staging, 0)
    assert texts_by_chunk(folder) == [["2"]]
    assert rejected(folder) == [("wire/a.jsonl", None, "unexpected_error")]


def test_the_publisher_of_the_request_serves_articles_that_name_none(make_plan, staging):
    folder = ingest_files(make_plan({"a.jsonl": ["1"]}, publisher="xinhua"), staging, 0)
    (article,) = read_rows(folder / "articles-00000.parquet", "articles")
    assert article.publisher == "xinhua"


def test_a_shard_that_was_read_is_left_as_it_is(make_plan, staging):
    plan = make_plan({"a.jsonl": ["1"]})
    folder = ingest_files(plan, staging, 0)
    plan.files[0].path.write_text(json.dumps({"text": "changed"}))
    assert ingest_files(plan, staging, 0) == folder
    assert texts_by_chunk(folder) == [["1"]]


def test_progress_counts_every_record(make_plan, staging):
    counted = []
    ingest_files(make_plan({"a.jsonl": ["1", BROKEN, "2"]}), staging, 0, counted.append)
    assert sum(counted) == 3
