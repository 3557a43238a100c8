"""The lines of a stream of bytes, decoded, with bounded memory however long a line is."""

from __future__ import annotations

import codecs
from collections.abc import Iterator
from itertools import chain
from typing import Final

from include.eventwire.cleaning.decoding import decode_text, find_mark
from include.eventwire.inputs.compression import ByteStream

_CHUNK_BYTES: Final = 256 * 1024


class LineTooLongError(ValueError):
    """A line is longer than may be held in memory; the rest of it was skipped."""


class DecodedLines:
    """An iterator over the lines of a stream, with their line ends.

    `next()` may raise `LineTooLongError` or `UndecodableError` for one line and goes on with the
    following line at the next call: this is why it is a class and no generator.

    Attributes:
        line_number: 1-based number of the line that was read last.
    """

    def __init__(self, stream: ByteStream, *, max_bytes: int, encoding: str | None = None) -> None:
        """Make the iterator and look for a mark at the beginning of the stream.

        Args:
            stream: The bytes of the file.
            max_bytes: Longest line that is returned.
            encoding: Declared encoding; None = by the mark of the file, UTF-8, else guessed by
                the first line that is not UTF-8 and then kept for the file.
        """
        self.line_number = 0
        self._max_bytes = max_bytes
        self._encoding = encoding
        self._is_certain = encoding is not None
        self._lines = _split_lines(self._read_chunks(stream), max_bytes)

    def __iter__(self) -> DecodedLines:
        """Return itself."""
        return self

    def __next__(self) -> str:
        """Return the next line.

        Raises:
            LineTooLongError: The line is longer than the limit.
            UndecodableError: The line is no text.
        """
        line = next(self._lines)
        self.line_number += 1
        if line is None:
            raise LineTooLongError(
                f"line {self.line_number} is longer than {self._max_bytes:,} bytes; if it is a "
                "real article, raise EVENTWIRE_MAX_RECORD_BYTES"
            )
        return self._decode(line)

    def _read_chunks(self, stream: ByteStream) -> Iterator[bytes]:
        first = stream.read(_CHUNK_BYTES)
        mark, marked = find_mark(first)
        if marked:
            self._encoding, self._is_certain = marked, True
        rest = iter(lambda: stream.read(_CHUNK_BYTES), b"")
        chunks = chain((first[len(mark) :],), rest)
        if self._encoding is None or not self._encoding.startswith(("utf-16", "utf-32")):
            return chunks
        wide, self._encoding = self._encoding, "utf-8"
        return _transcode(chunks, wide)

    def _decode(self, line: bytes) -> str:
        if self._is_certain:
            return decode_text(line, self._encoding)[0]
        try:
            return line.decode("utf-8")
        except UnicodeDecodeError:
            text, self._encoding = decode_text(line, self._encoding)
        return text


def _split_lines(chunks: Iterator[bytes], max_bytes: int) -> Iterator[bytes | None]:
    """Yield the lines in `chunks` with their ends; None for one longer than `max_bytes`."""
    buffer, too_long = bytearray(), False
    for chunk in chunks:
        start = 0
        while (end := chunk.find(b"\n", start) + 1) > 0:
            buffer += chunk[start:end]
            yield None if too_long or len(buffer) > max_bytes else bytes(buffer)
            buffer.clear()
            start, too_long = end, False
        buffer += chunk[start:]
        if len(buffer) > max_bytes:
            buffer.clear()
            too_long = True
    if too_long or buffer:
        yield None if too_long else bytes(buffer)


def _transcode(chunks: Iterator[bytes], encoding: str) -> Iterator[bytes]:
    """Yield `chunks` in UTF-8: in UTF-16 and UTF-32 the byte 0x0A is no sure sign of a line end."""
    decoder = codecs.getincrementaldecoder(encoding)()
    try:
        for chunk in chunks:
            yield decoder.decode(chunk).encode("utf-8")
        decoder.decode(b"", final=True)
    except UnicodeDecodeError as error:
        # Where the next character begins is lost: this ends the file, as damage to it does.
        raise OSError(f"the file is not {encoding} throughout: {error.reason}") from error
