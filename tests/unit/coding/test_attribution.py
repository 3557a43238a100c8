import pytest

from include.eventwire.coding.attribution import find_source
from tests.unit.parsed import parse, word

SAID = parse(
    "Rebels rebel NNS nsubj 2 -",
    "killed kill VBD ccomp 7 -",
    "ten ten CD nummod 4 -",
    "men man NNS dobj 2 -",
    ", , , punct 7 -",
    "police police NNS nsubj 7 -",
    "said say VBD ROOT 7 -",
)
ACCORDING = parse(
    "Rebels rebel NNS nsubj 2 -",
    "killed kill VBD ROOT 2 -",
    "men man NNS dobj 2 -",
    ", , , punct 2 -",
    "according accord VBG prep 2 -",
    "to to IN prep 5 -",
    "the the DT det 8 -",
    "ministry ministry NN pobj 6 -",
)
PARENTHESIS = parse(
    "The the DT det 2 -",
    "raid raid NN nsubj 7 -",
    ", , , punct 7 -",
    "police police NNS nsubj 5 -",
    "said say VBD parataxis 7 -",
    ", , , punct 7 -",
    "killed kill VBD ROOT 7 -",
    "men man NNS dobj 7 -",
)
PASSIVE = parse(
    "Men man NNS nsubjpass 3 -",
    "were be VBD auxpass 3 -",
    "reported report VBN ROOT 3 -",
    "killed kill VBN oprd 3 -",
    "by by IN agent 3 -",
    "Reuters Reuters NNP pobj 5 ORG",
)
NESTED = parse(
    "Reuters Reuters NNP nsubj 2 ORG",
    "reported report VBD ROOT 2 -",
    "that that IN mark 5 -",
    "Kenya Kenya NNP nsubj 5 GPE",
    "confirmed confirm VBD ccomp 2 -",
    "the the DT det 7 -",
    "attack attack NN dobj 5 -",
)
BARE = parse(
    "Rebels rebel NNS nsubj 2 -",
    "killed kill VBD ROOT 2 -",
    "men man NNS dobj 2 -",
)
NO_SPEAKER = parse(
    "Saying say VBG csubj 4 -",
    "men man NNS nsubj 3 -",
    "left leave VBD ccomp 1 -",
    "helped help VBD ROOT 4 -",
)


@pytest.mark.parametrize(
    ("doc", "head", "source"),
    [
        (SAID, "killed", "police"),
        (ACCORDING, "killed", "ministry"),
        (PARENTHESIS, "killed", "police"),
        (PASSIVE, "killed", "Reuters"),
        # The nearest of two; what is said is no report of the saying itself.
        (NESTED, "attack", "Kenya"),
        (NESTED, "confirmed", "Reuters"),
        (NESTED, "reported", None),
        (SAID, "said", None),
        (PARENTHESIS, "said", None),
        (BARE, "killed", None),
        (NO_SPEAKER, "left", None),
    ],
)
def test_finds_who_is_cited(doc, head, source):
    token = word(doc, head)
    found = find_source(token, token.sent)
    assert (found and found.text) == source
