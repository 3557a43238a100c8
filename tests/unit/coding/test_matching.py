import pytest

from include.eventwire.coding.matching import Matcher
from include.eventwire.lexicon import load_lexicon
from tests.unit.parsed import parse, word

HEADER = "head,pos,with,mode,contexts,roles,confidence,note\n"
PROMISE = parse(
    "Ministers minister NNS nsubj 2 -",
    "vowed vow VBD ROOT 2 -",
    "to to TO aux 4 -",
    "bomb bomb VB xcomp 2 -",
    "Kyiv Kyiv NNP dobj 4 GPE",
)
NOUN = parse(
    "Teams team NNS nsubj 2 -",
    "held hold VBD ROOT 2 -",
    "a a DT det 5 -",
    "press press NN compound 5 -",
    "conference conference NN dobj 2 -",
)


@pytest.fixture
def find(tmp_path):
    def find(token, files):
        (tmp_path / "word_classes.csv").write_text("class,words\nlight_verbs,hold give\n")
        for name, rows in files.items():
            (tmp_path / name).write_text(HEADER + "\n".join(rows))
        matcher = Matcher(load_lexicon(tmp_path), lambda found, kind: found.ent_type_ == "GPE")
        frame = matcher.find(token)
        load_lexicon.cache_clear()
        return frame and f"{frame.event_type} {frame.confidence}"

    return find


@pytest.mark.parametrize(
    ("rows", "found"),
    [
        (["bomb,verb,,,,,,"], "ASSAULT 0.7"),
        (["bomb,verb,obj=kyiv,,,,,"], "ASSAULT 0.7"),
        (["bomb,verb,obj=*place,,,,,"], "ASSAULT 0.7"),
        (["bomb,verb,subj=*place,,,,,"], None),
        (["bomb,verb,!obj,,,,,"], None),
        (["bomb,verb,!obj=moscow,,,,,"], "ASSAULT 0.7"),
        (["bomb,verb,,,,,0.2,", "bomb,verb,obj,,,,0.9,"], "ASSAULT 0.9"),
        (["bomb,noun,,,,,,"], None),
    ],
)
def test_the_most_specific_frame_that_holds_is_found(find, rows, found):
    assert find(word(PROMISE, "bomb"), {"assault.csv": rows}) == found


def test_a_kind_may_be_what_another_frame_says(find):
    files = {"assault.csv": ["bomb,verb,,,,,,"], "threaten.csv": ["vow,verb,xcomp=*conflict,,,,,"]}
    assert find(word(PROMISE, "vowed"), files) == "THREATEN 0.7"
    assert find(word(PROMISE, "vowed"), files | {"assault.csv": ["shoot,verb,,,,,,"]}) is None


def test_two_words_can_be_one_name_and_a_frame_can_say_that_it_is_no_event(find):
    consult = ["conference,noun,light,,,,,"]
    assert find(word(NOUN, "conference"), {"consult.csv": consult}) == "CONSULT 0.7"
    none = ["hold,verb,obj=press_conference,,,,,"]
    assert find(word(NOUN, "held"), {"none.csv": none}) == "NONE 0.7"


def test_a_noun_before_another_noun_carries_no_event(tmp_path):
    (tmp_path / "word_classes.csv").write_text("class,words\nlight_verbs,hold\n")
    (tmp_path / "consult.csv").write_text(HEADER + "press|conference,noun,,,,,,")
    matches = Matcher(load_lexicon(tmp_path), lambda found, kind: False).find_all(NOUN)
    assert [match.head.text for match in matches] == ["conference"]


def test_a_class_of_the_name_of_a_kind_adds_its_words(tmp_path):
    (tmp_path / "word_classes.csv").write_text("class,words\npeople,minister\n")
    (tmp_path / "threaten.csv").write_text(HEADER + "vow,verb,subj=*people,,,,,")
    matcher = Matcher(load_lexicon(tmp_path), lambda found, kind: False)
    assert matcher.find(word(PROMISE, "vowed")) is not None


COUNTED = parse(
    "Peru Peru NNP nsubj 2 GPE",
    "sent send VBD ROOT 2 -",
    "thousands thousand NNS dobj 2 -",
    "of of IN prep 3 -",
    "officers officer NNS pobj 4 -",
)


def test_a_word_that_counts_is_known_by_what_it_counts(find):
    rows = ["send,verb,obj=officer,,,,,"]
    assert find(word(COUNTED, "sent"), {"mobilize.csv": rows}) == "MOBILIZE 0.7"
