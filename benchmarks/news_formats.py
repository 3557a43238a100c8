"""The same stories written in every format that is read: to time readers, and to test a mixed day.

Each writer makes what its senders make, and no more than the format's standard asks for.
"""

from __future__ import annotations

import csv
import gzip
import io
import json
import mailbox
import tarfile
import tempfile
import zipfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from email.utils import format_datetime
from html import escape
from pathlib import Path
from typing import Final

import pyarrow as pa
import pyarrow.parquet as pq
from fastwarc.warc import WarcRecord, WarcRecordType


@dataclass(frozen=True, slots=True)
class Story:
    """One article to write.

    Attributes:
        story_id: Its id, of letters, digits and hyphens.
        published_at: Time of publication, with its zone.
        paragraphs: The text.
    """

    story_id: str
    headline: str
    byline: str
    published_at: datetime
    paragraphs: tuple[str, ...]

    @property
    def text(self) -> str:
        """The paragraphs, separated by blank lines."""
        return "\n\n".join(self.paragraphs)

    @property
    def url(self) -> str:
        """An address that nobody has."""
        return f"https://news.example/{self.published_at:%Y/%m/%d}/{self.story_id}"

    @property
    def stamp(self) -> str:
        """The time of publication in ISO 8601."""
        return self.published_at.isoformat()

    def as_record(self) -> dict[str, str]:
        """Return the story under usual names of fields."""
        return {
            "id": self.story_id,
            "url": self.url,
            "headline": self.headline,
            "byline": self.byline,
            "published_at": self.stamp,
            "text": self.text,
        }

    def as_html(self) -> str:
        """Return the paragraphs as HTML."""
        return "".join(f"<p>{escape(paragraph)}</p>\n" for paragraph in self.paragraphs)


# Takes stories, gives the files that hold them: names and bytes.
Writer = Callable[[Sequence[Story]], dict[str, bytes]]


def write_jsonl(stories: Sequence[Story]) -> dict[str, bytes]:
    """One object a line."""
    lines = (json.dumps(story.as_record(), ensure_ascii=False) + "\n" for story in stories)
    return {"wire.jsonl": "".join(lines).encode()}


def write_json_records(stories: Sequence[Story]) -> dict[str, bytes]:
    """One list of objects."""
    return {"wire.json": json.dumps([story.as_record() for story in stories]).encode()}


def write_csv(stories: Sequence[Story]) -> dict[str, bytes]:
    """Rows below a header."""
    table = io.StringIO()
    writer = csv.DictWriter(table, list(stories[0].as_record()))
    writer.writeheader()
    writer.writerows(story.as_record() for story in stories)
    return {"wire.csv": table.getvalue().encode()}


def write_parquet(stories: Sequence[Story]) -> dict[str, bytes]:
    """One table."""
    file = io.BytesIO()
    pq.write_table(pa.Table.from_pylist([story.as_record() for story in stories]), file)
    return {"wire.parquet": file.getvalue()}


def write_plain_text(stories: Sequence[Story]) -> dict[str, bytes]:
    """A file a story."""
    return {f"{story.story_id}.txt": story.text.encode() for story in stories}


def write_html(stories: Sequence[Story]) -> dict[str, bytes]:
    """A page a story."""
    return {f"{story.story_id}.html": make_page(story) for story in stories}


def make_page(story: Story) -> bytes:
    """Return a page with the story among what pages have around it."""
    links = "".join(f'<li><a href="/section/{name}">{name}</a></li>' for name in ("World", "Sport"))
    facts = {
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "headline": story.headline,
        "datePublished": story.stamp,
        "author": [{"@type": "Person", "name": story.byline}],
    }
    page = f"""<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><title>{escape(story.headline)} | Example News</title>
<link rel="canonical" href="{story.url}">
<script type="application/ld+json">{json.dumps(facts)}</script></head>
<body><header><nav><ul>{links}</ul></nav></header>
<main><article><h1>{escape(story.headline)}</h1>
<p class="byline">By {escape(story.byline)}</p>
{story.as_html()}</article>
<aside><h2>Most read</h2><ul>{links}</ul></aside></main>
<footer><p>We use cookies to make this site work.</p></footer></body></html>"""
    return page.encode()


def write_warc(stories: Sequence[Story]) -> dict[str, bytes]:
    """A crawl, each record compressed by itself."""
    file = io.BytesIO()
    for story in stories:
        body = make_page(story)
        record = WarcRecord()
        record.init_headers(record_type=WarcRecordType.response)
        record.headers["WARC-Target-URI"] = story.url
        record.headers["WARC-Date"] = f"{story.published_at:%Y-%m-%dT%H:%M:%SZ}"
        head = (
            "HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n"
            f"Content-Length: {len(body)}\r\n\r\n"
        )
        record.headers["Content-Type"] = "application/http; msgtype=response"
        record.set_bytes_content(head.encode() + body)
        with gzip.GzipFile(fileobj=file, mode="wb", mtime=0) as member:
            record.write(member)
    return {"crawl.warc.gz": file.getvalue()}


def write_newsml_g2(stories: Sequence[Story]) -> dict[str, bytes]:
    """A message with an item a story."""
    items = "".join(
        f"""<newsItem xmlns="http://iptc.org/std/nar/2006-10-01/"
 guid="urn:newsml:news.example:{story.story_id}" version="1" xml:lang="en"
 standard="NewsML-G2" standardversion="2.29" conformance="power">
<itemMeta><itemClass qcode="ninat:text"/><provider qcode="nprov:EXAMPLE"/>
<versionCreated>{story.stamp}</versionCreated><pubStatus qcode="stat:usable"/></itemMeta>
<contentMeta><urgency>4</urgency><contentCreated>{story.stamp}</contentCreated>
<by>{escape(story.byline)}</by><headline>{escape(story.headline)}</headline>
<language tag="en"/></contentMeta>
<contentSet><inlineXML contenttype="application/xhtml+xml">
<html xmlns="http://www.w3.org/1999/xhtml"><head><title/></head><body>{story.as_html()}</body></html>
</inlineXML></contentSet></newsItem>"""
        for story in stories
    )
    message = (
        '<?xml version="1.0" encoding="UTF-8"?>\n<newsMessage '
        'xmlns="http://iptc.org/std/nar/2006-10-01/"><header><sent>2025-02-03T00:00:00Z</sent>'
        f"</header><itemSet>{items}</itemSet></newsMessage>"
    )
    return {"message.xml": message.encode()}


def write_newsml_1(stories: Sequence[Story]) -> dict[str, bytes]:
    """A document a story."""
    return {f"{story.story_id}.newsml1.xml": _make_newsml_1(story) for story in stories}


def _make_newsml_1(story: Story) -> bytes:
    stamp = f"{story.published_at:%Y%m%dT%H%M%SZ}"
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<NewsML Version="1.2"><NewsEnvelope><DateAndTime>{stamp}</DateAndTime></NewsEnvelope>
<NewsItem><Identification><NewsIdentifier><ProviderId>news.example</ProviderId>
<DateId>{stamp[:8]}</DateId><NewsItemId>{story.story_id}</NewsItemId>
<RevisionId PreviousRevision="0" Update="N">1</RevisionId>
<PublicIdentifier>urn:newsml:news.example:{stamp[:8]}:{story.story_id}:1</PublicIdentifier>
</NewsIdentifier></Identification>
<NewsManagement><NewsItemType FormalName="News"/><FirstCreated>{stamp}</FirstCreated>
<ThisRevisionCreated>{stamp}</ThisRevisionCreated><Status FormalName="Usable"/></NewsManagement>
<NewsComponent><NewsLines><HeadLine>{escape(story.headline)}</HeadLine>
<ByLine>{escape(story.byline)}</ByLine></NewsLines>
<DescriptiveMetadata><Language FormalName="en"/></DescriptiveMetadata>
<ContentItem><MediaType FormalName="Text"/>
<DataContent>{story.as_html()}</DataContent></ContentItem>
</NewsComponent></NewsItem></NewsML>""".encode()


def write_nitf(stories: Sequence[Story]) -> dict[str, bytes]:
    """A document a story."""
    return {f"{story.story_id}.nitf.xml": _make_nitf(story) for story in stories}


def _make_nitf(story: Story) -> bytes:
    stamp = f"{story.published_at:%Y%m%dT%H%M%SZ}"
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<nitf><head><title>{escape(story.headline)}</title><docdata><doc-id id-string="{story.story_id}"/>
<urgency ed-urg="4"/><date.issue norm="{stamp}"/></docdata></head>
<body><body.head><hedline><hl1>{escape(story.headline)}</hl1></hedline>
<byline>{escape(story.byline)}</byline></body.head>
<body.content>{story.as_html()}</body.content></body></nitf>""".encode()


def write_ninjs(stories: Sequence[Story]) -> dict[str, bytes]:
    """An item a file."""
    return {
        f"{story.story_id}.json": json.dumps(
            {
                "uri": f"urn:news.example:{story.story_id}",
                "type": "text",
                "versioncreated": story.stamp,
                "language": "en",
                "byline": story.byline,
                "headline": story.headline,
                "body_html": story.as_html(),
            }
        ).encode()
        for story in stories
    }


def write_iptc7901(stories: Sequence[Story]) -> dict[str, bytes]:
    """A transmission a story."""
    return {
        f"{story.story_id}.iptc": (
            f"\x01exa{number:04d} 4 pl {len(story.text.split())} EXA \r\n\n"
            f"{story.headline}\r\n\x02{story.text}\r\n\x03{story.published_at:%d%H%M %b %y}\x04\r\n"
        ).encode("latin-1", "replace")
        for number, story in enumerate(stories, 1)
    }


def write_feed(stories: Sequence[Story]) -> dict[str, bytes]:
    """One RSS feed with whole bodies."""
    items = "".join(
        f"""<item><title>{escape(story.headline)}</title><link>{story.url}</link>
<guid isPermaLink="false">{story.story_id}</guid><dc:creator>{escape(story.byline)}</dc:creator>
<pubDate>{format_datetime(story.published_at)}</pubDate>
<content:encoded><![CDATA[{story.as_html()}]]></content:encoded></item>"""
        for story in stories
    )
    feed = (
        '<?xml version="1.0" encoding="UTF-8"?>\n<rss version="2.0" '
        'xmlns:content="http://purl.org/rss/1.0/modules/content/" '
        'xmlns:dc="http://purl.org/dc/elements/1.1/"><channel><title>Example News</title>'
        f"<link>https://news.example/</link>{items}</channel></rss>"
    )
    return {"feed.rss": feed.encode()}


def write_json_feed(stories: Sequence[Story]) -> dict[str, bytes]:
    """One JSON Feed with whole bodies."""
    items = [
        {
            "id": story.story_id,
            "url": story.url,
            "title": story.headline,
            "authors": [{"name": story.byline}],
            "date_published": story.stamp,
            "content_html": story.as_html(),
        }
        for story in stories
    ]
    feed = {"version": "https://jsonfeed.org/version/1.1", "title": "Example News", "items": items}
    return {"feed.json": json.dumps(feed).encode()}


def write_email(stories: Sequence[Story]) -> dict[str, bytes]:
    """A message a story."""
    return {f"{story.story_id}.eml": bytes(_make_message(story)) for story in stories}


def write_mbox(stories: Sequence[Story]) -> dict[str, bytes]:
    """One mailbox."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "letters.mbox"
        box = mailbox.mbox(path)
        for story in stories:
            box.add(_make_message(story))
        box.close()
        return {"letters.mbox": path.read_bytes()}


def _make_message(story: Story) -> EmailMessage:
    message = EmailMessage()
    message["From"] = f"{story.byline} <desk@news.example>"
    message["To"] = "readers@news.example"
    message["Subject"] = story.headline
    message["Date"] = format_datetime(story.published_at)
    message["Message-ID"] = f"<{story.story_id}@news.example>"
    message.set_content(story.text)
    message.add_alternative(f"<html><body>{story.as_html()}</body></html>", subtype="html")
    return message


def write_zip(stories: Sequence[Story]) -> dict[str, bytes]:
    """An archive of NITF documents."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in write_nitf(stories).items():
            archive.writestr(f"day/{name}", data)
    return {"nitf.zip": file.getvalue()}


def write_tar(stories: Sequence[Story]) -> dict[str, bytes]:
    """A compressed archive of plain texts."""
    file = io.BytesIO()
    with tarfile.open(fileobj=file, mode="w:gz") as archive:
        for name, data in write_plain_text(stories).items():
            member = tarfile.TarInfo(f"day/{name}")
            member.size = len(data)
            archive.addfile(member, io.BytesIO(data))
    return {"texts.tar.gz": file.getvalue()}


WRITERS: Final[dict[str, Writer]] = {
    "csv": write_csv,
    "email": write_email,
    "feed": write_feed,
    "html": write_html,
    "iptc7901": write_iptc7901,
    "json_feed": write_json_feed,
    "json_records": write_json_records,
    "jsonl": write_jsonl,
    "mbox": write_mbox,
    "newsml_1": write_newsml_1,
    "newsml_g2": write_newsml_g2,
    "ninjs": write_ninjs,
    "nitf": write_nitf,
    "parquet": write_parquet,
    "plain_text": write_plain_text,
    "tar": write_tar,
    "warc": write_warc,
    "zip": write_zip,
}
