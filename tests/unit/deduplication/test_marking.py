from include.eventwire.deduplication.clusters import Duplicates
from include.eventwire.deduplication.earlier_copies import Copy
from include.eventwire.deduplication.marking import (
    is_found,
    mark_copies,
    mark_signatures,
    read_duplicates,
    write_duplicates,
)
from tests.lake_rows import make_article, make_signature


def make_articles(*ids):
    return [
        make_article(article_id=article_id, cluster_id=None, record_number=number)
        for number, article_id in enumerate(ids, 1)
    ]


def test_marks_copies_and_rejects_repeated_records():
    found = Duplicates(
        repeated={("0/a", 2): "a.jsonl record 2"},
        copies={"b": Copy("a", "exact"), "c": Copy("stored", "near")},
    )
    kept, rejects = mark_copies(make_articles("a", "b", "b", "c"), "0/a", found)
    assert [
        (article.article_id, article.cluster_id, article.is_canonical, article.duplicate_kind)
        for article in kept
    ] == [("a", "a", True, None), ("b", "a", False, "exact"), ("c", "stored", False, "near")]
    (reject,) = rejects
    assert (reject.record_number, reject.stage, reject.reason) == (
        3,
        "deduplicate",
        "duplicate_article",
    )
    assert "a.jsonl record 2" in reject.detail


def test_what_is_repeated_in_one_chunk_stays_in_another():
    found = Duplicates(repeated={("0/b", 0): "a.jsonl record 1"}, copies={})
    kept, rejects = mark_copies(make_articles("a"), "0/a", found)
    assert len(kept) == 1
    assert rejects == []


def test_signatures_of_the_articles_that_are_left_have_their_clusters():
    made = [make_signature(article, cluster_id=None) for article in make_articles(*"abca")]
    kept = [make_article(article_id="c", cluster_id="stored"), make_article(article_id="a")]
    found = mark_signatures(made, kept)
    assert [(row.article_id, row.cluster_id) for row in found] == [
        ("c", "stored"),
        ("a", "a"),
    ]


def test_duplicates_are_read_as_they_were_written(tmp_path):
    found = Duplicates(
        {("0/a", 2): "a.jsonl record 2"},
        {"b": Copy("a", "exact"), "c": Copy("s", "near")},
        frozenset({"s"}),
    )
    assert not is_found(tmp_path)
    write_duplicates(tmp_path, found)
    assert is_found(tmp_path)
    assert read_duplicates(tmp_path) == found
