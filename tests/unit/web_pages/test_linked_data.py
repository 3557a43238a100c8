import json

import pytest

from include.eventwire.web_pages.linked_data import clean_text, read_linked_data
from include.eventwire.web_pages.page_decoding import parse_page

LEVY = {"@type": "NewsArticle", "headline": "Levy passed", "datePublished": "2025-03-03"}
OTHER = {"@type": "NewsArticle", "headline": "Rain expected", "datePublished": "2025-03-01"}


def read(*scripts, title="Levy passed - Amber Post"):
    written = (script if isinstance(script, str) else json.dumps(script) for script in scripts)
    blocks = "".join(f'<script type="application/ld+json">{text}</script>' for text in written)
    return read_linked_data(parse_page(f"<html><head>{blocks}</head><body></body></html>"), [title])


@pytest.mark.parametrize(
    "script",
    [
        LEVY,
        [LEVY],
        {"@graph": [{"@type": "WebSite", "name": "Amber Post"}, LEVY]},
        {"@type": "WebPage", "mainEntity": LEVY},
        {**LEVY, "@type": ["Thing", "https://schema.org/ReportageNewsArticle"]},
        "<!--" + json.dumps(LEVY) + "-->",
        "//<![CDATA[\n" + json.dumps(LEVY) + "\n//]]>",
        json.dumps(LEVY) + ";",
        json.dumps(LEVY)[:-1] + ",}",
        json.dumps(LEVY).replace("passed", "passed\n"),
    ],
)
def test_finds_the_article_in_every_wrapping(script):
    assert read(script).text("datePublished") == "2025-03-03"


def test_the_article_is_the_one_that_the_page_is_titled_by():
    assert read(OTHER, LEVY).text("headline") == "Levy passed"
    assert read(LEVY, OTHER).text("headline") == "Levy passed"


def test_articles_of_a_list_are_none_of_the_page():
    listed = {"@type": "ItemList", "itemListElement": [LEVY, OTHER]}
    assert read(listed).article == {}
    assert read(OTHER, OTHER, OTHER, OTHER, title="Front page").article == {}


def test_authors_as_texts_nodes_lists_and_references():
    people = {"@type": "Person", "@id": "#ada", "name": "Ada Quill"}
    article = {**LEVY, "author": [{"@id": "#ada"}, {"name": "Ben Marsh"}, "Cy Dow", {}, 7]}
    assert read({"@graph": [people, article]}).texts("author") == [
        *("Ada Quill", "Ben Marsh", "Cy Dow")
    ]


@pytest.mark.parametrize(
    "script", ["", "{", "[" * 100_000, "null", "7", '"text"', "{}", "[[[[]]]]"]
)
def test_what_is_no_linked_data_gives_nothing(script):
    assert read(script).article == {}


def test_a_broken_script_does_not_hide_the_next():
    assert read("{broken", LEVY).text("headline") == "Levy passed"


def test_types_of_all_nodes_at_the_top():
    assert read({"@type": "CollectionPage"}, [{"@type": ["WebSite", "Thing"]}]).types == {
        *("CollectionPage", "WebSite", "Thing")
    }


@pytest.mark.parametrize(
    ("written", "text"),
    [
        ("Harbour &amp; town", "Harbour & town"),
        ("Harbour &amp;#39;s", "Harbour 's"),
        ("<b>Levy</b>\n  passed ", "Levy passed"),
        ("2 < 3", "2 < 3"),
    ],
)
def test_cleans_texts(written, text):
    assert clean_text(written) == text
