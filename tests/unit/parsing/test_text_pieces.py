import pytest
from hypothesis import given
from hypothesis import strategies as st

from include.eventwire.parsing.text_pieces import cut_text


@pytest.mark.parametrize(
    ("text", "pieces"),
    [
        ("short", ["short"]),
        ("", [""]),
        ("aaaa bbb.\n\ncc dd. ee", ["aaaa bbb.\n\n", "cc dd. ee"]),
        ("aaaa bbb. cc\ndd ee ff", ["aaaa bbb. cc\n", "dd ee ff"]),
        ("aaaa bbbbb. cc dd ee ff", ["aaaa bbbbb. ", "cc dd ee ff"]),
        ("aaaaaaa bbbbbbb ccccc", ["aaaaaaa ", "bbbbbbb ccccc"]),
        ("a" * 20, ["a" * 13, "a" * 7]),
    ],
)
def test_cuts_at_the_best_end(text, pieces):
    assert list(cut_text(text, 13)) == pieces


@given(st.text(alphabet="ab .\n"), st.integers(2, 30))
def test_pieces_are_the_text_and_none_is_too_long(text, most_chars):
    pieces = list(cut_text(text, most_chars))
    assert "".join(pieces) == text
    assert all(len(piece) <= most_chars for piece in pieces)
