import pytest

from include.eventwire.coding.article_view import ArticleView, find_country
from tests.unit.coding.sentences import (
    KENYAN_GENERAL,
    MERKEL_VISITED_RUSSIA,
    NOTHING_NEW,
    RUSSIA_VOTED,
)
from tests.unit.parsed import parse, word


def view(*sentences):
    return ArticleView(parse(*[line for s in sentences for line in (*s, "")]), None)


@pytest.mark.parametrize(
    ("text", "country"),
    [
        ("Kenya", "KEN"),
        ("Kenyans", "KEN"),
        ("Nairobi", "KEN"),
        ("Kremlin", "RUS"),
        ("European Union", None),
        ("United Nations", None),
        ("Asia", None),
        ("Monday", None),
    ],
)
def test_a_place_or_people_tells_its_country(text, country):
    assert find_country(text) == country


def test_sentences_are_counted_from_nought():
    article = view(NOTHING_NEW, KENYAN_GENERAL)
    assert article.sentence_index(word(article.doc, "changed")) == 0
    assert article.sentence_index(word(article.doc, "spoke")) == 1
    assert article.sentence_of(word(article.doc, "spoke")).text.startswith("Kenyan general")


def test_entities_are_those_of_the_sentence_with_the_country_that_they_tell():
    article = view(KENYAN_GENERAL, MERKEL_VISITED_RUSSIA)
    found = [(e.root.text, e.label, e.country_code) for e in article.entities]
    assert found == [
        ("Kenyan", "NORP", "KEN"),
        ("Okoth", "PERSON", None),
        ("Merkel", "PERSON", "DEU"),
        ("Russia", "GPE", "RUS"),
    ]
    beside = article.entities_of(word(article.doc, "visited"))
    assert [entity.root.text for entity in beside] == ["Merkel", "Russia"]
    assert view(NOTHING_NEW).entities_of(article.doc[0]) == []


@pytest.mark.parametrize(
    ("sentences", "country", "share"),
    [
        ([NOTHING_NEW], None, 0.0),
        ([KENYAN_GENERAL], "KEN", 1.0),
        # The opening counts threefold: 3 for Kenya beside 2 for Russia.
        ([KENYAN_GENERAL, NOTHING_NEW] + [RUSSIA_VOTED] * 2, "KEN", 0.6),
        ([KENYAN_GENERAL, NOTHING_NEW] + [RUSSIA_VOTED] * 6, "RUS", 2 / 3),
    ],
)
def test_a_story_is_about_the_country_named_most(sentences, country, share):
    article = view(*sentences)
    assert (article.story_country, article.story_share) == (country, pytest.approx(share))


def test_a_story_plays_where_its_dateline_says_when_nothing_else_tells():
    dateline = ("NAIROBI Nairobi NNP dep 3 -", "- - : punct 3 -", "Police police NNS ROOT 3 -")
    article = ArticleView(parse(*dateline), None)
    assert article.doc.text[: article.story_start].strip() == "NAIROBI-"
    assert article.story_country == "KEN"
