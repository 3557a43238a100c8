"""CSV and TSV: one article a row, the names of the fields in the first."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from typing import Final

from include.eventwire.cleaning.decoding import UndecodableError
from include.eventwire.inputs.formats import content_suffix
from include.eventwire.readers.fields import FieldError, find_missing_text, name_fields
from include.eventwire.readers.lines import DecodedLines, LineTooLongError
from include.eventwire.readers.raw import RawArticle, ReadContext
from include.eventwire.records import Reject

# Each row becomes a table of its columns by name: that of a million columns takes seconds.
_MOST_COLUMNS: Final = 10_000


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
        bounded = _RowLines(lines, limit)
        rows = csv.reader(bounded, delimiter=_delimiter(context), strict=True)
        try:
            header = [name.strip() for name in next(rows, [])]
        except (csv.Error, LineTooLongError, UndecodableError) as error:
            yield context.reject(None, "broken_record", f"the header cannot be read: {error}")
            return
        if len(header) > _MOST_COLUMNS:
            detail = f"the header has {len(header):,} columns, the limit is {_MOST_COLUMNS:,}"
            yield context.reject(None, "too_large", detail)
            return
        if problem := find_missing_text(header, context.profile):
            yield context.reject(None, "broken_record", problem)
            return
        yield from _read_rows(rows, bounded, header, context)


class _RowLines:
    """The lines of a table; a row that goes on over too many of them is an error.

    A quoted field may hold line ends, so a row has no end that a limit on lines or on fields
    would set.
    """

    def __init__(self, lines: DecodedLines, max_chars: int) -> None:
        self._lines = lines
        self._max_chars = max_chars
        self._left = max_chars

    def __iter__(self) -> _RowLines:
        return self

    def __next__(self) -> str:
        line = next(self._lines)
        self._left -= len(line)
        if self._left < 0:
            raise csv.Error(f"the row is longer than {self._max_chars:,} characters")
        return line

    @property
    def line_number(self) -> int:
        return self._lines.line_number

    def start_row(self) -> None:
        """Note that the next line begins a row."""
        self._left = self._max_chars


def _read_rows(
    rows: Iterator[list[str]], lines: _RowLines, header: list[str], context: ReadContext
) -> Iterator[RawArticle | Reject]:
    number = 0
    while True:
        first_line = lines.line_number + 1
        lines.start_row()
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
