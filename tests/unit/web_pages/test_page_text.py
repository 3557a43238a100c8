import pytest

from include.eventwire.web_pages.page_decoding import parse_page
from include.eventwire.web_pages.page_text import find_text, tidy_paragraphs

STORY = (
    "The council of Port Amber voted on Monday for a levy on fishing boats.",
    "It takes effect in June and brings in about two million a year, the mayor said.",
    "Owners of small boats protested outside the town hall until the evening.",
    "The levy is the first of its kind on this coast, where ports have long competed.",
)
BODY = "".join(f"<p>{paragraph}</p>" for paragraph in STORY)


def find(body, *, stated_body=None, title_lines=()):
    page = f"<html><head><title>t</title></head><body>{body}</body></html>"
    return find_text(parse_page(page), stated_body=stated_body, title_lines=title_lines)


def test_paragraphs_are_separated_by_a_blank_line():
    assert find(f"<article>{BODY}</article>") == "\n\n".join(STORY)


@pytest.mark.parametrize(
    "furniture",
    [
        '<div id="onetrust-banner-sdk"><p>We value your privacy and use cookies.</p></div>',
        '<div class="page cookie-notice"><p>We use cookies to be better.</p></div>',
        "<nav><ul><li><a href='/'>Home</a></li><li><a href='/w'>World</a></li></ul></nav>",
        "<aside><p>Read also: how the levy on boats came to be in five charts.</p></aside>",
        "<figure><img src='a.jpg'><figcaption>Boats in the port. Amber Post</figcaption></figure>",
        '<div id="comments"><p>Great article, I have always said so.</p></div>',
        '<div class="related-articles"><ul><li><a href="/1">Rain expected</a></li></ul></div>',
        "<footer><p>Amber Post is a member of the press council of the coast.</p></footer>",
        "<script>var text = 'The levy is good';</script>",
        "<p>Advertisement</p>",
    ],
)
def test_what_surrounds_an_article_is_left_out(furniture):
    assert find(f"<main><article>{BODY}{furniture}</article></main>") == "\n\n".join(STORY)
    assert find(f"{furniture}<main><article>{BODY}</article></main>") == "\n\n".join(STORY)


def test_an_element_around_everything_is_no_consent_dialogue():
    page = f'<div class="cookie-consent-wall"><main><article>{BODY}</article></main></div>'
    assert find(page) == "\n\n".join(STORY)


def test_the_stated_body_serves_where_the_page_shows_less():
    stated = "\n".join(STORY * 3)
    assert find("<div id='app'></div>", stated_body=stated) == "\n\n".join(STORY * 3)
    marked = "".join(f"<p>{paragraph}</p>" for paragraph in STORY)
    assert find("<div id='app'></div>", stated_body=marked) == "\n\n".join(STORY)


def test_the_page_counts_where_it_shows_what_is_stated():
    stated = " ".join(STORY)  # as one paragraph
    assert find(f"<article>{BODY}</article>", stated_body=stated) == "\n\n".join(STORY)


@pytest.mark.parametrize("body", ["", "<div></div>", "<script>start()</script>", "<img src='a'>"])
def test_a_page_without_text(body):
    assert find(body) == ""


@pytest.mark.parametrize(
    ("lines", "kept"),
    [
        (["Levy passed", "By Ada Quill", "It passed."], ["It passed."]),
        (["It passed.", "Levy passed", "Done."], ["It passed.", "Levy passed", "Done."]),
        (["- One", "- Two", "-3 degrees"], ["One", "Two", "-3 degrees"]),
        (["It passed.", "ADVERTISEMENT", "Read more:", "Read more about boats."], None),
        (["", "  ", "It passed."], ["It passed."]),
    ],
)
def test_lines_around_and_between_paragraphs(lines, kept):
    expected = ["It passed.", "Read more about boats."] if kept is None else kept
    assert tidy_paragraphs(lines, ["Levy passed", "Ada Quill"]) == expected
