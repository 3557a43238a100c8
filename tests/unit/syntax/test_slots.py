import pytest

from include.eventwire.syntax.slots import fill_slot, find_governor
from tests.unit.parsed import parse, word

LIGHT = parse(
    "Israel Israel NNP nsubj 2 GPE",
    "carried carry VBD ROOT 2 -",
    "out out RP prt 2 -",
    "air air NN compound 5 -",
    "strikes strike NNS dobj 2 -",
    "on on IN prep 5 -",
    "Gaza Gaza NNP pobj 6 GPE",
    "and and CC cc 7 -",
    "Lebanon Lebanon NNP conj 7 GPE",
)
DEMAND = parse(
    "Kyiv Kyiv NNP nsubj 2 GPE",
    "demanded demand VBD ROOT 2 -",
    "that that IN mark 5 -",
    "Russia Russia NNP nsubj 5 GPE",
    "withdraw withdraw VB ccomp 2 -",
)
POSSESSOR = parse(
    "Russia Russia NNP poss 3 GPE",
    "'s 's POS case 1 -",
    "refusal refusal NN ROOT 3 -",
    "to to TO aux 5 -",
    "talk talk VB acl 3 -",
)
UNDER = parse(
    "Troops troop NNS nsubj 2 -",
    "came come VBD ROOT 2 -",
    "under under IN prep 2 -",
    "attack attack NN pobj 3 -",
)

DRIVEN_OUT = parse(
    "Troops troop NNS nsubj 2 -",
    "drove drive VBD ROOT 2 -",
    "rebels rebel NNS dobj 2 -",
    "out out IN prep 2 -",
    "of of IN prep 4 -",
    "Gao Gao NNP pobj 5 GPE",
    "in in IN prep 2 -",
    "May May NNP pobj 7 -",
)
KEPT_OBJECT = parse(
    "Reporters reporter NNS nsubjpass 3 -",
    "were be VBD auxpass 3 -",
    "denied deny VBN ROOT 3 -",
    "visas visa NNS dobj 3 -",
)


@pytest.mark.parametrize(
    ("doc", "head", "slot", "filled"),
    [
        (LIGHT, "carried", "prt", ["out"]),
        (LIGHT, "carried", "on", ["Gaza", "Lebanon"]),
        (LIGHT, "strikes", "on", ["Gaza", "Lebanon"]),
        (LIGHT, "strikes", "mod", ["air"]),
        (LIGHT, "strikes", "light", ["carried"]),
        (LIGHT, "strikes", "poss", []),
        (DEMAND, "demanded", "ccomp", ["withdraw"]),
        (DEMAND, "demanded", "ccomp.subj", ["Russia"]),
        (DEMAND, "demanded", "xcomp", []),
        (POSSESSOR, "refusal", "poss", ["Russia"]),
        (POSSESSOR, "refusal", "xcomp", ["talk"]),
        (UNDER, "came", "under", ["attack"]),
        (UNDER, "attack", "verb", ["came"]),
        (KEPT_OBJECT, "denied", "obj", ["visas"]),
        (KEPT_OBJECT, "denied", "iobj", ["Reporters"]),
        (DRIVEN_OUT, "drove", "prt", ["out"]),
        (DRIVEN_OUT, "drove", "of", ["Gao"]),
        (DRIVEN_OUT, "drove", "out", ["Gao"]),
    ],
)
def test_fills_slots(doc, head, slot, filled):
    assert [token.text for token in fill_slot(word(doc, head), slot)] == filled


def test_a_noun_that_is_a_subject_has_no_governor():
    assert find_governor(word(UNDER, "Troops")) is None
