"""The bytes of a page to text and to a tree.

Pages often declare a wrong encoding, and a few stray bytes in an advertisement must not cost the
article. So the order is: byte order mark, UTF-8 where the bytes are that (other encodings hardly
ever look like it by chance), what HTTP declares, what the page declares, else a guess.
"""

from __future__ import annotations

import codecs
import re
from typing import Final

from lxml import etree, html

from include.eventwire.cleaning.decoding import decode_text, find_mark

# Where browsers look for a declaration is the first 1,024 bytes; pages put it later.
_DECLARED_WITHIN: Final = 8 * 1024
_DECLARATION: Final = re.compile(
    rb"""<meta[^>]{0,200}?charset\s*=\s*["']?\s*([\w:.-]+)|<\?xml[^>]{0,100}?encoding=["']([\w:.-]+)""",
    re.IGNORECASE,
)
# The web uses these labels for the larger sets on the right (Encoding Standard of the WHATWG).
_WEB_LABELS: Final = {
    **dict.fromkeys(
        ("ascii", "us-ascii", "iso-8859-1", "iso8859-1", "latin1", "latin-1"), "cp1252"
    ),
    **dict.fromkeys(("iso-8859-9", "latin5"), "cp1254"),
    **dict.fromkeys(("gb2312", "gb_2312-80", "gbk", "x-gbk"), "gb18030"),
    **dict.fromkeys(("shift_jis", "shift-jis", "sjis", "x-sjis"), "cp932"),
    **dict.fromkeys(("euc-kr", "ks_c_5601-1987", "ksc5601"), "cp949"),
    **dict.fromkeys(("tis-620", "iso-8859-11"), "cp874"),
    "big5": "big5hkscs",
    "x-mac-cyrillic": "mac_cyrillic",
    # A declaration that can be read byte by byte is in neither of these.
    **dict.fromkeys(("utf-16", "utf-16le", "utf-16be", "unicode"), "utf-8"),
}
# Pages of news have 500 to 10,000. Every copy that an extractor makes costs half a kilobyte each.
_MOST_ELEMENTS: Final = 100_000
# Fewer wrong bytes than one in 2,000 are damage, more are another encoding.
_DAMAGED_SHARE: Final = 1 / 2000


class EmptyPageError(ValueError):
    """There is no element on the page."""


class TooManyElementsError(ValueError):
    """A page has more elements than can be searched in the time and memory of one article."""


def decode_page(data: bytes, charset: str | None = None) -> str:
    """Return the text of a page; bytes that do not fit are U+FFFD where they are very few.

    Args:
        data: The bytes of the page.
        charset: Encoding that the HTTP header or the source declares.

    Raises:
        UndecodableError: No encoding gives readable text.
    """
    mark, marked = find_mark(data)
    if marked:
        return data[len(mark) :].decode(marked, errors="replace")
    if not data.isascii() and (text := _try_decoding(data, "utf-8")) is not None:
        return text
    for label in (charset, _find_declared(data)):
        name = _codec_name(label)
        if name and (text := _try_decoding(data, name)) is not None:
            return text
    return decode_text(data)[0]


def parse_page(page: str) -> html.HtmlElement:
    """Return the tree of a page.

    Raises:
        EmptyPageError: There is no element on the page.
        TooManyElementsError: There are too many.
    """
    # As bytes in an encoding that is named: a text with an XML declaration is refused by lxml,
    # and a declaration within the page would be believed.
    parser = html.HTMLParser(
        encoding="utf-8", no_network=True, remove_comments=True, remove_pis=True
    )
    try:
        tree = html.document_fromstring(
            page.replace("\0", "").encode("utf-8", errors="replace"), parser=parser
        )
    except (etree.ParserError, etree.XMLSyntaxError) as error:
        raise EmptyPageError("the page has no elements") from error
    if (count := int(tree.xpath("count(//*)"))) > _MOST_ELEMENTS:
        raise TooManyElementsError(
            f"the page has {count:,} elements, the limit is {_MOST_ELEMENTS:,}"
        )
    return tree


def _find_declared(data: bytes) -> str | None:
    found = _DECLARATION.search(data[:_DECLARED_WITHIN])
    return (found[1] or found[2]).decode("ascii", errors="replace") if found else None


def _codec_name(label: str | None) -> str | None:
    cleaned = (label or "").strip(" \"';").lower()
    try:
        codec = codecs.lookup(_WEB_LABELS.get(cleaned, cleaned))
    except (LookupError, ValueError):
        return None
    # `codecs` also knows transformations of bytes ("base64"), which are no encodings of text.
    return codec.name if codec._is_text_encoding else None


def _try_decoding(data: bytes, encoding: str) -> str | None:
    """Return `data` decoded, or None when it is too often not in `encoding`."""
    try:
        return data.decode(encoding)
    except UnicodeDecodeError:
        text = data.decode(encoding, errors="replace")
    return text if text.count("\ufffd") <= _DAMAGED_SHARE * len(text) else None
