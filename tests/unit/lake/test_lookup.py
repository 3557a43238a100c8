from dataclasses import replace
from datetime import date

import pytest

from include.eventwire.lake.layout import BatchKey, LakeError, LakeLayout
from include.eventwire.lake.lookup import NotFoundError, find_article, find_event
from include.eventwire.lake.parquet_files import write_rows
from include.eventwire.lake.publishing import publish_tables
from tests.lake_rows import DAY, make_article, make_batch, make_receipt, stage_run


@pytest.fixture
def layout(tmp_path):
    layout = LakeLayout(tmp_path / "lake")
    publish(layout, make_batch())
    return layout


def publish(layout, batch, name="daily"):
    tables = stage_run(layout, batch, "run", name)
    publish_tables(layout, DAY, name, tables, make_receipt(name))


def batch_of(*articles):
    batch = {table: [] for table in make_batch()}
    return {**batch, "articles": list(articles)}


def test_finds_an_article_with_everything_in_it(layout):
    batch = make_batch()
    (article,) = batch["articles"]
    found = find_article(layout, article.article_id)
    assert found.key == BatchKey(DAY, "daily")
    assert found.coded.article == article
    assert list(found.coded.mentions) == batch["mentions"]
    assert list(found.coded.events) == batch["events"]
    assert list(found.coded.event_parties) == batch["event_parties"]
    assert found.parties_of(found.coded.events[0]) == batch["event_parties"]


def test_the_beginning_of_an_id_is_enough_in_any_case_of_letters(layout):
    (article,) = make_batch()["articles"]
    beginning = article.article_id[:6].upper()
    assert find_article(layout, beginning).coded.article == article
    _, event = find_event(layout, "EEE")
    assert event.event_id == "e" * 32


def test_an_id_that_nothing_has_is_told(layout):
    with pytest.raises(NotFoundError, match="articles have no article_id"):
        find_article(layout, "xyz")
    with pytest.raises(NotFoundError, match="events have no event_id"):
        find_event(layout, "xyz")


def test_the_beginning_of_several_ids_is_told_with_them(layout):
    articles = [make_article("text", article_id=f"abc{number}") for number in range(7)]
    publish(layout, batch_of(*articles), "other")
    with pytest.raises(NotFoundError, match=r"begins 7 ids; .*: abc0, abc1, .*abc4 \.\.\.$"):
        find_article(layout, "abc")
    assert find_article(layout, "abc6").key.batch == "other"


def test_a_whole_id_is_found_though_it_begins_another(layout):
    articles = [make_article("text", article_id=name) for name in ("ab", "abc")]
    publish(layout, batch_of(*articles), "other")
    assert find_article(layout, "ab").coded.article.article_id == "ab"


def test_an_article_in_several_batches_is_taken_from_the_last(layout):
    publish(layout, make_batch(), "again")
    (article,) = make_batch()["articles"]
    found = find_article(layout, article.article_id)
    assert found.key == BatchKey(DAY, "daily")
    assert found.others == (BatchKey(DAY, "again"),)


def test_an_article_that_came_again_is_taken_from_where_it_was_coded(layout):
    (article,) = make_batch()["articles"]
    again = replace(article, is_canonical=False, duplicate_kind="exact", n_tokens=None)
    publish(layout, batch_of(again), "zzz")
    found = find_article(layout, article.article_id)
    assert found.key == BatchKey(DAY, "daily")
    assert len(found.coded.events) == 1
    assert found.others == (BatchKey(DAY, "zzz"),)


def test_where_there_is_no_lake_it_is_told(tmp_path):
    with pytest.raises(LakeError, match="no lake"):
        find_article(LakeLayout(tmp_path), "abc")


def test_an_event_whose_article_is_missing_asks_for_verification(layout):
    path = layout.table_file("articles", DAY, "daily")
    write_rows(path, "articles", [])
    with pytest.raises(LakeError, match="verify"):
        find_event(layout, "e")


def test_the_day_of_a_batch_decides_which_is_the_last(layout):
    later = date(2018, 4, 25)
    staging = layout.create_staging_run(later, "a", "run") / "tables"
    staging.mkdir()
    tables = {}
    for table, rows in make_batch().items():
        tables[table] = staging / f"{table}.parquet"
        write_rows(tables[table], table, rows)
    publish_tables(layout, later, "a", tables, make_receipt("a", day=later))
    assert find_event(layout, "e")[0].key == BatchKey(later, "a")
