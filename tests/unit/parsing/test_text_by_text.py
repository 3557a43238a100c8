import numpy as np
import pytest
import spacy
from thinc.api import Maxout, NumpyOps, chain, expand_window, with_array

from include.eventwire.parsing.text_by_text import (
    TextByTextOps,
    multiply_rows,
    read_texts_separately,
)

LENGTHS = (1, 37, 160, 0, 5, 411, 64, 2)
PAD = 2


@pytest.fixture
def texts():
    random = np.random.default_rng(7)
    return [random.standard_normal((length, 96), dtype=np.float32) for length in LENGTHS]


@pytest.fixture
def make_model(texts):
    """Return a model like that of token vectors: each row sees two neighbours, in two layers."""

    def make(ops):
        layers = [chain(expand_window(1), Maxout(96, 288, nP=3, normalize=True)) for _ in range(2)]
        model = with_array(chain(*layers), pad=PAD)
        model.initialize()
        weights = np.random.default_rng(8)
        for node in model.walk():
            node.ops = ops
            for name in node.param_names:
                if node.has_param(name):
                    shape = node.get_param(name).shape
                    node.set_param(name, weights.standard_normal(shape, dtype=np.float32))
        return model

    return make


def test_a_text_has_the_same_numbers_alone_and_among_others(make_model, texts):
    model = make_model(TextByTextOps(use_blis=False))
    together = model.predict(texts)
    for rows, expected in zip(together, texts, strict=True):
        assert len(rows) == len(expected)
        if len(expected):
            (alone,) = model.predict([expected])
            assert np.array_equal(alone, rows)


def test_the_numbers_are_those_of_thinc_but_for_their_last_digits(make_model, texts):
    ours = make_model(TextByTextOps(use_blis=False)).predict(texts)
    for mine, theirs in zip(ours, make_model(NumpyOps()).predict(texts), strict=True):
        np.testing.assert_allclose(mine, theirs, rtol=1e-3, atol=1e-3)


def test_what_is_put_together_is_taken_apart_again(texts):
    ops = TextByTextOps()
    for pad in (0, 3):
        parts = ops.unflatten(ops.flatten(texts, pad=pad), np.array(LENGTHS), pad)
        for part, text in zip(parts, texts, strict=True):
            assert np.array_equal(part, text)


def test_each_text_has_padding_of_its_own():
    ops = TextByTextOps()
    together = ops.flatten([np.ones((1, 1), dtype="f"), np.ones((2, 1), dtype="f")], pad=1)
    assert together[:, 0].tolist() == [0, 1, 0, 0, 1, 1, 0]


@pytest.mark.parametrize("texts", [[], [np.zeros((0, 4), dtype="f")]])
def test_no_rows_at_all_are_no_fault(texts):
    ops = TextByTextOps(use_blis=False)
    together = ops.flatten(texts, pad=2)
    assert len(together) == 0
    assert [len(part) for part in ops.unflatten(together, [0] * len(texts), 2)] == [0] * len(texts)


def test_rows_that_are_of_no_known_texts_are_multiplied_alike_wherever_they_stand(texts):
    ops = TextByTextOps(use_blis=False)
    rows = np.concatenate(texts)
    weights = np.random.default_rng(9).standard_normal((50, 96), dtype=np.float32)
    whole = ops.gemm(rows, weights, trans2=True)
    for first, end in ((0, 1), (3, 200), (411, len(rows))):
        assert np.array_equal(ops.gemm(rows[first:end], weights, trans2=True), whole[first:end])
    assert np.array_equal(whole, multiply_rows(rows, weights, trans2=True))


def test_a_product_is_written_where_it_is_wanted(texts):
    ops = TextByTextOps(use_blis=False)
    rows = ops.flatten(texts)
    wanted = np.empty((len(rows), 96), dtype=np.float32)
    assert ops.gemm(rows, np.eye(96, dtype=np.float32), out=wanted) is wanted
    np.testing.assert_allclose(wanted, rows)


def test_all_nodes_of_a_pipeline_do_their_arithmetic_so():
    nlp = spacy.blank("en")
    nlp.add_pipe("tok2vec")
    nlp.add_pipe("sentencizer")
    read_texts_separately(nlp)
    kinds = {type(node.ops) for node in nlp.get_pipe("tok2vec").model.walk()}
    assert kinds == {TextByTextOps}
