"""Mailboxes of the kind mbox: many mails in one file, one article a mail.

A mail begins at a line "From SENDER DATE" that a header line follows; a sentence that begins with
"From " is left in the text of its mail. Of lines that begin with ">From " one ">" is taken off,
which the program that wrote the mailbox has put there. One mail is in memory at a time: one that
is longer than the limit of a record is a reject, and the next are read.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from include.eventwire.inputs.compression import ByteStream
from include.eventwire.readers.email_message import read_message
from include.eventwire.readers.raw import RawArticle, ReadContext
from include.eventwire.records import Reject

_CHUNK_BYTES: Final = 256 * 1024
# A line that begins a mail: a time of day stands in it, and the name of a header after it.
_BEGIN: Final = re.compile(
    rb"^From [^\r\n]{0,400}\d\d?:\d\d[^\r\n]{0,100}\r?\n(?=[!-9;-~]{1,76}:)", re.MULTILINE
)
_LONGEST_BEGIN: Final = 1024
_QUOTED: Final = re.compile(rb"^>(>*From )", re.MULTILINE)


def read_mbox(context: ReadContext) -> Iterator[RawArticle | Reject]:
    """Yield the article or reject of each mail; the number of a record is that of the mail."""
    limit = context.settings.max_record_bytes
    with context.open_stream() as stream:
        for number, mail in enumerate(_split_mails(stream, limit), 1):
            if mail is None:
                detail = f"the mail is longer than {limit:,} bytes; see EVENTWIRE_MAX_RECORD_BYTES"
                yield context.reject(number, "too_large", detail)
            else:
                yield read_message(_QUOTED.sub(rb"\1", mail), number, context)


def _split_mails(stream: ByteStream, limit: int) -> Iterator[bytes | None]:
    """Yield each mail of a mailbox; None for one that is longer than `limit`."""
    buffer, searched, is_too_long, is_end = bytearray(), 0, False, False
    while not is_end:
        chunk = stream.read(_CHUNK_BYTES)
        is_end = not chunk
        buffer += chunk
        while begin := _BEGIN.search(buffer, searched):
            if is_too_long or buffer[: begin.start()].strip():
                yield None if is_too_long else bytes(buffer[: begin.start()])
            del buffer[: begin.end()]
            searched, is_too_long = 0, False
        # What stands at the very end may be half of a line that begins a mail.
        searched = max(0, len(buffer) - _LONGEST_BEGIN)
        if len(buffer) > limit + _LONGEST_BEGIN:
            del buffer[: searched - 1]  # one more, for the search to see that no line begins
            searched, is_too_long = 1, True
    if is_too_long or buffer.strip():
        yield None if is_too_long else bytes(buffer)
