"""The values of a JSON file, one at a time: one value, a list of values, or values in a row.

The elements of a list and values that follow each other are read piece by piece, so that memory
is bounded by the longest of them and not by the file.
"""

from __future__ import annotations

import codecs
import json
import re
from collections.abc import Iterator, Mapping
from typing import Final, cast

from include.eventwire.cleaning.decoding import UndecodableError, decode_text, find_mark
from include.eventwire.inputs.compression import ByteStream
from include.eventwire.readers.raw import ReadContext
from include.eventwire.readers.whole_files import read_at_most
from include.eventwire.records import Reject

_CHUNK_BYTES: Final = 1024 * 1024
_SPACE: Final = re.compile(r"[\s\ufeff\x1e]*")  # with the mark of RFC 7464 before each value
_NEXT_OBJECT: Final = re.compile(r"\n\s*(?=\{)")
_LONGEST_NUMBER: Final = 300


class _EndsEarlyError(ValueError):
    """A value is not whole, or broken: the text after it may tell."""


def read_json_values(context: ReadContext) -> Iterator[tuple[int, object] | Reject]:
    """Yield number and value of each record of a JSON file, or its reject.

    The records are the elements of the list that the file is, else the values in it: one, or
    several after another, such as one a line. Where a value in a row is broken, the next that
    begins a line is read; a list with a broken element cannot be read on.
    """
    limit = context.settings.max_record_bytes
    with context.open_stream() as stream:
        try:
            yield from _read_values(_Text(stream, context), limit, context)
        except UndecodableError as error:
            yield context.reject(None, "undecodable_text", str(error), stage="decode")


def unwrap_list(value: object, names: tuple[str, ...]) -> list[object] | None:
    """Return the list that an object such as `{"total": 2, "articles": [...]}` wraps, or None.

    Args:
        value: The object.
        names: Names that the list may have, in order of preference.
    """
    if not isinstance(value, Mapping):
        return None
    wrapped = (value.get(name) for name in names)
    return next((found for found in wrapped if isinstance(found, list)), None)


class _Text:
    """The text of a stream that was not yet read, as far as it was fetched."""

    def __init__(self, stream: ByteStream, context: ReadContext) -> None:
        limit = context.settings.max_record_bytes
        head = read_at_most(stream, limit + 1)
        encoding = context.profile.encoding
        self._stream = stream
        self._decoder: codecs.IncrementalDecoder | None = None
        self.position = 0
        if len(head) <= limit:
            self.fetched = decode_text(head, encoding)[0]
            return
        mark, marked = find_mark(head)
        self._name = marked or encoding or "utf-8"
        self._decoder = codecs.getincrementaldecoder(self._name)()
        self.fetched = self._decode(head[len(mark) :])

    @property
    def is_whole(self) -> bool:
        """Whether all that there is has been fetched."""
        return self._decoder is None

    def fetch(self) -> bool:
        """Drop what was read and fetch more; return False when there is no more."""
        if self._decoder is None:
            return False
        data = read_at_most(self._stream, _CHUNK_BYTES)
        self.fetched = self.fetched[self.position :] + self._decode(data, final=not data)
        self.position = 0
        if not data:
            self._decoder = None
        return bool(data)

    def peek(self) -> str:
        """Return the next character that is no space, or an empty text at the end."""
        while True:
            match = _SPACE.match(self.fetched, self.position)
            self.position = match.end() if match else self.position
            if self.position < len(self.fetched) or not self.fetch():
                return self.fetched[self.position : self.position + 1]

    def skip_broken(self) -> bool:
        """Go to the next object that begins a line; return False when none is in sight."""
        match = _NEXT_OBJECT.search(self.fetched, self.position)
        self.position = match.end() if match else len(self.fetched)
        return match is not None

    def _decode(self, data: bytes, *, final: bool = False) -> str:
        if self._decoder is None:
            return ""
        try:
            return self._decoder.decode(data, final)
        except UnicodeDecodeError as error:
            raise UndecodableError(
                f"the file is not {self._name} throughout: {error.reason}; declare the encoding "
                "of the source in sources.toml"
            ) from error


def _read_values(
    text: _Text, limit: int, context: ReadContext
) -> Iterator[tuple[int, object] | Reject]:
    is_list = text.peek() == "["
    text.position += is_list
    number = 0
    while (character := text.peek()) and not (is_list and character == "]"):
        number += 1
        value = _read_value(text, number, limit, context)
        if not isinstance(value, Reject):
            yield number, value
        else:
            yield value
            if is_list or not text.skip_broken():
                return
        if is_list and text.peek() == ",":
            text.position += 1
    if is_list and not character:
        yield context.reject(
            number, "broken_record", f"the list breaks off after record {number}; fetch it again"
        )


def _read_value(text: _Text, number: int, limit: int, context: ReadContext) -> object | Reject:
    while True:
        try:
            return _decode_value(text)
        except RecursionError:
            detail = "the JSON is nested too deeply"
            return context.reject(number, "broken_record", detail)
        except _EndsEarlyError as error:
            if len(text.fetched) - text.position > limit:
                detail = (
                    f"a value of the JSON is longer than {limit:,} bytes; write one record a line "
                    "(.jsonl), or raise EVENTWIRE_MAX_RECORD_BYTES"
                )
                return context.reject(number, "too_large", detail)
            if text.is_whole:
                return context.reject(number, "broken_record", f"no JSON: {error}")
            text.fetch()


def _decode_value(text: _Text) -> object:
    try:
        value, end = _DECODER.raw_decode(text.fetched, text.position)
    except ValueError as error:
        raise _EndsEarlyError(str(error)) from error
    if end == len(text.fetched) and isinstance(value, int | float) and not text.is_whole:
        raise _EndsEarlyError("a number may go on")
    text.position = end
    return cast("object", value)


def _read_number(digits: str) -> float:
    """Return a whole number; one of hundreds of digits is none that an article can have."""
    return int(digits) if len(digits) < _LONGEST_NUMBER else float("inf")


def _refuse_constant(name: str) -> float:
    raise ValueError(f"{name} is no value of JSON")


_DECODER: Final = json.JSONDecoder(parse_int=_read_number, parse_constant=_refuse_constant)
