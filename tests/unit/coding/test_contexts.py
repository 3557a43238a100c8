import pytest

from include.eventwire.codebook import load_codebook
from include.eventwire.coding.contexts import WORDS, find_contexts


@pytest.mark.parametrize(
    ("text", "known", "contexts"),
    [
        ("Voters went to the polls on Sunday.", (), ("election",)),
        ("Voters went home.", ("legal",), ("election", "legal")),
        ("Asylum seekers were sent back.", (), ("asylum",)),
        ("NUCLEAR talks", (), ("cbrn",)),
        ("The pollster minded the minefield.", (), ()),
    ],
)
def test_words_tell_what_a_sentence_is_about(text, known, contexts):
    assert find_contexts(text, known) == contexts


def test_every_context_has_words():
    told = {line.partition(",")[0] for line in WORDS.read_text(encoding="utf-8").splitlines()[1:]}
    assert told == set(load_codebook().contexts)
