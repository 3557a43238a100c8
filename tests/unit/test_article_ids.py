from datetime import UTC, datetime

from include.eventwire.article_ids import make_article_id

BASE = {
    "publisher": "a",
    "source_id": "b",
    "url": "c",
    "published_at": datetime(2018, 4, 24, tzinfo=UTC),
    "headline": "d",
    "text": "e",
}


def test_the_id_is_the_same_for_ever():
    # sha256 of ["a","b","c","2018-04-24T00:00:00+00:00","d","e"], by sha256sum(1)
    assert make_article_id(**BASE) == "38f7651f38da7750c55411e7ce3a2009"


def test_every_part_counts_and_parts_do_not_run_together():
    changes = [{key: None} for key in BASE if key != "text"]
    changes += [{"text": "f"}, {"publisher": "ab", "source_id": ""}, {"publisher": 'a","b'}]
    ids = {make_article_id(**BASE | change) for change in changes}
    assert len(ids | {make_article_id(**BASE)}) == len(changes) + 1
