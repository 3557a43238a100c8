"""Batches of earlier days, written as small lakes, and a new batch that is compared with them."""

import shutil
from dataclasses import replace
from datetime import date, timedelta

import pytest

from include.eventwire.deduplication import earlier_days
from include.eventwire.deduplication.earlier_days import (
    MOST_PER_KEY,
    Copy,
    earlier_batches,
    find_earlier_copies,
)
from include.eventwire.deduplication.signatures import BAND_COLUMNS, SPEC
from include.eventwire.lake import BatchKey, LakeError, LakeLayout
from include.eventwire.parquet_files import write_rows
from include.eventwire.publishing import publish_tables
from include.eventwire.receipts import ReceiptError, read_receipt
from tests.lake_rows import DAY, make_article, make_batch, make_receipt, make_signature, stage_batch

LONG = [f"word{number}" for number in range(100)]


def change(*positions: int) -> str:
    """Return a long text with the words at `positions` replaced."""
    return " ".join("x" if number in positions else word for number, word in enumerate(LONG))


# Of 96 shingles a changed word takes 5 away: .9 and .73 of both texts' shingles are in common with
# the first, and .52 of those of a text with six.
TEXT, NEAR, NEARER, FAR = change(), change(10, 40, 70), change(10), change(10, 40, 70, 25, 55, 85)


def article_of(article_id: str, text: str, cluster_id: str | None = None):
    return make_article(text, article_id=article_id, cluster_id=cluster_id or article_id)


@pytest.fixture
def layout(tmp_path):
    return LakeLayout(tmp_path / "lake")


@pytest.fixture
def publish(layout):
    """Publish the articles and signatures of one batch."""

    def publish(day, *articles, name="daily", **changes):
        batch = {table: [] for table in make_batch()}
        batch["articles"] = list(articles)
        batch["signatures"] = [make_signature(article, **changes) for article in articles]
        staging = layout.create_staging_run(day, name, "run") / "tables"
        publish_tables(layout, day, name, stage_batch(staging, batch), make_receipt(name, day=day))

    return publish


@pytest.fixture
def compare(layout, tmp_path):
    """Return what a new batch of texts repeats, by the text."""

    def compare(*texts, name="daily", n_days=7):
        new = [make_signature(article_of(f"new{n}", text)) for n, text in enumerate(texts)]
        path = tmp_path / "new-signatures.parquet"
        write_rows(path, "signatures", [replace(row, cluster_id=None) for row in new])
        with earlier_batches(layout, BatchKey(DAY, name), n_days) as earlier:
            found = find_earlier_copies([path], earlier)
        return {
            text: found[row.normalised_sha256]
            for text, row in zip(texts, new, strict=True)
            if row.normalised_sha256 in found
        }

    return compare


def days_before(n: int) -> date:
    return DAY - timedelta(days=n)


def compared(layout, name="daily", n_days=7):
    with earlier_batches(layout, BatchKey(DAY, name), n_days) as earlier:
        return [str(batch.key) for batch in earlier]


def test_finds_exact_and_near_copies_and_leaves_others(publish, compare):
    publish(days_before(1), article_of("stored", TEXT), article_of("short", "Rain fell."))
    found = compare(TEXT.upper(), NEAR, FAR, "RAIN FELL", "Rain fell today.")
    exact, near = Copy("stored", "exact"), Copy("stored", "near")
    assert found == {TEXT.upper(): exact, NEAR: near, "RAIN FELL": Copy("short", "exact")}


def test_the_cluster_is_that_of_the_stored_article_not_its_id(publish, compare):
    publish(days_before(1), article_of("copy", TEXT, cluster_id="first"))
    assert compare(TEXT, NEAR) == {TEXT: Copy("first", "exact"), NEAR: Copy("first", "near")}


def test_the_same_words_go_before_the_most_alike_and_that_before_the_earliest(publish, compare):
    publish(days_before(3), article_of("near", NEAR))
    publish(days_before(2), article_of("nearer", NEARER))
    assert compare(TEXT) == {TEXT: Copy("nearer", "near")}
    publish(days_before(1), article_of("same", TEXT))
    assert compare(TEXT) == {TEXT: Copy("same", "exact")}


def test_of_equals_the_earliest_counts_and_the_daily_batch_first(publish, compare):
    publish(days_before(2), article_of("z", TEXT), article_of("a", TEXT))
    publish(days_before(2), article_of("b", TEXT), name="another")
    publish(days_before(1), article_of("c", TEXT))
    near = Copy("z", "near")
    assert compare(TEXT, NEAR) == {TEXT: Copy("z", "exact"), NEAR: near}


@pytest.mark.parametrize("column", SPEC)
def test_signatures_made_in_another_way_are_not_compared(publish, compare, column):
    other = 99 if isinstance(SPEC[column], int) else "other"
    publish(days_before(1), article_of("stored", TEXT), **{column: other})
    assert compare(TEXT, NEAR) == {}
    publish(days_before(2), article_of("comparable", TEXT))
    assert compare(TEXT) == {TEXT: Copy("comparable", "exact")}


def test_a_batch_is_compared_with_the_days_before_and_a_hand_batch_with_its_daily_one(
    publish, layout
):
    for n in (8, 7, 1, 0, -1):
        for name in ("daily", "mine"):
            publish(days_before(n), article_of(f"{name}{n}", "Text."), name=name)
    before = ["2018-04-17 daily", "2018-04-17 mine", "2018-04-23 daily", "2018-04-23 mine"]
    assert compared(layout) == before
    assert compared(layout, "mine") == [*before, "2018-04-24 daily"]
    assert compared(layout, "new") == [*before, "2018-04-24 daily"]
    assert compared(layout, "mine", 1) == [*before[2:], "2018-04-24 daily"]
    assert compared(layout, "mine", 0) == []
    assert len(compared(layout, n_days=10**9)) == 6


def test_batches_that_are_incomplete_or_have_no_signatures_are_left_out(publish, layout):
    for n in (1, 2, 3):
        publish(days_before(n), article_of(f"stored{n}", "Text."))
    layout.receipt_file(days_before(1), "daily").unlink()
    path = layout.receipt_file(days_before(2), "daily")
    receipt = read_receipt(path)
    tables = {name: file for name, file in receipt.tables.items() if name != "signatures"}
    path.write_text(replace(receipt, tables=tables).to_json())
    layout.table_file("signatures", days_before(2), "daily").unlink()
    assert compared(layout) == ["2018-04-21 daily"]


def test_what_was_compared_is_told_by_the_hash_of_its_receipt(publish, layout):
    publish(days_before(1), article_of("stored", "Text."))
    receipt = read_receipt(layout.receipt_file(days_before(1), "daily"))
    with earlier_batches(layout, BatchKey(DAY, "daily"), 7) as (batch,):
        assert batch.to_json() == {
            "day": "2018-04-23",
            "batch": "daily",
            "signatures_sha256": receipt.tables["signatures"].sha256,
        }


@pytest.mark.parametrize("harm", [lambda path: path.unlink(), lambda path: path.write_text("x")])
def test_a_damaged_batch_is_named(publish, layout, harm):
    publish(days_before(1), article_of("stored", "Text."))
    harm(layout.table_file("signatures", days_before(1), "daily"))
    with pytest.raises(LakeError, match=r"signatures/dt=2018-04-23/daily.*run 2018-04-23 daily"):
        compared(layout)


def test_a_broken_receipt_is_named(publish, layout):
    publish(days_before(1), article_of("stored", "Text."))
    layout.receipt_file(days_before(1), "daily").write_text("{")
    with pytest.raises(ReceiptError, match="2018-04-23"):
        compared(layout)


def test_no_text_is_needed(publish, layout, compare):
    publish(days_before(1), article_of("stored", TEXT))
    for table in ("articles", "mentions", "events"):
        shutil.rmtree(layout.table_folder(table))
    assert compare(TEXT, NEAR) == {TEXT: Copy("stored", "exact"), NEAR: Copy("stored", "near")}


def test_nothing_is_found_without_earlier_batches_or_new_articles(publish, compare):
    assert compare(TEXT) == {}
    publish(days_before(1), article_of("stored", TEXT))
    assert compare() == {}


def test_a_copy_is_found_among_very_many_of_one_template(publish, compare, monkeypatch):
    monkeypatch.setattr(earlier_days, "_CANDIDATES_AT_ONCE", 7)
    template = [article_of(f"t{n:03d}", change(n % 100), cluster_id="t000") for n in range(300)]
    others = [article_of(f"o{n:03d}", f"{FAR} {n} {n + 1} {n + 2}") for n in range(100)]
    publish(days_before(2), *template)
    publish(days_before(1), *others)
    assert compare(TEXT) == {TEXT: Copy("t000", "near")}


@pytest.mark.parametrize("at_once", [1, 2, 5, 100])
def test_what_is_found_does_not_depend_on_how_many_texts_are_compared_at_once(
    publish, compare, monkeypatch, at_once
):
    monkeypatch.setattr(earlier_days, "_TEXTS_AT_ONCE", at_once)
    publish(days_before(2), article_of("first", TEXT))
    publish(days_before(1), article_of("second", "Rain fell."))
    texts = [NEAR, "RAIN FELL", change(1, 2, 50), "Nothing else.", change(70)]
    near = Copy("first", "near")
    assert compare(*texts) == {
        NEAR: near, "RAIN FELL": Copy("second", "exact"), texts[2]: near, texts[4]: near,
    }  # fmt: skip


def test_of_a_key_that_very_many_articles_have_the_first_are_compared(publish, compare):
    # All have the keys of one text, yet signatures of others: as those of a template, but more so.
    template = make_signature(article_of("template", TEXT))
    keys = {name: getattr(template, name) for name in BAND_COLUMNS}
    others = [article_of(f"o{n:03d}", f"{n} {change(*range(n % 5, 100, 5))}") for n in range(60)]
    publish(days_before(2), *others[: MOST_PER_KEY - 1], article_of("reached", TEXT), **keys)
    assert compare(NEARER) == {NEARER: Copy("reached", "near")}
    publish(days_before(2), *others[:MOST_PER_KEY], article_of("beyond", TEXT), **keys)
    assert compare(NEARER) == {}
    assert compare(TEXT) == {TEXT: Copy("beyond", "exact")}


def test_signs_of_globs_in_the_path_of_the_lake_are_names(tmp_path):
    layout = LakeLayout(tmp_path / "it's [a] *?")
    batch = make_batch()
    staging = layout.create_staging_run(days_before(1), "daily", "run") / "tables"
    receipt = make_receipt(day=days_before(1))
    publish_tables(layout, days_before(1), "daily", stage_batch(staging, batch), receipt)
    (article,) = batch["articles"]
    path = tmp_path / "[n]ew.parquet"
    write_rows(path, "signatures", batch["signatures"])
    with earlier_batches(layout, BatchKey(DAY, "daily"), 7) as earlier:
        found = find_earlier_copies([path], earlier)
    assert list(found.values()) == [Copy(article.article_id, "exact")]
