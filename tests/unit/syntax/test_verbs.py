import pytest

from include.eventwire.syntax.verbs import find_objects, find_subjects, is_passive
from tests.unit.parsed import parse, word

PASSIVE = parse(
    "The the DT det 2 -",
    "activist activist NN nsubjpass 4 -",
    "was be VBD auxpass 4 -",
    "shot shoot VBN ROOT 4 -",
    "by by IN agent 4 -",
    "soldiers soldier NNS pobj 5 -",
    "and and CC cc 6 -",
    "policemen policeman NNS conj 6 -",
)
OBJECT_CONTROL = parse(
    "Russia Russia NNP nsubj 2 GPE",
    "urged urge VBD ROOT 2 -",
    "Ukraine Ukraine NNP dobj 2 GPE",
    "to to TO aux 5 -",
    "withdraw withdraw VB xcomp 2 -",
    "troops troop NNS dobj 5 -",
)
SUBJECT_CONTROL = parse(
    "Russia Russia NNP nsubj 2 GPE",
    "promised promise VBD ROOT 2 -",
    "Ukraine Ukraine NNP dobj 2 GPE",
    "to to TO aux 5 -",
    "withdraw withdraw VB xcomp 2 -",
)
RELATIVE = parse(
    "Rebels rebel NNS nsubj 5 -",
    "who who WP nsubj 3 -",
    "seized seize VBD relcl 1 -",
    "towns town NNS dobj 3 -",
    "agreed agree VBD ROOT 5 -",
    "to to TO aux 7 -",
    "release release VB xcomp 5 -",
    "hostages hostage NNS dobj 7 -",
)
JOINED = parse(
    "Police police NNS nsubj 2 -",
    "arrested arrest VBD ROOT 2 -",
    "and and CC cc 2 -",
    "jailed jail VBD conj 2 -",
    "men man NNS dobj 4 -",
    "whom whom WP dobj 8 -",
    "prosecutors prosecutor NNS nsubj 8 -",
    "accused accuse VBD relcl 5 -",
    "of of IN prep 8 -",
    "bombing bomb VBG pcomp 9 -",
    "embassies embassy NNS dobj 10 -",
)
REDUCED = parse(
    "Men man NNS nsubj 5 -",
    "held hold VBN acl 1 -",
    "by by IN agent 2 -",
    "rebels rebel NNS pobj 3 -",
    "escaped escape VBD ROOT 5 -",
)

KEPT_OBJECT = parse(
    "Reporters reporter NNS nsubjpass 3 -",
    "were be VBD auxpass 3 -",
    "denied deny VBN ROOT 3 -",
    "visas visa NNS dobj 3 -",
    "by by IN agent 3 -",
    "Cuba Cuba NNP pobj 5 GPE",
)


HUNG_ON_ITS_SUBJECT = parse(
    "Peru Peru NNP ROOT 1 GPE",
    "which which WDT nsubj 3 -",
    "brokered broker VBD relcl 1 -",
    "it it PRP dobj 3 -",
    "called call VBN acl 1 -",
    "for for IN prep 5 -",
    "calm calm NN pobj 6 -",
)
TOLD_BY_A_CLAUSE = parse(
    "Envoys envoy NNS ROOT 1 -",
    "reported report VBN acl 1 -",
    "that that IN mark 5 -",
    "fighting fighting NN nsubj 5 -",
    "stopped stop VBD ccomp 2 -",
)


@pytest.mark.parametrize(
    ("doc", "verb", "subjects", "objects"),
    [
        (PASSIVE, "shot", ["soldiers", "policemen"], ["activist"]),
        (OBJECT_CONTROL, "urged", ["Russia"], ["Ukraine"]),
        (OBJECT_CONTROL, "withdraw", ["Ukraine"], ["troops"]),
        (SUBJECT_CONTROL, "withdraw", ["Russia"], []),
        (RELATIVE, "seized", ["Rebels"], ["towns"]),
        (RELATIVE, "release", ["Rebels"], ["hostages"]),
        (JOINED, "arrested", ["Police"], ["men"]),
        (JOINED, "jailed", ["Police"], ["men"]),
        (JOINED, "accused", ["prosecutors"], ["men"]),
        (JOINED, "bombing", ["men"], ["embassies"]),
        (REDUCED, "held", ["rebels"], ["Men"]),
        (REDUCED, "escaped", ["Men"], []),
        (KEPT_OBJECT, "denied", ["Cuba"], ["visas"]),
        (HUNG_ON_ITS_SUBJECT, "called", ["Peru"], []),
        (TOLD_BY_A_CLAUSE, "reported", ["Envoys"], []),
    ],
)
def test_who_does_what_to_whom(doc, verb, subjects, objects):
    head = word(doc, verb)
    assert [token.text for token in find_subjects(head)] == subjects
    assert [token.text for token in find_objects(head)] == objects


@pytest.mark.parametrize(
    ("doc", "verb", "passive"),
    [
        (PASSIVE, "shot", True),
        (REDUCED, "held", True),
        (JOINED, "arrested", False),
        (HUNG_ON_ITS_SUBJECT, "called", False),
    ],
)
def test_tells_the_passive(doc, verb, passive):
    assert is_passive(word(doc, verb)) is passive
