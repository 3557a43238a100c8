import pytest

from include.eventwire.explorer.passages import Mark, Piece, cut_passage, find_sentence


def mark(text, words, part):
    start = text.index(words)
    return Mark(start, start + len(words), part)


def sentence_of(text, words):
    start = text.index(words)
    begin, end = find_sentence(text, start, start + len(words))
    return text[begin:end]


@pytest.mark.parametrize(
    ("text", "words", "sentence"),
    [
        ("It rained. Troops left the town. All was quiet.", "left", "Troops left the town."),
        ("Gen. A. Smith met Mr. Jones in St. Ives. They ate.", "met",
         "Gen. A. Smith met Mr. Jones in St. Ives."),
        ("The U.S. Army left. It rained.", "left", "The U.S. Army left."),
        ("He said: \u201cWe leave.\u201d Then he left for home.", "left", "Then he left for home."),
        ("Headline without a stop\n\nTroops left\nat noon", "left", "Troops left\nat noon"),
        ("It cost 3.5 million to leave", "leave", "It cost 3.5 million to leave"),
        ("Left!", "Left", "Left!"),
    ],
)  # fmt: skip
def test_finds_the_sentence_around_words(text, words, sentence):
    assert sentence_of(text, words) == sentence


def test_marks_words_that_hold_each_other():
    text = "The Paris police arrested ten."
    passage = cut_passage(
        text,
        [
            mark(text, "arrested", "trigger"),
            mark(text, "The Paris police", "actor"),
            mark(text, "Paris", "place"),
        ],
    )
    assert passage.pieces == (
        Piece("The ", ("actor",)),
        Piece("Paris", ("actor", "place")),
        Piece(" police", ("actor",)),
        Piece(" "),
        Piece("arrested", ("trigger",)),
        Piece(" ten."),
    )
    assert (passage.is_cut_before, passage.is_cut_after, passage.elsewhere) == (False, False, ())


def test_counts_code_points():
    text = "Cafe\u0301 \U0001f468\u200d\U0001f469 closed. Police left."
    passage = cut_passage(text, [mark(text, "closed", "trigger")])
    assert "".join(piece.text for piece in passage.pieces) == text.split(" Police")[0]
    assert [piece.text for piece in passage.pieces if piece.parts] == ["closed"]


def test_what_stands_in_another_sentence_is_told_apart():
    text = "The minister arrived. She met reporters."
    passage = cut_passage(text, [mark(text, "met", "trigger"), mark(text, "The minister", "actor")])
    assert "".join(piece.text for piece in passage.pieces) == "She met reporters."
    assert passage.elsewhere == (("actor", "The minister"),)


def test_a_sentence_without_end_is_cut_at_words():
    text = "word " * 500 + "attacked " + "word " * 500
    passage = cut_passage(text, [mark(text, "attacked", "trigger")])
    told = "".join(piece.text for piece in passage.pieces)
    assert passage.is_cut_before
    assert passage.is_cut_after
    assert len(told) < 600
    assert set(told.split()) == {"word", "attacked"}


def test_a_word_longer_than_a_passage_is_cut_all_the_same():
    text = "a" * 5000 + "attacked" + "b" * 5000
    passage = cut_passage(text, [Mark(5000, 5008, "trigger")])
    assert len("".join(piece.text for piece in passage.pieces)) <= len(text)
    assert [piece.text for piece in passage.pieces if piece.parts] == ["attacked"]


def test_marks_outside_the_text_are_left_out():
    passage = cut_passage("It left.", [Mark(3, 7, "trigger"), Mark(90, 95, "place")])
    assert [piece.parts for piece in passage.pieces] == [(), ("trigger",), ()]


def test_an_event_without_a_trigger_has_no_passage():
    with pytest.raises(ValueError, match="trigger"):
        cut_passage("It left.", [])
