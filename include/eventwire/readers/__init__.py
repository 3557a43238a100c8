"""Readers of news, one module a format. To add one, see `docs/add_a_source.md`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from include.eventwire.inputs import InputFile
from include.eventwire.readers.csv_table import read_csv
from include.eventwire.readers.fields import make_article
from include.eventwire.readers.jsonl import read_jsonl
from include.eventwire.readers.parquet_table import read_parquet
from include.eventwire.readers.plain_text import read_plain_text
from include.eventwire.readers.raw import RawArticle, ReadContext, Reader
from include.eventwire.records import Article, Reject
from include.eventwire.settings import Settings
from include.eventwire.sources import SourceProfile

# Names as in `formats.SUFFIXES`; a test holds the two together.
READERS: Final[Mapping[str, Reader]] = {
    "csv": read_csv,
    "jsonl": read_jsonl,
    "parquet": read_parquet,
    "plain_text": read_plain_text,
}


def read_articles(
    file: InputFile, profile: SourceProfile, settings: Settings
) -> Iterator[Article | Reject]:
    """Yield an article or a reject for each record of `file`, in order, with bounded memory.

    A file that cannot be opened, or is damaged on the way, ends with one reject without a record
    number; what was read before stays.
    """
    context = ReadContext(file, profile, settings)
    try:
        for raw in READERS[file.format](context):
            yield make_article(raw, context) if isinstance(raw, RawArticle) else raw
    except OSError as error:
        detail = f"the file, or its rest, cannot be read: {error.strerror or error}"
        yield context.reject(None, "unreadable_file", detail)
