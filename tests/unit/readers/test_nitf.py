import json
from datetime import UTC, datetime

import pytest

DATA = '<doc-id id-string="ex-77"/><date.issue norm="20250203T103000+0100"/>'
BODY = "<p>The ferry sank off Corfu on Monday.</p><p>Nobody was hurt.</p>"
TEXT = "The ferry sank off Corfu on Monday.\n\nNobody was hurt."


def make_document(body=BODY, *, data=DATA, status="", head="", body_head="", end=""):
    return (
        '<?xml version="1.0"?><!DOCTYPE nitf SYSTEM "nitf-3-2.dtd">'
        f'<nitf baselang="en-US"><head><title>A slug</title>{head}<docdata{status}>{data}</docdata>'
        f"</head><body><body.head>{body_head}</body.head><body.content>{body}</body.content>"
        f"<body.end>{end}</body.end></body></nitf>"
    )


@pytest.fixture
def read(read_input):
    """Return a function that reads one document and returns its articles and rejects."""
    return lambda document, **options: read_input(document.encode(), "story.xml", **options)


@pytest.fixture
def read_one(read):
    """Return a function that reads one story and returns the article and its metadata."""

    def read_one(document, **options):
        (article,) = read(document, **options)
        return article, json.loads(article.source_metadata)

    return read_one


def test_the_fields_of_a_document_are_read(read_one):
    article, metadata = read_one(
        make_document(
            status=' management-status="usable"',
            data='<evloc city="Corfu" iso-cc="GRC"/><doc-id id-string="ex-77"/>'
            '<del-list><from-src src-name="Example Wire"/></del-list><urgency ed-urg="2"/>'
            '<date.issue norm="20250203T103000+0100"/><date.release norm="20250203T180000+0100"/>'
            '<date.expire norm="20250303T000000Z"/><du-key key="ferry" version="2"/>'
            '<ed-msg info="Adds count"/><doc.copyright year="2025" holder="Example Wire"/>'
            '<doc.rights limitations="online only"/>'
            '<key-list><keyword key="ferry"/><keyword key="Corfu"/></key-list>',
            head='<meta name="anpa-category" content="i"/>'
            '<meta name="anpa-sequence" content="0815"/>'
            '<meta name="anpa-wordcount" content="0010"/><tobject tobject.type="News">'
            '<tobject.property tobject.property.type="Current"/><tobject.subject '
            'tobject.subject.refnum="03000000" tobject.subject.type="Disaster" '
            'tobject.subject.matter="Shipwreck" tobject.subject.detail=""/></tobject>'
            '<pubdata ex-ref="https://wire.example/77"/>',
            body_head="<hedline><hl1>Ferry <em>sinks</em></hl1><hl2>No one hurt</hl2></hedline>"
            "<byline>By <person>Ada Example</person>,\n<person>Bo Example</person>"
            "<byttl>Example Wire</byttl></byline><dateline><location><city>Corfu</city>, "
            '<country iso-cc="GR">Greece</country></location></dateline>'
            "<abstract><p>A ferry sank.</p><p>All are safe.</p></abstract>",
            end="<tagline>Cy Example contributed.</tagline>",
        )
    )
    assert (article.source_id, article.url) == ("ex-77", "https://wire.example/77")
    assert (article.headline, article.byline) == ("Ferry sinks", "By Ada Example, Bo Example")
    assert (article.publisher, article.declared_language) == ("example-wire", "en")
    assert article.published_at == datetime(2025, 2, 3, 9, 30, tzinfo=UTC)
    assert article.text == TEXT
    assert metadata == {
        "abstract": "A ferry sank.\n\nAll are safe.",
        "agency": "Example Wire",
        "category": [{"code": "i"}],
        "copyright_holder": "Example Wire",
        "dateline": "Corfu, Greece",
        "editorial_note": "Adds count",
        "embargoed_until": "2025-02-03T17:00:00+00:00",
        "expires_at": "2025-03-03T00:00:00+00:00",
        "genre": [{"name": "Current"}],
        "item_type": "text",
        "keywords": ["ferry", "Corfu"],
        "place": [
            {"name": "Corfu", "scheme": "city"},
            {"code": "GR", "name": "Greece", "scheme": "country"},
            {"code": "GRC", "scheme": "country"},
        ],
        "provider_sequence": "0815",
        "slugline": "ferry",
        "status": "usable",
        "subheadline": "No one hurt",
        "subjects": [{"code": "03000000", "name": "Shipwreck", "scheme": "IPTC"}],
        "tagline": "Cy Example contributed.",
        "urgency": 2,
        "usage_terms": "online only",
        "version": "2",
        "word_count": 10,
    }


@pytest.mark.parametrize(
    ("body", "text"),
    [
        ("<block><hl2>Head</hl2><p>One.</p></block><p>Two.</p>", "Head\n\nOne.\n\nTwo."),
        ("<p>One <person>Ada <name.given>E.</name.given></person>.</p>", "One Ada E.."),
        (
            "<p>A</p><ul><li>B</li><li>C</li></ul><bq><block><p>D</p></block></bq>",
            "A\n\nB\n\nC\n\nD",
        ),
        (
            "<p>Table:</p><table><tr><th>A</th><th>B</th></tr><tr><td>1</td><td>2</td></tr></table>",
            "Table:\n\nA\tB\n1\t2",
        ),
        (
            '<media media-type="image"><media-reference source="a.jpg"/><media-caption>A ship.'
            "</media-caption></media><p>One.</p>",
            "One.",
        ),
        ("<p>caf&eacute;&nbsp;bar</p>", "café bar"),
        ("<pre>a  1\nb  2</pre>", "a 1\nb 2"),
        ("&lt;p&gt;Escaped.&lt;/p&gt;&lt;p&gt;Twice.&lt;/p&gt;", "Escaped.\n\nTwice."),
        ("<p>One.</p><p/><p> </p><p>Two.</p>", "One.\n\nTwo."),
    ],
)
def test_the_body_becomes_paragraphs(read_one, body, text):
    assert read_one(make_document(body))[0].text == text


def test_a_note_to_editors_is_none_of_the_body(read_one):
    note = '<note noteclass="editorsnote"><body.content><p>Mind the tide.</p></body.content></note>'
    article, metadata = read_one(make_document(body_head=note))
    assert article.text == TEXT
    assert metadata["editorial_note"] == "Mind the tide."


def test_a_body_without_its_parts_is_the_story_without_its_head(read_one):
    document = make_document(body_head="<hedline><hl1>Ferry sinks</hl1></hedline>")
    loose = document.replace("<body.content>", "").replace("</body.content>", "")
    assert read_one(loose)[0].text == TEXT


def test_a_title_is_the_headline_where_there_is_no_other(read_one):
    assert read_one(make_document())[0].headline == "A slug"


@pytest.mark.parametrize(
    ("data", "hour"),
    [
        ('<date.issue norm="YYYYMMDD000000-HHMM"/><date.release norm="20250203T120000Z"/>', 12),
        ('<date.release norm="20250203T110000Z"/>', 11),
    ],
)
def test_the_first_date_that_is_one_counts(read_one, data, hour):
    article, metadata = read_one(make_document(data=data))
    assert article.published_at == datetime(2025, 2, 3, hour, tzinfo=UTC)
    assert "embargoed_until" not in metadata


def test_a_cancelled_story_with_a_text_is_kept_and_says_so(read_one):
    article, metadata = read_one(make_document(status=' management-status="canceled"'))
    assert article.text == TEXT
    assert metadata["status"] == "canceled"


@pytest.mark.parametrize(
    ("body", "what"),
    [
        ('<media media-type="image"><media-caption>A ship.</media-caption></media>', "but image"),
        ("", "an empty stub"),
        ("<p> </p>", "an empty stub"),
    ],
)
def test_a_document_without_a_story_is_rejected_as_what_it_is(read, body, what):
    (reject,) = read(make_document(body))
    assert reject.reason == "not_an_article"
    assert what in reject.detail
    assert "ex-77" in reject.detail


def test_an_agency_whose_lines_are_hard_wrapped_has_paragraphs(read_one):
    body = "<p>   The ferry <br/>sank off <br />Corfu.</p><p/><p>Nobody was hurt.</p>"
    data = '<doc-id id-string="AAP.1.2"/><date.issue norm="20250203T103000"/>'
    article, metadata = read_one(make_document(body, data=data))
    assert article.text == "The ferry sank off Corfu.\n\nNobody was hurt."
    assert article.publisher == "aap"
    # Half past ten in Sydney, in summer.
    assert article.published_at == datetime(2025, 2, 2, 23, 30, tzinfo=UTC)
    assert metadata["agency_country"] == "AU"


def test_a_file_of_something_else_is_a_reject(read):
    (reject,) = read("<other/>", format_="nitf")
    assert (reject.reason, reject.record_number) == ("broken_record", 1)


def test_several_documents_in_one_file_are_several_records(read):
    one, two = (make_document().partition('dtd">')[2].replace("ex-77", f"ex-{n}") for n in "12")
    found = read(f"<batch>{one}{two}</batch>", format_="nitf")
    assert [(a.record_number, a.source_id) for a in found] == [(1, "ex-1"), (2, "ex-2")]


@pytest.mark.parametrize(
    ("holder", "publisher", "field", "value"),
    [
        ("Press Association", "pa", "category", [{"code": "E"}]),
        ("Agencia EFE", "efe", "slugline", "key word"),
        ("The Canadian Press. All rights reserved.", "cp", "slugline", "A slug"),
        ("NTB", "ntb", "slugline", "stikkord"),
    ],
)
def test_what_an_agency_puts_elsewhere_is_found(read_one, holder, publisher, field, value):
    data = (
        f'{DATA}<doc.copyright holder="{holder}"/><doc-scope scope="SHOWBIZ"/>'
        '<key-list><keyword key="key word"/></key-list>'
    )
    head = '<meta name="category" content="HHH"/><meta name="NTBStikkord" content="stikkord"/>'
    article, metadata = read_one(make_document(data=data, head=head))
    assert (article.publisher, metadata[field]) == (publisher, value)
