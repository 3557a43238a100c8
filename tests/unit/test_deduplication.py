from datetime import UTC, datetime

import pytest

from include.eventwire.article_ids import hash_text
from include.eventwire.deduplication import (
    ArticleKey,
    Duplicates,
    find_duplicates,
    mark_copies,
    read_duplicates,
    read_keys,
    write_duplicates,
)
from include.eventwire.parquet_files import write_rows
from include.eventwire.records import Article
from include.eventwire.staging import chunk_file, ingest_folder

MORNING = datetime(2018, 4, 24, 6, tzinfo=UTC)
EVENING = datetime(2018, 4, 24, 18, tzinfo=UTC)


def key(row, article_id, text, published_at=None, chunk="0/a"):
    return ArticleKey(
        chunk, row, article_id, hash_text(text), published_at, f"a.jsonl record {row}"
    )


def make_article(article_id, text, record_number):
    return Article(
        article_id=article_id,
        source_id=None,
        publisher="wire",
        url=None,
        headline=None,
        byline=None,
        published_at=MORNING,
        language="en",
        language_score=0.9,
        text=text,
        n_chars=len(text),
        n_tokens=None,
        n_sentences=None,
        text_sha256=hash_text(text),
        cluster_id=None,
        is_canonical=True,
        duplicate_kind=None,
        input_uri="a.jsonl",
        input_format="jsonl",
        record_number=record_number,
    )


def test_different_articles_are_no_duplicates():
    assert find_duplicates([key(1, "a", "one"), key(2, "b", "two")]) == Duplicates({}, {})


def test_the_same_record_again_is_repeated_and_points_to_the_first():
    keys = [key(1, "a", "one"), key(2, "a", "one", chunk="0/b"), key(3, "a", "one")]
    found = find_duplicates(keys)
    assert found.repeated == {("0/b", 2): "a.jsonl record 1", ("0/a", 3): "a.jsonl record 1"}
    assert found.canonical_ids == {}


@pytest.mark.parametrize(
    ("first", "second", "canonical"),
    [
        (MORNING, EVENING, "first"),
        (EVENING, MORNING, "second"),
        (MORNING, MORNING, "first"),
        (None, EVENING, "second"),
        (None, None, "first"),
    ],
)
def test_the_earliest_article_stands_for_its_copies(first, second, canonical):
    found = find_duplicates([key(1, "first", "same", first), key(2, "second", "same", second)])
    (copy,) = {"first", "second"} - {canonical}
    assert found == Duplicates({}, {copy: canonical})


def test_marks_copies_and_rejects_repeated_records():
    articles = [make_article(name, "text", row) for row, name in enumerate("abb", start=1)]
    found = Duplicates(repeated={("0/a", 2): "a.jsonl record 2"}, canonical_ids={"b": "a"})
    kept, rejects = mark_copies(articles, "0/a", found)
    assert [
        (article.article_id, article.cluster_id, article.is_canonical, article.duplicate_kind)
        for article in kept
    ] == [("a", "a", True, None), ("b", "a", False, "exact")]
    (reject,) = rejects
    assert (reject.record_number, reject.stage, reject.reason) == (
        3,
        "deduplicate",
        "duplicate_article",
    )
    assert "a.jsonl record 2" in reject.detail


def test_what_is_repeated_in_one_chunk_stays_in_another():
    found = Duplicates(repeated={("0/b", 0): "a.jsonl record 1"}, canonical_ids={})
    kept, rejects = mark_copies([make_article("a", "text", 1)], "0/a", found)
    assert len(kept) == 1
    assert rejects == []


def test_keys_come_from_the_chunks_in_their_order(tmp_path):
    ingest_folder(tmp_path, 0).mkdir(parents=True)
    chunks = ["00000/articles-00000", "00000/articles-00001"]
    for chunk, name in zip(chunks, "ab", strict=True):
        write_rows(chunk_file(tmp_path, chunk), "articles", [make_article(name, name, 4)])
    first, second = read_keys(tmp_path, chunks)
    assert first == ArticleKey(chunks[0], 0, "a", hash_text("a"), MORNING, "a.jsonl record 4")
    assert (second.chunk, second.row, second.article_id) == (chunks[1], 0, "b")


def test_duplicates_are_read_as_they_were_written(tmp_path):
    found = Duplicates({("0/a", 2): "a.jsonl record 2"}, {"b": "a"})
    write_duplicates(tmp_path, found)
    assert read_duplicates(tmp_path) == found
