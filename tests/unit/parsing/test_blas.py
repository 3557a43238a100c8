import json

import pytest
import spacy

from include.eventwire.parsing import blas
from include.eventwire.parsing.blas import BLIS, NUMPY, cache_file, use_blas
from include.eventwire.parsing.pipeline import load_pipeline
from include.eventwire.settings import Settings


@pytest.fixture(autouse=True)
def cache_folder(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    blas._choose.cache_clear()
    yield tmp_path / "cache"
    blas._choose.cache_clear()


@pytest.fixture
def nlp():
    nlp = spacy.blank("en")
    nlp.add_pipe("tok2vec")
    nlp.initialize()
    return nlp


def measure(monkeypatch, blis, numpy):
    """Stand in for the clock; return the list of measurements that were made."""
    made = []

    def give(nlp):
        made.append(nlp)
        return {BLIS: blis, NUMPY: numpy}

    monkeypatch.setattr(blas, "measure", give)
    return made


def switches(nlp):
    models = [getattr(pipe, "model", None) for _, pipe in nlp.components]
    nodes = [node for model in models if model is not None for node in model.walk()]
    return {node.ops.use_blis for node in nodes if hasattr(node.ops, "use_blis")}


@pytest.mark.parametrize(("wanted", "is_blis"), [("blis", True), ("numpy", False)])
def test_what_is_asked_for_is_used_without_measuring(nlp, monkeypatch, wanted, is_blis):
    made = measure(monkeypatch, 1.0, 1.0)
    assert use_blas(nlp, wanted) == wanted
    assert switches(nlp) == {is_blis}
    assert not made
    assert not cache_file().exists()


@pytest.mark.parametrize(("seconds", "faster"), [((2.0, 1.0), NUMPY), ((1.0, 2.0), BLIS)])
def test_the_faster_library_is_measured_once_for_a_processor(nlp, monkeypatch, seconds, faster):
    made = measure(monkeypatch, *seconds)
    assert use_blas(nlp) == use_blas(nlp) == faster
    assert switches(nlp) == {faster == BLIS}
    assert len(made) == 1
    blas._choose.cache_clear()  # as in another process
    assert use_blas(nlp) == faster
    assert len(made) == 1
    assert json.loads(cache_file().read_text())["seconds"] == {BLIS: seconds[0], NUMPY: seconds[1]}


@pytest.mark.parametrize("change", [{"versions": {"blis": "0.1"}}, {"faster": "abacus"}, None])
def test_a_measurement_of_other_versions_or_a_broken_file_is_made_again(nlp, monkeypatch, change):
    made = measure(monkeypatch, 1.0, 2.0)
    use_blas(nlp)
    kept = json.loads(cache_file().read_text())
    cache_file().write_text("{" if change is None else json.dumps(kept | change))
    blas._choose.cache_clear()
    assert use_blas(nlp) == BLIS
    assert len(made) == 2
    assert json.loads(cache_file().read_text()) == kept


def test_a_cache_that_cannot_be_written_is_no_error(nlp, monkeypatch, cache_folder):
    made = measure(monkeypatch, 2.0, 1.0)
    cache_folder.write_text("a file where the folder should be")
    assert use_blas(nlp) == NUMPY
    assert len(made) == 1


def test_the_cache_lies_in_the_home_of_the_user_when_nothing_else_is_said(monkeypatch, tmp_path):
    monkeypatch.setenv("HOME", str(tmp_path))
    for value in ("", "relative/folder"):
        monkeypatch.setenv("XDG_CACHE_HOME", value)
        assert cache_file().parent == tmp_path / ".cache" / "eventwire"


def test_both_libraries_are_measured(nlp):
    seconds = blas.measure(nlp)
    assert set(seconds) == {BLIS, NUMPY}
    assert all(taken > 0 for taken in seconds.values())


def test_a_pipeline_without_vectors_of_its_own_is_not_measured():
    assert use_blas(spacy.blank("en")) == NUMPY


@pytest.mark.model
def test_rows_do_not_depend_on_the_library():
    nlp = load_pipeline(Settings().model)
    text = (
        "Ten farmers were killed by rebels near Mombasa on Monday, Kenyan police said. The army "
        "will not attack the rebels, President Okoth told reporters; talks with Uganda's foreign "
        "minister, who had accused Kenya of supporting militants, went on in Kampala for 3 days."
    )
    seen = []
    for name in (BLIS, NUMPY):
        use_blas(nlp, name)
        doc = nlp(text)
        tokens = [
            (t.head.i, t.dep_, t.tag_, t.pos_, t.lemma_, t.ent_iob_, t.ent_type_) for t in doc
        ]
        seen.append((tokens, repr(doc._.events)))
    assert seen[0] == seen[1]
    assert seen[0][1] != "[]"
