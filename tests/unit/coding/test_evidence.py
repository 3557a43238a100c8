from datetime import date

import pytest

from include.eventwire.coding.article_view import ArticleView
from include.eventwire.coding.candidates import find_candidates
from include.eventwire.coding.evidence import Company, describe
from tests.unit.coding.lexicons import make_lexicon
from tests.unit.coding.sentences import KENYA_FREED_REBELS, NOTHING_NEW
from tests.unit.parsed import parse

ATTACK = (
    "Three three CD nummod 2 CARDINAL",
    "men man NNS nsubj 5 -",
    "did do VBD aux 5 -",
    "not not RB neg 5 -",
    "attack attack VB ROOT 5 -",
    "Kenya Kenya NNP dobj 5 GPE",
    "on on IN prep 5 -",
    "Monday Monday NNP pobj 7 DATE",
)
QUOTED = (
    '" " `` punct 5 -',
    "Kenya Kenya NNP nsubj 3 GPE",
    "attacked attack VBD ccomp 5 -",
    "\" \" '' punct 5 -",
    "ended end VBD ROOT 5 -",
)


@pytest.fixture
def features(tmp_path):
    def features(*sentences, number=0):
        doc = parse(*[line for sentence in sentences for line in (*sentence, "")])
        article = ArticleView(doc, date(2018, 4, 24))
        lexicon = make_lexicon(
            tmp_path, "assault: attack,verb,,,,,0.5", "concede: free,verb,obj,,,,0.8"
        )
        candidates = find_candidates(article, lexicon)
        events = [candidate.event for candidate in candidates]
        return describe(candidates[number].match, events[number], Company(events), article)

    return features


@pytest.mark.parametrize(
    "name",
    [
        "bias",
        "type=ASSAULT",
        "lemma=attack",
        "lemma=attack/ASSAULT",
        "tag=VB",
        "realis=negated",
        "n_conditions=0",
        "has_date=True",
        "has_place=True",
        "has_source=False",
        "sides=True/True",
        "sides=True/True/ASSAULT",
        "actor_named=False",
        "recipient_named=True",
        "recipient=GOV",
        "recipient=GOV/ASSAULT",
        "near=man",
        "near=monday",
        "child=neg/not",
        "child=prep/on",
        "quoted=False",
        "short",
    ],
)
def test_a_candidate_is_described_by_name(features, name):
    assert features(ATTACK)[name] == 1.0


@pytest.mark.parametrize("name", ["near=attack", "near=on", "near=three", "article_same"])
def test_function_words_and_the_head_are_no_company_and_a_single_sentence_has_none(features, name):
    assert name not in features(ATTACK)


def test_the_confidence_of_the_frame_counts_as_log_odds(features):
    assert features(ATTACK)["frame"] == pytest.approx(0, abs=0.01)
    assert features(KENYA_FREED_REBELS)["frame"] == pytest.approx(1.386, abs=0.01)


def test_an_act_within_quotation_marks_is_marked(features):
    assert features(QUOTED)["quoted=True"] == 1.0


def test_in_a_longer_article_the_other_candidates_count(features):
    found = features(KENYA_FREED_REBELS, ATTACK, ATTACK, NOTHING_NEW, number=1)
    assert found["article_same"] == pytest.approx(0.693, abs=0.001)
    assert found["article_density"] == pytest.approx(3 / 4)
    assert found["beside=0"] == found["early=1"] == found["article_quiet=False"] == 1.0
    assert "short" not in found


def test_a_caption_is_marked(features):
    caption = ("FILE file NN dep 4 -", ": : : punct 4 -", *renumber(KENYA_FREED_REBELS[:3], 2))
    found = features(NOTHING_NEW, NOTHING_NEW, caption)
    assert found["caption=True"] == 1.0


def renumber(lines, by):
    cells = [line.split() for line in lines]
    return [" ".join((*c[:4], str(int(c[4]) + by), c[5])) for c in cells]
