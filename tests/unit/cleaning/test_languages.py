import pytest
from hypothesis import given
from hypothesis import strategies as st

from include.eventwire.cleaning.languages import (
    choose_language,
    detect_language,
    read_language_code,
)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("The minister said on Monday that\ntroops had withdrawn from the border area.", "en"),
        ("Die Regierung hat am Montag neue Sanktionen gegen das Land beschlossen.", "de"),
        ("El presidente anunció el lunes nuevas medidas contra la crisis.", "es"),
        ("TALKS FAIL", "und"),
        ("1987 1988 1989 " * 20, "und"),
        ("", "und"),
    ],
)
def test_detects_the_language(text, code):
    detected, score = detect_language(text)
    assert detected == code
    assert 0 <= score <= 1


@pytest.mark.parametrize(
    ("text", "headline"),
    [
        (
            "Qtly div 15 cts vs 15 cts prior\nPay May 11\nRecord March 31",
            "EXAMPLE SETS PAYOUT DATE",
        ),
        ("****** MINISTER TO MEET 14 UNION LEADERS ON MONDAY OVER 3.5 PCT PAY RISE", None),
        ("1,204 5,670 12/31\n" * 100 + "The market closed higher on Monday, traders said.", None),
    ],
)
def test_tables_and_telegrams_are_told_by_their_words(text, headline):
    assert detect_language(text, headline)[0] == "en"


def test_a_sure_text_is_believed_before_the_declaration():
    text = "Die Regierung hat am Montag neue Sanktionen gegen das Land beschlossen."
    language = choose_language(text, "en-GB")
    assert (language.code, language.declared, language.differs) == ("de", "en", True)
    assert language.score >= 0.6


@pytest.mark.parametrize(
    "text", ["TALKS FAIL", "Shr 12 cts vs 14. Net 1,200. Revs 13 mln", "", "1987 " * 30]
)
def test_a_declaration_is_believed_before_an_unsure_text(text):
    language = choose_language(text, "en_US")
    assert (language.code, language.score) == ("en", None)
    assert (language.declared, language.differs) == ("en", False)
    assert choose_language(text, None).code == "und"


def test_languages_that_are_written_alike_do_not_contradict():
    text = "Regjeringen sa mandag at den ikke ville forhandle om saken med de streikende."
    for declared in ("nb", "no"):
        language = choose_language(text, declared)
        assert (language.code, language.differs) == (declared, False)


@pytest.mark.parametrize(
    ("declared", "code"),
    [
        *[("en", "en"), ("en-GB", "en"), ("EN_us", "en"), ("ENG", "en"), ("English", "en")],
        *[("zh-Hans-CN", "zh"), ("ger", "de"), ("sah", "sah"), ("und", None), ("mul", None)],
        *[("", None), (" ", None), (None, None), ("all languages", None), ("e1", None)],
    ],
)
def test_reads_codes_as_they_are_declared(declared, code):
    assert read_language_code(declared) == code


@given(text=st.text(), declared=st.none() | st.text(max_size=8))
def test_any_text_has_a_language(text, declared):
    language = choose_language(text, declared, text[:10])
    assert language.code
    assert language.score is None or 0 <= language.score <= 1
