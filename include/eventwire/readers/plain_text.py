"""Plain text: one article a file."""

from __future__ import annotations

from collections.abc import Iterator

from include.eventwire.cleaning.decoding import UndecodableError, decode_text
from include.eventwire.readers.raw import RawArticle, ReadContext
from include.eventwire.readers.whole_files import read_whole_file
from include.eventwire.records import Reject


def read_plain_text(context: ReadContext) -> Iterator[RawArticle | Reject]:
    """Yield the one article of a text file.

    The text is the whole file. Where the profile says that the first line is the headline, the
    text begins with the next line that is not blank.
    """
    data = read_whole_file(context)
    if isinstance(data, Reject):
        yield data
        return
    try:
        text, _ = decode_text(data, context.profile.encoding)
    except UndecodableError as error:
        yield context.reject(1, "undecodable_text", str(error), stage="decode")
        return
    if context.profile.headline_on_first_line:
        headline, _, text = text.lstrip().partition("\n")
        yield RawArticle(1, text.lstrip("\r\n"), headline=headline.strip() or None)
        return
    yield RawArticle(1, text)
