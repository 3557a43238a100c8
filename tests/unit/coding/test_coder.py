from datetime import date

import pytest

from include.eventwire.coding.coder import code_events, describe_candidates
from tests.unit.coding.lexicons import make_lexicon
from tests.unit.coding.sentences import KENYA_FREED_REBELS, NOTHING_NEW, REBELS_ATTACKED_KENYA
from tests.unit.parsed import parse

DAY = date(2018, 4, 24)
RAIDS = (
    "Raids raid NNS nsubj 2 -",
    "continued continue VBD ROOT 2 -",
    ". . . punct 2 -",
)
DOC = parse(*KENYA_FREED_REBELS, "", *REBELS_ATTACKED_KENYA, "", *RAIDS, "", *NOTHING_NEW)
ALL = {"bias": 9.0}


@pytest.fixture
def lexicon(tmp_path):
    rows = ["concede: free,verb", "assault: attack,verb", "assault: raid,noun"]
    return make_lexicon(tmp_path, *rows)


@pytest.mark.parametrize(
    ("weights", "lemmas"),
    [
        (ALL, ["free", "attack", "raid"]),
        ({"lemma=attack": 9.0, "bias": -1.0}, ["attack"]),
        ({"lemma=attack": 9.0}, ["free", "attack", "raid"]),
        # Nothing in the story is likely enough for the rest to be believed.
        ({}, []),
        ({"bias": -9.0}, []),
    ],
)
def test_likely_candidates_are_coded_in_text_order(lexicon, weights, lemmas):
    events = code_events(DOC, DAY, lexicon=lexicon, weights=weights)
    assert [event.lemma for event in events] == lemmas


def test_the_confidence_is_the_estimate_not_that_of_the_frame(lexicon):
    (event, *_) = code_events(DOC, DAY, lexicon=lexicon, weights={"bias": 2.0})
    assert event.confidence == pytest.approx(0.881, abs=0.001)


def test_a_party_that_a_sentence_leaves_out_is_filled_in(lexicon):
    *_, raid = code_events(DOC, DAY, lexicon=lexicon, weights=ALL)
    sides = (raid.actors, raid.recipients)
    assert [[party.codes for party in side] for side in sides] == [["KEN.REB"], ["KEN.GOV"]]


def test_candidates_are_described_whether_they_are_likely_or_not(lexicon):
    described = describe_candidates(DOC, DAY, lexicon=lexicon)
    assert [d.event.lemma for d in described] == ["free", "attack", "raid"]
    assert described[1].features["lemma=attack"] == 1.0


def test_an_article_without_anything_has_no_events(lexicon):
    assert code_events(parse(*NOTHING_NEW), None, lexicon=lexicon, weights=ALL) == []


def test_the_projects_own_lexicon_and_weights_are_the_default():
    (event,) = code_events(parse(*REBELS_ATTACKED_KENYA), DAY)
    assert event.event_type == "ASSAULT"
