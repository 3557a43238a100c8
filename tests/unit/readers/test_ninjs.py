import json
from datetime import UTC, datetime

import pytest

from include.eventwire.readers import load_reader
from include.eventwire.readers.ninjs_schemas import find_violation
from include.eventwire.records import Article

TEXT = "NAIROBI (Wire) -- Two mediators arrived on Monday.\n\nTalks begin on Friday."
BODY = f"<p>{TEXT.split(chr(10))[0]}</p><p>{TEXT.split(chr(10))[2]}</p>"

# One story in the words of each major version.
VERSION_1 = {
    "$standard": {"name": "ninjs", "version": "1.5"},
    "uri": "http://wire.example/items/1",
    "type": "text",
    "version": "2",
    "firstcreated": "2024-03-04T09:00:00Z",
    "versioncreated": "2024-03-04T12:30:00+03:00",
    "embargoed": "2024-03-05T00:00:00Z",
    "pubstatus": "usable",
    "urgency": 3,
    "usageterms": "No archive.",
    "ednote": "Adds quote.",
    "language": "en-GB",
    "profile": "text-only",
    "infosource": [{"name": "The Wire"}],
    "genre": [{"name": "Current", "code": "Current"}],
    "place": [{"name": "Nairobi", "rel": "about", "scheme": "geo", "code": "184745"}],
    "subject": [{"name": "peace talks", "scheme": "http://cv/", "code": "20000070"}],
    "headline": "Mediators arrive",
    "byline": "By Jane Roe",
    "slugline": "Kenya-talks",
    "wordcount": 12,
    "description_text": "Mediators are in Nairobi.",
    "body_text": TEXT.replace("\n\n", " "),
    "body_html": BODY,
}
VERSION_2 = {
    "uri": "http://wire.example/items/1",
    "type": "text",
    "version": "2",
    "firstcreated": "2024-03-04T09:00:00Z",
    "versioncreated": "2024-03-04T12:30:00+03:00",
    "embargoed": "2024-03-05T00:00:00Z",
    "pubstatus": "usable",
    "urgency": 3,
    "usageterms": "No archive.",
    "ednote": "Adds quote.",
    "language": "en-GB",
    "profile": "text-only",
    "infosources": [{"name": "The Wire"}],
    "genres": [{"name": "Current", "literal": "Current"}],
    "places": [{"name": "Nairobi", "rel": "about", "uri": "geo/184745"}],
    "subjects": [{"name": "peace talks", "uri": "http://cv//20000070"}],
    "headlines": [
        {"role": "short", "value": "Talks"},
        {"role": "main", "value": "Mediators arrive"},
    ],
    "by": "By Jane Roe",
    "slugline": "Kenya-talks",
    "descriptions": [{"role": "caption", "value": "No."}, {"value": "Mediators are in Nairobi."}],
    "bodies": [
        {"role": "plain", "contenttype": "text/plain", "value": "All in one line."},
        {"role": "main", "contenttype": "text/html", "wordcount": 12, "value": BODY},
    ],
}
_RENAMED = {
    **{"firstcreated": "firstCreated", "versioncreated": "versionCreated", "ednote": "edNote"},
    **{"embargoed": "embargoedUntil", "pubstatus": "pubStatus", "usageterms": "usageTerms"},
    **{"infosources": "infoSources", "contenttype": "contentType", "wordcount": "wordCount"},
}


def rename(value):
    if isinstance(value, list):
        return [rename(part) for part in value]
    if isinstance(value, dict):
        return {_RENAMED.get(name, name): rename(part) for name, part in value.items()}
    return value


VERSION_3 = rename(VERSION_2)
ALL = [VERSION_1, VERSION_2, VERSION_3]


def write(value):
    return json.dumps(value).encode()


@pytest.fixture
def read_raw(make_context):
    """Return a function that reads a value with the reader alone."""

    def read_raw(value, **kwargs):
        context = make_context(write(value), "item.json", format_="ninjs", **kwargs)
        return list(load_reader("ninjs")(context))

    return read_raw


@pytest.mark.parametrize("item", ALL, ids=["1.x", "2.x", "3.x"])
def test_all_versions_give_the_same_article(read_raw, item):
    (raw,) = read_raw(item)
    assert raw.text == TEXT
    assert raw.source_id == raw.url == "http://wire.example/items/1"
    assert (raw.headline, raw.byline) == ("Mediators arrive", "By Jane Roe")
    assert (raw.publisher, raw.language) == ("The Wire", "en-GB")
    assert raw.published_at == "2024-03-04T12:30:00+03:00"
    metadata = dict(raw.metadata)
    (subject,) = metadata.pop("subjects")
    (place,) = metadata.pop("place")
    assert (subject["code"], subject["name"]) == ("20000070", "peace talks")
    assert (place["code"], place["name"], place["scheme"]) == ("184745", "Nairobi", "geo")
    assert metadata == {
        "abstract": "Mediators are in Nairobi.",
        "editorial_note": "Adds quote.",
        "embargoed_until": "2024-03-05T00:00:00Z",
        "first_created": "2024-03-04T09:00:00Z",
        "genre": [{"code": "Current", "name": "Current"}],
        "info_sources": [{"name": "The Wire"}],
        "item_type": "text",
        "profile": "text-only",
        "slugline": "Kenya-talks",
        "status": "usable",
        "urgency": 3,
        "usage_terms": "No archive.",
        "version": "2",
        "word_count": 12,
    }


@pytest.mark.parametrize("item", ALL, ids=["1.x", "2.x", "3.x"])
def test_files_of_items_are_told_by_their_content(read_input, item):
    line = write(item)
    for data in (line, b"[" + line + b"," + line + b"]", line + b"\n" + line + b"\n"):
        articles = read_input(data, "items.json")
        assert {article.input_format for article in articles} == {"ninjs"}
        assert articles[0].published_at == datetime(2024, 3, 4, 9, 30, tzinfo=UTC)
        assert [article.record_number for article in articles] == list(range(1, len(articles) + 1))


@pytest.mark.parametrize(
    ("item", "rule"),
    [
        ({}, "$: 'uri' is a required property"),
        ({"uri": "a", "nonsense": 1}, "additional properties are not allowed: 'nonsense'"),
        ({"uri": 3}, "$.uri: 3 is not of type 'string'"),
        ({"uri": "a", "urgency": 10}, "$.urgency: 10 is greater than the maximum of 9"),
        ({"uri": "a", "urgency": 2.5}, "$.urgency: 2.5 is not of type 'integer'"),
        ({"uri": "a", "body_text": ["x"]}, "$.body_text: ['x'] is not of type 'string'"),
        ({"uri": "a", "bodies": [{"role": "main"}]}, "$.bodies[0]: 'value' is a required property"),
        ({"uri": "a", "versionCreated": 5, "bodies": []}, "$.versionCreated: 5 is not of type"),
        (
            {"uri": "a", "associations": {"x": {"type": "picture"}}},
            "$.associations.x: 'uri' is a required property",
        ),
        (
            {"uri": "a", "headlines": [], "associations": [{"uri": "b"}]},
            "$.associations[0]: 'name' is a required property",
        ),
        (
            {"uri": "a", "rightsinfo": {"linkedrights": "b", "encodedrights": "c"}},
            "$.rightsinfo: exactly one of these must hold",
        ),
        ({"uri": "a", "title": None}, "$.title: None is not of type 'string'"),
        ({"uri": "a", "person": {"name": "Roe"}}, "$.person:"),
    ],
)
def test_a_broken_rule_is_named_with_its_path(read_input, item, rule):
    (reject,) = read_input(write(item), "item.json", format_="ninjs")
    assert (reject.record_number, reject.reason) == (1, "broken_record")
    assert rule in reject.detail
    assert "(ninjs " in reject.detail


@pytest.mark.parametrize(
    ("item", "version", "is_valid"),
    [
        ({"uri": "a", "type": "component"}, "1.1", False),
        ({"uri": "a", "type": "component"}, "1.2", True),
        ({"uri": "a", "type": "component"}, None, True),
        ({"uri": "a", "ednote": "x"}, "1.1", False),
        ({"uri": "a", "ednote": "x"}, "1.2", True),
        ({"uri": "a", "place": [{"geometry_x": {}}]}, "1.0", False),
        ({"uri": "a", "place": [{"geometry_x": {}}]}, "1.1", True),
        ({"uri": "a", "digitalsourcetype": {"name": "x"}}, "1.5", False),
        ({"uri": "a", "digitalsourcetype": {"name": "x"}}, "1.6", True),
        ({"uri": "a", "advices": [{"importance": {"code": "x"}}]}, "1.6", False),
        ({"uri": "a", "advices": [{"importance": {"code": "x"}}]}, None, True),
        ({"uri": "a", "bodies": [], "expires": "x"}, "2.0", False),
        ({"uri": "a", "bodies": [], "expires": "x"}, "2.1", True),
        ({"uri": "a", "digitalSourceType": {"name": "x"}}, "3.0", False),
        ({"uri": "a", "digitalSourceType": {"name": "x"}}, "3.1", True),
        ({"uri": "a", "type": "event"}, "2.2", False),
        ({"uri": "a", "type": "event"}, "3.0", True),
    ],
)
def test_each_version_has_its_own_fields(item, version, is_valid):
    assert (find_violation(item, version=version) == "") is is_valid


@pytest.mark.parametrize(
    ("standard", "is_valid"),
    [
        ({"name": "ninjs", "version": "1.3"}, False),
        ({"name": "ninjs", "version": "1.4"}, True),
        ({"schema": "http://www.iptc.org/std/ninjs/ninjs-schema_1.3.json"}, False),
        ({"name": "ninjs", "version": "latest"}, True),
        # Newer than those known: what it may hold is not known either.
        ({"name": "ninjs", "version": "1.9"}, True),
        ("1.3", False),
    ],
)
def test_the_version_that_an_item_declares_counts(standard, is_valid):
    item = {"uri": "a", "headline": "b", "expires": "2024-01-01", "$standard": standard}
    assert (find_violation(item) == "") is is_valid


def test_a_schema_of_a_provider_may_add_fields_but_not_change_them(read_raw):
    standard = {"version": "2.1", "schema": "https://wire.example/schema_2.1.json"}
    item = {**VERSION_2, "standard": standard, "desk": {"name": "Africa"}, "located": None}
    (raw,) = read_raw(item)
    assert raw.text == TEXT
    (reject,) = read_raw({**item, "urgency": "high"})
    assert reject.detail.startswith("$.urgency: 'high' is not of type 'integer'")


def test_an_item_with_a_guid_is_superdesk_s_dialect(read_raw):
    item = {
        "guid": "tag:wire.example:7",
        "type": "text",
        "headline": "Mediators arrive",
        "body_html": BODY,
        "priority": 6,
        "service": [{"code": "i", "name": "International"}],
        "source": "WIRE",
        "keywords": ["talks"],
        "associations": {"media": {"guid": "p", "type": "picture", "headline": "A"}, "none": None},
        "annotations": [],
    }
    (raw,) = read_raw(item)
    assert (raw.source_id, raw.publisher, raw.url) == ("tag:wire.example:7", "WIRE", None)
    assert raw.metadata["service"] == [{"code": "i", "name": "International"}]
    assert raw.metadata["priority"] == 6
    assert raw.metadata["keywords"] == ["talks"]
    assert raw.metadata["associations"] == [{"code": "p", "name": "A", "scheme": "picture"}]


def test_items_that_a_provider_wraps_may_have_his_types(read_raw):
    item = {"id": 12, "uri": "https://wire.example/12", "type": "advisory", "body_text": "Note."}
    (raw,) = read_raw({"total": 1, "item": [item]})
    assert (raw.record_number, raw.text) == (1, "Note.")
    assert raw.metadata["item_type"] == "advisory"


@pytest.mark.parametrize("kind", ["picture", "video", "audio", "graphic", "component"])
def test_what_is_no_text_is_no_article(read_raw, kind):
    (reject,) = read_raw({"uri": "a", "type": kind, "body_text": "A caption."})
    assert reject.reason == "not_an_article"
    assert kind in reject.detail


@pytest.mark.parametrize(
    ("item", "reason", "word"),
    [
        ({"uri": "a", "type": "event", "eventDetails": {}}, "not_an_article", "event"),
        ({"uri": "a", "plannedCoverage": []}, "not_an_article", "event"),
        ({"uri": "a", "renditions": {}}, "not_an_article", "renditions"),
        ({"uri": "a", "type": "composite"}, "not_an_article", "composite"),
        ({"uri": "a", "type": "text"}, "empty_text", "no body"),
        ({"uri": "a", "headline": "b", "body_html": "<p> </p>"}, "empty_text", "no body"),
    ],
)
def test_items_without_a_story(read_raw, item, reason, word):
    (reject,) = read_raw(item)
    assert reject.reason == reason
    assert word in reject.detail


def test_a_composite_with_a_text_of_its_own_is_a_story_with_its_pictures(read_raw):
    item = {
        "uri": "a",
        "type": "composite",
        "headline": "Flood",
        "body_xhtml": "<p>Water rose.</p>",
        "associations": {"pic": {"uri": "b", "type": "picture", "body_text": "A caption."}},
    }
    (raw,) = read_raw(item)
    assert raw.text == "Water rose."
    assert raw.metadata["associations"] == [{"code": "b", "scheme": "picture"}]


def test_texts_in_a_package_are_articles(read_raw):
    stories = {
        "main": {"uri": "b", "type": "text", "body_text": "One."},
        "side": {"uri": "c", "type": "text", "body_text": "Two."},
        "empty": {"uri": "d", "type": "text"},
        "more": {"uri": "e", "type": "composite", "associations": {}},
    }
    stories["more"]["associations"]["x"] = {"uri": "f", "type": "text", "body_text": "Three."}
    package, *texts = read_raw({"uri": "a", "type": "composite", "associations": stories})
    assert package.reason == "not_an_article"
    assert [(raw.record_number, raw.text) for raw in texts] == [
        (1, "One."),
        (1, "Two."),
        (1, "Three."),
    ]
    one = texts[0]
    assert one.metadata["associated_with"] == "a"


@pytest.mark.parametrize(
    ("item", "text"),
    [
        ({"body_text": "One.\r\nTwo."}, "One.\nTwo."),
        ({"body_text": "<p>One.</p><p>Two.</p>"}, "One.\n\nTwo."),
        ({"body_main": "One < two."}, "One < two."),
        (
            {"body_nitf": "<nitf><hl1>No.</hl1><body.content><p>One.</p></body.content></nitf>"},
            "One.",
        ),
        ({"body_footer": "Contact us."}, None),
        ({"body_html": "", "body_text": "Plain."}, "Plain."),
        ({"bodies": [{"value": "One."}]}, "One."),
        (
            {"bodies": [{"value": "Plain."}, {"contenttype": "text/html", "value": "<p></p>"}]},
            "Plain.",
        ),
    ],
)
def test_which_body_is_the_text(read_raw, item, text):
    (found,) = read_raw(
        {"uri": "a", "headline": "b", **item} if "bodies" not in item else {"uri": "a", **item}
    )
    assert getattr(found, "text", None) == text


def test_a_bad_item_costs_no_other(read_input):
    items = [VERSION_1, "a text", {"uri": 1}, None, {**VERSION_1, "uri": "b"}]
    found = read_input(write(items), "items.json")
    assert [record.record_number for record in found] == [1, 2, 3, 4, 5]
    assert [isinstance(record, Article) for record in found] == [True, False, False, False, True]


def nest(depth):
    item = {"uri": "a"}
    for _ in range(depth):
        item = {"uri": "a", "associations": {"x": item}}
    return item


@pytest.mark.parametrize(
    "data",
    [
        write(nest(150)).replace(b'"uri": "a"}}', b'"uri": 1}}'),
        b'{"uri": "a", "associations": ' * 5_000,
        b'{"uri": "a", "urgency": ' + b"9" * 10_000 + b"}",
        b'{"uri": "a", "urgency": 1e999}',
        b'{"uri": "a", "urgency": NaN}',
        write({"uri": "a", **{f"k{n}": n for n in range(20_000)}}),
        write({"uri": "a", "subject": [{"no": n} for n in range(20_000)]}),
        write({"uri": "a", "body_html": "x\0y"}).replace(b"\\u0000", b"\0"),
        b'{"uri": "a", "body_text": "x"',
        b'\xff\xfe{\x00"\x00',
    ],
    ids=lambda data: repr(data[:40]),
)
def test_hostile_items_are_rejects(read_input, data):
    (reject,) = read_input(data, "item.json", format_="ninjs")
    assert reject.reason in ("broken_record", "undecodable_text", "took_too_long")
    assert len(reject.detail) < 500


@pytest.mark.parametrize("value", [None, True, 0, 1.5, "x", [], [[]], ["x"], {}, {"a": {}}])
@pytest.mark.parametrize("name", [*VERSION_1, *VERSION_3, "associations", "standard", "altids"])
def test_no_kind_of_value_in_any_field_stops_the_reader(read_raw, name, value):
    for item in ({"uri": "a", "body_text": "x"}, {"guid": "a", "body_text": "x"}):
        assert len(read_raw({**item, name: value})) == 1
    assert len(read_raw({"items": [{"uri": "a", "body_text": "x", name: value}]})) == 1
