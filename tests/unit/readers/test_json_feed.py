"""JSON Feed 1.0 and 1.1."""

import json

import pytest

from include.eventwire.readers import load_reader
from include.eventwire.readers.feed_document import FeedError
from include.eventwire.readers.feed_entry import FeedEntry
from include.eventwire.readers.json_feed import parse_json_feed

BODY = "The ministers of both countries met in Arusha on Monday and signed the agreement on water."


def feed(*items, **fields):
    known = {"version": "https://jsonfeed.org/version/1.1", "title": "Lake Post"}
    return json.dumps(known | {"items": list(items)} | fields).encode()


@pytest.fixture
def read_feed(make_context):
    """Return a function that reads the bytes of a JSON Feed."""

    def read_feed(data, name="a.json"):
        context = make_context(data, name)
        assert context.file.format == "json_feed"
        return list(load_reader("json_feed")(context))

    return read_feed


def test_reads_an_item(read_feed):
    item = {
        "id": "17",
        "url": "/pact",
        "title": "Water <b>pact</b>",
        "content_html": f"<p>{BODY}</p><script>x()</script>",
        "content_text": "the same, plainer",
        "summary": "A lead.",
        "date_published": "2018-04-24T10:30:00+02:00",
        "date_modified": "2018-04-25T10:30:00+02:00",
        "authors": [{"name": "Jane"}, {"url": "x"}, {"name": "Tom"}],
        "tags": ["water", "trade"],
        "attachments": [{"url": "https://lake.example/a.mp3", "mime_type": "audio/mpeg"}],
    }
    (article,) = read_feed(feed(item, home_page_url="https://lake.example/", language="en-KE"))
    assert (article.text, article.headline) == (BODY, "Water pact")
    assert (article.source_id, article.url) == ("17", "https://lake.example/pact")
    assert (article.byline, article.publisher) == ("Jane, Tom", "Lake Post")
    assert (article.language, article.published_at) == ("en-KE", "2018-04-24T10:30:00+02:00")
    assert article.metadata == {
        "abstract": "A lead.",
        "enclosures": ["https://lake.example/a.mp3"],
        "feed_title": "Lake Post",
        "modified_at": "2018-04-25T10:30:00+02:00",
        "subjects": [{"name": "water"}, {"name": "trade"}],
    }


def test_reads_an_item_of_1_0(read_feed):
    item = {"id": 17, "content_text": "a < b\n\nc", "external_url": "https://x.example/1"}
    data = feed(item, version="https://jsonfeed.org/version/1", author={"name": "Jane"})
    (article,) = read_feed(data)
    assert (article.source_id, article.byline, article.text) == ("17", "Jane", "a < b\n\nc")
    assert article.url == "https://x.example/1"


def test_a_broken_item_sinks_no_other(read_feed):
    items = [{"content_text": BODY}, "text", {"title": 3}, {"tags": "a"}, {}, {"summary": BODY}]
    records = read_feed(feed(*items))
    assert [getattr(record, "reason", "article") for record in records] == [
        *("article", "broken_record", "broken_record", "broken_record", "empty_text", "article")
    ]
    assert "'title' is no text" in records[2].detail
    assert records[5].metadata["is_summary"] is True
    assert [record.record_number for record in records] == [1, 2, 3, 4, 5, 6]


def test_the_pure_function_gives_the_items_that_can_be_read():
    assert parse_json_feed(feed({"id": "1"}, None)) == (
        FeedEntry(
            id="1",
            publisher="Lake Post",
            metadata=(("feed_title", "Lake Post"), ("external_url", None)),
        ),
    )


@pytest.mark.parametrize(
    "data",
    [b"", b"{", b"[]", b"\xff\xfe\x00", b'{"version": "1"}', feed(items=None), b"[" * 100_000],
)
def test_what_is_no_json_feed(data, make_context):
    with pytest.raises(FeedError):
        parse_json_feed(data)
    (reject,) = load_reader("json_feed")(make_context(data, "a", format_="json_feed"))
    assert reject.record_number is None
