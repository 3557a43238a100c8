import json
from datetime import UTC, datetime

import pytest

from include.eventwire.web_pages.pages import NotAnArticleError, read_page

NOW = datetime(2025, 3, 4, 6, tzinfo=UTC)
SENTENCE = "The council of Port Amber voted on Monday for a levy on fishing boats."
CONSENT = (
    "<p>We value your privacy. We and our partners use cookies and process personal data.</p>"
    "<p>You can accept all cookies or manage options. You may withdraw your consent.</p>"
)
LEVY = {"@type": "NewsArticle", "headline": "Levy passed"}


def read(body, head="", linked=None, url="https://www.amberpost.co.uk/news/levy"):
    script = f'<script type="application/ld+json">{json.dumps(linked or {})}</script>'
    page = f"<html lang='en'><head>{head}{script}</head><body>{body}</body></html>"
    return read_page(page.encode(), not_after=NOW, url=url)


@pytest.mark.parametrize(
    ("text", "linked"),
    [
        (SENTENCE, None),  # one sentence is news, too
        (SENTENCE, LEVY),
        ("Levy passes in Port Amber", LEVY),
        (SENTENCE, {**LEVY, "isAccessibleForFree": False}),  # short, but whole
        (SENTENCE, {**LEVY, "isAccessibleForFree": "True", "wordCount": 900}),
        ("The new law on cookies asks for consent, the minister said. " * 4, LEVY),
    ],
)
def test_short_news_is_news(text, linked):
    assert read(f"<article><p>{text}</p></article>", linked=linked).text == text.strip()


@pytest.mark.parametrize(
    "title",
    [
        "500 people leave Port Amber",
        "404 boats, one levy",
        "Forbidden harvest: the last fishers",
        "Sign in the sky",
    ],
)
def test_headlines_that_look_like_errors(title):
    page = read(f"<h1>{title}</h1><p>{SENTENCE}</p>", f"<title>{title}</title>")
    assert (page.headline, page.text) == (title, SENTENCE)


def test_an_article_that_ends_with_links_is_one():
    links = "".join(f"<li><a href='/{n}'>Document {n} of the council</a></li>" for n in range(5))
    page = read(f"<article><p>{SENTENCE}</p><p>{SENTENCE * 6}</p><ul>{links}</ul></article>")
    assert page.text.startswith(SENTENCE)


def test_an_index_with_teasers_is_a_list():
    teasers = "".join(
        f"<h2><a href='/{n}'>Story {n} of the port of Amber</a></h2><p>{SENTENCE} Day {n}.</p>"
        for n in range(9)
    )
    with pytest.raises(NotAnArticleError, match="9 of its 18 paragraphs are links"):
        read(f"<main>{teasers}</main>")


@pytest.mark.parametrize(
    ("body", "head", "linked", "url", "reason"),
    [
        ("<p>Gone.</p>", "<title>404 Not Found</title>", None, "/x", "error or login"),
        ("<p>Checking.</p>", "<title>Just a moment...</title>", None, "/x", "error or login"),
        ("<p>Sorry.</p>", "<title>Page not found - Amber</title>", None, "/x", "error or login"),
        (CONSENT, "<title>Amber Post</title>", None, "/x", "consent"),
        (CONSENT, "<title>Amber Post</title>", LEVY, "/x", "consent"),
        (f"<p>{SENTENCE}</p>", "", None, "/", "front page"),
        (f"<p>{SENTENCE}</p>", "", None, "/search?q=levy", "search results"),
        (f"<p>{SENTENCE}</p>", "", {"@type": "CollectionPage"}, "/x", "CollectionPage"),
        (f"<p>{SENTENCE}</p>", "", {"@type": "ImageGallery"}, "/x", "gallery"),
        (
            "<article><p>The council of Port Amber voted on Monday for a levy on…</p></article>",
            "",
            {**LEVY, "isAccessibleForFree": False, "wordCount": 640},
            "/x",
            "paywall",
        ),
        (
            "<article><p>The council of Port Amber voted on Monday for a</p></article>",
            "",
            {**LEVY, "isAccessibleForFree": "False"},
            "/x",
            "paywall",
        ),
        (
            "<main>"
            + "".join(f"<p><a href='/{n}'>Story {n} of what went on</a></p>" for n in range(9))
            + "</main>",
            "",
            None,
            "/x",
            "paragraphs",
        ),
    ],
)
def test_pages_that_are_no_articles(body, head, linked, url, reason):
    with pytest.raises(NotAnArticleError, match=reason):
        read(body, head, linked, url=f"https://www.amberpost.co.uk{url}")


def test_a_whole_paragraph_of_a_paid_article_is_one():
    text = " ".join((SENTENCE, SENTENCE, SENTENCE))
    paid = {**LEVY, "isAccessibleForFree": False, "wordCount": 640}
    page = read(f"<article><p>{text}</p></article>", linked=paid)
    assert (page.text, page.metadata["is_free"]) == (text, False)


def test_languages_without_full_stops_have_articles():
    paragraph = "สภาเมืองลงมติเมื่อวันจันทร์ให้เก็บค่าธรรมเนียมเรือประมงตั้งแต่เดือนมิถุนายน " * 3
    body = "".join(f"<p>{n} {paragraph}</p>" for n in range(5))
    assert read(f"<main>{body}</main>").text.startswith("0 สภาเมือง")


def test_the_address_of_the_article_is_its_own_on_the_same_site():
    own = '<link rel="canonical" href="https://amberpost.co.uk/levy">'
    page = read(f"<p>{SENTENCE}</p>", own)
    assert page.url == "https://amberpost.co.uk/levy"
    assert page.metadata["fetched_from"] == "https://www.amberpost.co.uk/news/levy"
    taken = '<link rel="canonical" href="https://wire.example/levy">'
    page = read(f"<p>{SENTENCE}</p>", taken)
    assert page.url == "https://www.amberpost.co.uk/news/levy"
    assert (page.metadata["original_url"], page.publisher) == (
        *("https://wire.example/levy", "amberpost.co.uk"),
    )


@pytest.mark.parametrize("url", ["http://[broken", "urn:uuid:7", "", "x" * 5000, "\0"])
def test_an_address_that_is_none_is_left_out(url):
    page = read(f"<p>{SENTENCE}</p>", url=url)
    assert (page.text, page.url, page.publisher) == (SENTENCE, None, None)


@pytest.mark.parametrize(
    ("attribute", "head", "language"),
    [
        ('lang="en-GB"', "", "en"),
        ('xml:lang="DE"', "", "de"),
        ("", '<meta property="og:locale" content="pt_BR">', "pt"),
        ("", '<meta http-equiv="Content-Language" content="fr">', "fr"),
        ('lang="English"', "", None),
        ("", "", None),
    ],
)
def test_language(attribute, head, language):
    page = f"<html {attribute}><head>{head}</head><body><p>{SENTENCE}</p></body></html>"
    assert read_page(page.encode(), not_after=NOW).language == language


def test_metadata():
    linked = {
        **LEVY,
        "keywords": "boats, levy,boats",
        "articleSection": ["Local", "Money"],
        "dateModified": "2025-03-03T18:00:00Z",
        "description": "A levy on boats.",
        "publisher": {"name": "Amber Post"},
        "isAccessibleForFree": True,
        "wordCount": 14,
    }
    assert read(f"<p>{SENTENCE}</p>", linked=linked).metadata == {
        "abstract": "A levy on boats.",
        "category": "Local",
        "keywords": ["boats", "levy"],
        "modified_at": "2025-03-03T18:00:00Z",
        "site_name": "Amber Post",
        "is_free": True,
    }


def test_fields_that_are_too_long_are_left_out():
    head = (
        f'<meta name="description" content="{"x" * 3000}">'
        f'<meta name="keywords" content="{"y" * 300}">'
    )
    assert read(f"<p>{SENTENCE}</p>", head).metadata == {}
