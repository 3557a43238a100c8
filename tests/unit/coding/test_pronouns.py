import pytest

from include.eventwire.coding.article_view import ArticleView
from include.eventwire.coding.pronouns import PRONOUNS, find_antecedent
from tests.unit.coding.sentences import (
    KENYA_FREED_REBELS,
    KENYAN_GENERAL,
    MERKEL_VISITED_RUSSIA,
    NOTHING_NEW,
    REBELS_ATTACKED_KENYA,
    RUSSIA_AND_IRAN_MET,
    RUSSIA_WARNED_MERKEL,
    said,
)
from tests.unit.parsed import parse, word

OFFICER_JOINED_NATO = (
    "The the DT det 2 -",
    "officer officer NN nsubj 3 -",
    "joined join VBD ROOT 3 -",
    "NATO NATO NNP dobj 3 ORG",
)
NATO_ACTED = ("NATO NATO NNP nsubj 2 ORG", "acted act VBD ROOT 2 -")
QUOTED = (
    "We we PRP nsubj 2 -",
    "left leave VBD ccomp 5 -",
    ", , , punct 5 -",
    "Merkel Merkel NNP nsubj 5 PERSON",
    "said say VBD ROOT 5 -",
)


def resolve(pronoun, *sentences, find_party=lambda token: token):
    lines = [line for sentence in sentences for line in (*sentence, "")]
    doc = parse(*lines)
    found = find_antecedent(word(doc, pronoun), ArticleView(doc, None), find_party)
    return found and found.text


@pytest.mark.parametrize(
    ("before", "pronoun", "antecedent"),
    [
        # A person is no "it", a state no "she", and only several are "they".
        (RUSSIA_WARNED_MERKEL, "She", "Merkel"),
        (RUSSIA_WARNED_MERKEL, "It", "Russia"),
        (RUSSIA_WARNED_MERKEL, "They", None),
        (MERKEL_VISITED_RUSSIA, "It", "Russia"),
        (MERKEL_VISITED_RUSSIA, "He", "Merkel"),
        (KENYA_FREED_REBELS, "They", "rebels"),
        (KENYA_FREED_REBELS, "It", "Kenya"),
        (REBELS_ATTACKED_KENYA, "They", "Rebels"),
        (REBELS_ATTACKED_KENYA, "It", "Kenya"),
        (REBELS_ATTACKED_KENYA, "He", None),
        # A single officer is "he" without a name; a body may be "they" and "it", not "she".
        (OFFICER_JOINED_NATO, "He", "officer"),
        (OFFICER_JOINED_NATO, "They", "NATO"),
        (NATO_ACTED, "It", "NATO"),
        (NATO_ACTED, "She", None),
        (RUSSIA_AND_IRAN_MET, "They", "Russia"),
        # Words before a name are not what is meant.
        (KENYAN_GENERAL, "He", "Okoth"),
        (KENYAN_GENERAL, "It", None),
    ],
)
def test_the_antecedent_agrees(before, pronoun, antecedent):
    assert resolve(pronoun, before, said(pronoun)) == antecedent


@pytest.mark.parametrize(
    ("before", "antecedent"),
    [
        ((MERKEL_VISITED_RUSSIA, KENYAN_GENERAL), "Okoth"),
        ((KENYAN_GENERAL, MERKEL_VISITED_RUSSIA), "Merkel"),
        # A subject one sentence farther off comes before an object.
        ((KENYAN_GENERAL, RUSSIA_WARNED_MERKEL), "Okoth"),
        ((MERKEL_VISITED_RUSSIA, NOTHING_NEW), "Merkel"),
        ((MERKEL_VISITED_RUSSIA, NOTHING_NEW, NOTHING_NEW), None),
    ],
)
def test_near_ones_and_subjects_are_preferred(before, antecedent):
    parties = {"Okoth", "Merkel"}
    resolved = resolve("She", *before, said("She"), find_party=lambda t: t.text in parties or None)
    assert resolved == antecedent


def test_what_is_no_party_is_no_antecedent():
    assert resolve("It", MERKEL_VISITED_RUSSIA, said("It"), find_party=lambda token: None) is None


def test_we_are_those_who_speak():
    assert resolve("We", MERKEL_VISITED_RUSSIA, QUOTED) == "Merkel"
    assert resolve("We", MERKEL_VISITED_RUSSIA, said("We")) is None


def test_relative_and_impersonal_words_are_no_pronouns_of_parties():
    assert not PRONOUNS & {"who", "which", "that", "this", "there", "one", "you"}
