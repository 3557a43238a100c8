from datetime import date

import numpy as np
import pytest
import spacy

from include.eventwire.components import event_coder
from include.eventwire.parsing.pipeline import group_texts, load_pipeline, parse_articles
from include.eventwire.settings import Settings
from include.eventwire.versions import ModelNotFoundError, find_model
from tests.lake_rows import make_article


def test_an_unknown_pipeline_is_an_error_that_names_it():
    with pytest.raises(ModelNotFoundError, match="'xx_no_such_model'"):
        load_pipeline("xx_no_such_model")


def test_short_texts_are_parsed_together_and_long_ones_alone():
    lengths = [10_000, 14_000, 2_000, 90_000, 0, 24_999, 1, 1]
    articles = [make_article("x" * length, record_number=n) for n, length in enumerate(lengths)]
    groups = list(group_texts(articles))
    assert [[len(row.text) for row in group] for group in groups] == [
        [10_000, 14_000], [2_000], [90_000], [0, 24_999, 1], [1],
    ]  # fmt: skip
    assert [row for group in groups for row in group] == articles


def test_a_text_in_pieces_is_put_together_among_others():
    nlp = spacy.blank("en")
    nlp.add_pipe("sentencizer")
    nlp.add_pipe(event_coder.NAME)
    texts = ["", "Kenya won. " * 10_000, "It rained."]
    docs = parse_articles(nlp, [make_article(text) for text in texts])
    assert [doc.text for doc in docs] == texts
    assert docs[1][-1].idx == len(texts[1]) - 2


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
def test_a_text_is_parsed_alike_alone_and_among_others(nlp):
    sentences = (
        "Ten farmers were killed by rebels near Mombasa on Monday, Kenyan police said. ",
        "The army will not attack the rebels, President Okoth told Reuters. ",
        "Gold rose 3 pct to $412 in Zurich; Sudan's $1.2 billion plan fell through in Cairo. ",
    )
    texts = [sentences[n % 3] * (1 + n % 5) + sentences[(n + 1) % 3] for n in range(12)]
    articles = [make_article(text) for text in ["", *texts, sentences[0] * 800]]
    together = parse_articles(nlp, articles)
    for article, doc in zip(articles, together, strict=True):
        (alone,) = parse_articles(nlp, [article])
        assert read_tokens(doc) == read_tokens(alone)
        # A label may have hung on the last digit; the numbers themselves tell whether it can.
        assert np.array_equal(doc.tensor, alone.tensor)


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
