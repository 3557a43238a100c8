from datetime import date

import pytest

from include.eventwire.coding.coder import code_events
from include.eventwire.coding.decisions import list_decisions
from tests.unit.coding.lexicons import make_lexicon
from tests.unit.coding.sentences import KENYA_FREED_REBELS, NOTHING_NEW, REBELS_ATTACKED_KENYA
from tests.unit.parsed import parse

DAY = date(2018, 4, 24)
DOC = parse(*KENYA_FREED_REBELS, "", *REBELS_ATTACKED_KENYA, "", *NOTHING_NEW)


@pytest.fixture
def lexicon(tmp_path):
    return make_lexicon(tmp_path, "concede: free,verb", "assault: attack,verb")


@pytest.mark.parametrize(
    ("weights", "verdicts"),
    [
        ({"bias": 9.0}, ["coded", "coded"]),
        ({"bias": -1.0, "lemma=attack": 9.0}, ["unlikely", "coded"]),
        ({}, ["quiet story", "quiet story"]),  # 0.5 is likely enough, but none is sure
        ({"bias": -9.0}, ["unlikely", "unlikely"]),
    ],
)
def test_tells_why_a_candidate_was_coded_or_not(lexicon, weights, verdicts):
    decisions = list_decisions(DOC, DAY, lexicon=lexicon, weights=weights)
    assert [one.verdict for one in decisions.candidates] == verdicts


@pytest.mark.parametrize("bias", [9.0, 0.0, -9.0])
def test_what_is_told_as_coded_is_what_the_coder_codes(lexicon, bias):
    weights = {"bias": bias, "lemma=free": 0.7}
    coded = code_events(DOC, DAY, lexicon=lexicon, weights=weights)
    told = list_decisions(DOC, DAY, lexicon=lexicon, weights=weights).candidates
    assert [((one.start_char, one.end_char), one.confidence) for one in told
            if one.verdict == "coded"] == [
        (event.trigger_span, event.confidence) for event in coded
    ]  # fmt: skip


def test_the_features_that_count_most_come_first_and_add_up(lexicon):
    weights = {"bias": -0.5, "lemma=free": 2.0, "type=CONCEDE": -1.0, "lemma=attack": 5.0}
    freed, _ = list_decisions(DOC, DAY, lexicon=lexicon, weights=weights).candidates
    assert [(one.feature, one.adds) for one in freed.features] == [
        ("lemma=free", 2.0),
        ("type=CONCEDE", -1.0),
        ("bias", -0.5),
    ]
    assert freed.rest == 0.0
    assert freed.confidence == pytest.approx(0.622, abs=0.001)  # 1 / (1 + e^-0.5)


def test_what_counts_little_is_added_up(lexicon):
    weights = {"bias": 1.0, "lemma=free": 1.0, "type=CONCEDE": 1.0, "lemma=free/CONCEDE": 1.0,
               "has_date=False": 1.0, "has_place=False": 1.0, "has_source=False": 1.0,
               "realis=asserted": 1.0, "label=verb/ROOT": 0.25}  # fmt: skip
    freed, _ = list_decisions(DOC, DAY, lexicon=lexicon, weights=weights).candidates
    assert len(freed.features) == 8
    assert freed.rest == 0.25


def test_sentences_are_told_with_and_without_candidates(lexicon):
    decisions = list_decisions(DOC, DAY, lexicon=lexicon, weights={"bias": 9.0})
    assert [one.sentence_index for one in decisions.candidates] == [0, 1]
    assert len(decisions.sentences) == 3
    for one in decisions.candidates:
        start, end = decisions.sentences[one.sentence_index]
        assert start <= one.start_char < one.end_char <= end
    assert [DOC.text[one.start_char : one.end_char] for one in decisions.candidates] == [
        "freed",
        "attacked",
    ]
