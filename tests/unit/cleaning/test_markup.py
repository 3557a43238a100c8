import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from include.eventwire.cleaning.markup import (
    resolve_twice_escaped,
    text_of_element,
    text_of_fragment,
    text_of_plain,
)


@pytest.mark.parametrize(
    ("fragment", "text"),
    [
        ("", ""),
        (" \n ", ""),
        ("<!-- nothing -->", ""),
        ("<p>One.</p><p>Two.</p>", "One.\n\nTwo."),
        ("<p>One,\n   <b>two</b>\tand <i>three</i>.</p>", "One, two and three."),
        ("One<br>two<br/>three", "One\ntwo\nthree"),
        ("One<br><br/> <br>two", "One\n\ntwo"),
        ("<div>One<div>two</div>three</div>", "One\n\ntwo\n\nthree"),
        ("<p>One<p>two</p>three", "One\n\ntwo\n\nthree"),
        ("<p>One<p><p>two</p>three</p>four", "One\n\ntwo\n\nthree\n\nfour"),
        ("<P>Loud</P><Div>tags</DIV>", "Loud\n\ntags"),
        ("<h2>Head</h2>Body<hr>foot", "Head\n\nBody\n\nfoot"),
        ("<ul><li>One<li>two</ul>", "One\n\ntwo"),
        ("<dl><dt>Term</dt><dd>sense</dd></dl>", "Term\n\nsense"),
        ("<p>A &amp; B &lt;c&gt; &eacute; &#8211; &#x2014;</p>", "A & B <c> é – —"),
        ("<p>Mr.&nbsp;Miller</p><p>&nbsp;</p><p>left.</p>", "Mr. Miller\n\nleft."),
        ("<p>Ver&shy;ein&#8203;igung</p>", "Vereinigung"),
        ("<pre>one  two\nthree\n\nfour</pre>", "one two\nthree\n\nfour"),
        ("a<script>b</script>c<style>d</style>e<!-- f -->g", "aceg"),
        ("<html><head><title>t</title></head><body>Body</body></html>", "Body"),
        ("<p><![CDATA[Sections <b>too</b>]]></p>", "Sections too"),
        ("<o:p>Office</o:p> and more", "Office\n\nand more"),
        ("<p class='a>b' title=\"</p>\">Quoted</p>", "Quoted"),
        ("<p>Open <b>tags <i>everywhere", "Open tags everywhere"),
        ("Closed </b></i></div>tags", "Closed tags"),
        ("<p>Half \ud83d a pair</p>", "Half ? a pair"),
        ("<p>a\x00b\x01c&#1;d\x0b</p>", "abcd"),
    ],
)
def test_fragments_become_paragraphs(fragment, text):
    assert text_of_fragment(fragment) == text


@pytest.mark.parametrize(
    ("rows", "text"),
    [
        (
            "<tr><th>Team</th><th>Points</th></tr><tr><td>A</td><td>3</td></tr>",
            "Team\tPoints\nA\t3",
        ),
        ("<tbody><tr><td>A<td>3<tr><td>B<td>1</tbody>", "A\t3\nB\t1"),
        ("<tr><td></td><td>3</td></tr>", "3"),
        ("<tr><td>Two<br>lines</td><td>3</td></tr>", "Two\nlines\t3"),
        # A table that only sets out a page is no table of facts.
        (
            "<tr><td><p>Left.</p><p>More.</p></td><td><p>Right.</p></td></tr>",
            "Left.\n\nMore.\n\nRight.",
        ),
    ],
)
def test_a_row_of_a_table_is_a_line(rows, text):
    assert text_of_fragment(f"Before<table>{rows}</table>after") == f"Before\n\n{text}\n\nafter"


@pytest.mark.parametrize(
    ("fragment", "text"),
    [
        ("A text without tags.\nIts second line.\n\n \nIts paragraph.", None),
        ("Profits &gt; losses, 3 < 4 &amp; 5 > 4", "Profits > losses, 3 < 4 & 5 > 4"),
    ],
)
def test_blank_lines_separate_the_paragraphs_of_a_text_without_tags(fragment, text):
    expected = text or "A text without tags. Its second line.\n\nIts paragraph."
    assert text_of_fragment(fragment) == expected


def test_lines_of_a_plain_text_stay_lines():
    assert text_of_plain("One \r\n two\r\n\r\n\tthree ") == "One\ntwo\n\nthree"


def test_line_ends_are_those_that_the_sender_means():
    fragment = "<p>First line <br/>second\nand last.</p>"
    assert text_of_fragment(fragment) == "First line\nsecond and last."
    assert text_of_fragment(fragment, line_ends="none") == "First line second and last."
    assert text_of_fragment(fragment, line_ends="source") == "First line\nsecond\nand last."


def test_elements_in_any_namespace_are_read_and_some_left_out():
    root = etree.fromstring(
        '<x:body.content xmlns:x="urn:x"><x:p>One <x:org>Acme</x:org>.<!-- no --> Yes.</x:p>'
        "<x:media><x:media-caption>A ship.</x:media-caption></x:media>tail</x:body.content>"
    )
    assert text_of_element(root) == "One Acme. Yes.\n\nA ship.\n\ntail"
    assert text_of_element(root, without=("media",)) == "One Acme. Yes.\n\ntail"


def test_what_follows_an_element_is_not_of_it():
    root = etree.fromstring("<a><p>in</p>out</a>")
    assert text_of_element(root[0]) == "in"


@pytest.mark.parametrize("opening", ["<div>", "<b>", "<p><b><table><tr><td>", "<li><ul>"])
def test_pages_that_nest_without_end_lose_no_word(opening):
    text = text_of_fragment("first " + opening * 5_000 + "last <b>word</b>")
    assert text.split() == ["first", "last", "word"]


@given(
    st.lists(
        st.sampled_from("<p> </p> <b </b> <td <br> <!-- --> <![CDATA[ ]]> & ; a \0 \n".split(" "))
    )
)
def test_no_markup_is_too_broken(pieces):
    text = text_of_fragment("".join(pieces))
    assert "\0" not in text
    assert text == text.strip()


@pytest.mark.parametrize(
    ("text", "resolved"),
    [
        ("&quot;We&apos;ll&amp;#39;s&quot; &amp;amp;&amp;nbsp;you", "\"We'll's\" & you"),
        (
            "&lt;b&gt; stays, as does &copy; and & alone",
            "&lt;b&gt; stays, as does &copy; and & alone",
        ),
    ],
)
def test_names_left_by_escaping_twice_are_resolved(text, resolved):
    assert resolve_twice_escaped(text) == resolved


def test_of_very_many_tags_no_tree_is_made(monkeypatch):
    monkeypatch.setattr("include.eventwire.cleaning.markup._MOST_TAGS", 5)
    monkeypatch.setattr("include.eventwire.cleaning.markup.parse_html", None)
    fragment = "<p>Ships &amp; boats<b> at sea</b></p><p>Two <i>more</i></p>"
    assert text_of_fragment(fragment) == "Ships & boats\n\nat sea\n\nTwo\n\nmore"
