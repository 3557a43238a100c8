import pytest

from include.eventwire.web_pages.page_decoding import parse_page
from include.eventwire.web_pages.page_lines import tidy_paragraphs
from include.eventwire.web_pages.page_text import find_text

STORY = (
    "The council of Port Amber voted on Monday for a levy on fishing boats.",
    "It takes effect in June and brings in about two million a year, the mayor said.",
    "Owners of small boats protested outside the town hall until the evening.",
    "The levy is the first of its kind on this coast, where ports have long competed.",
)
BODY = "".join(f"<p>{paragraph}</p>" for paragraph in STORY)


def find(body, **stated):
    page = f"<html><head><title>t</title></head><body>{body}</body></html>"
    return find_text(parse_page(page), **stated)


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


def test_the_body_ends_where_the_stated_one_does():
    furniture = "<p>Port Amber also has a museum, which opens on three days of the week.</p>"
    page = f"<article>{BODY}{furniture}</article>"
    assert find(page, stated_body=" ".join(STORY)) == "\n\n".join(STORY)
    # One that was cut does not end with a paragraph.
    cut = " ".join(STORY[:2])[:-20]
    assert find(page, stated_body=cut).endswith("three days of the week.")


STANDFIRST = "Port Amber wants its share of the catch, and fishermen call it a punishment"


@pytest.mark.parametrize(
    "stated",
    [
        (STANDFIRST,),
        (STANDFIRST[:55] + " …",),
        ("News from the coast", STANDFIRST + "."),
    ],
)
def test_a_standfirst_that_the_page_states_is_put_before_the_body(stated):
    top = f"<h1>Levy passed</h1><div class='top'><div>{STANDFIRST}</div></div>"
    page = f"<main>{top}<article>{BODY}</article></main>"
    assert find(page, descriptions=stated) == "\n\n".join((STANDFIRST, *STORY))
    assert find(f"<article>{BODY}</article>", descriptions=stated) == "\n\n".join(STORY)


def test_a_standfirst_is_known_by_its_class():
    page = "<h1>Levy passed</h1><div class='{}'>" + STANDFIRST + f"</div><article>{BODY}</article>"
    assert find(page.format("article__standfirst")).startswith(STANDFIRST)
    assert find(page.format("share-subtitle")) == "\n\n".join(STORY)


@pytest.mark.parametrize("around", ["a href='/x'", "nav", "aside", "figcaption"])
def test_links_and_captions_are_no_standfirst(around):
    top = f"<h1>Levy passed</h1><{around}><div>{STANDFIRST}</div></{around.split()[0]}>"
    page = f"<main>{top}<article>{BODY}</article></main>"
    assert find(page, descriptions=[STANDFIRST]) == "\n\n".join(STORY)


def test_a_description_of_what_the_body_begins_with_adds_nothing():
    page = f"<main><h1>Levy passed</h1><p>{STORY[0]}</p><article>{BODY}</article></main>"
    assert find(page, descriptions=[STORY[0][:50] + "..."]).count(STORY[0]) == 1


@pytest.mark.parametrize(
    "heading",
    [
        "<h2>Boats stay in port</h2>",
        "<h2><a></a>Boats stay in port</h2>",
        "<h3><a href='#boats'>Boats stay in port</a></h3>",
    ],
)
@pytest.mark.parametrize("box", ["article", "div"])
def test_sub_headings_are_kept(heading, box):
    first, second, *rest = (f"<p>{paragraph}</p>" for paragraph in STORY)
    page = f"<{box}>{first}{second}{heading}{''.join(rest)}</{box}>"
    assert find(page) == "\n\n".join((*STORY[:2], "Boats stay in port", *STORY[2:]))


def test_text_behind_an_empty_element_is_kept():
    marked = BODY.replace("<p>It takes", "<p><span id='x'></span>It takes")
    assert find(f"<article>{marked}</article>") == "\n\n".join(STORY)


def test_paragraphs_without_an_element_are_kept():
    first, second, *rest = STORY
    loose = f"{second[:30]}<b>{second[30:]}</b>"
    page = f"<p>{first}</p><div class='ad'></div>{loose}" + "".join(f"<p>{x}</p>" for x in rest)
    assert find(f"<article>{page}</article>") == "\n\n".join(STORY)


def test_rows_of_tables_have_no_frame():
    table = "<table><tr><td>Boats</td><td>214</td></tr><tr><td>Ports</td><td>3</td></tr></table>"
    assert "\n\nBoats | 214\n\nPorts | 3" in find(f"<article>{BODY}{table}{BODY}</article>")


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


PROSE = ["Police closed the bridge on Monday after a barge had struck one of its piers."] * 6
LINKS = ["Storm over Port Amber", "Rain for the coast this week", "Mayor wins a third term"]


@pytest.mark.parametrize(
    "tail",
    [
        ["Related articles", *LINKS],
        ["Lesen Sie auch:", LINKS[0], "The wind took roofs off and felled trees."],
        ["関連記事", LINKS[0]],
        ["Read more"],
        ["Read next: " + LINKS[0]],
        ["Stay informed", "Our best stories, in your inbox every morning."],
        ["Sign up for our newsletter"],
        ["Deep Dive", LINKS[0], "It blew all night.", LINKS[1], LINKS[2] + " - 4 March 2026"],
    ],
)
def test_lists_of_other_articles_at_the_end_are_left_out(tail):
    assert tidy_paragraphs([*PROSE, *tail], [], LINKS) == PROSE


@pytest.mark.parametrize(
    "tail",
    [
        ["Most read", PROSE[0] * 4],
        ["More from the coast", "The ports of Amber and Flint are closed."],
        [LINKS[0], "It is a song by the Harbour Choir."],
        ["Sign up for a place at the table by Friday."],
        ["The mayor said: enough."],
    ],
)
def test_the_end_of_an_article_is_kept(tail):
    assert tidy_paragraphs([*PROSE, *tail], [], LINKS) == [*PROSE, *tail]


def test_lines_above_the_first_paragraph():
    lines = ["Levy passed after long night", "Updated 4 March 2026, 10:30", "Photo: Ada Quill / AP"]
    title = ["Levy passed after long night - Amber Post"]
    assert tidy_paragraphs([*lines, *PROSE], title) == PROSE
    kept = ["10 p.m.", "Photo: the last of the old port.", "Updated rules apply from 2027."]
    assert tidy_paragraphs([*kept, *PROSE], title) == [*kept, *PROSE]
