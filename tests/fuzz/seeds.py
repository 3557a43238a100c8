"""A small valid input of each format, to be spoilt. The news in them is invented."""

from __future__ import annotations

import gzip
import io
import json
import tarfile
import zipfile

import pyarrow as pa
import pyarrow.parquet as pq

STORY = (
    "The council of Port Amber voted on Monday for a levy on fishing boats.",
    "It takes effect in June and brings in about two million a year, the mayor said.",
)
TEXT = "\n\n".join(STORY)
PARAGRAPHS = "".join(f"<p>{paragraph}</p>" for paragraph in STORY)
DAY = "2025-03-04"
ADDRESS = "https://www.amber.example/news/levy"

PAGE = (
    '<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>Levy passed</title>'
    f'<meta property="article:published_time" content="{DAY}T06:00:00Z">'
    f'<link rel="canonical" href="{ADDRESS}"></head><body><nav><a href="/">Home</a></nav><main>'
    f"<article><h1>Levy passed</h1>{PARAGRAPHS}</article></main></body></html>"
)
ITEM = {
    "uri": "urn:example:levy",
    "type": "text",
    "versioncreated": f"{DAY}T06:00:00Z",
    "headline": "Levy passed",
    "byline": "Ann Example",
    "language": "en",
    "body_html": PARAGRAPHS,
    "body_text": TEXT,
    "subject": [{"code": "04000000", "name": "economy", "scheme": "iptc"}],
}
RECORD = {"id": 7, "title": "Levy passed", "date": f"{DAY}T06:00:00Z", "text": TEXT}
NITF_BODY = (
    "<body><body.head><hedline><hl1>Levy passed</hl1></hedline><byline>By <person>Ann Example"
    "</person></byline><dateline><location>PORT AMBER</location></dateline></body.head>"
    f"<body.content>{PARAGRAPHS}</body.content></body>"
)
MAIL = (
    f"From: Amber Wire <wire@amber.example>\r\nTo: you@example.org\r\nSubject: =?utf-8?Q?Levy?=\r\n"
    "Date: Tue, 04 Mar 2025 06:00:00 +0000\r\nMessage-ID: <levy@amber.example>\r\n"
    "MIME-Version: 1.0\r\nContent-Type: multipart/alternative; boundary=b1\r\n\r\n"
    "--b1\r\nContent-Type: text/plain; charset=utf-8\r\n"
    f"Content-Transfer-Encoding: quoted-printable\r\n\r\n{TEXT}\r\n"
    "--b1\r\nContent-Type: text/html; charset=utf-8\r\n"
    f"Content-Transfer-Encoding: 8bit\r\n\r\n{PAGE}\r\n--b1--\r\n"
)


def _lines(*records: object) -> bytes:
    return "".join(json.dumps(record) + "\n" for record in records).encode()


def _zip(method: int) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", method) as archive:
        archive.writestr("a.txt", TEXT)
        archive.writestr("in/b.jsonl", _lines(RECORD))
        archive.writestr("in/c.xml", SITEMAP)
    return buffer.getvalue()


def _tar(format_: int) -> bytes:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w", format=format_) as archive:
        for name, text in (("./a.txt", TEXT), ("in/b.html", PAGE), ("n" * 120 + ".txt", TEXT)):
            header = tarfile.TarInfo(name)
            header.size = len(text)
            archive.addfile(header, io.BytesIO(text.encode()))
    return buffer.getvalue()


def _parquet(compression: str) -> bytes:
    buffer = io.BytesIO()
    table = pa.table(
        {
            "id": [1, 2],
            "text": [TEXT, "Short news."],
            "authors": [["Ann Example"], None],
            "date": pa.array([0, None], pa.timestamp("ns", "UTC")),
        }
    )
    pq.write_table(table, buffer, compression=compression)
    return buffer.getvalue()


def _warc() -> bytes:
    content = f"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n\r\n{PAGE}"
    header = (
        f"WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: {ADDRESS}\r\n"
        f"WARC-Date: {DAY}T06:00:00Z\r\nWARC-Record-ID: <urn:uuid:12345678-1234-5678-1234-"
        "567812345678>\r\nContent-Type: application/http; msgtype=response\r\n"
        f"Content-Length: {len(content)}\r\n\r\n"
    )
    return f"{header}{content}\r\n\r\n".encode()


FEED = (
    '<?xml version="1.0" encoding="utf-8"?><rss version="2.0" '
    'xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel><title>Amber</title>'
    f"<link>https://www.amber.example/</link><item><title>Levy &amp; more</title><link>{ADDRESS}"
    f"</link><guid>7</guid><pubDate>Tue, 04 Mar 2025 06:00:00 GMT</pubDate><content:encoded>"
    f"<![CDATA[{PARAGRAPHS}]]></content:encoded></item></channel></rss>"
)
ATOM = (
    '<feed xmlns="http://www.w3.org/2005/Atom"><title>Amber</title><entry><id>urn:7</id>'
    f'<title>Levy</title><updated>{DAY}T06:00:00Z</updated><link href="{ADDRESS}"/>'
    f'<content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml">{PARAGRAPHS}</div></content>'
    "</entry></feed>"
)
SITEMAP = (
    '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" '
    'xmlns:news="http://www.google.com/schemas/sitemap-news/0.9"><url>'
    f"<loc>{ADDRESS}</loc><news:news><news:publication><news:name>Amber</news:name>"
    "<news:language>en</news:language></news:publication><news:publication_date>"
    f"{DAY}</news:publication_date><news:title>Levy</news:title></news:news></url></urlset>"
)
NEWSML_G2 = (
    '<?xml version="1.0" encoding="UTF-8"?><newsItem xmlns="http://iptc.org/std/nar/2006-10-01/" '
    'guid="urn:levy" version="1" standard="NewsML-G2" standardversion="2.29" '
    'conformance="power" xml:lang="en"><itemMeta><itemClass qcode="ninat:text"/>'
    f'<provider literal="Amber"/><versionCreated>{DAY}T06:00:00Z</versionCreated>'
    '<pubStatus qcode="stat:usable"/></itemMeta><contentMeta><headline>Levy passed</headline>'
    '<by>Ann Example</by><language tag="en"/><subject qcode="medtop:04000000"/></contentMeta>'
    '<contentSet><inlineXML contenttype="application/xhtml+xml">'
    f'<html xmlns="http://www.w3.org/1999/xhtml"><body>{PARAGRAPHS}</body></html></inlineXML>'
    "</contentSet></newsItem>"
)
NEWSML_1 = (
    '<?xml version="1.0"?><NewsML Version="1.2"><NewsEnvelope><DateAndTime>20250304T060000Z'
    "</DateAndTime></NewsEnvelope><NewsItem><Identification><NewsIdentifier><ProviderId>"
    "amber.example</ProviderId><DateId>20250304</DateId><NewsItemId>levy</NewsItemId>"
    '<RevisionId PreviousRevision="0" Update="N">1</RevisionId><PublicIdentifier>urn:levy'
    "</PublicIdentifier></NewsIdentifier></Identification><NewsManagement><NewsItemType "
    'FormalName="News"/><FirstCreated>20250304T060000Z</FirstCreated><ThisRevisionCreated>'
    '20250304T060000Z</ThisRevisionCreated><Status FormalName="Usable"/></NewsManagement>'
    "<NewsComponent><NewsLines><HeadLine>Levy passed</HeadLine><ByLine>Ann Example</ByLine>"
    '</NewsLines><DescriptiveMetadata><Language FormalName="en"/></DescriptiveMetadata>'
    '<ContentItem><MediaType FormalName="Text"/><DataContent><nitf>'
    f"{NITF_BODY}</nitf></DataContent></ContentItem></NewsComponent></NewsItem></NewsML>"
)
NITF = (
    '<?xml version="1.0"?><nitf><head><title>Levy</title><docdata><doc-id id-string="levy"/>'
    f'<date.issue norm="20250304T060000Z"/></docdata></head>{NITF_BODY}</nitf>'
)
AGENCY_XML = (
    '<?xml version="1.0" encoding="ISO-8859-1"?><RBNews><NewsID>7</NewsID><headline>Levy passed'
    f"</headline><PublishDate>{DAY}T06:00:00</PublishDate><byLine>Ann Example</byLine><content>"
    f"{PARAGRAPHS.replace('<', '&lt;')}</content></RBNews>"
)
IPTC7901 = (
    "\x01eca062 4 i 211 ccccb   dpa 061\r\n    Amber-levy/\r\n\x02Levy passed =\r\n"
    f"Port Amber (dpa) - {STORY[0]}\r\n  {STORY[1]}\r\n\x03\r\n040600 GMT Mar 25\r\n\x04"
)
ANPA = (
    "\x16\x16\x01W2607\x1fUS asian\r\nr a\x13\x11BC-US--Levy  03-04 0042\r\n"
    "\x02^BC-US--Levy, 1st Ld-Writethru,42<\r\n^Levy passed<\r\n^By ANN EXAMPLE=\r\n"
    f"\tPORT AMBER, N.D. (AP) _ {STORY[0]}<\r\n\t{STORY[1]}<\r\n"
    "\x03AP-WF-03-04-25 0600GMT<\r\n\x04"
)

SEEDS: dict[str, tuple[bytes, ...]] = {
    "agency_xml": (AGENCY_XML.encode(),),
    "anpa": (ANPA.encode(),),
    "ap_media": (
        json.dumps({"api_version": "1.1", "data": {"item": ITEM, "updated": DAY}}).encode(),
    ),
    "csv": (f'id,title,text\n1,Levy,"{TEXT}"\n2,"Two, three",Short news.\n'.encode(),),
    "email": (MAIL.encode(),),
    "feed": (FEED.encode(), ATOM.encode()),
    "html": (PAGE.encode(),),
    "iptc7901": (IPTC7901.encode(),),
    "json_feed": (
        json.dumps(
            {
                "version": "https://jsonfeed.org/version/1.1",
                "title": "Amber",
                "items": [
                    {"id": "7", "url": ADDRESS, "content_html": PARAGRAPHS, "date_published": DAY}
                ],
            }
        ).encode(),
    ),
    "json_records": (
        json.dumps([RECORD, {**RECORD, "id": 8}]).encode(),
        json.dumps(RECORD).encode(),
    ),
    "jsonl": (_lines(RECORD, {**RECORD, "id": 8, "author": ["A", "B"]}),),
    "mbox": (f"From wire@amber.example Tue Mar  4 06:00:00 2025\n{MAIL}\n".encode(),),
    "newsml_1": (NEWSML_1.encode(),),
    "newsml_g2": (NEWSML_G2.encode(),),
    "ninjs": (json.dumps(ITEM).encode(), json.dumps([ITEM]).encode()),
    "nitf": (NITF.encode(),),
    "parquet": (_parquet("none"), _parquet("zstd")),
    "plain_text": (TEXT.encode(), TEXT.encode("utf-16")),
    "sitemap": (SITEMAP.encode(),),
    "tar": (_tar(tarfile.PAX_FORMAT), _tar(tarfile.GNU_FORMAT)),
    "warc": (_warc(), gzip.compress(_warc(), mtime=0)),
    "zip": (_zip(zipfile.ZIP_STORED), _zip(zipfile.ZIP_DEFLATED)),
}
