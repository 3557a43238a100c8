import json
from datetime import UTC, datetime

import pytest

from include.eventwire.inputs.sources import SourceProfile
from include.eventwire.settings import Settings

NAR = 'xmlns="http://iptc.org/std/nar/2006-10-01/"'
XHTML = (
    '<inlineXML contenttype="application/xhtml+xml" wordcount="12">'
    '<html xmlns="http://www.w3.org/1999/xhtml"><head><title>not this</title></head><body>{}</body>'
    "</html></inlineXML>"
)
STORY = "<p>The ministers met in Geneva on Monday.</p><p>They will meet again.</p>"
TEXT = "The ministers met in Geneva on Monday.\n\nThey will meet again."


def make_item(
    content=None,
    *,
    guid="urn:newsml:agency.example:1",
    meta="",
    about="",
    kind="text",
    rights="",
    tag="newsItem",
):
    content = XHTML.format(STORY) if content is None else content
    return (
        f'<{tag} {NAR} guid="{guid}" version="3" xml:lang="en-GB"><rightsInfo>{rights}</rightsInfo>'
        f'<itemMeta><itemClass qcode="ninat:{kind}"/><provider qcode="nprov:EXAMPLE"/>'
        f"<versionCreated>2025-02-03T10:30:00+01:00</versionCreated>{meta}</itemMeta>"
        f"<contentMeta>{about}</contentMeta><contentSet>{content}</contentSet></{tag}>"
    )


def make_message(*items):
    return (
        f'<?xml version="1.0" encoding="UTF-8"?><newsMessage {NAR}><header>'
        "<sent>2025-02-03T09:00:00Z</sent><sender>agency.example</sender><priority>4</priority>"
        f"</header><itemSet>{''.join(items)}</itemSet></newsMessage>"
    )


@pytest.fixture
def read(read_input):
    """Return a function that reads one document and returns its articles and rejects."""
    return lambda document, **options: read_input(document.encode(), "item.xml", **options)


@pytest.fixture
def read_one(read):
    """Return a function that reads one item and returns the article and its metadata."""

    def read_one(document, **options):
        (article,) = read(document, **options)
        return article, json.loads(article.source_metadata)

    return read_one


def test_the_fields_of_an_item_are_read(read_one):
    article, metadata = read_one(
        make_item(
            meta="<firstCreated>2025-02-03T08:00:00+01:00</firstCreated>"
            "<embargoed>2025-02-03T12:00:00Z</embargoed>"
            '<pubStatus qcode="stat:withheld"/><edNote>Adds details</edNote>'
            '<service qcode="svc:world"><name>World</name></service><profile>Basic</profile>'
            '<signal qcode="sig:update"/>',
            about="<urgency>2</urgency><contentModified>2025-02-03T09:00:00Z</contentModified>"
            "<by>By Ada Example</by><slugline>TALKS-GENEVA</slugline><dateline>GENEVA</dateline>"
            "<headline>Ministers &amp; envoys meet</headline><creditline>EX</creditline>"
            '<description role="drol:summary"><p>They met.</p></description>'
            '<language tag="en"/><keyword>talks</keyword><keyword>peace</keyword>'
            '<subject qcode="medtop:11000000"><name>politics</name><name xml:lang="de">Politik'
            '</name><broader qcode="medtop:1"/></subject><subject qcode="a1312cat:i"/>'
            '<genre qcode="genre:Current"><name>Current</name></genre>'
            '<located type="cptype:city" qcode="geo:77"><name>Geneva</name><broader '
            'type="cptype:country" qcode="iso3166-1a2:CH"><name>Switzerland</name></broader>'
            "</located>",
            rights='<copyrightHolder literal="Example Ltd"/><copyrightNotice>(c) 2025 Example'
            "</copyrightNotice><usageTerms>No archives</usageTerms>",
        )
    )
    assert article.source_id == "urn:newsml:agency.example:1:3"
    assert (article.headline, article.byline) == ("Ministers & envoys meet", "By Ada Example")
    assert article.publisher == "example"
    assert article.declared_language == "en"
    assert article.published_at == datetime(2025, 2, 3, 9, 30, tzinfo=UTC)
    assert article.text == TEXT
    assert metadata == {
        "abstract": "They met.",
        "agency": "EXAMPLE",
        "category": [{"code": "i", "scheme": "a1312cat"}],
        "copyright_holder": "Example Ltd",
        "copyright_notice": "(c) 2025 Example",
        "credit_line": "EX",
        "dateline": "GENEVA",
        "editorial_note": "Adds details",
        "embargoed_until": "2025-02-03T12:00:00+00:00",
        "first_created": "2025-02-03T07:00:00+00:00",
        "genre": [{"code": "Current", "name": "Current", "scheme": "genre"}],
        "item_type": "text",
        "keywords": ["talks", "peace"],
        "modified_at": "2025-02-03T09:00:00+00:00",
        "place": [
            {"code": "77", "name": "Geneva", "scheme": "city"},
            {"code": "CH", "name": "Switzerland", "scheme": "country"},
        ],
        "profile": "Basic",
        "services": ["World"],
        "signals": ["sig:update"],
        "slugline": "TALKS-GENEVA",
        "status": "withheld",
        "subjects": [
            {"code": "11000000", "name": "politics", "scheme": "medtop"},
            {"code": "i", "scheme": "a1312cat"},
        ],
        "uri": "urn:newsml:agency.example:1",
        "urgency": 2,
        "usage_terms": "No archives",
        "version": "3",
        "word_count": 12,
    }


NITF = (
    "<nitf><head><title>t</title></head><body><body.head>"
    "<hedline><hl1>From the head</hl1></hedline>"
    "<byline>By<person>Bo Example</person><byttl>Chief</byttl></byline></body.head>"
    "<body.content><media media-type='image'><media-caption>A hall.</media-caption></media>"
    "<block><p>One.</p></block><p>Two.</p></body.content></body></nitf>"
)


@pytest.mark.parametrize(
    ("content", "text"),
    [
        (XHTML.format("<p>One.</p><p>Two.</p>"), "One.\n\nTwo."),
        (f"<inlineXML>{NITF}</inlineXML>", "One.\n\nTwo."),
        (f"<inlineXML><![CDATA[<?xml version='1.0'?>{NITF}]]></inlineXML>", "One.\n\nTwo."),
        ("<inlineXML><p>One.</p><p>Two.</p></inlineXML>", "One.\n\nTwo."),
        ("<inlineXML><![CDATA[<p>One.<p>Two.]]></inlineXML>", "One.\n\nTwo."),
        ("<inlineData>&lt;p&gt;One.&lt;/p&gt;Two.</inlineData>", "One.\n\nTwo."),
        (
            '<inlineData contenttype="text/plain">One.\n\nTwo.\nThree.</inlineData>',
            "One.\n\nTwo.\nThree.",
        ),
        ("<inlineData>One.\n   Two is\nlong.</inlineData>", "One.\n\nTwo is\nlong."),
        ('<inlineData encoding="enc:base64">T25lLgoKVHdvLg==</inlineData>', "One.\n\nTwo."),
        (f"<inlineXML/><remoteContent href='a.jpg'/>{XHTML.format('<p>One.</p>')}", "One."),
        (
            XHTML.format(
                "<p>One.</p><figure><figcaption>A hall.</figcaption></figure>"
                "<script>x</script><p>&amp;quot;Two.&amp;quot;</p>"
            ),
            'One.\n\n"Two."',
        ),
    ],
)
def test_the_text_is_read_whatever_it_is_wrapped_in(read_one, content, text):
    article, _ = read_one(make_item(content))
    assert article.text == text


def test_what_an_item_leaves_to_its_nitf_is_taken_from_there(read_one):
    article, metadata = read_one(make_item(f"<inlineXML>{NITF}</inlineXML>"))
    assert (article.headline, article.byline) == ("From the head", "By Bo Example")
    assert metadata["captions"] == ["A hall."]


def test_every_item_of_a_message_is_a_record(read):
    found = read(
        make_message(
            make_item(tag="packageItem", guid="urn:package"),
            make_item(guid="urn:a"),
            make_item(guid="urn:b", kind="picture"),
            make_item(guid="urn:c"),
        )
    )
    assert [record.record_number for record in found] == [1, 2, 3, 4]
    assert [found[1].source_id, found[3].source_id] == ["urn:a:3", "urn:c:3"]
    assert "urn:package is a package" in found[0].detail
    assert json.loads(found[1].source_metadata)["priority"] == 4


@pytest.mark.parametrize(
    ("item", "what"),
    [
        (make_item(kind="picture"), "a picture"),
        (make_item(kind="graphic"), "a graphic"),
        (make_item(kind="video"), "a video"),
        (make_item(tag="packageItem"), "a package"),
        (make_item(tag="conceptItem"), "a concept"),
        (make_item(tag="planningItem"), "a news planner"),
        (make_item("", kind="composite"), "a composite"),
        (make_item('<remoteContent href="http://x.example/a"/>'), "its content lies elsewhere"),
        (make_item("<inlineXML/>"), "an empty stub: it has no text"),
        (make_item(XHTML.format("<p/>"), meta='<pubStatus qcode="stat:canceled"/>'), "canceled"),
    ],
)
def test_what_is_no_story_is_rejected_as_what_it_is(read, item, what):
    (reject,) = read(item)
    assert (reject.reason, reject.stage, reject.record_number) == ("not_an_article", "read", 1)
    assert what in reject.detail
    assert "urn:newsml:agency.example:1" in reject.detail


def test_a_cancelled_story_with_a_text_is_kept_and_says_so(read_one):
    article, metadata = read_one(make_item(meta='<pubStatus qcode="stat:canceled"/>'))
    assert article.text
    assert metadata["status"] == "canceled"


@pytest.mark.parametrize(
    "namespace", ["", 'xmlns="urn:mistyped"', 'xmlns:n="http://iptc.org/std/nar/2006-10-01/"']
)
def test_the_namespace_does_not_matter(read_one, namespace):
    item = make_item().replace(NAR, namespace)
    if ":n=" in namespace:
        for name in ("newsItem", "itemMeta", "itemClass", "contentMeta", "contentSet", "inlineXML"):
            item = item.replace(f"<{name}", f"<n:{name}").replace(f"</{name}", f"</n:{name}")
    article, _ = read_one(item)
    assert article.text == TEXT


def test_a_time_without_a_zone_is_the_agencys_unless_the_source_has_one(read_one):
    item = make_item(guid="urn:newsml:stt.fi:1").replace("+01:00", "")
    article, metadata = read_one(item)
    assert article.publisher == "stt"
    assert article.published_at == datetime(2025, 2, 3, 8, 30, tzinfo=UTC)
    assert (metadata["agency_country"], metadata["agency_city"]) == ("FI", "Helsinki")
    elsewhere = SourceProfile(time_zone="America/New_York")
    assert read_one(item, profile=elsewhere)[0].published_at.hour == 15


def test_the_publisher_of_an_unknown_agency_is_its_source_or_its_name(read_one):
    item = make_item().replace(
        'qcode="nprov:EXAMPLE"', 'literal="Example News & Co."'.replace("&", "&amp;")
    )
    assert read_one(item)[0].publisher == "example-news-co"
    assert read_one(item, profile=SourceProfile(publisher="ex"))[0].publisher == "ex"


def test_who_wrote_it_is_no_agency(read_one):
    creators = '<creator literal="Reuters"/><creator><name>Ada Example</name></creator>'
    item = make_item(guid="tag:reuters.com,2025:newsml_1", about=creators)
    assert read_one(item)[0].byline == "Ada Example"


def test_line_ends_of_an_agency_that_means_them_are_kept(read_one):
    item = make_item(
        XHTML.format("<p>Results\nA 2 B 0  \nC 1 D 1</p>"), guid="tag:reuters.com,2025:1"
    )
    assert read_one(item)[0].text == "Results\nA 2 B 0\nC 1 D 1"


def test_sections_for_editors_are_no_part_of_the_story(read_one):
    notes = '<section class="notepad public"><p>Contact: desk</p></section>'
    item = make_item(XHTML.format(f'<section class="main">{STORY}</section>{notes}'))
    assert "Contact" in read_one(item)[0].text
    own = item.replace("urn:newsml:agency.example", "urn:newsml:dpa.com")
    assert read_one(own)[0].text == TEXT


@pytest.mark.parametrize(
    ("document", "reason"),
    [
        (f"<newsMessage {NAR}><itemSet/></newsMessage>", "broken_record"),
        (make_item()[:-10], "broken_record"),
        (f'<!DOCTYPE newsItem [<!ENTITY a "b">]>{make_item()}', "unsafe_input"),
    ],
)
def test_a_file_without_items_is_one_reject(read, document, reason):
    (reject,) = read(document, format_="newsml_g2")
    assert reject.reason == reason


def test_a_file_over_the_limit_is_a_reject(read):
    (reject,) = read(make_item(), settings=Settings(max_record_bytes=100))
    assert reject.reason == "too_large"


def test_a_byline_that_names_nobody_gives_way_to_that_of_the_text(read_one):
    story = "<p>By Ada Example</p><p>The port is shut, the minister said on Monday.</p>"
    nitf = (
        "<nitf><body><body.head><byline>By <person>Staff Reporter</person></byline></body.head>"
        f"<body.content>{story}</body.content></body></nitf>"
    )
    item = make_item(f"<inlineXML>{nitf}</inlineXML>", guid="BD-20250203103000")
    assert read_one(item)[0].byline == "By Ada Example"
    assert read_one(item.replace("BD-", "XX-"))[0].byline == "By Staff Reporter"
