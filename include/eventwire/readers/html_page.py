"""Web pages in files: one file, one page."""

from __future__ import annotations

from collections.abc import Iterator

from include.eventwire.readers.page_records import PageRecord, read_page_record
from include.eventwire.readers.raw import RawArticle, ReadContext
from include.eventwire.readers.whole_files import read_whole_file
from include.eventwire.records import Reject


def read_html(context: ReadContext) -> Iterator[RawArticle | Reject]:
    """Yield the article on a page.

    Its address is the one that the page states, or that a browser noted when it saved the page.
    When the page was fetched is not known, so that dates up to that of the run are believed.
    """
    data = read_whole_file(context, max_bytes=context.settings.max_page_bytes)
    yield data if isinstance(data, Reject) else read_page_record(PageRecord(1, data), context)
