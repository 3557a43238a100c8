"""WARC files of web crawls (the layout of CC-NEWS) and of `fetch_feeds`: one article a page.

Plain, compressed record by record (as the standard wants it) or as a whole; `.warc`, `.warc.gz`.

What is read
    Records of type `response` with an HTTP status of 200 whose content is HTML or XHTML by its
    Content-Type, or by its first bytes where no type is stated. WARC-Target-URI is the address of
    the page, WARC-Date the time of fetching, `charset` of the HTTP header its declared encoding.
    Content and transfer encodings (gzip, deflate, br, chunked) are undone within a byte budget.
    `record_number` is the 1-based number of the record among all records of the file.

What a feed says of a page
    A program that fetches pages named in a feed may state what the feed says of each, in a record
    of its own beside the response:

        WARC-Type: metadata
        WARC-Concurrent-To: <WARC-Record-ID of the response>
        Content-Type: application/json

        {"headline": "...", "published_at": "2026-03-02T08:15:00+00:00", "byline": "...",
         "language": "en", "feed": "https://news.example/feed.xml"}

    Every key may be absent; its value is a text that is not empty. `published_at` is ISO 8601 with
    a zone. It stands before its response or after it, in the latter case before the next
    response. What the page itself states counts first; the feed fills what it leaves open. `feed`
    goes to the metadata of the article as it is.

What is counted
    All other records (requests, revisits, images, feeds, error pages) make one reject for the file
    (`not_an_article`) that counts them by kind. A page that is no article, too large or too slow
    is a reject with its record number. Damage ends the file with a reject (`unreadable_file`);
    the pages before it stay.
"""

from __future__ import annotations

import io
import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Final

from fastwarc.warc import ArchiveIterator, WarcRecord, WarcRecordType

from include.eventwire.inputs.compression import ByteStream
from include.eventwire.inputs.recognition import recognise
from include.eventwire.readers.http_payloads import (
    PayloadError,
    PayloadTooLargeError,
    decode_payload,
)
from include.eventwire.readers.page_records import PageRecord, read_page_record
from include.eventwire.readers.raw import RawArticle, ReadContext
from include.eventwire.records import Reject

_HTML_TYPES: Final = ("text/html", "application/xhtml+xml")
_STATED_KEYS: Final = ("headline", "published_at", "byline", "language", "feed")
_MEDIA_TYPE: Final = re.compile(r"[\w.+-]{1,40}/[\w.+-]{1,60}")
_MOST_STATEMENT_BYTES: Final = 64 * 1024
# Statements that wait for their response. Those of responses that are no pages wait in vain: the
# oldest go first.
_MOST_WAITING: Final = 1_000
# Kinds that are counted one by one; what else there may be is put together.
_MOST_KINDS: Final = 30
_STEP: Final = 64 * 1024
# Small, because what is read together with the damaged end of a compressed file is lost with it.
_COMPRESSED_STEP: Final = 4 * 1024


def read_warc(context: ReadContext) -> Iterator[RawArticle | Reject]:
    """Yield the article on each page of a WARC file, or why there is none; see the module."""
    with context.open_stream() as stream:
        yield from _Crawl(context).read(stream)


class _Crawl:
    """The state of reading one file: the page whose feed may still speak, and what was counted."""

    def __init__(self, context: ReadContext) -> None:
        self._context = context
        self._held: tuple[str, PageRecord] | None = None
        self._stated: dict[str, Mapping[str, str]] = {}
        self._others: Counter[str] = Counter()

    def read(self, stream: ByteStream) -> Iterator[RawArticle | Reject]:
        damage: OSError | None = None
        try:
            # What FastWARC decodes by itself can end the whole file: see `http_payloads`.
            # Its lenient mode passes over damage without a word.
            records = ArchiveIterator(_Source(stream), parse_http=False, stream_detect=False)
            for number, record in enumerate(records, start=1):
                yield from self._read_record(record, number)
                _skip_rest(record)
        except OSError as error:
            damage = error
        yield from self._release()
        if self._others:
            yield self._count_others()
        if damage is not None:
            raise damage

    def _read_record(self, record: WarcRecord, number: int) -> Iterator[RawArticle | Reject]:
        if "Content-Length" not in record.headers:
            raise OSError(f"record {number} names no length: it is cut off or no record")
        match record.record_type:
            case WarcRecordType.response:
                yield from self._release()
                if reject := self._read_response(record, number):
                    yield reject
            case WarcRecordType.metadata if _is_json(record):
                self._keep_statement(record)
            case WarcRecordType.warcinfo:
                pass  # describes the file
            case other:
                self._count(str(other))

    def _read_response(self, record: WarcRecord, number: int) -> Reject | None:
        """Hold the page in a response, count what is none, or return why it cannot be read."""
        try:
            record.parse_http(auto_decode="none", quirks_mode=True)
        except OSError as error:
            return self._context.reject(number, "broken_record", f"the HTTP header: {error}")
        if kind := _find_other_kind(record):
            self._count(kind)
            return None
        limit = self._context.settings.max_page_bytes
        try:
            data = decode_payload(
                _read_body(record, limit),
                is_chunked="chunked"
                in (record.http_headers.get("Transfer-Encoding") or "").lower(),
                encodings=",".join(record.http_headers.get_multiple("Content-Encoding")).split(","),
                max_bytes=limit,
            )
        except PayloadTooLargeError as error:
            detail = f"{error}; see EVENTWIRE_MAX_PAGE_BYTES"
            return self._context.reject(number, "too_large", detail)
        except PayloadError as error:
            return self._context.reject(number, "broken_record", str(error))
        if kind := _find_other_content(record, data):
            self._count(kind)
        else:
            self._held = (record.record_id or "", _as_page(record, number, data))
        return None

    def _keep_statement(self, record: WarcRecord) -> None:
        headers = record.headers
        about = headers.get("WARC-Concurrent-To") or headers.get("WARC-Refers-To") or ""
        stated = _read_statement(record.reader.read(_MOST_STATEMENT_BYTES))
        if not about or not stated:
            self._count("metadata")
        else:
            if len(self._stated) >= _MOST_WAITING:
                self._stated.pop(next(iter(self._stated)))
            self._stated[about] = stated

    def _release(self) -> Iterator[RawArticle | Reject]:
        """Yield the article on the page that is held: nothing more can be stated of it."""
        if self._held is not None:
            record_id, page = self._held
            self._held = None
            yield read_page_record(page, self._context, self._stated.pop(record_id, None))

    def _count(self, kind: str) -> None:
        known = kind in self._others or len(self._others) < _MOST_KINDS
        self._others[kind if known else "of other kinds"] += 1

    def _count_others(self) -> Reject:
        kinds = ", ".join(f"{count} {kind}" for kind, count in self._others.most_common())
        total = self._others.total()
        verb = "record is no web page" if total == 1 else "records are no web pages"
        return self._context.reject(None, "not_an_article", f"{total} {verb}: {kinds}")


class _Source:
    """A stream as FastWARC wants it, which panics where there is no `tell`.

    Damage is told only after everything before it was handed out.
    """

    def __init__(self, stream: ByteStream) -> None:
        self._stream = stream
        self._position = 0
        self._damage: OSError | None = None

    def read(self, size: int = _STEP) -> bytes:
        if self._damage is not None:
            raise self._damage
        parts, left = [], size
        try:
            while left > 0 and (part := self._stream.read(min(left, _COMPRESSED_STEP))):
                parts.append(part)
                left -= len(part)
        except OSError as error:
            if not parts:
                raise
            self._damage = error
        self._position += size - left
        return b"".join(parts)

    def tell(self) -> int:
        return self._position

    def seek(self, offset: int, whence: int = 0) -> int:
        raise io.UnsupportedOperation(f"a stream of records cannot go to {offset} ({whence})")

    def close(self) -> None:
        """Do nothing: who opened the stream closes it."""


def _find_other_kind(record: WarcRecord) -> str | None:
    """Return what a response is by its headers where it is no page, in a few words, or None."""
    headers = record.http_headers
    if headers is None or headers.status_code is None:
        return "response without HTTP status"
    if headers.status_code != 200:
        return f"status {headers.status_code}"
    stated = (headers.get("Content-Type") or "").split(";")[0].strip().lower()
    if not stated or stated in _HTML_TYPES:
        return None
    return stated if _MEDIA_TYPE.fullmatch(stated) else "of a broken content type"


def _find_other_content(record: WarcRecord, data: bytes) -> str | None:
    """Return what a page that is none begins like, or None: feeds are often sent as HTML."""
    found = recognise(data[:_STEP])
    if found == "html" or (found is None and record.http_headers.get("Content-Type")):
        return None
    return found or "of no stated type"


def _read_body(record: WarcRecord, limit: int) -> bytes:
    body: bytes = record.reader.read(limit + 1)
    if len(body) > limit:
        raise PayloadTooLargeError(f"the response is longer than {limit:,} bytes")
    if len(body) < record.content_length:
        raise OSError("the file ends within a record")
    return body


def _skip_rest(record: WarcRecord) -> None:
    while record.reader.read(_STEP):
        pass


def _as_page(record: WarcRecord, number: int, data: bytes) -> PageRecord:
    fetched_at = record.record_date
    if isinstance(fetched_at, datetime) and fetched_at.utcoffset() is None:
        fetched_at = fetched_at.replace(tzinfo=UTC)
    digest = record.headers.get("WARC-Payload-Digest")
    known = {
        "fetched_at": fetched_at.isoformat() if fetched_at else None,
        "payload_digest": digest,
    }
    return PageRecord(
        number=number,
        data=data,
        url=(record.headers.get("WARC-Target-URI") or "").strip("<> ") or None,
        charset=record.http_charset,
        fetched_at=fetched_at,
        metadata={name: value for name, value in known.items() if value},
    )


def _is_json(record: WarcRecord) -> bool:
    return (record.headers.get("Content-Type") or "").startswith("application/json")


def _read_statement(data: bytes) -> Mapping[str, str]:
    """Return what a feed states of a page; empty when the record is something else."""
    try:
        values = json.loads(data)
    except (ValueError, RecursionError):
        return {}
    if not isinstance(values, dict):
        return {}
    texts = ((key, values.get(key)) for key in _STATED_KEYS)
    return {key: value for key, value in texts if isinstance(value, str) and value.strip()}
