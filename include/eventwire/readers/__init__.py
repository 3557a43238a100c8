"""Readers of news, one module a format. To add one, see `docs/add_a_source.md`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from importlib import import_module
from typing import Final, cast

from include.eventwire.inputs.compression import ExpansionError
from include.eventwire.inputs.selection import InputFile
from include.eventwire.readers.articles import make_article
from include.eventwire.readers.raw import RawArticle, ReadContext, Reader
from include.eventwire.records import Article, Reject
from include.eventwire.time_limits import TookTooLongError, time_limit

# By the names in `formats.FORMATS`: module in this folder and function. They are imported when
# they are first needed, since some bring large libraries.
READERS: Final[Mapping[str, tuple[str, str]]] = {
    "agency_xml": ("agency_xml", "read_agency_xml"),
    "anpa": ("anpa", "read_anpa"),
    "ap_media": ("ap_media", "read_ap_media"),
    "csv": ("csv_table", "read_csv"),
    "email": ("email_message", "read_email"),
    "feed": ("feed", "read_feed"),
    "html": ("html_page", "read_html"),
    "iptc7901": ("iptc7901", "read_iptc7901"),
    "json_feed": ("json_feed", "read_json_feed"),
    "json_records": ("json_records", "read_json_records"),
    "jsonl": ("jsonl", "read_jsonl"),
    "mbox": ("mbox", "read_mbox"),
    "newsml_1": ("newsml_1", "read_newsml_1"),
    "newsml_g2": ("newsml_g2", "read_newsml_g2"),
    "ninjs": ("ninjs", "read_ninjs"),
    "nitf": ("nitf", "read_nitf"),
    "parquet": ("parquet_table", "read_parquet"),
    "plain_text": ("plain_text", "read_plain_text"),
    "sitemap": ("sitemap", "read_sitemap"),
    "tar": ("tar_archive", "read_tar"),
    "warc": ("warc", "read_warc"),
    "zip": ("zip_archive", "read_zip"),
}


def read_articles(context: ReadContext) -> Iterator[Article | Reject]:
    """Yield an article or a reject for each record of a file, in order, with bounded memory.

    A file that cannot be opened, or is damaged on the way, ends with one reject without a record
    number; what was read before stays. So does one that is not as it was when the run was planned.
    """
    try:
        if problem := _find_change(context.file):
            yield context.reject(None, "unreadable_file", problem)
            return
        for raw in load_reader(context.file.format)(context):
            yield _check(raw, context) if isinstance(raw, RawArticle) else raw
    except ExpansionError as error:
        yield context.reject(None, "too_large", str(error))
    except OSError as error:
        detail = f"the file, or its rest, cannot be read: {error.strerror or error}"
        yield context.reject(None, "unreadable_file", detail)


def _find_change(file: InputFile) -> str | None:
    """Return what to tell of a file that is still written to, or was exchanged, else None."""
    size = file.path.stat().st_size
    if size == file.size:
        return None
    return (
        f"it had {file.size:,} bytes when the run was planned and now has {size:,}; run the batch "
        "again once the file is complete"
    )


@cache
def load_reader(format_: str) -> Reader:
    """Return the reader of a format."""
    module, function = READERS[format_]
    return cast("Reader", getattr(import_module(f"include.eventwire.readers.{module}"), function))


def _check(raw: RawArticle, context: ReadContext) -> Article | Reject:
    try:
        with time_limit(context.settings.max_article_seconds):
            return make_article(raw, context)
    except TookTooLongError as error:
        return context.reject(raw.record_number, "took_too_long", str(error), stage="check")
