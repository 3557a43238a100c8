from datetime import date

import pytest
import spacy
from spacy.language import Language

from include.eventwire.components import event_coder
from include.eventwire.nlp import load_pipeline, parse_article
from include.eventwire.settings import Settings
from include.eventwire.versions import ModelNotFoundError, find_model
from tests.lake_rows import make_article


def test_an_unknown_pipeline_is_an_error_that_names_it():
    with pytest.raises(ModelNotFoundError, match="'xx_no_such_model'"):
        load_pipeline("xx_no_such_model")


class BatchSizes:
    """A component that is told how many texts are parsed together."""

    def __init__(self):
        self.seen = []

    def __call__(self, doc):
        return doc

    def pipe(self, stream, batch_size):
        self.seen.append(batch_size)
        yield from stream


def test_no_text_is_parsed_together_with_another():
    # What is found in one must not depend on which others there are.
    nlp = spacy.blank("en")
    component = BatchSizes()
    Language.factory("batch_sizes", func=lambda nlp, name: component)
    nlp.add_pipe("batch_sizes")
    nlp.add_pipe("sentencizer")
    nlp.add_pipe(event_coder.NAME)
    parse_article(nlp, make_article("Kenya won. " * 10_000))
    assert component.seen == [1]


@pytest.fixture(scope="module")
def nlp():
    return load_pipeline(Settings().model)


def code(nlp, text):
    doc = nlp.make_doc(text)
    doc._.published = date(2018, 4, 24)
    return [
        (
            event.event_type,
            event.realis,
            [party.codes for party in event.actors],
            [party.codes for party in event.recipients],
        )
        for event in nlp(doc)._.events
    ]


@pytest.mark.model
def test_the_pipeline_is_loaded_once_and_ends_with_the_event_coder(nlp):
    assert load_pipeline(Settings().model) is nlp
    assert nlp.pipe_names[-1] == event_coder.NAME
    assert {"tagger", "parser", "batched_entities", "lemmatizer"} <= set(nlp.pipe_names)
    assert not {"ner", "attribute_ruler", "senter"} & set(nlp.pipe_names)


@pytest.mark.model
def test_what_is_done_for_speed_changes_no_token(nlp):
    plain = spacy.load(find_model(Settings().model))
    text = (
        "There's been talk that the better-known ministers weren't meeting in Mombasa's hotels. "
        "On 3 May 2018 President Okoth, 62, told Reuters: 'They're leaving; geese fly, oxen don't.'"
        "\n\nWomen and children fled worsening floods, the U.N. said.  Cries were heard..."
    )
    expected = read_tokens(plain(text))
    assert read_tokens(nlp(text)) == expected
    assert {"be", "woman", "leave", "child"} <= {row[0] for row in expected}


def read_tokens(doc):
    return [
        (t.lemma_, t.head.i, t.dep_, t.tag_, t.pos_, str(t.morph), t.ent_iob_, t.ent_type_)
        for t in doc
    ]


@pytest.mark.model
def test_no_node_of_any_component_multiplies_through_blis(nlp):
    models = [getattr(pipe, "model", None) for _, pipe in nlp.pipeline]
    nodes = [node for model in models if model is not None for node in model.walk()]
    switches = [node.ops.use_blis for node in nodes if hasattr(node.ops, "use_blis")]
    assert switches
    assert not any(switches)


@pytest.mark.model
@pytest.mark.parametrize(
    ("text", "event"),
    [
        (
            "Ten farmers were killed by rebels near Mombasa on Monday, Kenyan police said.",
            ("ASSAULT", "asserted", ["KEN.REB"], ["KEN.CVL"]),
        ),
        (
            "The opposition leader was arrested by Kenyan police on Sunday.",
            ("COERCE", "asserted", ["KEN.COP"], ["KEN.OPP"]),
        ),
        (
            "The Kenyan army did not attack the rebels, a spokesman said.",
            ("ASSAULT", "negated", ["KEN.MIL"], ["KEN.REB"]),
        ),
        (
            "Russian warplanes carried out air strikes on rebels in Syria.",
            ("ASSAULT", "asserted", ["RUS.MIL"], ["SYR.REB"]),
        ),
        (
            "Okoth, the Kenyan foreign minister, accused Somalia of supporting the militants.",
            ("ACCUSE", "asserted", ["KEN.GOV"], ["SOM.GOV"]),
        ),
        (
            "Kenya will send food to Uganda, the president said.",
            ("AGREE", "asserted", ["KEN.GOV"], ["UGA.GOV"]),
        ),
        (
            "The Kenyan army will attack the rebels next week.",
            ("ASSAULT", "future", ["KEN.MIL"], ["KEN.REB"]),
        ),
    ],
)
def test_finds_the_obvious(nlp, text, event):
    assert event in code(nlp, text)


@pytest.mark.model
@pytest.mark.parametrize("text", ["", "   ", "?!", "The recipe needs two eggs and some butter."])
def test_finds_nothing_where_nothing_is(nlp, text):
    assert code(nlp, text) == []
