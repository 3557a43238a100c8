import pytest
import spacy
from spacy.tokens import Doc

from include.eventwire.components import attribute_cache
from include.eventwire.components.attribute_cache import (
    CachedAttributeRuler,
    is_cacheable,
    remember_attributes,
)
from include.eventwire.settings import Settings
from include.eventwire.versions import find_model

WORDS = "There is talk ; let 's go , I gon na tell you that \n dogs 're it".split(" ")
TAGS = "EX VBZ NN : VB PRP VB , PRP VBG TO VB PRP IN _SP NNS VBP PRP".split()
DEPS = "expl ROOT attr punct ROOT nsubj ccomp punct nsubj xcomp aux xcomp dobj mark x expl x attr"
PATTERNS = [
    ([[{"TAG": "NN"}], [{"TAG": "NNS"}]], {"POS": "NOUN"}, 0),
    ([[{"TAG": {"IN": ["VB", "VBG"]}, "LOWER": "go"}]], {"POS": "VERB", "LEMMA": "go"}, 0),
    ([[{"LOWER": {"REGEX": "^do"}}]], {"LEMMA": "hound"}, 0),
    ([[{"DEP": "nsubj", "LOWER": {"IN": ["i", "you"]}}]], {"MORPH": "Case=Nom"}, 0),
    ([[{"LOWER": "let"}, {"LOWER": "'s"}]], {"LEMMA": "us"}, 1),
    ([[{"LOWER": "gon"}, {"LOWER": "na"}]], {"LEMMA": "to"}, 1),
    ([[{"DEP": "expl"}, {"LOWER": {"IN": ["is", "'re"]}}]], {"POS": "VERB"}, 1),
    ([[{"IS_SPACE": True}]], {"TAG": "_SP", "POS": "SPACE"}, 0),
    ([[{"IS_SPACE": True, "DEP": {"NOT_IN": [""]}}]], {"DEP": "dep"}, 0),
]


@pytest.fixture
def nlp():
    nlp = spacy.blank("en")
    ruler = nlp.add_pipe("attribute_ruler")
    for patterns, attributes, index in PATTERNS:
        ruler.add(patterns, attributes, index)
    return nlp


def make_doc(nlp, words=WORDS):
    doc = Doc(nlp.vocab, words=words)
    for token, tag, dep in zip(doc, TAGS, DEPS.split(), strict=False):
        token.tag_, token.dep_ = tag, dep
    return doc


def attributes_of(doc):
    return [(t.text, t.tag_, t.dep_, t.pos_, str(t.morph), t.lemma_) for t in doc]


def test_sets_what_the_ruler_sets_also_when_asked_again(nlp):
    ruler = nlp.get_pipe("attribute_ruler")
    expected = attributes_of(ruler(make_doc(nlp)))
    assert {row[-1] for row in expected} >= {"go", "hound", "us", "to"}  # each kind has matched
    cached = CachedAttributeRuler(ruler)
    assert attributes_of(cached(make_doc(nlp))) == expected
    assert attributes_of(cached(make_doc(nlp))) == expected
    assert attributes_of(cached(make_doc(nlp, []))) == []


def test_a_memory_that_is_full_starts_anew(nlp, monkeypatch):
    ruler = nlp.get_pipe("attribute_ruler")
    expected = attributes_of(ruler(make_doc(nlp)))
    # Full within the first text.
    monkeypatch.setattr(attribute_cache, "_MOST_REMEMBERED", 5)
    cached = CachedAttributeRuler(ruler)
    for _ in range(3):
        assert attributes_of(cached(make_doc(nlp))) == expected


def test_a_pattern_over_two_tokens_does_not_meet_the_first_alone(nlp):
    cached = CachedAttributeRuler(nlp.get_pipe("attribute_ruler"))
    for words in (["let", "go"], ["let", "'s"], ["let"]):
        doc = cached(make_doc(nlp, words))
        assert [token.lemma_ for token in doc][1:] == (["us"] if "'s" in words else [""])[
            : len(doc) - 1
        ]


def test_takes_the_place_of_the_ruler_in_a_pipeline(nlp):
    remember_attributes(nlp)
    assert nlp.pipe_names == ["cached_attribute_ruler"]
    assert nlp(make_doc(nlp))[2].pos_ == "NOUN"


def test_a_ruler_that_looks_at_more_is_left_as_it_is(nlp):
    nlp.get_pipe("attribute_ruler").add([[{"SHAPE": "Xx"}]], {"POS": "PROPN"})
    assert not is_cacheable(nlp.get_pipe("attribute_ruler"))
    remember_attributes(nlp)
    assert nlp.pipe_names == ["attribute_ruler"]
    with pytest.raises(ValueError, match="cannot be remembered"):
        CachedAttributeRuler(nlp.get_pipe("attribute_ruler"))


@pytest.mark.model
def test_the_trained_pipeline_gives_the_same():
    nlp = spacy.load(find_model(Settings().model), disable=["ner", "lemmatizer"])
    text = (
        "There's been talk that they'd let's go home, said I. Don't y'all think it is theirs? "
        "\n\n It did, but what they had done to you and to it, which the others ain't told...\t"
    )
    plain = attributes_of(nlp(text))
    remember_attributes(nlp)
    assert attributes_of(nlp(text)) == plain
