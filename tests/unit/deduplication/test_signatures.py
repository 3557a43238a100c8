import random

import numpy as np
import pytest

from include.eventwire.deduplication.signatures import (
    BAND_COLUMNS,
    LEAST_WORDS,
    N_PERMUTATIONS,
    SHINGLE_WORDS,
    SPEC,
    decode_signatures,
    estimate_jaccard,
    make_signature,
    make_signatures,
    split_words,
)
from tests.lake_rows import make_article


def make_words(n: int, seed: int = 0) -> list[str]:
    return [f"w{number}" for number in random.Random(seed).sample(range(10_000), n)]


def bands(signature):
    return [getattr(signature, name) for name in BAND_COLUMNS]


@pytest.mark.parametrize(
    "text",
    [
        "The ministers met\n\n in Paris on Monday.",
        "THE MINISTERS MET IN PARIS, ON MONDAY",
        "\u201cThe ministers met\u201d in Paris \u2013 on Monday\u2026",
        "The mini\ufb01ers met in Paris on Monday".replace("mini\ufb01ers", "ministers"),
        "The \uff4dinisters met in Paris on Monday",
    ],
)
def test_capitals_spaces_and_punctuation_do_not_count(text):
    plain = make_signature("a", "The ministers met in Paris on Monday.")
    assert make_signature("b", text).normalised_sha256 == plain.normalised_sha256


@pytest.mark.parametrize(
    "text",
    [
        "The ministers met in Paris on Tuesday.",
        "The ministers met in Paris on.",
        "The ministersmet in Paris on Monday.",
        "PARIS, April 23 (Wire) -- The ministers met in Paris on Monday.",
    ],
)
def test_words_count(text):
    plain = make_signature("a", "The ministers met in Paris on Monday.")
    assert make_signature("b", text).normalised_sha256 != plain.normalised_sha256


def test_texts_without_words_are_copies_only_of_the_very_same_text():
    hashes = {make_signature("a", text).normalised_sha256 for text in ("***", "* * *", "...", "")}
    assert len(hashes) == 4


def test_words_of_other_scripts_are_words():
    assert split_words("Москва: \u0142\u00f3d\u017a, \u6771\u4eac 5.5%") == [
        "москва", "\u0142\u00f3d\u017a", "\u6771\u4eac", "5", "5",
    ]  # fmt: skip


def test_short_texts_have_no_signature():
    words = make_words(LEAST_WORDS)
    short = make_signature("a", " ".join(words[:-1]))
    assert (short.n_words, short.signature, set(bands(short))) == (LEAST_WORDS - 1, None, {None})
    long = make_signature("a", " ".join(words))
    assert long.n_words == LEAST_WORDS
    assert long.signature is not None
    assert None not in bands(long)


def test_every_signature_says_how_it_was_made():
    signature = make_signature("a", "Short.")
    assert {name: getattr(signature, name) for name in SPEC} == dict(SPEC)
    assert signature.cluster_id is None


def test_the_same_text_gives_the_same_signature_on_every_machine():
    # Changing this changes what is comparable in every lake: count up the version in SPEC.
    signature = make_signature("a", " ".join(f"word{number}" for number in range(LEAST_WORDS)))
    assert SPEC["algorithm_version"] == "2.1"
    assert signature.signature[:24] == "12kegblKvTcj2Ehu8IE/3I04"
    assert bands(signature)[:2] == [-1569955338, 1961168156]


@pytest.mark.parametrize("n_changed", [0, 2, 10, 40, 150])
def test_the_estimate_is_near_the_jaccard_index(n_changed):
    one = make_words(300)
    two = [*one[n_changed:], *make_words(n_changed, seed=1)]

    def shingles(words):
        return {tuple(words[n : n + SHINGLE_WORDS]) for n in range(len(words) - SHINGLE_WORDS + 1)}

    true = len(shingles(one) & shingles(two)) / len(shingles(one) | shingles(two))
    made = [make_signature("a", " ".join(words)).signature for words in (one, two)]
    first, second = decode_signatures(made)
    (found,) = estimate_jaccard(first, second[np.newaxis])
    assert found == pytest.approx(true, abs=0.1)
    assert (found == 1.0) == (true == 1.0)


def test_near_copies_share_a_band_key_and_others_do_not():
    one = make_words(300)
    two = [*one[:150], "changed", *one[151:]]
    keys = [bands(make_signature("a", " ".join(words))) for words in (one, two, make_words(300, 1))]
    shared = [sum(a == b for a, b in zip(keys[0], other, strict=True)) for other in keys[1:]]
    assert shared[0] >= 10
    assert shared[1] == 0


def test_repeated_words_of_a_very_long_text_are_one_set():
    sentence = " ".join(make_words(60))
    once = make_signature("a", f"{sentence} {sentence}")
    often = make_signature("a", " ".join([sentence] * 5_000))
    assert often.signature == once.signature
    assert often.normalised_sha256 != once.normalised_sha256


def test_signatures_come_in_the_order_of_the_articles():
    articles = [make_article("One."), make_article("Two."), make_article("One.", article_id="x")]
    found = list(make_signatures(articles))
    assert [row.article_id for row in found] == [article.article_id for article in articles]


def test_no_signatures_are_a_matrix_without_rows():
    assert decode_signatures([]).shape == (0, N_PERMUTATIONS)
