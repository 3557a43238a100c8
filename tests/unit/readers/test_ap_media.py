import json

import pytest

from include.eventwire.readers import load_reader

ITEM = {
    "uri": "https://api.example/media/v/content/5ee9?qt=KEY&et=0a1",
    "altids": {"itemid": "5ee9", "etag": "5ee9_0a1"},
    "version": 2,
    "type": "text",
    "urgency": 4,
    "editorialpriority": "r",
    "language": "en",
    "versioncreated": "2024-03-04T12:30:00Z",
    "firstcreated": "2024-03-04T09:00:00Z",
    "pubstatus": "usable",
    "ednote": "Adds quote.",
    "headline": "Mediators arrive",
    "slugline": "AF--Talks",
    "bylines": [{"by": "By JANE ROE", "title": "Associated Press"}, {"by": "By JOHN DOE"}],
    "usageterms": ["Editorial use only."],
    "provider": "AP",
    "signals": ["newscontent"],
    "datelinelocation": {"city": "Nairobi", "countryname": "KENYA", "geometry_geojson": {}},
    "subject": [
        {"rels": ["category"], "code": "i", "name": "International", "scheme": "ap"},
        {"rels": ["direct"], "code": "x1", "name": "Peace talks"},
    ],
    "renditions": {"nitf": {"href": "https://api.example/f?key=KEY"}, "anpa": {}},
}
WITH_TEXT = {**ITEM, "body_nitf": "<block><p>Two came.</p><p>Talks begin.</p></block>"}


def answer(data):
    return json.dumps({"api_version": "1.1", "id": "r1", "data": data}).encode()


@pytest.fixture
def read_raw(make_context):
    """Return a function that reads bytes with the reader alone."""

    def read_raw(data):
        context = make_context(data, "answer.json", format_="ap_media")
        return list(load_reader("ap_media")(context))

    return read_raw


@pytest.mark.parametrize(
    "data",
    [
        answer({"meta": {}, "item": WITH_TEXT}),
        answer({"items": [{"meta": {}, "item": WITH_TEXT}]}),
        json.dumps({"meta": {}, "item": WITH_TEXT}).encode(),
    ],
)
def test_the_fields_of_a_story(read_input, read_raw, data):
    (article,) = read_input(data, "answer.json")
    assert article.input_format == "ap_media"
    (raw,) = read_raw(data)
    assert raw.text == "Two came.\n\nTalks begin."
    assert (raw.source_id, raw.publisher, raw.language) == ("5ee9", "AP", "en")
    # The key of the customer is not kept.
    assert raw.url == "https://api.example/media/v/content/5ee9"
    assert (raw.headline, raw.byline) == ("Mediators arrive", "By JANE ROE, By JOHN DOE")
    assert raw.published_at == "2024-03-04T12:30:00Z"
    metadata = dict(raw.metadata)
    assert [subject["code"] for subject in metadata.pop("subjects")] == ["i", "x1"]
    assert metadata == {
        "agency": "AP",
        "alternative_ids": [
            {"code": "5ee9", "scheme": "itemid"},
            {"code": "5ee9_0a1", "scheme": "etag"},
        ],
        "category": [{"code": "i", "name": "International", "scheme": "ap"}],
        "editorial_note": "Adds quote.",
        "first_created": "2024-03-04T09:00:00Z",
        "item_type": "text",
        "located": "Nairobi, KENYA",
        "priority": "r",
        "signals": ["newscontent"],
        "slugline": "AF--Talks",
        "status": "usable",
        "urgency": 4,
        "usage_terms": ["Editorial use only."],
        "version": 2,
    }


def test_a_story_whose_text_is_elsewhere_tells_where(read_raw):
    (reject,) = read_raw(answer({"item": ITEM}))
    assert reject.reason == "empty_text"
    assert "5ee9" in reject.detail
    assert "(anpa, nitf)" in reject.detail
    assert "KEY" not in reject.detail


@pytest.mark.parametrize("kind", ["picture", "video", "graphic", "audio", "composite"])
def test_what_is_no_text_is_no_article(read_raw, kind):
    (reject,) = read_raw(answer({"item": {**WITH_TEXT, "type": kind}}))
    assert reject.reason == "not_an_article"
    assert kind in reject.detail


def test_a_feed_gives_each_item_its_number(read_raw):
    items = [{"item": ITEM}, "x", {"item": 3}, {"item": WITH_TEXT}, WITH_TEXT]
    found = read_raw(answer({"items": items}))
    assert [record.record_number for record in found] == [1, 2, 3, 4, 5]
    assert [getattr(record, "reason", None) for record in found] == [
        *("empty_text", "broken_record", "broken_record"),
        *(None, None),
    ]


@pytest.mark.parametrize(
    "data",
    [
        b"{}",
        b"[]",
        b"[[]]",
        b'"x"',
        answer(None),
        answer([]),
        answer({"items": {}}),
        answer({"item": "x"}),
        b'{"data": ' * 50_000,
        answer({"item": ITEM})[:-40],
    ],
    ids=lambda data: repr(data[:40]),
)
def test_other_answers_are_rejects(read_raw, data):
    found = read_raw(data)
    assert [record.reason for record in found] == ["broken_record"] * len(found)
    assert len(found) == (data != b"[]")


@pytest.mark.parametrize("value", [None, True, 0, 1.5, "x", [], [[]], ["x"], {}, {"a": {}}])
@pytest.mark.parametrize("name", [*ITEM, "body_html"])
def test_no_kind_of_value_in_any_field_stops_the_reader(read_raw, name, value):
    assert len(read_raw(answer({"item": {**WITH_TEXT, name: value}}))) == 1
