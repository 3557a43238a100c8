import pytest

from include.eventwire.coding.phrases_of_parties import full_phrase, name_span, partitive_of
from tests.unit.parsed import parse, word

MINISTER = parse(
    "The the DT det 4 -",
    "new new JJ amod 4 -",
    "Kenyan kenyan JJ amod 4 NORP",
    "minister minister NN nsubj 11 -",
    "of of IN prep 4 -",
    "defence defence NN pobj 5 -",
    ", , , punct 4 -",
    "who who WP nsubj 9 -",
    "resigned resign VBD relcl 4 -",
    ", , , punct 4 -",
    "spoke speak VBD ROOT 11 -",
)
POSSESSOR = parse(
    "the the DT det 2 -",
    "country country NN poss 4 -",
    "'s 's POS case 2 -",
    "army army NN nsubj 5 -",
    "fled flee VBD ROOT 5 -",
)
FOUGHT_FOR = parse(
    "Police police NNS nsubj 2 -",
    "searched search VBD ROOT 2 -",
    "for for IN prep 2 -",
    "rebels rebel NNS pobj 3 -",
)
LONG = parse(
    "members member NNS ROOT 1 -",
    "of of IN prep 1 -",
    "the the DT det 8 -",
    "new new JJ amod 8 -",
    "and and CC cc 4 -",
    "very very RB advmod 7 -",
    "large large JJ conj 4 -",
    "council council NN pobj 2 -",
    "of of IN prep 8 -",
    "elders elder NNS pobj 9 -",
)
COUNTED = parse(
    "Tens ten NNS nsubj 8 -",
    "of of IN prep 1 -",
    "thousands thousand NNS pobj 2 -",
    "of of IN prep 3 -",
    "supporters supporter NNS pobj 4 -",
    "of of IN prep 5 -",
    "Okoth Okoth NNP pobj 6 PERSON",
    "marched march VBD ROOT 8 -",
)


@pytest.mark.parametrize(
    ("doc", "head", "phrase"),
    [
        (MINISTER, "minister", "new Kenyan minister"),
        (POSSESSOR, "army", "country's army"),
        (FOUGHT_FOR, "Police", "Police"),
        (COUNTED, "Okoth", "Okoth"),
    ],
)
def test_a_party_is_named_by_its_head_and_what_stands_before(doc, head, phrase):
    assert name_span(word(doc, head)).text == phrase


@pytest.mark.parametrize(
    ("doc", "head", "phrase"),
    [
        (MINISTER, "minister", "new Kenyan minister of defence"),
        (COUNTED, "supporters", "supporters of Okoth"),
        (FOUGHT_FOR, "Police", "Police"),
        (LONG, "members", "members"),
    ],
)
def test_a_short_phrase_with_of_at_once_after_the_head_tells_more(doc, head, phrase):
    assert full_phrase(word(doc, head)) == phrase


@pytest.mark.parametrize(
    ("doc", "head", "counted"),
    [
        (COUNTED, "Tens", "supporters"),
        (COUNTED, "thousands", "supporters"),
        (COUNTED, "supporters", None),
        (MINISTER, "minister", None),
    ],
)
def test_a_counting_word_stands_for_what_it_counts(doc, head, counted):
    found = partitive_of(word(doc, head))
    assert (found and found.text) == counted
