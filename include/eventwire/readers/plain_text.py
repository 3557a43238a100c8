"""Plain text: one article a file."""

from __future__ import annotations

from collections.abc import Iterator

from include.eventwire.compression import ByteStream
from include.eventwire.decoding import UndecodableError, decode_text
from include.eventwire.readers.raw import RawArticle, ReadContext
from include.eventwire.records import Reject


def read_plain_text(context: ReadContext) -> Iterator[RawArticle | Reject]:
    """Yield the one article of a text file.

    The text is the whole file. Where the profile says that the first line is the headline, the
    text begins with the next line that is not blank.
    """
    limit = context.settings.max_record_bytes
    with context.open_stream() as stream:
        data = _read_at_most(stream, limit + 1)
    if len(data) > limit:
        detail = f"the file is longer than {limit:,} bytes; see EVENTWIRE_MAX_RECORD_BYTES"
        yield context.reject(1, "text_too_long", detail)
        return
    try:
        text, _ = decode_text(data, context.profile.encoding)
    except UndecodableError as error:
        yield context.reject(1, "undecodable_text", str(error), stage="decode")
        return
    if context.profile.headline_on_first_line:
        headline, _, text = text.lstrip().partition("\n")
        yield RawArticle(1, text.lstrip("\r\n"), headline=headline.strip() or None)
        return
    yield RawArticle(1, text)


def _read_at_most(stream: ByteStream, size: int) -> bytes:
    # One call may give less than it is asked for before the end of a compressed file.
    parts = []
    while size > 0 and (part := stream.read(size)):
        parts.append(part)
        size -= len(part)
    return b"".join(parts)
