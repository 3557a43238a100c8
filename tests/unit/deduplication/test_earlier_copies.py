"""Batches of earlier days, written as small lakes, and a new batch that is compared with them."""

import shutil
from dataclasses import replace

import pytest

from include.eventwire.deduplication import earlier_copies
from include.eventwire.deduplication.earlier_batches import earlier_batches
from include.eventwire.deduplication.earlier_copies import MOST_PER_KEY, Copy, find_earlier_copies
from include.eventwire.deduplication.signatures import BAND_COLUMNS, SPEC
from include.eventwire.lake.layout import BatchKey, LakeLayout
from include.eventwire.lake.parquet_files import write_rows
from include.eventwire.lake.publishing import publish_tables
from tests.lake_rows import DAY, make_batch, make_receipt, make_signature, stage_batch
from tests.unit.deduplication.lakes import article_of, days_before

LONG = [f"word{number}" for number in range(100)]


def change(*positions: int) -> str:
    """Return a long text with the words at `positions` replaced."""
    return " ".join("x" if number in positions else word for number, word in enumerate(LONG))


# Of 96 shingles a changed word takes 5 away: .9 and .73 of both texts' shingles are in common with
# the first, and .52 of those of a text with six.
TEXT, NEAR, NEARER, FAR = change(), change(10, 40, 70), change(10), change(10, 40, 70, 25, 55, 85)


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
    monkeypatch.setattr(earlier_copies, "_CANDIDATES_AT_ONCE", 7)
    template = [article_of(f"t{n:03d}", change(n % 100), cluster_id="t000") for n in range(300)]
    others = [article_of(f"o{n:03d}", f"{FAR} {n} {n + 1} {n + 2}") for n in range(100)]
    publish(days_before(2), *template)
    publish(days_before(1), *others)
    assert compare(TEXT) == {TEXT: Copy("t000", "near")}


@pytest.mark.parametrize("at_once", [1, 2, 5, 100])
def test_what_is_found_does_not_depend_on_how_many_texts_are_compared_at_once(
    publish, compare, monkeypatch, at_once
):
    monkeypatch.setattr(earlier_copies, "TEXTS_AT_ONCE", at_once)
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
