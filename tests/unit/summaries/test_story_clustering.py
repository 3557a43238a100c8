import numpy as np

from include.eventwire.summaries.parameters import StoryParameters
from include.eventwire.summaries.story_clustering import find_central, find_stories
from include.eventwire.summaries.story_vectors import make_vectors
from include.eventwire.summaries.words import join_terms, number_words

PARAMETERS = StoryParameters(threshold=0.3)


def vectors_of(*texts):
    """Return the vectors of texts in which each word weighs 1."""
    return make_vectors(join_terms([number_words(dict.fromkeys(t.split(), 1.0)) for t in texts]))


def stories_of(*texts):
    return find_stories(vectors_of(*texts), PARAMETERS).tolist()


def test_articles_that_share_their_words_are_one_story():
    assert stories_of("dam crack flood", "ferry fog pilot", "dam crack school") == [0, 1, 0]


def test_one_word_in_common_is_not_enough():
    assert stories_of("dam crack flood village", "ferry fog pilot village") == [0, 1]


def test_an_article_joins_the_story_that_it_is_most_like():
    found = stories_of("dam crack flood", "ferry fog pilot", "ferry fog dam crack flood wall")
    assert found == [0, 1, 0]


def test_what_is_decided_does_not_wait_for_later_articles():
    texts = ["dam crack flood", "wall breach water", "dam crack flood wall breach water"]
    assert stories_of(*texts[:2]) == [0, 1]
    assert stories_of(*texts)[:2] == [0, 1]


def test_articles_without_words_stand_alone():
    assert stories_of("dam crack", "", "", "dam crack") == [0, 1, 2, 0]


def test_there_may_be_no_articles():
    assert stories_of() == []


def test_vectors_have_length_one_and_words_of_all_articles_weigh_nothing_alone():
    vectors = vectors_of("dam crack", "dam ferry", "dam")
    squares = np.bincount(
        np.repeat(np.arange(3), np.diff(vectors.starts)), vectors.weights**2, minlength=3
    )
    assert squares.round(9).tolist() == [1.0, 1.0, 1.0]


def test_words_of_too_many_articles_are_left_out():
    texts = [f"common own{number} other{number}" for number in range(51)]
    vectors = vectors_of(*texts)
    assert np.diff(vectors.starts).tolist() == [2] * 51


def test_only_the_heaviest_words_of_a_long_article_are_kept():
    rare, frequent = " ".join(f"r{n}" for n in range(120)), " ".join(f"f{n}" for n in range(30))
    vectors = vectors_of(f"{frequent} {rare}", frequent, frequent)
    assert np.diff(vectors.starts).tolist() == [120, 30, 30]
    # Of the first article no word is left that another has.
    assert np.diff(vectors.word_starts).max() == 2


def test_the_central_article_is_most_like_the_others():
    vectors = vectors_of("dam crack", "dam crack flood", "flood school hill", "ferry fog")
    assert find_central(vectors, [0, 1, 2]) == 1
    assert find_central(vectors, [0, 1]) == 0
