from datetime import date

import pytest

from include.eventwire.coding.article_view import ArticleView
from include.eventwire.coding.parties import PartyFinder
from tests.unit.coding.sentences import (
    KENYA_FREED_REBELS,
    KENYAN_GENERAL,
    MERKEL_VISITED_RUSSIA,
    NOTHING_NEW,
    POLICE_ARREST,
    REBELS_ATTACKED_KENYA,
    RUSSIA_AND_IRAN_MET,
    said,
)
from tests.unit.parsed import parse, word

DAY = date(2018, 4, 24)
XI = (
    "Chinese chinese JJ amod 4 NORP",
    "President President NNP compound 4 -",
    "Xi Xi NNP compound 4 PERSON",
    "Jinping Jinping NNP nsubj 5 I-PERSON",
    "met meet VBD ROOT 5 -",
    "reporters reporter NNS dobj 5 -",
)
APPOSITION = (
    "Okoth Okoth NNP nsubj 7 PERSON",
    ", , , punct 1 -",
    "a a DT det 5 -",
    "Kenyan kenyan JJ amod 5 NORP",
    "minister minister NN appos 1 -",
    ", , , punct 1 -",
    "met meet VBD ROOT 7 -",
    "officials official NNS dobj 7 -",
)
PREDICATE = (
    "Okoth Okoth NNP nsubj 2 PERSON",
    "is be VBZ ROOT 2 -",
    "a a DT det 5 -",
    "Kenyan kenyan JJ amod 5 NORP",
    "minister minister NN attr 2 -",
)
NAMESAKE = (
    "Protesters protester NNS nsubj 2 -",
    "met meet VBD ROOT 2 -",
    "Okoth Okoth NNP dobj 2 PERSON",
    "in in IN prep 2 -",
    "Somalia Somalia NNP pobj 4 GPE",
)
THE_GENERAL = (
    "The the DT det 2 -",
    "general general NN nsubj 3 -",
    "reached reach VBD ROOT 3 -",
    "Somalia Somalia NNP dobj 3 GPE",
)
A_GENERAL = ("A a DT det 2 -", *THE_GENERAL[1:])
POLICE_IN_LAGOS = (
    "Police police NNS nsubj 4 -",
    "in in IN prep 1 -",
    "Lagos Lagos NNP pobj 2 GPE",
    "met meet VBD ROOT 4 -",
    "Okoth Okoth NNP dobj 4 PERSON",
    "in in IN prep 4 -",
    "Somalia Somalia NNP pobj 6 GPE",
)
JOINED = (
    "Israeli israeli JJ amod 4 NORP",
    "and and CC cc 1 -",
    "Palestinian palestinian JJ conj 1 NORP",
    "officials official NNS nsubj 5 -",
    "met meet VBD ROOT 5 -",
)
COUNTED = (
    "Thousands thousand NNS nsubj 4 CARDINAL",
    "of of IN prep 1 -",
    "protesters protester NNS pobj 2 -",
    "marched march VBD ROOT 4 -",
    "through through IN prep 4 -",
    "Cairo Cairo NNP pobj 5 GPE",
)
FLED = (
    "Refugees refugee NNS nsubj 2 -",
    "fled flee VBD ROOT 2 -",
    "Somalia Somalia NNP dobj 2 GPE",
)
FROM_SYRIA = (
    "Refugees refugee NNS nsubj 4 -",
    "from from IN prep 1 -",
    "Syria Syria NNP pobj 2 GPE",
    "reached reach VBD ROOT 4 -",
    "Greece Greece NNP dobj 4 GPE",
)
NUMBERS = (
    "Ten ten CD nsubjpass 3 CARDINAL",
    "were be VBD auxpass 3 -",
    "killed kill VBN ROOT 3 -",
    "for for IN prep 3 -",
    "5 5 CD nummod 6 MONEY",
    "dollars dollar NNS pobj 4 I-MONEY",
    "in in IN prep 3 -",
    "Somalia Somalia NNP pobj 7 GPE",
    "on on IN prep 3 -",
    "Monday Monday NNP pobj 9 DATE",
)
IN_THE_US = (
    "Merkel Merkel NNP nsubj 2 PERSON",
    "warned warn VBD ROOT 2 -",
    "US US NNP dobj 2 GPE",
)


def read(*sentences):
    doc = parse(*[line for sentence in sentences for line in (*sentence, "")])
    return doc, PartyFinder(ArticleView(doc, DAY))


@pytest.mark.parametrize(
    ("sentences", "phrase", "codes"),
    [
        # What the phrase tells itself, and what is known of a name.
        ([XI], "Jinping", ["CHN.GOV"]),
        ([MERKEL_VISITED_RUSSIA], "Russia", ["RUS.GOV"]),
        ([MERKEL_VISITED_RUSSIA], "Merkel", ["DEU.GOV"]),
        # What stands beside the name, here or elsewhere in the article.
        ([APPOSITION], "Okoth", ["KEN.GOV"]),
        ([PREDICATE], "Okoth", ["KEN.GOV"]),
        ([KENYAN_GENERAL, NAMESAKE], "Okoth/2", ["KEN.MIL"]),
        ([NAMESAKE, KENYAN_GENERAL], "Okoth/1", ["KEN.MIL"]),
        # "The general" takes up a named one; another general is of the country of the story.
        ([FLED, NAMESAKE, KENYAN_GENERAL, THE_GENERAL], "general/2", ["KEN.MIL"]),
        ([FLED, NAMESAKE, KENYAN_GENERAL, A_GENERAL], "general/2", ["SOM.MIL"]),
        ([FLED, NAMESAKE, THE_GENERAL, KENYAN_GENERAL], "general/1", ["SOM.MIL"]),
        # The country: the place after the phrase, that of the sentence, else that of the story.
        ([FLED, NAMESAKE, POLICE_IN_LAGOS], "Police", ["NGA.COP"]),
        ([KENYAN_GENERAL, REBELS_ATTACKED_KENYA, NAMESAKE], "Protesters", ["SOM.CVL"]),
        ([KENYAN_GENERAL, POLICE_ARREST], "Police", ["KEN.COP"]),
        ([POLICE_ARREST], "Police", [".COP"]),
        # Several countries with one head.
        ([JOINED], "officials", ["ISR.GOV", "PSE.GOV"]),
        # What is counted, and a bare number of persons.
        ([COUNTED], "Thousands", ["EGY.CVL"]),
        ([NUMBERS], "Ten", ["SOM.CVL"]),
        # Who flees or smuggles is of no country unless the phrase tells it.
        ([FLED], "Refugees", [".REF"]),
        ([FROM_SYRIA], "Refugees", ["SYR.REF"]),
        ([KENYAN_GENERAL, POLICE_ARREST], "smugglers", [".CRM"]),
        # Pronouns; "US" is none although "us" is.
        ([REBELS_ATTACKED_KENYA, said("They")], "They", ["KEN.REB"]),
        ([RUSSIA_AND_IRAN_MET, said("They")], "They", ["RUS.GOV", "IRN.GOV"]),
        ([NOTHING_NEW, said("They")], "They", []),
        ([IN_THE_US], "US", ["USA.GOV"]),
        # No parties.
        ([NOTHING_NEW], "Nothing", []),
        ([NUMBERS], "dollars", []),
        ([NUMBERS], "Monday", []),
        ([NUMBERS], "killed", []),
    ],
)
def test_a_word_names_parties(sentences, phrase, codes):
    doc, parties = read(*sentences)
    assert [party.codes for party in parties.find_all(word(doc, phrase))] == codes


@pytest.mark.parametrize(
    ("sentences", "phrase", "surfaces"),
    [
        ([XI], "Jinping", ["Chinese President Xi Jinping"]),
        ([POLICE_IN_LAGOS], "Police", ["Police"]),
        ([JOINED], "officials", ["Israeli", "Palestinian officials"]),
        ([COUNTED], "Thousands", ["protesters"]),
        ([REBELS_ATTACKED_KENYA, said("They")], "They", ["Rebels"]),
    ],
)
def test_a_party_has_the_words_that_name_it(sentences, phrase, surfaces):
    doc, finder = read(*sentences)
    found = finder.find_all(word(doc, phrase))
    assert [party.text for party in found] == surfaces
    assert [doc.text[party.start_char : party.end_char] for party in found] == surfaces


def test_a_name_in_the_gazetteer_is_linked_but_not_half_of_two():
    doc, parties = read(XI, JOINED)
    assert parties.find(word(doc, "Jinping")).entity_id == "person:xi-jinping"
    assert {party.entity_id for party in parties.find_all(word(doc, "officials"))} == {None}


def test_two_pronouns_that_point_at_each_other_end():
    doc, parties = read(said("It"), said("Its", "PRP$"))
    assert parties.find(word(doc, "Its")) is None


@pytest.mark.parametrize(
    ("sentence", "text", "kind", "is_of"),
    [
        (KENYA_FREED_REBELS, "Kenya", "state", True),
        (KENYA_FREED_REBELS, "Kenya", "place", True),
        (KENYA_FREED_REBELS, "Kenya", "party", True),
        (KENYA_FREED_REBELS, "Kenya", "people", False),
        (KENYA_FREED_REBELS, "rebels", "people", True),
        (KENYA_FREED_REBELS, "rebels", "state", False),
        (KENYA_FREED_REBELS, "rebels", "place", False),
        (NUMBERS, "Ten", "people", True),
        (NUMBERS, "dollars", "money", True),
        (NUMBERS, "5", "people", False),
        (NUMBERS, "Monday", "party", False),
    ],
)
def test_tells_of_which_kind_a_word_is(sentence, text, kind, is_of):
    doc, parties = read(sentence)
    assert parties.is_kind(word(doc, text), kind) is is_of


def test_an_unknown_kind_is_an_error():
    doc, parties = read(NOTHING_NEW)
    with pytest.raises(ValueError, match="unknown kind 'weather'"):
        parties.is_kind(doc[0], "weather")
