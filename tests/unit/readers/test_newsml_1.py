import json
from datetime import UTC, datetime

import pytest

STORY = "<p>Dockers in Odense went on strike.</p><p>They want more pay.</p>"
TEXT = "Dockers in Odense went on strike.\n\nThey want more pay."
LINES = "<NewsLines><HeadLine>Dockers strike</HeadLine></NewsLines>"


def make_content(data, *, kind="Text", format_="", mime=""):
    return (
        f'<ContentItem><MediaType FormalName="{kind}"/><Format FormalName="{format_}"/>'
        f'<MimeType FormalName="{mime}"/><DataContent>{data}</DataContent></ContentItem>'
    )


def make_component(inner, role=""):
    return f"<NewsComponent>{f'<Role FormalName={role!r}/>' if role else ''}{inner}</NewsComponent>"


def make_item(components, *, management="", id_="1", name="agency.example"):
    return (
        "<NewsItem><Identification><NewsIdentifier>"
        f"<ProviderId>{name}</ProviderId><DateId>20250203</DateId><NewsItemId>{id_}</NewsItemId>"
        '<RevisionId PreviousRevision="0" Update="N">2</RevisionId>'
        f"<PublicIdentifier>urn:newsml:{name}:20250203:{id_}:2</PublicIdentifier>"
        "</NewsIdentifier><NameLabel>docks-strike</NameLabel></Identification><NewsManagement>"
        '<NewsItemType FormalName="News"/><FirstCreated>20250203T080000Z</FirstCreated>'
        f"<ThisRevisionCreated>20250203T093000Z</ThisRevisionCreated>{management}"
        f"</NewsManagement>{components}</NewsItem>"
    )


def make_file(*items):
    return (
        '<?xml version="1.0"?><NewsML Version="1.2"><NewsEnvelope><DateAndTime>20250203T100000Z'
        '</DateAndTime><Priority FormalName="4"/></NewsEnvelope>' + "".join(items) + "</NewsML>"
    )


@pytest.fixture
def read(read_input):
    """Return a function that reads items of one file and returns its articles and rejects."""
    return lambda *items, **options: read_input(make_file(*items).encode(), "a.xml", **options)


@pytest.fixture
def read_one(read):
    """Return a function that reads one story and returns the article and its metadata."""

    def read_one(item, **options):
        (article,) = read(item, **options)
        return article, json.loads(article.source_metadata)

    return read_one


def test_the_fields_of_an_item_are_read(read_one):
    article, metadata = read_one(
        make_item(
            make_component(
                "<NewsLines><HeadLine>Dockers strike</HeadLine><SubHeadLine>No ships</SubHeadLine>"
                "<ByLine>Ada Example</ByLine><DateLine>Odense, Feb 3 (EX)</DateLine>"
                "<CopyrightLine>(c) 2025</CopyrightLine><SlugLine>DOCKS</SlugLine>"
                "<KeywordLine>strike</KeywordLine></NewsLines>"
                '<AdministrativeMetadata><Provider><Party FormalName="Example"/></Provider>'
                "</AdministrativeMetadata><DescriptiveMetadata>"
                '<Language FormalName="en"/><Genre FormalName="Current"/>'
                '<SubjectCode><Subject FormalName="09000000" Scheme="IPTC"/></SubjectCode>'
                '<Location><Property FormalName="Country" Value="DNK"/>'
                '<Property FormalName="City" Value="Odense"/></Location></DescriptiveMetadata>'
                + make_component(make_content(STORY))
            ),
            management='<Status FormalName="Usable"/><Urgency FormalName="3"/>',
        )
    )
    assert article.source_id == "urn:newsml:agency.example:20250203:1:2"
    assert (article.headline, article.byline) == ("Dockers strike", "Ada Example")
    assert (article.publisher, article.declared_language) == ("example", "en")
    assert article.published_at == datetime(2025, 2, 3, 9, 30, tzinfo=UTC)
    assert article.text == TEXT
    assert metadata == {
        "agency": "Example",
        "copyright_notice": "(c) 2025",
        "dateline": "Odense, Feb 3 (EX)",
        "first_created": "2025-02-03T08:00:00+00:00",
        "genre": [{"name": "Current"}],
        "item_type": "text",
        "keywords": ["strike"],
        "place": [
            {"code": "DNK", "scheme": "country"},
            {"name": "Odense", "scheme": "city"},
        ],
        "priority": 4,
        "profile": "News",
        "slugline": "DOCKS",
        "status": "usable",
        "subheadline": "No ships",
        "subjects": [{"code": "09000000", "scheme": "IPTC"}],
        "uri": "urn:newsml:agency.example:20250203:1:2",
        "urgency": 3,
        "version": "2",
    }


NITF = (
    "<nitf><head><docdata><key-list><keyword key='docks'/></key-list></docdata></head><body>"
    f"<body.head><byline>Bo Example</byline></body.head><body.content>{STORY}</body.content>"
    "</body></nitf>"
)


@pytest.mark.parametrize(
    "data",
    [
        STORY,
        f'<html xmlns="http://www.w3.org/1999/xhtml"><head><title>x</title></head><body>{STORY}</body></html>',
        NITF,
        f"<![CDATA[{STORY}]]>",
        STORY.replace("<", "&lt;").replace(">", "&gt;"),
        TEXT,
        "Dockers in Odense went on strike.\n   They want more pay.",
    ],
)
def test_the_text_is_read_whatever_it_is_wrapped_in(read_one, data):
    article, _ = read_one(make_item(make_component(LINES + make_component(make_content(data)))))
    assert (article.headline, article.text) == ("Dockers strike", TEXT)


def test_what_an_item_leaves_to_its_nitf_is_taken_from_there(read_one):
    article, metadata = read_one(make_item(make_component(LINES + make_content(NITF))))
    assert article.byline == "Bo Example"
    assert metadata["keywords"] == ["docks"]


def test_only_the_body_is_the_story(read_one):
    parts = {
        "StyleSheet": make_content(".a {color: red}", format_="CSS", mime="text/css"),
        "HeadLine": make_content("<p>Dockers strike</p>"),
        "SubHeadLine": make_content("<p>No ships</p>"),
        "Contact": make_content("<p>Cy Example<br/>Phone 123</p>"),
        "Caption": make_content("<p>A quay.</p>"),
        "Logo": make_content("", kind="Photo", format_="JPEG Baseline", mime="image/jpeg"),
        "Body": make_content(STORY),
    }
    inner = "".join(make_component(content, role) for role, content in parts.items())
    article, metadata = read_one(make_item(make_component(inner)))
    assert (article.text, article.headline) == (TEXT, "Dockers strike")
    assert metadata["subheadline"] == "No ships"
    assert metadata["contact"] == ["Cy Example\nPhone 123"]
    assert metadata["captions"] == ["A quay."]


def test_of_two_renditions_the_first_is_read_and_of_two_parts_both(read_one):
    renditions = make_content(STORY, format_="NITF") + make_content(TEXT, format_="Plain")
    assert read_one(make_item(make_component(LINES + renditions)))[0].text == TEXT
    parts = make_content("<p>One.</p>") + make_content("<p>Two.</p>")
    assert read_one(make_item(make_component(LINES + parts)))[0].text == "One.\n\nTwo."


def test_components_with_headlines_of_their_own_are_stories_of_their_own(read):
    languages = "".join(
        make_component(
            f"<NewsLines><HeadLine>{headline}</HeadLine></NewsLines><DescriptiveMetadata>"
            f'<Language FormalName="{code}"/></DescriptiveMetadata>'
            + make_component(make_content(f"<p>{text}</p>"), "Body")
        )
        for code, headline, text in (
            ("en", "Strike", "The dockers have been on strike since Monday morning."),
            ("de", "Streik", "Die Hafenarbeiter sind seit Montag früh im Streik."),
        )
    )
    found = read(
        make_item(make_component(languages)),
        make_item(make_component(make_content(STORY)), id_="9"),
    )
    assert [a.record_number for a in found] == [1, 2, 3]
    assert [a.headline for a in found] == ["Strike", "Streik", None]
    assert [a.declared_language for a in found] == ["en", "de", None]
    assert len({a.source_id for a in found}) == 3


@pytest.mark.parametrize(
    ("components", "what"),
    [
        (make_component(make_content("", kind="Photo")), "no text but Photo"),
        (
            make_component(make_content("", kind="Graphic") + make_content("", kind="Video")),
            "Graphic, Video",
        ),
        (make_component(make_content("<p>A quay.</p>", kind="Photo")), "no text but Photo"),
        (make_component(make_component(make_content("<p>A quay.</p>"), "Caption")), "no text"),
        (make_component('<NewsItemRef NewsItem="urn:other"/>'), "a package"),
        ("<TopicSet/>", "a set of topics"),
        (make_component(make_content(" ")), "an empty stub"),
        ("", "an empty stub"),
    ],
)
def test_what_is_no_story_is_rejected_as_what_it_is(read, components, what):
    (reject,) = read(make_item(components))
    assert (reject.reason, reject.record_number) == ("not_an_article", 1)
    assert what in reject.detail
    assert "urn:newsml:agency.example:20250203:1:2" in reject.detail


def test_a_cancelled_story_with_a_text_is_kept_and_says_so(read_one):
    management = '<Status FormalName="Canceled"/>'
    article, metadata = read_one(
        make_item(make_component(make_content(STORY)), management=management)
    )
    assert article.text == TEXT
    assert metadata["status"] == "canceled"


def test_a_profile_tells_the_agency_and_its_fields(read_one):
    words = (
        '<Metadata><Property FormalName="BWCountryKeywords" Value="Denmark"/>'
        '<Property FormalName="BWIndustryKeywords" Value="Ports"/></Metadata>'
    )
    item = make_item(make_component(words + LINES + make_content(STORY)), name="businesswire.com")
    article, metadata = read_one(item)
    assert article.publisher == "business-wire"
    assert metadata["keywords"] == ["Denmark", "Ports"]


@pytest.mark.parametrize(
    ("dateline", "place"),
    [
        ("Strasbourg, 10 juil 2024 (AFP)", "Strasbourg"),
        ("SYDNEY March 22 AAP -", "SYDNEY"),
        ("Corfu, Greece", "Corfu"),
        ("København", "København"),
        ("2024-07-16 15:53:10 GMT", None),
    ],
)
def test_the_place_is_that_of_the_dateline_where_no_other_is_stated(read_one, dateline, place):
    lines = f"<NewsLines><DateLine>{dateline}</DateLine></NewsLines>"
    _, metadata = read_one(make_item(make_component(lines + make_content(STORY))))
    assert metadata.get("place") == (place and [{"name": place, "scheme": "city"}])


def test_an_item_of_endless_stories_is_a_reject(read):
    stories = make_component(LINES + make_content(STORY)) * 101
    (reject,) = read(make_item(stories))
    assert (reject.reason, "101 stories" in reject.detail) == ("too_large", True)


def test_a_file_without_items_is_a_reject(read):
    (reject,) = read()
    assert reject.reason == "broken_record"
