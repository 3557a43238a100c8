"""RSS, RDF and Atom: which text counts, what an entry states, and what broken feeds come to."""

from datetime import UTC, datetime

import pytest

from include.eventwire.inputs.sources import SourceProfile
from include.eventwire.readers import load_reader
from include.eventwire.readers.feed import load_feed, parse_feed
from include.eventwire.readers.feed_document import FeedError
from include.eventwire.records import Article
from include.eventwire.settings import Settings

BODY = "The ministers of both countries met in Arusha on Monday and signed the agreement on water."


def rss(*items, channel="<title>Lake Post</title><link>https://lake.example/</link>", head=""):
    items = "".join(f"<item>{item}</item>" for item in items)
    return (
        f'{head}<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/" '
        'xmlns:dc="http://purl.org/dc/elements/1.1/" '
        'xmlns:media="http://search.yahoo.com/mrss/">'
        f"<channel>{channel}{items}</channel></rss>"
    ).encode()


def only(records):
    (record,) = records
    return record


@pytest.fixture
def read_raw(make_context):
    """Return a function that reads bytes into records as the reader alone gives them."""

    def read_raw(*args, **kwargs):
        context = make_context(*args, **kwargs)
        return list(load_reader(context.file.format)(context))

    return read_raw


def test_reads_an_entry_of_rss(read_input):
    item = (
        "<title>Water pact &amp;amp; trade</title><link>/pact</link><guid>tag:1</guid>"
        "<dc:creator>Jane Otieno</dc:creator><category domain='desk'>Politics</category>"
        "<pubDate>Tue, 24 Apr 2018 10:30:00 +0200</pubDate><description>A lead.</description>"
        f"<content:encoded><![CDATA[<p>{BODY}</p><p>More &eacute;tape.</p>]]></content:encoded>"
    )
    channel = "<title>Lake Post</title><link>https://lake.example/</link><language>en-KE</language>"
    article = only(read_input(rss(item, channel=channel), "a.rss"))
    assert article.text == f"{BODY}\n\nMore étape."
    assert article.headline == "Water pact & trade"
    assert article.url == "https://lake.example/pact"
    assert article.source_id == "tag:1"
    assert article.byline == "Jane Otieno"
    assert article.publisher == "Lake Post"
    assert article.published_at == datetime(2018, 4, 24, 8, 30, tzinfo=UTC)
    assert article.language == "en"
    assert article.input_format == "feed"


def test_reads_an_entry_of_atom():
    feed = f"""<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="en" xml:base="https://a.example/b/">
      <title>Atoms</title><rights>CC BY</rights>
      <entry><id>urn:1</id><title type="html">&lt;b&gt;Pact&lt;/b&gt; signed</title>
        <link rel="enclosure" href="https://a.example/x.mp3"/><link href="c"/>
        <author><name>Ann</name></author><author><name>Ben</name></author>
        <published>2018-04-24T10:30:00Z</published><updated>2018-04-25T00:00:00Z</updated>
        <category term="pol" label="Politics" scheme="urn:s"/><summary>Short.</summary>
        <content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml"><p>{BODY}</p></div></content>
      </entry></feed>""".encode()
    entry = only(parse_feed(feed))
    assert (entry.id, entry.title, entry.author) == ("urn:1", "Pact signed", "Ann, Ben")
    assert entry.link == "https://a.example/b/c"
    assert (entry.published, entry.updated) == ("2018-04-24T10:30:00Z", "2018-04-25T00:00:00Z")
    assert entry.language == "en"
    assert entry.categories == ({"code": "pol", "name": "Politics", "scheme": "urn:s"},)
    assert BODY in entry.content_html
    assert entry.summary_html == "Short."
    assert entry.rights == "CC BY"
    assert entry.media == ("https://a.example/x.mp3",)


def test_reads_an_entry_of_rss_1_0(read_input):
    data = f"""<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"
      xmlns="http://purl.org/rss/1.0/" xmlns:dc="http://purl.org/dc/elements/1.1/">
      <channel rdf:about="https://r.example/"><title>R</title></channel>
      <item rdf:about="https://r.example/1"><title>T</title><link>https://r.example/1</link>
      <description>{BODY}</description><dc:date>2018-04-24</dc:date></item></rdf:RDF>""".encode()
    article = only(read_input(data, "a.xml"))
    assert (article.url, article.text) == ("https://r.example/1", BODY)
    assert article.published_at == datetime(2018, 4, 24, tzinfo=UTC)


def test_what_else_is_stated_is_metadata(read_raw):
    item = (
        "<title>T</title><description>The lead.</description>"
        f"<content:encoded>{BODY}</content:encoded><category>Water</category>"
        "<enclosure url='https://e.example/a.jpg' type='image/jpeg' length='1'/>"
    )
    assert only(read_raw(rss(item), "a.rss")).metadata == {
        "abstract": "The lead.",
        "enclosures": ["https://e.example/a.jpg"],
        "feed_title": "Lake Post",
        "subjects": [{"name": "Water"}],
    }


LONG = f"<p>{BODY * 4}</p><p>{BODY * 4}</p>"


@pytest.mark.parametrize(
    ("description", "is_summary"),
    [
        (BODY, True),
        (LONG, False),
        (LONG + "<p>It went on ...</p>", True),
        (LONG + "<p>Continue reading</p>", True),
        (LONG + "<p>They said so […]</p>", True),
        (BODY * 12, True),  # long, but one paragraph
    ],
)
def test_a_summary_alone_is_an_article_and_marked(read_raw, description, is_summary):
    item = f"<title>T</title><description><![CDATA[{description}]]></description>"
    article = only(read_raw(rss(item), "a.rss"))
    assert article.text.startswith(BODY)
    assert article.metadata.get("is_summary", False) is is_summary


def test_the_declared_publisher_comes_before_the_title_of_the_feed(read_input):
    records = read_input(
        rss(f"<description>{BODY}</description>"), "a.rss", profile=SourceProfile(publisher="lake")
    )
    assert only(records).publisher == "lake"


@pytest.mark.parametrize(
    ("written", "headline"),
    [
        ("&lt;b&gt;Votes&lt;/b&gt; counted", "Votes counted"),
        ("&lt;script&gt;alert(1)&lt;/script&gt;Votes", "Votes"),
        ("<![CDATA[<a href='x'>Votes</a>\n counted]]>", "Votes counted"),
        ("Rate &lt; 5% and &gt; 3%", "Rate < 5% and > 3%"),
        ("AT&amp;T buys", "AT&T buys"),
        ("Caf&amp;eacute; opens", "Café opens"),
    ],
)
def test_titles_are_plain_text(written, headline):
    assert only(parse_feed(rss(f"<title>{written}</title>"))).title == headline


def test_scripts_are_no_text(read_input):
    content = f"<script>steal()</script><style>p {{}}</style><p>{BODY}</p><!-- not this -->"
    item = f"<content:encoded><![CDATA[{content}]]></content:encoded>"
    assert only(read_input(rss(item), "a.rss")).text == BODY


def test_blank_lines_part_paragraphs_where_no_tags_do(read_input):
    item = "<description>One of\nthem.\n\nTwo of them.</description>"
    assert only(read_input(rss(item), "a.rss")).text == "One of them.\n\nTwo of them."


def test_plain_text_of_atom_is_taken_literally(read_input):
    data = b"""<feed xmlns="http://www.w3.org/2005/Atom"><title>A</title><entry><title>T</title>
      <content type="text">Write &lt;b&gt; for bold &amp; leave it.</content></entry></feed>"""
    assert only(read_input(data, "a.atom")).text == "Write <b> for bold & leave it."


@pytest.mark.parametrize(
    ("link", "url"),
    [
        ("https://x.example/a", "https://x.example/a"),
        ("a?b=1", "https://lake.example/a?b=1"),
        ("javascript:alert(1)", None),
        ("http://[half", None),
        ("", None),
    ],
)
def test_links_are_absolute_or_missing(link, url):
    assert only(parse_feed(rss(f"<title>T</title><link>{link}</link>"))).link == url


def test_a_permalink_stands_in_for_a_missing_link():
    entry = only(parse_feed(rss("<title>T</title><guid>https://lake.example/1</guid>")))
    assert entry.link == "https://lake.example/1"


def test_entries_with_one_id_stay_apart(read_input):
    items = (f"<guid>1</guid><description>{BODY} {n}</description>" for n in range(3))
    articles = read_input(rss(*items), "a.rss")
    assert [article.record_number for article in articles] == [1, 2, 3]
    assert len({article.article_id for article in articles}) == 3


def test_entries_without_text_say_why(read_input):
    enclosure = "<enclosure url='https://e.example/a.mp3' type='audio/mpeg' length='1'/>"
    records = read_input(rss("<title>Nothing</title>", f"<title>Talk</title>{enclosure}"), "a.rss")
    assert [record.reason for record in records] == ["empty_text", "not_an_article"]
    assert "Nothing" in records[0].detail
    assert "Talk" in records[1].detail


TEXT = "Überschwemmungen in Köln: Häuser stehen unter Wasser, und die Stadt räumt die Straßen."


@pytest.mark.parametrize("encoding", ["utf-8", "iso-8859-1", "utf-16", "cp1252"])
def test_the_encoding_of_the_prolog_counts(encoding):
    head = f'<?xml version="1.0" encoding="{encoding}"?>'
    data = rss(f"<title>{TEXT}</title>", head=head).decode().encode(encoding)
    assert only(parse_feed(data)).title == TEXT


def test_the_charset_of_the_header_comes_before_the_prolog():
    data = rss(f"<title>{TEXT}</title>", head='<?xml version="1.0" encoding="utf-8"?>')
    data = data.decode().encode("iso-8859-1")
    assert only(parse_feed(data, "application/rss+xml; charset=iso-8859-1")).title == TEXT


def test_an_undeclared_encoding_is_guessed():
    text = "Вода поднялась выше отметки, и жители покинули дома в нижней части города ночью."
    data = rss(f"<title>{text}</title>").decode().encode("cp1251")
    assert only(parse_feed(data)).title == text


def test_one_damaged_entry_of_many_is_a_reject(read_input):
    data = rss(*(f"<description>{TEXT}</description>" for _ in range(4)))
    first = data.index("Ü".encode())
    records = read_input(data[:first] + data[first + 1 :], "a.rss")
    assert [type(record) is Article for record in records] == [False, True, True, True]
    assert records[0].reason == "undecodable_text"
    assert records[1].text == TEXT


def test_a_feed_that_is_not_well_formed_is_read_and_the_fault_noted(read_raw):
    data = rss(f"<title>Fish & chips</title><description>{BODY}</description>")
    article = only(read_raw(data, "a.rss"))
    assert (article.headline, article.text) == ("Fish & chips", BODY)
    assert "line 1" in article.metadata["feed_fault"]


def test_the_entry_within_which_a_feed_breaks_off_is_a_reject(read_input):
    data = rss(*(f"<title>{n}</title><description>{BODY}</description>" for n in range(3)))
    records = read_input(data[: data.rindex(b"signed the")], "a.rss")
    assert [type(record) is Article for record in records] == [True, True, False]
    assert (records[2].record_number, records[2].reason) == (3, "broken_record")
    assert [entry.title for entry in parse_feed(data[: data.rindex(b"signed the")])] == ["0", "1"]


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"   ",
        b"no feed",
        b"<html><body>Not found</body></html>",
        b"<rss><channel><item",
        b"\0" * 99,
    ],
)
def test_what_is_no_feed_is_one_reject(read_input, data):
    reject = only(read_input(data, "a.rss", format_="feed"))
    assert (reject.record_number, reject.reason) == (None, "broken_record")


def test_a_feed_without_entries_has_no_records(read_input):
    assert read_input(rss(), "a.rss") == []


@pytest.mark.parametrize(
    "declared",
    [
        '<!ENTITY a "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa">',
        '<!ENTITY a "ha"><!ENTITY b "&a;&a;">',
        "<!ENTITY % p '&#37;q;'><!ENTITY % q \"<!ENTITY r 'rrrrrrrrrrrrrrrrrrrrrrrrrrr'>\">",
    ],
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_entities_that_grow_are_refused(read_input, declared, encoding):
    head = f'<?xml version="1.0" encoding="{encoding}"?><!DOCTYPE rss [{declared}]>'
    data = rss("<title>&a;</title>", head=head).decode().encode(encoding)
    reject = only(read_input(data, "a.rss", format_="feed"))
    assert (reject.record_number, reject.reason) == (None, "unsafe_input")


def test_entities_that_are_characters_are_read():
    head = '<!DOCTYPE rss [\n<!ENTITY eacute "&#233;">\n<!ENTITY co "Company">\n]>'
    assert only(parse_feed(rss("<title>Caf&eacute; &co;</title>", head=head))).title == (
        "Café Company"
    )


def test_files_of_this_machine_are_not_read(tmp_path):
    (tmp_path / "secret").write_text("hunter2")
    head = f'<!DOCTYPE rss [<!ENTITY x SYSTEM "file://{tmp_path}/secret">]>'
    entries = parse_feed(rss("<title>a &x;</title>", head=head))
    assert all("hunter2" not in (entry.title or "") for entry in entries)


def test_a_feed_over_the_limit_is_a_reject(read_input):
    data = rss(f"<description>{BODY}</description>")
    reject = only(read_input(data, "a.rss", settings=Settings(max_record_bytes=100)))
    assert reject.reason == "too_large"


def test_ten_thousand_entries():
    items = (f"<guid>{n}</guid><description>{BODY}</description>" for n in range(10_000))
    feed = load_feed(rss(*items))
    assert len(feed.entries) == 10_000
    assert feed.fault is None


def test_an_error_of_the_library_is_named(monkeypatch):
    def stumble(*_args, **_options):
        raise IndexError("oops")

    monkeypatch.setattr("feedparser.parse", stumble)
    with pytest.raises(FeedError, match="feedparser fails: IndexError: oops"):
        parse_feed(rss())


@pytest.mark.parametrize("written", ["2004-07", "24 Apr 2018 10:30 XYZ", "2018-04-24T10:30+02:00"])
def test_dates_are_passed_on_as_written(written):
    assert only(parse_feed(rss(f"<pubDate>{written}</pubDate>"))).published == written


@pytest.mark.parametrize("reference", ["&#xD800;", "&#0;", "&#1114112;", "&#99999999999999;"])
@pytest.mark.parametrize("is_well_formed", [True, False])
def test_a_reference_to_no_character_sinks_its_entry_alone(read_input, reference, is_well_formed):
    odd = f"<title>a {reference} b</title><description>{BODY}</description>"
    rest = "" if is_well_formed else " & e"
    even = f"<title>c &#233; d{rest}</title><description>{BODY}</description>"
    records = read_input(rss(odd, even), "a.rss")
    assert [getattr(record, "reason", "article") for record in records] == [
        "undecodable_text",
        "article",
    ]
    assert records[1].headline.startswith("c é d")


def test_endless_nesting_is_refused(read_input):
    data = rss(f"<description>{'<b>' * 400_000}</description>")
    assert only(read_input(data, "a.rss")).reason == "too_large"


def test_an_entry_beyond_the_limits_sinks_no_other(read_input):
    items = (f"<description>{text}</description>" for text in ("&lt;b&gt;" * 200_000, BODY))
    records = read_input(rss(*items), "a.rss")
    assert [getattr(record, "reason", "article") for record in records] == ["too_large", "article"]
