"""Headers of mail as Unicode text: encoded words, raw bytes, folded lines."""

from __future__ import annotations

import re
from collections.abc import Iterator
from email.errors import HeaderParseError
from email.header import decode_header
from email.message import Message
from email.utils import parseaddr
from typing import Final

from include.eventwire.cleaning.decoding import UndecodableError, decode_text

# What some mailers write for Latin-1 and ASCII holds the quotation marks of Windows, too.
_WESTERN: Final = frozenset(("ascii", "us-ascii", "iso-8859-1", "iso8859-1", "latin-1", "latin1"))
_FOLDS: Final = re.compile(r"\s*[\r\n]+\s*")
_COMMENTS: Final = re.compile(r"\s*\([^()]*\)\s*\Z")
# Headers that tell how a mail travelled and was judged on its way, not what it says.
_TRANSPORT: Final = re.compile(
    r"x-(?:r?spam\w*|uidl?|abuse|account|amavis|antispam|antivirus|authenticat\w+|barracuda|beenthere"
    r"|csa|delivered|dkim|envelope|evolution|exchange|feedback|forefront|forwarded|gm|gmail|google"
    r"|ironport|loop|mailgun|mc|microsoft|mimecast|mozilla|ms|msfbl|original|originating|proofpoint"
    r"|received|report|ses|sg|status|virus|ymail\w*|yahoo)(?:-|\Z)"
)
_MOST_HEADERS: Final = 30
_LONGEST_HEADER: Final = 300


def header_text(message: Message, name: str) -> str | None:
    """Return the first header `name` as one line of text, or None where it is missing or empty."""
    # The headers as they stand: the usual way puts question marks for bytes beyond ASCII.
    for found, value in message.raw_items():
        if found.lower() == name and (text := decode_words(str(value))):
            return text
    return None


def decode_words(value: str) -> str:
    """Return the value of a header with its encoded words (RFC 2047) and raw bytes decoded."""
    raw = value.encode("utf-8", "surrogateescape")
    text = _FOLDS.sub(" ", decode_bytes(raw, None) or "")
    try:
        parts = decode_header(text)
    except (HeaderParseError, ValueError):
        return text.strip()
    return "".join(_decode_part(part, charset) for part, charset in parts).strip()


def decode_bytes(data: bytes, charset: str | None) -> str | None:
    """Return the text of a header or part that claims to be in `charset`; None = it is no text.

    A charset that is unknown, or does not fit, is not believed; then the ladder of `decode_text`
    counts.
    """
    name = (charset or "").strip("\"' ").lower()
    for candidate in ("utf-8", "cp1252") if name in _WESTERN else (name,) if name else ():
        try:
            return data.decode(candidate)
        except (LookupError, ValueError):
            continue
    try:
        return decode_text(data)[0]
    except UndecodableError:
        return None


def date_text(message: Message) -> str | None:
    """Return the header Date without the comment that may follow it ("(PDT)")."""
    date = header_text(message, "date")
    return date and _COMMENTS.sub("", date)


def sender_name(message: Message) -> str | None:
    """Return the name in the header From, else the address."""
    for found, value in message.raw_items():
        if found.lower() == "from":
            # Before the name is decoded, since a comma in it would end it.
            name, address = parseaddr(_FOLDS.sub(" ", str(value)))
            return decode_words(name) or address or None
    return None


def other_headers(message: Message) -> Iterator[tuple[str, str]]:
    """Yield the extension headers (X-...) that say something of the content, as metadata.

    Those that tell how the mail travelled or was judged are left out, and very long ones.
    """
    n_found = 0
    for name, _ in message.raw_items():
        lowered = name.lower()
        if not lowered.startswith("x-") or _TRANSPORT.match(lowered):
            continue
        value = header_text(message, lowered)
        if value and len(value) <= _LONGEST_HEADER and n_found < _MOST_HEADERS:
            n_found += 1
            yield lowered.replace("-", "_"), value


def _decode_part(part: bytes | str, charset: str | None) -> str:
    if isinstance(part, str):
        return part
    # Without a charset these are the bytes between encoded words, as Python escapes them.
    if charset is None:
        return part.decode("raw_unicode_escape")
    return decode_bytes(part, charset) or ""
