import pytest

from include.eventwire.explorer.marked_article import TextMark, cut_pieces, find_parts, list_marks
from include.eventwire.records import CodedArticle
from tests.lake_rows import make_article, make_event, make_mention, make_party


def mark(start, end, part="mention", note="n", event=None):
    return TextMark(start, end, part, note, event)


def test_pieces_put_together_are_the_text_and_offsets_are_code_points():
    text = "Zoë 👩‍🌾 met Jo\u0301."
    start = text.index("met")
    pieces = cut_pieces(text, [mark(start, start + 3, "trigger", event=1)])
    assert "".join(piece.text for piece in pieces) == text
    assert [piece.text for piece in pieces if piece.parts] == ["met"]


def test_overlapping_marks_share_a_piece():
    pieces = cut_pieces(
        "the army of Kenya left",
        [
            mark(4, 17, "actor", "who", 2),
            mark(12, 17, "mention", "GPE: Kenya"),
            mark(4, 8, "trigger", "the act", 1),
        ],
    )
    assert [(piece.text, piece.parts, piece.events) for piece in pieces] == [
        ("the ", (), ()),
        ("army", ("trigger", "actor"), (1, 2)),
        (" of ", ("actor",), (2,)),
        ("Kenya", ("actor", "mention"), (2,)),
        (" left", (), ()),
    ]
    assert pieces[3].note == "who; GPE: Kenya"


def test_only_the_first_piece_of_a_trigger_is_a_place_to_link_to():
    pieces = cut_pieces("broke off talks", [mark(0, 9, "trigger", event=3), mark(6, 9)])
    assert [(piece.text, piece.begins) for piece in pieces] == [
        ("broke ", 3),
        ("off", None),
        (" talks", None),
    ]


def test_a_part_has_the_marks_that_reach_into_it():
    pieces = cut_pieces("abcdef", [mark(1, 4)], 2, 6)
    assert [(piece.text, bool(piece.parts)) for piece in pieces] == [("cd", True), ("ef", False)]


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("", [(0, 0)]),
        ("short", [(0, 5)]),
        ("aaaaaa\n\nbbbb", [(0, 8), (8, 12)]),  # at the empty line
        ("a" * 25, [(0, 10), (10, 20), (20, 25)]),  # where there is none
    ],
)
def test_long_texts_are_cut_into_parts(text, parts):
    assert find_parts(text, most=10) == parts


def test_marks_outside_the_text_are_left_out():
    article = make_article("China met Japan in Tokyo.")
    event = make_event(article)
    party = make_party(article, event)
    sound = CodedArticle(article, (make_mention(article, "China"),), (event,), (party,))
    assert {found.part for found in list_marks(sound)} == {"trigger", "place", "actor", "mention"}
    broken = make_party(article, event, start_char=90, end_char=95)
    marks = list_marks(CodedArticle(article, (), (event,), (broken,)))
    assert [found.part for found in marks] == ["trigger", "place"]
