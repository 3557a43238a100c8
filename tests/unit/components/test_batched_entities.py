import numpy as np
import pytest
import spacy
from spacy.attrs import ENT_IOB, ENT_TYPE
from spacy.tokens import Doc, Span

from include.eventwire.components.batched_entities import (
    NAME,
    BatchedEntities,
    batch_entities,
    is_batchable,
)
from include.eventwire.settings import Settings
from include.eventwire.versions import find_model

LABELS = ("PERSON", "GPE", "ORG")
WORDS = ("Okoth", "met", "\n", "the", "Kenyan", "Army", "in", "Mombasa", ".", "Then", " ", "Wang")


def make_pipeline(seed, **model):
    """Return a pipeline whose recogniser decides by chance: every rule is met in a few texts."""
    nlp = spacy.blank("en")
    ner = nlp.add_pipe("ner", config={"model": {"use_upper": True, **model}})
    for label in LABELS:
        ner.add_label(label)
    nlp.initialize()
    chance = np.random.default_rng(seed)
    for name in ("lower", "upper"):
        part = ner.model.get_ref(name)
        for parameter in ("W", "b"):
            shape = part.get_param(parameter).shape
            part.set_param(parameter, chance.normal(size=shape).astype("f"))
    return nlp


def make_docs(nlp, seed, n_docs=30):
    chance = np.random.default_rng(seed)
    docs = []
    for _ in range(n_docs):
        words = [str(word) for word in chance.choice(WORDS, size=chance.integers(0, 40))]
        starts = [True, *(bool(chance.random() < 0.2) for _ in words[1:])][: len(words)]
        docs.append(Doc(nlp.vocab, words=words, sent_starts=starts))
    return docs


def entities_of(docs):
    return [
        (doc.to_array([ENT_IOB, ENT_TYPE]).tolist(), [(e.start, e.end, e.label_) for e in doc.ents])
        for doc in docs
    ]


@pytest.mark.parametrize("seed", range(4))
def test_sets_what_the_recogniser_sets(seed):
    nlp = make_pipeline(seed)
    ner = nlp.get_pipe("ner")
    expected = entities_of(ner.pipe(make_docs(nlp, seed)))
    lengths = [end - start for _, entities in expected for start, end, _ in entities]
    assert 1 in lengths  # names of one token and of several have been met
    assert max(lengths) > 2
    batched = BatchedEntities(ner)
    assert entities_of(batched.pipe(make_docs(nlp, seed))) == expected
    assert entities_of(batched.pipe(make_docs(nlp, seed), batch_size=1)) == expected
    assert entities_of([batched(doc) for doc in make_docs(nlp, seed)]) == expected


def test_entities_that_are_set_before_are_kept():
    nlp = make_pipeline(0)

    def make():
        doc = Doc(nlp.vocab, words=["in", "Mombasa", "Kenyan", "Army"], sent_starts=[1, 0, 0, 0])
        doc.ents = [Span(doc, 2, 4, label="ORG")]
        return doc

    expected = entities_of([nlp.get_pipe("ner")(make())])
    assert (2, 4, "ORG") in expected[0][1]
    assert entities_of([BatchedEntities(nlp.get_pipe("ner"))(make())]) == expected


def test_takes_the_place_of_the_recogniser_in_a_pipeline():
    nlp = make_pipeline(0)
    plain = entities_of([nlp("Okoth met the Kenyan Army.")])
    batch_entities(nlp)
    assert nlp.pipe_names == [NAME]
    assert entities_of([nlp("Okoth met the Kenyan Army.")]) == plain


def test_a_recogniser_that_decides_in_another_way_is_left_as_it_is():
    nlp = make_pipeline(0, extra_state_tokens=True)
    assert not is_batchable(nlp.get_pipe("ner"))
    batch_entities(nlp)
    assert nlp.pipe_names == ["ner"]
    with pytest.raises(ValueError, match="decides in a way"):
        BatchedEntities(nlp.get_pipe("ner"))


def test_a_pipeline_without_a_recogniser_stays_as_it_is():
    nlp = spacy.blank("en")
    batch_entities(nlp)
    assert nlp.pipe_names == []


@pytest.mark.model
def test_the_trained_pipeline_gives_the_same():
    nlp = spacy.load(find_model(Settings().model))
    texts = [
        "President Okoth of Kenya met the U.N. envoy, Maria del Carmen Ruiz, in Mombasa on 3 May.",
        "\n\nUganda  said 1,200 refugees had fled since last Monday. Nothing else happened.\n",
        "",
        "  ",
    ]
    plain = entities_of(nlp.pipe(texts))
    assert plain[0][1]
    batch_entities(nlp)
    assert NAME in nlp.pipe_names
    assert entities_of(nlp.pipe(texts)) == plain
