import pytest

from include.eventwire.coding.confidence import (
    LEAST,
    LEAST_OF_BEST,
    ConfidenceError,
    choose,
    estimate,
    load_weights,
)


@pytest.mark.parametrize(
    ("features", "weights", "probability"),
    [
        ({}, {}, 0.5),
        ({"bias": 1.0}, {"bias": 0.0}, 0.5),
        ({"bias": 1.0}, {"bias": 2.0}, 0.8808),
        ({"bias": 1.0}, {"bias": -2.0}, 0.1192),
        ({"near": 0.5, "bias": 1.0}, {"near": 2.0, "bias": 1.0}, 0.8808),
        # A feature that was never seen in training says nothing.
        ({"unheard": 1.0}, {"bias": 2.0}, 0.5),
        # Absurd sums neither overflow nor leave the range.
        ({"bias": 1.0}, {"bias": 1e9}, 1.0),
        ({"bias": 1.0}, {"bias": -1e9}, 0.0),
    ],
)
def test_the_probability_is_logistic_in_the_weighted_sum(features, weights, probability):
    assert estimate(features, weights) == pytest.approx(probability, abs=1e-4)


LOW, HIGH = LEAST - 0.01, LEAST_OF_BEST + 0.01


@pytest.mark.parametrize(
    ("confidences", "n_sentences", "kept"),
    [
        ([HIGH, LEAST, LOW], 10, [True, True, False]),
        # A long story without one likely candidate tells of something else.
        ([LEAST_OF_BEST - 0.01, LEAST], 10, [False, False]),
        # Headlines and single sentences are mostly chosen for their event.
        ([LEAST], 1, [True]),
        ([LEAST - 0.01], 2, [False]),
        ([LEAST], 3, [False]),
        ([], 10, []),
    ],
)
def test_unlikely_candidates_are_dropped(confidences, n_sentences, kept):
    assert choose(confidences, n_sentences) == kept


def test_the_projects_own_weights_load():
    assert "bias" in load_weights()


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("", "broken.csv:1: the columns must be feature,weight"),
        ("name,value\nbias,1\n", "broken.csv:1: the columns must be feature,weight"),
        ("feature,weight\nbias,1\ntype,heavy\n", "broken.csv:3: .*'heavy'.* is no feature"),
        ("feature,weight\nbias\n", "broken.csv:2: .*'bias'.* is no feature"),
        ("feature,weight\nbias,1,2\n", "broken.csv:2: .* is no feature"),
        ("feature,weight\nbias,nan\n", "broken.csv:2: .* is no feature"),
        ("feature,weight\nbias,1\nbias,2\n", "broken.csv:3: .*'bias'.* twice"),
    ],
)
def test_a_broken_file_of_weights_is_refused_with_its_line(tmp_path, content, message):
    path = tmp_path / "broken.csv"
    path.write_text(content)
    with pytest.raises(ConfidenceError, match=message):
        load_weights(path)
