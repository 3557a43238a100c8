import pytest

from include.eventwire.languages import choose_language, detect_language


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


def test_the_text_is_believed_before_the_declaration():
    text = "Die Regierung hat am Montag neue Sanktionen gegen das Land beschlossen."
    assert choose_language(text, "en")[0] == "de"
    assert choose_language("TALKS FAIL", "en_US") == ("en", None)
    assert choose_language("TALKS FAIL", None) == ("und", 0.0)
