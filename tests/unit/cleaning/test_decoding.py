import pytest

from include.eventwire.cleaning.decoding import UndecodableError, decode_text, find_unstorable


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        ("The café in Zürich was shut, the mayor said. “We regret it.”", "cp1252"),
        ("Die Minister für Auswärtiges trafen sich am Montag in Köln.", "latin-1"),
        ("Президент России встретился с министром иностранных дел в Москве.", "cp1251"),
        ("Ο πρωθυπουργός συναντήθηκε με τον υπουργό Εξωτερικών", "iso8859-7"),
        ("Türkiye Cumhurbaşkanı Erdoğan dün Ankara'da görüştü", "cp1254"),
        ("日本の首相は月曜日に東京で会談した。", "shift_jis"),
    ],
)
def test_finds_the_encoding_of_unmarked_text(text, encoding):
    assert decode_text(text.encode(encoding))[0] == text


def test_a_declared_encoding_is_not_second_guessed():
    assert decode_text("Příští týden".encode("cp1250"), "cp1250") == ("Příští týden", "cp1250")
    with pytest.raises(UndecodableError, match="declare the encoding"):
        decode_text(b"caf\xe9", "utf-8")


def test_line_ends_and_odd_characters_are_left_as_they_are():
    text = "a\r\nb\rc\u2028d\u00ade\u0301\U0001f600"
    assert decode_text(text.encode()) == (text, "utf-8")


@pytest.mark.parametrize(
    ("text", "problem"),
    [("plain \U0001f600", None), ("a\0b", "NUL character at offset 1"), ("ab\ud800", "offset 2")],
)
def test_finds_what_tables_cannot_hold(text, problem):
    found = find_unstorable(text)
    assert found is None if problem is None else problem in str(found)
