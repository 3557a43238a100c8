"""Messages of news wires in a file: their parts, their lines, their times.

A message begins with SOH, its text with STX; it ends with ETX, the line of the time, and EOT.
Files hold one message or many. Where the end of one is missing, the transmission broke off.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from include.eventwire.cleaning.decoding import UndecodableError, decode_text
from include.eventwire.inputs.compression import ByteStream
from include.eventwire.readers.raw import ReadContext
from include.eventwire.records import Reject

_CHUNK_BYTES: Final = 256 * 1024
_START: Final = b"\x01"
_TEXT: Final = b"\x02"
_ENDS: Final = (b"\x03", b"\x04")  # ETX; EOT where it was lost
# What the wire sends between messages: SYN, NUL, DEL, form feeds and line ends.
_FILLING: Final = b"\x00\x04\x0c\x16\x7f\r\n\t "
# Codes for typesetting machines (spaces, leaders, fonts); line ends and tabs are none of them.
_CODES: Final = bytes.maketrans(bytes([*range(9), 11, 12, *range(14, 32), 127]), b" " * 30)
_CODES_KEPT: Final = bytes.maketrans(b"\x00", b" ")
_LINE_END: Final = re.compile(r"\r\n|\r|\n")
# Shorter lines do not show how wide the wire was.
_LEAST_WIDTH: Final = 40


@dataclass(frozen=True, slots=True)
class Message:
    """One message, decoded.

    Attributes:
        number: 1-based number in its file.
        header: What stands before the text, with its control characters.
        body: The text as it was sent, without control characters but line ends and tabs.
        trailer: What follows the text: the line of the time.
    """

    number: int
    header: str
    body: str
    trailer: str


def read_messages(context: ReadContext) -> Iterator[Message | Reject]:
    """Yield the messages of a file; what is no whole message is a reject."""
    number = 0
    with context.open_stream() as stream:
        for data in _split(stream, context.settings.max_record_bytes):
            if data is not None and not data.strip(_FILLING + _START):
                continue
            number += 1
            yield _read_message(data, number, context)


def join_lines(body: str) -> str:
    """Return `body` with the lines of each paragraph joined, a blank line between paragraphs.

    A line that the next word would still have fitted on was ended on purpose, as in tables and
    lists: its end stays.
    """
    lines = [line.rstrip() for line in _LINE_END.split(body)]
    width = max(map(len, lines))
    paragraphs: list[str] = []
    above = ""
    for line in lines:
        if line and not above:
            paragraphs.append(line.strip())
        elif line:
            paragraphs[-1] += " " if _was_wrapped(above, line, width) else "\n"
            paragraphs[-1] += line.strip()
        above = line
    return "\n\n".join(paragraphs)


def split_lines(text: str) -> list[str]:
    r"""Return the lines of `text`, which may end with "\r\n", "\r" or "\n"."""
    return _LINE_END.split(text)


def _was_wrapped(line: str, following: str, width: int) -> bool:
    first_word = following.split(None, 1)[0]
    return width >= _LEAST_WIDTH and len(line) + 1 + len(first_word) > width


def _split(stream: ByteStream, limit: int) -> Iterator[bytes | None]:
    """Yield what begins with each SOH; None for what is longer than `limit`."""
    buffer = bytearray()
    is_too_long = False
    while chunk := stream.read(_CHUNK_BYTES):
        searched = max(len(buffer), 1)
        buffer += chunk
        while (end := buffer.find(_START, searched)) > 0:
            yield None if is_too_long or end > limit else bytes(buffer[:end])
            del buffer[:end]
            is_too_long, searched = False, 1
        if len(buffer) > limit:
            is_too_long = True
            buffer.clear()
    if is_too_long or buffer:
        yield None if is_too_long else bytes(buffer)


def _read_message(data: bytes | None, number: int, context: ReadContext) -> Message | Reject:
    if data is None:
        limit = context.settings.max_record_bytes
        detail = f"message {number} is longer than {limit:,} bytes; see EVENTWIRE_MAX_RECORD_BYTES"
        return context.reject(number, "too_large", detail)
    header, start, rest = data.partition(_TEXT)
    if not start:
        detail = f"message {number} has no text: STX, with which it would begin, is missing"
        return context.reject(number, "broken_record", detail)
    # A second STX is noise on the line.
    ends = [end for mark in _ENDS if (end := rest.find(mark)) >= 0]
    if not ends:
        detail = f"message {number} breaks off: ETX, the end of its text, is missing; get it again"
        return context.reject(number, "broken_record", detail)
    end = min(ends)
    try:
        body, _ = decode_text(rest[:end].translate(_CODES), context.profile.encoding)
    except UndecodableError as error:
        detail = f"message {number}: {error}"
        return context.reject(number, "undecodable_text", detail, stage="decode")
    head = header.lstrip(_FILLING + _START).translate(_CODES_KEPT).decode("latin-1")
    trailer = rest[end + 1 :].translate(_CODES).decode("latin-1")
    return Message(number, head, body, trailer)
