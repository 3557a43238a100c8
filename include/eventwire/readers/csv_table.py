"""CSV and TSV: one article a row, the names of the fields in the first."""

from __future__ import annotations

import csv
from collections.abc import Iterator

from include.eventwire.decoding import UndecodableError
from include.eventwire.formats import content_suffix
from include.eventwire.readers.fields import FieldError, find_missing_text, name_fields
from include.eventwire.readers.lines import DecodedLines, LineTooLongError
from include.eventwire.readers.raw import RawArticle, ReadContext
from include.eventwire.records import Reject


def read_csv(context: ReadContext) -> Iterator[RawArticle | Reject]:
    """Yield the rows of a CSV file; the first row after the header is record 1.

    Quoting is taken strictly: a quote that is not closed or not doubled makes its row a reject,
    and reading goes on with the following line. Blank lines are no records.
    """
    limit = context.settings.max_record_bytes
    # The limit belongs to the whole process. Its default (131,072 characters) is less than a long
    # article; ours keeps memory bounded, and too long a text is refused later, with its length.
    csv.field_size_limit(limit)
    with context.open_stream() as stream:
        lines = DecodedLines(stream, max_bytes=limit, encoding=context.profile.encoding)
        rows = csv.reader(lines, delimiter=_delimiter(context), strict=True)
        try:
            header = [name.strip() for name in next(rows, [])]
        except (csv.Error, LineTooLongError, UndecodableError) as error:
            yield context.reject(None, "broken_record", f"the header cannot be read: {error}")
            return
        if problem := find_missing_text(header, context.profile):
            yield context.reject(None, "broken_record", problem)
            return
        yield from _read_rows(rows, lines, header, context)


def _read_rows(
    rows: Iterator[list[str]], lines: DecodedLines, header: list[str], context: ReadContext
) -> Iterator[RawArticle | Reject]:
    number = 0
    while True:
        first_line = lines.line_number + 1
        try:
            row = next(rows, None)
        except (csv.Error, LineTooLongError, UndecodableError) as error:
            number += 1
            yield _reject_row(number, first_line, lines.line_number, error, context)
            continue
        if row is None:
            return
        if row:
            number += 1
            yield _read_row(row, number, first_line, header, context)


def _read_row(
    row: list[str], number: int, line: int, header: list[str], context: ReadContext
) -> RawArticle | Reject:
    if len(row) != len(header):
        detail = (
            f"the row at line {line} has {len(row)} columns, the header has {len(header)}; "
            "put texts that hold the delimiter in quotes"
        )
        return context.reject(number, "broken_record", detail)
    try:
        return name_fields(dict(zip(header, row, strict=True)), number, context.profile)
    except FieldError as error:
        return context.reject(number, "broken_record", f"line {line}: {error}")


def _reject_row(
    number: int, first_line: int, last_line: int, error: Exception, context: ReadContext
) -> Reject:
    where = f"lines {first_line} to {last_line}" if last_line > first_line else f"line {first_line}"
    if isinstance(error, UndecodableError):
        detail = f"{where}: {error}"
        return context.reject(number, "undecodable_text", detail, stage="decode")
    if isinstance(error, LineTooLongError):
        return context.reject(number, "text_too_long", str(error))
    detail = f"{where}: {error}; close each quote and double those within a text"
    return context.reject(number, "broken_record", detail)


def _delimiter(context: ReadContext) -> str:
    by_suffix = "\t" if content_suffix(context.file.path) == ".tsv" else ","
    return context.profile.delimiter or by_suffix
