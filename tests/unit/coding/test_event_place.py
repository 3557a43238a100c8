import pytest

from include.eventwire.coding.article_view import ArticleView
from include.eventwire.coding.event_place import find_place
from tests.unit.coding.sentences import (
    KENYAN_GENERAL,
    MERKEL_VISITED_RUSSIA,
    NOTHING_NEW,
    POLICE_ARREST,
    RUSSIA_VOTED,
)
from tests.unit.parsed import parse, word

ACCUSED_OF = (
    "Washington Washington NNP nsubj 2 GPE",
    "accused accuse VBD ROOT 2 -",
    "Iran Iran NNP dobj 2 GPE",
    "of of IN prep 2 -",
    "the the DT det 6 -",
    "attack attack NN pobj 4 -",
    "in in IN prep 6 -",
    "Iraq Iraq NNP pobj 7 GPE",
)
ACCUSED_IN = (
    "Washington Washington NNP nsubj 2 GPE",
    "accused accuse VBD ROOT 2 -",
    "Iran Iran NNP dobj 2 GPE",
    "in in IN prep 2 -",
    "Geneva Geneva NNP pobj 4 GPE",
)
TWO_ACTS = (
    "Police police NNS nsubj 2 -",
    "arrested arrest VBD ROOT 2 -",
    "men man NNS dobj 2 -",
    "in in IN prep 2 -",
    "Lagos Lagos NNP pobj 4 GPE",
    "after after IN prep 2 -",
    "attacks attack NNS pobj 6 -",
    "near near IN prep 7 -",
    "Mombasa Mombasa NNP pobj 8 GPE",
)
WITH_ARTICLE = (
    "Rebels rebel NNS nsubj 2 -",
    "marched march VBD ROOT 2 -",
    "across across IN prep 2 -",
    "the the DT det 5 GPE",
    "Philippines Philippines NNP pobj 3 I-GPE",
)
BODY = (
    "Police police NNS nsubj 2 -",
    "marched march VBD ROOT 2 -",
    "in in IN prep 2 -",
    "Parliament Parliament NNP pobj 3 ORG",
)
IN_MOMBASA = (
    "Kenyan kenyan JJ amod 2 NORP",
    "teachers teacher NNS nsubj 3 -",
    "met meet VBD ROOT 3 -",
    "in in IN prep 3 -",
    "Mombasa Mombasa NNP pobj 4 GPE",
)
IN_OSLO = (
    "Merkel Merkel NNP nsubj 2 PERSON",
    "spoke speak VBD ROOT 2 -",
    "in in IN prep 2 -",
    "Oslo Oslo NNP pobj 3 GPE",
)


def find(event_type, head, *sentences):
    doc = parse(*[line for sentence in sentences for line in (*sentence, "")])
    place = find_place(word(doc, head), event_type, ArticleView(doc, None))
    if place is not None:
        assert doc.text[place.start_char : place.end_char] == place.text
    return place


@pytest.mark.parametrize(
    ("event_type", "head", "sentences", "text"),
    [
        # The place that a preposition ties to the act; of two the nearer.
        ("COERCE", "arrested", [TWO_ACTS], "Lagos"),
        ("ASSAULT", "attacks", [TWO_ACTS], "Mombasa"),
        ("CONSULT", "met", [IN_MOMBASA], "Mombasa"),
        ("PROTEST", "marched", [WITH_ARTICLE], "Philippines"),
        # Neither who takes part is a place, nor a body.
        ("CONSULT", "visited", [MERKEL_VISITED_RUSSIA], None),
        ("COERCE", "marched", [BODY], None),
        # What people say was said where its own preposition tells.
        ("ACCUSE", "accused", [ACCUSED_OF], None),
        ("ASSAULT", "attack", [ACCUSED_OF], "Iraq"),
        ("ACCUSE", "accused", [ACCUSED_IN], "Geneva"),
        # An act on the spot happened where the story plays, if that is clear; others may not have.
        ("PROTEST", "changed", [IN_MOMBASA, NOTHING_NEW], "Mombasa"),
        ("ASSAULT", "changed", [KENYAN_GENERAL, NOTHING_NEW, IN_MOMBASA], "Mombasa"),
        ("ASSAULT", "changed", [RUSSIA_VOTED, NOTHING_NEW], "Russia"),
        ("COERCE", "changed", [IN_MOMBASA, NOTHING_NEW], None),
        ("ACCUSE", "changed", [IN_MOMBASA, NOTHING_NEW], None),
        ("PROTEST", "arrested", [KENYAN_GENERAL, POLICE_ARREST], None),
        ("PROTEST", "arrested", [POLICE_ARREST], None),
        ("PROTEST", "arrested", [IN_OSLO, ACCUSED_IN, POLICE_ARREST], None),
    ],
)
def test_finds_the_place_of_an_act(event_type, head, sentences, text):
    place = find(event_type, head, *sentences)
    assert (place and place.text) == text


def test_a_known_place_has_its_entry_in_the_gazetteer_and_an_unknown_one_none():
    known = find("COERCE", "arrested", TWO_ACTS)
    assert (known.place.country_code, known.place.name) == ("NGA", "Lagos")
    village = [line.replace("Lagos Lagos", "Qwxton Qwxton") for line in TWO_ACTS]
    unknown = find("COERCE", "arrested", village)
    assert (unknown.text, unknown.place) == ("Qwxton", None)
