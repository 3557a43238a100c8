import pytest

from include.eventwire.coding.locations import is_location
from tests.unit.parsed import parse, word

IN_TOWNS = parse(
    "Troops troop NNS nsubj 2 -",
    "died die VBD ROOT 2 -",
    "in in IN prep 2 -",
    "Lagos Lagos NNP pobj 3 GPE",
    "and and CC cc 4 -",
    "Kano Kano NNP conj 4 GPE",
)
TOWN_OF = parse(
    "Rebels rebel NNS nsubj 2 -",
    "shelled shell VBD ROOT 2 -",
    "the the DT det 4 -",
    "town town NN dobj 2 -",
    "of of IN prep 4 -",
    "Bentiu Bentiu NNP pobj 5 GPE",
    "with with IN prep 2 -",
    "help help NN pobj 7 -",
    "of of IN prep 8 -",
    "Sudan Sudan NNP pobj 9 GPE",
)


@pytest.mark.parametrize(
    ("doc", "place", "located"),
    [
        (IN_TOWNS, "Lagos", True),
        (IN_TOWNS, "Kano", True),
        (IN_TOWNS, "Troops", False),
        (TOWN_OF, "Bentiu", True),
        (TOWN_OF, "Sudan", False),
    ],
)
def test_a_preposition_makes_a_name_the_place(doc, place, located):
    assert is_location(word(doc, place)) is located
