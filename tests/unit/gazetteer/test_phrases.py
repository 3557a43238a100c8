import pytest

from include.eventwire.gazetteer.phrases import fold, split_words


@pytest.mark.parametrize(
    ("text", "keys"),
    [
        ("the U.S. President", ["us", "president"]),
        ("Miguel Díaz-Canel", ["miguel", "diaz", "canel"]),
        ("Jordan’s King", ["jordan", "'s", "king"]),
        ("rebels' demands", ["rebels", "'s", "demands"]),
        ("Prime Minister, Najib", ["prime", "minister", ",", "najib"]),
        ("6,000 members", ["6,000", "members"]),
        ("Johnson & Johnson", ["johnson", "and", "johnson"]),
        ("a an the", []),
        ("", []),
    ],
)
def test_splits_a_phrase_into_comparable_words(text, keys):
    assert [word.key for word in split_words(text)] == keys


def test_knows_what_a_hyphen_joins():
    assert [word.joined for word in split_words("US-backed rebels - again")] == [
        False,
        True,
        False,
        False,
    ]


def test_folds_letters_that_unicode_does_not_decompose():
    assert fold("Łódź, Løkke, straße’s") == "Lodz, Lokke, strasse's"
