"""JSON Lines: one JSON object a line."""

from __future__ import annotations

import json
from collections.abc import Iterator

from include.eventwire.cleaning.decoding import UndecodableError
from include.eventwire.readers.fields import FieldError, name_fields
from include.eventwire.readers.lines import DecodedLines, LineTooLongError
from include.eventwire.readers.raw import RawArticle, ReadContext
from include.eventwire.records import Reject


def read_jsonl(context: ReadContext) -> Iterator[RawArticle | Reject]:
    """Yield the records of a JSONL file; the number of a record is that of its line.

    Blank lines are no records. A line that is too long, no text or no JSON object is a reject,
    and the following lines are read.
    """
    with context.open_stream() as stream:
        lines = DecodedLines(
            stream,
            max_bytes=context.settings.max_record_bytes,
            encoding=context.profile.encoding,
        )
        while True:
            try:
                line = next(lines, None)
            except LineTooLongError as error:
                yield context.reject(lines.line_number, "text_too_long", str(error))
                continue
            except UndecodableError as error:
                detail = f"line {lines.line_number}: {error}"
                yield context.reject(lines.line_number, "undecodable_text", detail, stage="decode")
                continue
            if line is None:
                return
            if line.strip():
                yield _read_line(line, lines.line_number, context)


class _Ambiguous(dict[str, object]):
    """An object in which a name stands twice. Programs differ in which of the two they take."""


def _make_object(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found = dict(pairs)
    return found if len(found) == len(pairs) else _Ambiguous(found)


def _read_line(line: str, number: int, context: ReadContext) -> RawArticle | Reject:
    try:
        record = json.loads(line, object_pairs_hook=_make_object)
    except ValueError as error:  # includes whole numbers of thousands of digits
        return context.reject(number, "broken_record", f"line {number} is no JSON: {error}")
    except RecursionError:
        return context.reject(number, "broken_record", f"line {number} is nested too deeply")
    if isinstance(record, _Ambiguous):
        detail = f"line {number} names a field twice; which of the two is meant cannot be told"
        return context.reject(number, "broken_record", detail)
    if not isinstance(record, dict):
        detail = f"line {number} is no JSON object; write one article a line: {{...}}"
        return context.reject(number, "broken_record", detail)
    try:
        return name_fields(record, number, context.profile)
    except FieldError as error:
        return context.reject(number, "broken_record", f"line {number}: {error}")
