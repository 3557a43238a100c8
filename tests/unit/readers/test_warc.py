import gzip
import io
import json
from collections.abc import Mapping

import brotli
import pytest
from fastwarc.warc import WarcRecord, WarcRecordType

from include.eventwire.records import Article, Reject
from include.eventwire.settings import Settings

STORY = (
    "The council of Port Amber voted on Monday for a levy on fishing boats.",
    "It takes effect in June and brings in about two million a year, the mayor said.",
)
URL = "https://www.amber.example/news/levy"


def make_page(head="", title="Levy passed"):
    body = "".join(f"<p>{paragraph}</p>" for paragraph in STORY)
    return (
        f"<!DOCTYPE html><html><head><title>{title}</title>{head}</head><body><main><article>"
        f"<h1>{title}</h1>{body}</article></main></body></html>"
    ).encode()


def make_record(content, kind=WarcRecordType.response, **headers):
    record = WarcRecord()
    record.init_headers(record_type=kind)
    for name, value in headers.items():
        record.headers[name.replace("_", "-")] = value
    record.set_bytes_content(content)
    out = io.BytesIO()
    record.write(out)
    return record.record_id, out.getvalue()


def make_response(body, http: Mapping[str, str] | None = None, status="200 OK", url=URL):
    fields = {"Content-Type": "text/html; charset=utf-8"} if http is None else http
    header = "".join(f"{name}: {value}\r\n" for name, value in fields.items())
    content = f"HTTP/1.1 {status}\r\n{header}\r\n".encode() + body
    return make_record(
        content,
        Content_Type="application/http; msgtype=response",
        WARC_Target_URI=url,
        WARC_Date="2025-03-04T06:00:00Z",
    )


def make_statement(about, values, content_type="application/json"):
    return make_record(
        json.dumps(values).encode(),
        WarcRecordType.metadata,
        Content_Type=content_type,
        WARC_Concurrent_To=about,
    )[1]


PAGE = make_response(make_page())[1]
# The last few kilobytes before damage to a compressed file are lost with it.
LONG = make_response(make_page("<!--" + " filler" * 2000 + "-->"))[1]


def test_reads_a_page_with_what_the_crawl_knows(read_input):
    info = make_record(b"software: crawler", WarcRecordType.warcinfo)[1]
    (article,) = read_input(info + PAGE, "crawl.warc")
    assert isinstance(article, Article)
    assert article.text == "\n\n".join(STORY)
    assert (article.headline, article.url, article.record_number) == ("Levy passed", URL, 2)
    assert json.loads(article.source_metadata)["fetched_at"] == "2025-03-04T06:00:00+00:00"


def test_a_date_after_the_fetching_is_not_believed(read_input):
    stated = '<meta property="article:published_time" content="2025-03-{}T10:00:00Z">'
    before = make_response(make_page(stated.format("03")))[1]
    after = make_response(make_page(stated.format("09")))[1]
    first, second = read_input(before + after, "crawl.warc")
    assert first.published_at.isoformat() == "2025-03-03T10:00:00+00:00"
    assert second.published_at is None


@pytest.mark.parametrize(
    ("name", "pack"),
    [
        ("a.warc", b"".join),
        ("a.warc.gz", lambda records: b"".join(map(gzip.compress, records))),
        ("a.warc.gz", lambda records: gzip.compress(b"".join(records))),
    ],
    ids=["plain", "by record", "as a whole"],
)
def test_compressed_by_record_as_a_whole_and_not(read_input, name, pack):
    found = read_input(pack([PAGE, PAGE, PAGE]), name)
    assert [article.record_number for article in found] == [1, 2, 3]
    assert {article.text for article in found} == {"\n\n".join(STORY)}


@pytest.mark.parametrize(
    ("body", "http"),
    [
        (gzip.compress(make_page()), {"Content-Type": "text/html", "Content-Encoding": "gzip"}),
        (brotli.compress(make_page()), {"Content-Type": "text/html", "Content-Encoding": "br"}),
        (make_page(), {"Content-Type": "text/html", "Content-Encoding": "gzip"}),
        (
            b"%x\r\n" % len(make_page()) + make_page() + b"\r\n0\r\n\r\n",
            {"Content-Type": "text/html", "Transfer-Encoding": "chunked"},
        ),
        (make_page(), {"Content-Type": "application/xhtml+xml"}),
        (make_page(), {}),
    ],
    ids=["gzip", "brotli", "gzip undone before", "chunked", "xhtml", "no type"],
)
def test_undoes_encodings_and_sniffs(read_input, body, http):
    (article,) = read_input(make_response(body, http)[1], "crawl.warc")
    assert article.text == "\n\n".join(STORY)


def test_charset_of_the_http_header(read_input):
    page = make_page(title="Zażółć gęślą jaźń").decode().encode("iso-8859-2")
    http = {"Content-Type": "text/html; charset=ISO-8859-2"}
    (article,) = read_input(make_response(page, http)[1], "crawl.warc")
    assert article.headline == "Zażółć gęślą jaźń"


def test_counts_what_is_no_page(read_input):
    feed = b'<?xml version="1.0"?><rss version="2.0"><channel><title>t</title></channel></rss>'
    records = [
        make_record(b"GET / HTTP/1.1\r\n\r\n", WarcRecordType.request)[1],
        make_record(b"GET / HTTP/1.1\r\n\r\n", WarcRecordType.request)[1],
        make_response(b"\xff\xd8\xff", {"Content-Type": "image/jpeg"})[1],
        PAGE,
        make_response(b"", {"Location": "/new"}, status="301 Moved")[1],
        make_response(feed)[1],
        make_record(b"HTTP/1.1 200 OK\r\n\r\n", WarcRecordType.revisit)[1],
        make_record(b"fetchTimeMs: 12", WarcRecordType.metadata)[1],
    ]
    article, reject = read_input(b"".join(records), "crawl.warc")
    assert article.record_number == 4
    assert (reject.record_number, reject.reason) == (None, "not_an_article")
    assert reject.detail == (
        "7 records are no web pages: 2 request, 1 image/jpeg, 1 status 301, 1 feed, 1 revisit, "
        "1 metadata"
    )


def test_a_feed_fills_what_the_page_leaves_open(read_input):
    stated = {
        "headline": "Council votes for levy",
        "published_at": "2025-03-03T17:15:00+00:00",
        "byline": "Ada Quill",
        "language": "en",
        "feed": "https://www.amber.example/feed.xml",
    }
    record_id, response = make_response(make_page())
    statement = make_statement(record_id, stated)
    request = make_record(b"GET / HTTP/1.1\r\n\r\n", WarcRecordType.request)[1]
    for data in (response + statement, statement + response, response + request + statement):
        article = read_input(data + PAGE, "crawl.warc")[0]
        assert article.headline == "Levy passed"
        assert article.byline == "Ada Quill"
        assert article.published_at.isoformat() == "2025-03-03T17:15:00+00:00"
        assert json.loads(article.source_metadata)["feed"] == stated["feed"]


def test_what_a_feed_states_is_of_its_own_page_only(read_input):
    record_id, response = make_response(make_page())
    statement = make_statement(record_id, {"byline": "Ada Quill"})
    own, other = read_input(response + statement + PAGE, "crawl.warc")
    assert (own.byline, other.byline) == ("Ada Quill", None)


def test_statements_in_vain_do_not_keep_out_later_ones(read_input):
    lost = b"".join(make_statement(f"<urn:lost:{n}>", {"byline": "Cy Dow"}) for n in range(1_001))
    record_id, response = make_response(make_page())
    statement = make_statement(record_id, {"byline": "Ada Quill"})
    (article,) = read_input(lost + statement + response, "crawl.warc")
    assert article.byline == "Ada Quill"


@pytest.mark.parametrize("values", [["Ada"], {"byline": 7}, {"byline": " "}, "x", None])
def test_a_statement_of_another_form_is_counted(read_input, values):
    record_id, response = make_response(make_page())
    article, reject = read_input(response + make_statement(record_id, values), "crawl.warc")
    assert article.byline is None
    assert reject.detail == "1 record is no web page: 1 metadata"


def test_a_bad_page_is_one_reject_and_the_next_is_read(read_input):
    bad = [
        make_response(b"\xff" * 50, {"Content-Type": "text/html", "Content-Encoding": "br"})[1],
        make_response(gzip.compress(bytes(200_000)), {"Content-Encoding": "gzip"})[1],
        make_response(b"<html>" + b"x" * 200_000)[1],
        make_response(make_page(title="Just a moment..."))[1],
        make_response(b"<html></html>")[1],
    ]
    found = read_input(
        b"".join([*bad, PAGE]), "crawl.warc", settings=Settings(max_page_bytes=100_000)
    )
    assert [getattr(record, "reason", "article") for record in found] == [
        *("broken_record", "too_large", "too_large", "not_an_article", "empty_text", "article")
    ]
    assert [record.record_number for record in found] == [1, 2, 3, 4, 5, 6]


@pytest.mark.parametrize(
    ("name", "data"),
    [
        pytest.param("a.warc", (PAGE + PAGE)[:-150], id="cut"),
        pytest.param("a.warc", PAGE + PAGE[:100], id="cut in a header"),
        pytest.param("a.warc", PAGE + b"this is no record\r\n" * 9, id="overwritten"),
        pytest.param("a.warc.gz", (gzip.compress(LONG) * 2)[:-3], id="cut and compressed"),
    ],
)
def test_damage_ends_the_file_and_what_was_read_stays(read_input, name, data):
    article, reject = read_input(data, name)
    assert isinstance(article, Article)
    assert isinstance(reject, Reject)
    assert (reject.record_number, reject.reason) == (None, "unreadable_file")


def test_an_http_header_without_end_is_one_reject(read_input):
    endless = make_response(b"", {"X": "y" * 200_000})[1]
    reject, article = read_input(endless + PAGE, "crawl.warc")
    assert (reject.record_number, reject.reason) == (1, "broken_record")
    assert article.record_number == 2


def test_what_is_no_warc(read_input):
    (reject,) = read_input(b"The council of Port Amber voted.\n" * 40, "crawl.warc")
    assert reject.reason == "unreadable_file"
