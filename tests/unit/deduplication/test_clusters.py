from datetime import UTC, datetime

import numpy as np
import pytest

from include.eventwire.batches.staging import chunk_file, ingest_folder, signature_file
from include.eventwire.deduplication.clusters import (
    ArticleKey,
    Duplicates,
    Sketches,
    find_duplicates,
    find_heads,
    read_keys,
    read_sketches,
)
from include.eventwire.deduplication.earlier_copies import MOST_PER_KEY, Copy
from include.eventwire.deduplication.signatures import N_BANDS, N_PERMUTATIONS, make_signature
from include.eventwire.lake.parquet_files import write_rows
from tests.lake_rows import make_article

MORNING = datetime(2018, 4, 24, 6, tzinfo=UTC)
EVENING = datetime(2018, 4, 24, 18, tzinfo=UTC)
NIGHT = datetime(2018, 4, 24, 23, tzinfo=UTC)

NO_SKETCHES = Sketches(
    {}, np.empty((0, N_PERMUTATIONS), np.uint8), np.empty((0, N_BANDS), np.int32)
)


def key(row, article_id, text, published_at=None, chunk="0/a"):
    return ArticleKey(chunk, row, article_id, published_at, f"a.jsonl record {row}", text)


def sketch(**alike):
    """Return sketches of texts that share as many minima with one another as their numbers say.

    The text `a=200` has the first 200 minima of a text that has all of them, and others after.
    """
    signatures = np.zeros((len(alike), N_PERMUTATIONS), np.uint8)
    for row, shared in enumerate(alike.values()):
        signatures[row, shared:] = row + 1
    rows = {text: row for row, text in enumerate(alike)}
    return Sketches(rows, signatures, np.zeros((len(alike), N_BANDS), np.int32))


def test_different_articles_are_no_duplicates():
    keys = [key(1, "a", "one"), key(2, "b", "two")]
    assert find_duplicates(keys, NO_SKETCHES, {}) == Duplicates({}, {})


def test_the_same_record_again_is_repeated_and_points_to_the_first():
    keys = [key(1, "a", "one"), key(2, "a", "one", chunk="0/b"), key(3, "a", "one")]
    found = find_duplicates(keys, NO_SKETCHES, {})
    assert found.repeated == {("0/b", 2): "a.jsonl record 1", ("0/a", 3): "a.jsonl record 1"}
    assert found.copies == {}


@pytest.mark.parametrize("kind", ["exact", "near"])
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
def test_the_earliest_article_stands_for_its_copies(kind, first, second, canonical):
    texts = ("same", "same") if kind == "exact" else ("one", "two")
    keys = [key(1, "first", texts[0], first), key(2, "second", texts[1], second)]
    found = find_duplicates(keys, sketch(one=256, two=200), {})
    (copy,) = {"first", "second"} - {canonical}
    assert found == Duplicates({}, {copy: Copy(canonical, kind)})


def test_exact_copies_of_a_near_copy_are_near_copies_too():
    keys = [
        key(1, "original", "one", MORNING),
        key(2, "shortened", "two", EVENING),
        key(3, "again", "two", NIGHT),
        key(4, "verbatim", "one", NIGHT),
    ]
    found = find_duplicates(keys, sketch(one=256, two=200), {})
    near, exact = Copy("original", "near"), Copy("original", "exact")
    assert found.copies == {"shortened": near, "again": near, "verbatim": exact}


def test_what_stood_in_the_lake_stays_canonical_however_late_it_was_published():
    keys = [key(1, "earlier", "one", MORNING), key(2, "other", "one", EVENING)]
    found = find_duplicates(keys, NO_SKETCHES, {"one": Copy("stored", "near")})
    stored = Copy("stored", "near")
    assert found.copies == {"earlier": stored, "other": stored}
    assert found.earlier_clusters == {"stored"}


def test_a_text_is_no_copy_of_a_copy():
    # Of 256 minima the first two share 200, the last two 192, the first and the last 128.
    signatures = np.zeros((3, N_PERMUTATIONS), np.uint8)
    signatures[1, 200:] = 1
    signatures[2, 128:200] = signatures[2, 200:] = 1
    bands = np.zeros((3, N_BANDS), np.int32)
    sketches = Sketches({"one": 0, "two": 1, "three": 2}, signatures, bands)
    heads = find_heads(["one", "two", "three"], sketches)
    assert heads == {"one": "one", "two": "one", "three": "three"}


@pytest.mark.parametrize(
    ("n_of_second", "order", "head"),
    [
        (40, "first second", "first"),
        (60, "first second", "second"),
        # As much like the one as like the other: the earlier one.
        (50, "first second", "first"),
        (50, "second first", "second"),
    ],
)
def test_a_text_is_a_copy_of_the_one_most_like_it(n_of_second, order, head):
    # The first two share 156 minima of 256, too few for a copy; the third has some of the second.
    signatures = np.zeros((3, N_PERMUTATIONS), np.uint8)
    signatures[1, :100] = 1
    signatures[2, :n_of_second] = 1
    bands = np.zeros((3, N_BANDS), np.int32)
    sketches = Sketches({"first": 0, "second": 1, "copy": 2}, signatures, bands)
    assert find_heads([*order.split(), "copy"], sketches)["copy"] == head


def test_texts_without_a_key_in_common_are_not_compared():
    sketches = sketch(one=256, two=256)
    sketches.bands[1] = 1
    assert find_heads(["one", "two"], sketches) == {"one": "one", "two": "two"}
    sketches.bands[1, 7] = 0
    assert find_heads(["one", "two"], sketches) == {"one": "one", "two": "one"}


def test_of_a_key_that_very_many_texts_have_the_first_are_compared():
    # No two are alike but the last, which repeats the one that no longer stands under the key.
    n = MOST_PER_KEY + 1
    signatures = np.arange(n, dtype=np.uint8)[:, None].repeat(N_PERMUTATIONS, axis=1)
    texts = [f"text {number}" for number in range(n + 2)]
    signatures = np.concatenate([signatures, signatures[[n - 2]], signatures[[n - 1]]])
    bands = np.zeros((n + 2, N_BANDS), np.int32)
    heads = find_heads(
        texts, Sketches({text: row for row, text in enumerate(texts)}, signatures, bands)
    )
    assert heads[texts[n]] == texts[n - 2]
    assert heads[texts[n + 1]] == texts[n + 1]


@pytest.mark.parametrize(("shared", "head"), [(179, "two"), (180, "one")])
def test_seven_tenths_are_a_near_copy(shared, head):
    # (179 / 256 - 1 / 256) / (1 - 1 / 256) = .698; (180 - 1) / 255 = .702
    assert find_heads(["one", "two"], sketch(one=256, two=shared))["two"] == head


def test_keys_and_sketches_come_from_the_chunks_in_their_order(tmp_path):
    ingest_folder(tmp_path, 0).mkdir(parents=True)
    chunks = ["00000/articles-00000", "00000/articles-00001"]
    long = " ".join(f"word{number}" for number in range(60))
    texts = [["Short.", long], [long.upper(), "Nothing else."]]
    for chunk, ours in zip(chunks, texts, strict=True):
        articles = [
            make_article(text, published_at=MORNING, input_uri="a.jsonl", record_number=number)
            for number, text in enumerate(ours, 4)
        ]
        signatures = [make_signature(article.article_id, article.text) for article in articles]
        write_rows(chunk_file(tmp_path, chunk), "articles", articles)
        write_rows(signature_file(tmp_path, chunk), "signatures", signatures)
    keys = list(read_keys(tmp_path, chunks))
    assert [(key.chunk, key.row, key.where) for key in keys] == [
        (chunks[0], 0, "a.jsonl record 4"), (chunks[0], 1, "a.jsonl record 5"),
        (chunks[1], 0, "a.jsonl record 4"), (chunks[1], 1, "a.jsonl record 5"),
    ]  # fmt: skip
    assert {key.published_at for key in keys} == {MORNING}
    hashes = [key.normalised_sha256 for key in keys]
    assert len(set(hashes)) == 3
    assert hashes[1] == hashes[2]
    sketches = read_sketches(tmp_path, chunks)
    assert sketches.rows == {hashes[1]: 0}
    assert sketches.signatures.shape == (1, N_PERMUTATIONS)
    assert sketches.bands.shape == (1, N_BANDS)


def test_a_batch_without_texts_has_no_sketches(tmp_path):
    sketches = read_sketches(tmp_path, [])
    assert (sketches.rows, len(sketches.signatures), len(sketches.bands)) == ({}, 0, 0)
