import pytest
from hypothesis import given
from hypothesis import strategies as st

from include.eventwire.cleaning.bylines import clean_byline, find_byline


@pytest.mark.parametrize(
    ("opening", "expected"),
    [
        ("By JANE DOE\n", "By JANE DOE"),
        ("By Jane Doe and John Smith\n\n", "By Jane Doe and John Smith"),
        ("By Jane  Doe, Associated Press\r\n", "By Jane Doe, Associated Press"),
        ("By J. P. van der Berg\n", "By J. P. van der Berg"),
        ("By JANE DOE\nAssociated Press Writer\n", "By JANE DOE"),
        ("Von Erika Musterfrau, dpa\n", "Von Erika Musterfrau, dpa"),
        ("Por María Núñez\n", "Por María Núñez"),
    ],
)
def test_a_line_of_names_is_a_byline(opening, expected):
    text = opening + "BEIRUT (AP) - Police said on Monday."
    byline = find_byline(text)
    assert byline.text == expected
    assert text[byline.end_char :].startswith("BEIRUT")


@pytest.mark.parametrize(
    "text",
    [
        "By Monday the talks had failed.\nMore follows.",
        "By 2030 half of all cars will be electric\nMore follows.",
        "By Jane Doe",
        "By air and sea\nTroops have landed.",
        "Jane Doe\nPolice said",
        "By Friday\nPolice said",
        "By the Sea Shore\nPolice said",
        "",
    ],
)
def test_other_lines_are_none(text):
    assert find_byline(text) is None


def test_a_byline_is_kept_as_printed():
    assert clean_byline("  By\n Jane\u00a0Doe ") == "By Jane Doe"
    assert clean_byline(" \n") is None
    assert clean_byline(None) is None


@given(st.text(max_size=60).map("By ".__add__) | st.text())
def test_any_text_has_a_byline_within_it_or_none(text):
    byline = find_byline(text)
    assert byline is None or 0 < byline.end_char <= len(text)
