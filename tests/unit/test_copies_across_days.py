"""Copies in batches of several days, from the landing folder to the lake."""

import json
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import duckdb
import pytest

from include.eventwire import jobs
from include.eventwire.batches.plan import BatchRequest
from include.eventwire.deduplication import signatures
from include.eventwire.lake.layout import LakeLayout
from include.eventwire.lake.receipts import read_receipt
from include.eventwire.lake.verification import verify_lake
from include.eventwire.schemas import TABLES
from tests.unit.made_batches import DAY, hashes_of, land, make_batch, make_settings, rows_of

SECOND, THIRD = DAY + timedelta(days=1), DAY + timedelta(days=2)

# Sixty words that a language detector takes for English; a changed word takes five of 56 shingles
# away. One changed word leaves .84 in common, two that stand apart .70 with a third beside them.
STORY = (
    "The harbour council of the old town decided late on Monday evening that the ferry to the "
    "northern islands will sail again from the first day of May after two years in which storms "
    "had closed the pier and its cranes and left four hundred people who live there without any "
    "regular way to reach the market and the hospital."
).split()
OTHER = "A choir of two hundred teachers sang in the square while snow fell on the roofs of Oslo. "


def story(*positions: int) -> str:
    """Return the story with the words at `positions` changed."""
    return " ".join("maybe" if n in positions else word for n, word in enumerate(STORY))


def record(number, text, **fields):
    return {"id": str(number), "language": "en", "text": text, **fields}


@pytest.fixture
def settings(tmp_path, monkeypatch):
    return make_settings(tmp_path, monkeypatch)


def run_day(settings, day, *records, name=None):
    """Make the daily batch of a day of `records`, or the batch `name` of them alone."""
    if name is None:
        land(settings, "news.jsonl", records, day=day)
        return make_batch(settings, BatchRequest(day))
    path = settings.landing / f"{name}.jsonl"
    path.write_text("\n".join(map(json.dumps, records)))
    return make_batch(settings, BatchRequest(day, inputs=(str(path),), batch=name))


def copies(settings, day, name="daily"):
    """Return source id, kind, and the source id that its cluster is named after."""
    layout = LakeLayout(settings.lake)
    with duckdb.connect() as connection:
        names = dict(
            connection.execute(
                "SELECT DISTINCT article_id, source_id FROM read_parquet(?)",
                [f"{layout.table_folder('articles')}/*/*.parquet"],
            ).fetchall()
        )
    return [
        (row.source_id, row.duplicate_kind, names[row.cluster_id])
        for row in rows_of(settings, "articles", name, day)
    ]


def test_the_changes_make_the_near_copies_that_they_are_meant_to_make():
    def alike(one, two):
        made = [signatures.make_signature("a", text).signature for text in (one, two)]
        first, second = signatures.decode_signatures(made)
        return signatures.estimate_jaccard(first, second[None])[0]

    assert alike(story(), story(10)) > 0.75
    assert alike(story(10), story(10, 30)) > 0.75
    assert alike(story(), story(10, 30, 50)) < 0.65


def test_copies_of_a_day_before_are_kept_uncoded_and_point_to_the_article_of_that_day(settings):
    run_day(settings, DAY, record(1, story()), record(2, OTHER))
    run_day(settings, SECOND, record(3, story().upper()), record(4, story(10)), record(5, "New."))
    assert copies(settings, DAY) == [("1", None, "1"), ("2", None, "2")]
    assert copies(settings, SECOND) == [("3", "exact", "1"), ("4", "near", "1"), ("5", None, "5")]
    articles = rows_of(settings, "articles", day=SECOND)
    assert [row.is_canonical for row in articles] == [False, False, True]
    assert [row.n_tokens for row in articles] == [None, None, 1]
    (mention,) = rows_of(settings, "mentions", day=SECOND)
    assert mention.article_id == articles[2].article_id


def test_an_article_that_was_published_earlier_but_comes_late_is_the_copy(settings):
    run_day(settings, DAY, record(1, story(), date="2018-04-24T12:00:00Z"))
    before = hashes_of(settings)
    run_day(settings, SECOND, record(2, story(), date="2018-04-24T06:00:00Z"))
    assert copies(settings, SECOND) == [("2", "exact", "1")]
    assert hashes_of(settings) == before


def test_a_chain_of_near_copies_over_three_days_is_one_cluster(settings):
    run_day(settings, DAY, record(1, story()))
    run_day(settings, SECOND, record(2, story(10)))
    run_day(settings, THIRD, record(3, story(10, 30)), record(4, story(10)))
    assert copies(settings, SECOND) == [("2", "near", "1")]
    assert copies(settings, THIRD) == [("3", "near", "1"), ("4", "exact", "1")]


def test_a_copy_is_found_when_the_article_that_it_repeats_is_itself_too_old(settings):
    settings = replace(settings, days_compared=1)
    run_day(settings, DAY, record(1, story()))
    run_day(settings, SECOND, record(2, story(10)))
    run_day(settings, THIRD, record(3, story(10)))
    assert copies(settings, THIRD) == [("3", "exact", "1")]
    run_day(settings, THIRD + timedelta(days=2), record(4, story()))
    assert copies(settings, THIRD + timedelta(days=2)) == [("4", None, "4")]


def test_the_same_record_on_a_later_day_is_an_exact_copy_in_its_own_cluster(settings):
    run_day(settings, DAY, record(1, story()))
    run_day(settings, SECOND, record(1, story()))
    (first,), (again,) = (rows_of(settings, "articles", day=day) for day in (DAY, SECOND))
    assert again.article_id == again.cluster_id == first.article_id
    assert (again.is_canonical, again.duplicate_kind) == (False, "exact")


def test_short_texts_are_copies_only_word_for_word(settings):
    run_day(settings, DAY, record(1, OTHER))
    run_day(settings, SECOND, record(2, OTHER.replace(".", " !")), record(3, OTHER + "Again."))
    assert copies(settings, SECOND) == [("2", "exact", "1"), ("3", None, "3")]


def test_with_no_days_compared_a_batch_stands_by_itself(settings):
    settings = replace(settings, days_compared=0)
    run_day(settings, DAY, record(1, story()))
    receipt = run_day(settings, SECOND, record(2, story()), record(3, story(10)))
    assert copies(settings, SECOND) == [("2", None, "2"), ("3", "near", "2")]
    assert receipt.compared == ()


def test_a_hand_batch_repeats_the_daily_one_of_its_day_and_not_the_other_way_round(settings):
    run_day(settings, DAY, record(1, story()), name="mine")
    run_day(settings, DAY, record(2, story()))
    run_day(settings, DAY, record(3, story()), name="yours")
    assert copies(settings, DAY) == [("2", None, "2")]
    assert copies(settings, DAY, "mine") == [("1", None, "1")]
    assert copies(settings, DAY, "yours") == [("3", "exact", "2")]
    receipt = run_day(settings, SECOND, record(4, story()))
    assert [batch["batch"] for batch in receipt.compared] == ["daily", "mine", "yours"]
    assert copies(settings, SECOND) == [("4", "exact", "2")]


def test_a_batch_that_is_made_again_has_the_same_bytes_and_is_no_copy_of_itself(settings):
    run_day(settings, DAY, record(1, story()))
    for name in ("daily", "mine"):
        run_day(settings, SECOND, record(2, story(10)), record(3, OTHER), name=name)
    before = [hashes_of(settings, name, SECOND) for name in ("daily", "mine")]
    first = hashes_of(settings)
    for name in ("mine", "daily"):
        run_day(settings, SECOND, record(2, story(10)), record(3, OTHER), name=name)
    assert [hashes_of(settings, name, SECOND) for name in ("daily", "mine")] == before
    run_day(settings, DAY, record(1, story()))
    assert hashes_of(settings) == first
    assert verify_lake(LakeLayout(settings.lake)) == []


def test_bytes_do_not_depend_on_how_the_work_is_cut(settings, monkeypatch):
    run_day(settings, DAY, record(1, story()))
    records = [record(n, story(n % 7, 30 + n % 11), date=f"2018-04-{n:02d}") for n in range(2, 28)]
    seen = []
    for articles_per_shard in (2, 5, 100):
        run_day(replace(settings, articles_per_shard=articles_per_shard), SECOND, *records)
        seen.append(hashes_of(settings, day=SECOND))
    assert seen[0] == seen[1] == seen[2]
    assert {kind for _, kind, _ in copies(settings, SECOND)} > {"near"}


def test_two_days_at_once_see_only_what_is_published(settings):
    plans = []
    for day in (DAY, SECOND):
        land(settings, "news.jsonl", [record(day.day, story())], day=day)
        plans.append(jobs.plan_batch(BatchRequest(day), settings))
        jobs.ingest_shard(plans[-1], 0)
    chunks = [jobs.deduplicate_batch(plan) for plan in plans]
    for plan, (chunk,) in zip(plans, chunks, strict=True):
        jobs.code_shard(plan, chunk)
        jobs.publish_batch(jobs.audit_batch(plan))
    assert copies(settings, SECOND) == [("25", None, "25")]
    run_day(settings, SECOND, record(25, story()))
    assert copies(settings, SECOND) == [("25", "exact", "24")]


def test_what_was_found_stays_though_the_lake_changes_before_the_batch_is_coded(settings):
    land(settings, "news.jsonl", [record(2, story())], day=SECOND)
    plan = jobs.plan_batch(BatchRequest(SECOND), settings)
    jobs.ingest_shard(plan, 0)
    jobs.deduplicate_batch(plan)
    run_day(settings, DAY, record(1, story()))
    (chunk,) = jobs.deduplicate_batch(plan)
    assert jobs.count_articles(plan) == 1
    jobs.code_shard(plan, chunk)
    jobs.publish_batch(jobs.audit_batch(plan))
    assert copies(settings, SECOND) == [("2", None, "2")]


def test_signatures_of_another_version_are_not_compared(settings, monkeypatch):
    run_day(settings, DAY, record(1, story()))
    spec = {**signatures.SPEC, "seed": signatures.SPEC["seed"] + 1}
    monkeypatch.setattr(signatures, "SPEC", spec)
    run_day(settings, DAY, record(2, story()), name="mine")
    run_day(settings, SECOND, record(3, story()))
    assert copies(settings, SECOND) == [("3", "exact", "2")]


def test_copies_are_coded_where_the_settings_say_so(settings):
    settings = replace(settings, code_copies=True)
    run_day(settings, DAY, record(1, story()))
    run_day(settings, SECOND, record(2, story()), record(3, story(10)))
    assert [row.n_tokens for row in rows_of(settings, "articles", day=SECOND)] == [1, 1]
    assert len(rows_of(settings, "mentions", day=SECOND)) == 2
    assert [kind for _, kind, _ in copies(settings, SECOND)] == ["exact", "near"]


@pytest.mark.parametrize(("code_copies", "expected"), [(False, 2), (True, 4)])
def test_the_articles_to_code_are_counted_without_copies(settings, code_copies, expected):
    settings = replace(settings, code_copies=code_copies, articles_per_shard=100)
    texts = [story(), story(), story(10), OTHER, OTHER]
    records = [record(min(n, 3), text) for n, text in enumerate(texts)]
    land(settings, "news.jsonl", records)
    plan = jobs.plan_batch(BatchRequest(DAY), settings)
    jobs.ingest_shard(plan, 0)
    (chunk,) = jobs.deduplicate_batch(plan)
    assert jobs.count_articles(plan) == expected
    counts = []
    jobs.code_shard(plan, chunk, counts.append)
    assert sum(counts) == expected


def test_copies_of_an_article_that_could_not_be_coded_are_a_warning(settings):
    broken = story() + " This will make the coder fail."
    receipt = run_day(settings, DAY, record(1, broken), record(2, broken), record(3, OTHER))
    assert [check.name for check in receipt.checks if not check.passed] == [
        "few_rejects", "articles_dated", "copies_have_canonical", "events_found",
    ]  # fmt: skip
    assert [row.source_id for row in rows_of(settings, "articles")] == ["2", "3"]
    assert [row.article_id for row in rows_of(settings, "signatures")] == [
        row.article_id for row in rows_of(settings, "articles")
    ]


def test_the_receipt_and_the_report_tell_what_was_compared_and_how_many_copies(settings):
    first = run_day(settings, DAY, record(1, story()))
    second = run_day(settings, SECOND, record(2, story()), record(3, OTHER))
    assert second.compared == (
        {
            "day": "2018-04-24",
            "batch": "daily",
            "signatures_sha256": first.tables["signatures"].sha256,
        },
    )
    assert second.counts["copies"] == 1
    path = LakeLayout(settings.lake).receipt_file(SECOND, "daily")
    assert "copies: 1" in jobs.report_batch(str(path))


def test_a_lake_of_schema_version_1_is_read_verified_and_gone_on_with(settings):
    run_day(settings, DAY, record(1, story()))
    layout = LakeLayout(settings.lake)
    make_version_1(layout, DAY)
    assert verify_lake(layout) == []
    assert "1 articles" in jobs.report_batch(str(layout.receipt_file(DAY, "daily")))
    run_day(settings, SECOND, record(2, story()))
    assert copies(settings, SECOND) == [("2", None, "2")]
    assert verify_lake(layout) == []
    views = layout.views.read_text()
    with duckdb.connect() as connection:
        connection.execute(f"SET file_search_path = '{layout.root}'")
        connection.execute(views)
        counted = {
            table: connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0]
            for table in TABLES
        }
    assert (counted["articles"], counted["signatures"]) == (2, 1)


def make_version_1(layout: LakeLayout, day: date) -> None:
    """Take away what a batch of schema version 1 did not have."""
    path = layout.receipt_file(day, "daily")
    receipt = read_receipt(path)
    tables = {name: file for name, file in receipt.tables.items() if name != "signatures"}
    text = replace(receipt, tables=tables).to_json()
    path.write_text(text.replace(' "compared": [],\n', ""))
    folder = layout.table_file("signatures", day, "daily").parent
    for left in (*folder.iterdir(), folder, folder.parent):
        Path.unlink(left) if left.is_file() else left.rmdir()
