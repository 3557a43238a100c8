import numpy as np
import pytest

from include.eventwire.summaries.parameters import StoryParameters
from include.eventwire.summaries.words import join_terms, number_words, weigh_words

PLAIN = StoryParameters(headline_weight=3.0, name_weight=2.0, body_words=4)


@pytest.mark.parametrize(
    ("headline", "text", "words"),
    [
        (None, "The dam's wall was cracked.", {"dam", "wall", "cracked"}),
        (None, "the wall-to-wall 5,000 metres", {"wall-to-wall", "5,000", "metres"}),
        ("Dam shut", "", {"dam", "shut"}),
        (None, "She said that it was so.", set()),
        (None, "\u0414\u0430\u043c\u0431\u0430", {"\u0434\u0430\u043c\u0431\u0430"}),
        (None, "the dam of two walls and of no ferry", {"dam", "walls", "ferry"}),
    ],
)
def test_words_are_without_case_endings_and_function_words(headline, text, words):
    assert set(weigh_words(headline, text, PLAIN)) == words


def test_the_words_of_the_headline_count_several_times():
    found = weigh_words("Sluices shut", "sluices open", PLAIN)
    assert found["sluices"] == pytest.approx(1 + np.log(4))
    assert found["shut"] == pytest.approx(1 + np.log(3))
    assert found["open"] == 1.0


@pytest.mark.parametrize(
    ("text", "is_name"),
    [
        ("crews reached Harrowgate early", True),
        ("Harrowgate waits", False),
        ("crews left. Harrowgate waits", False),
        ("crews left, Harrowgate waits", True),
    ],
)
def test_a_capital_within_a_sentence_makes_a_name(text, is_name):
    assert weigh_words(None, text, PLAIN)["harrowgate"] == (2.0 if is_name else 1.0)


def test_only_the_beginning_of_the_body_counts():
    assert set(weigh_words(None, "alpha beta gamma delta epsilon", PLAIN)) == {
        "alpha", "beta", "gamma", "delta",
    }  # fmt: skip


def test_a_word_has_the_same_number_everywhere_and_numbers_rise():
    ids, weights = number_words({"dam": 1.0, "wall": 2.0, "crack": 3.0})
    assert list(ids) == sorted(ids)
    by_id = dict(zip(ids.tolist(), weights.tolist(), strict=True))
    alone, _ = number_words({"wall": 2.0})
    assert by_id[int(alone[0])] == 2.0


def test_articles_without_words_stay_in_their_place():
    terms = join_terms([number_words({"dam": 1.0}), number_words({}), number_words({"ferry": 1.0})])
    assert terms.starts.tolist() == [0, 1, 1, 2]
    assert join_terms([]).starts.tolist() == [0]
