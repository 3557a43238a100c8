"""Bytes to text: a byte order mark, else strict UTF-8, else what charset-normalizer finds.

Nothing is replaced or left out: bytes that give no readable text are an error. After decoding
the text is never rewritten.
"""

from __future__ import annotations

import codecs
import re
from typing import Final

from charset_normalizer import from_bytes

# The longer marks first: that of UTF-32-LE begins with that of UTF-16-LE.
_MARKS: Final = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
# Guessing on more than this takes seconds and finds the same.
_SAMPLE_BYTES: Final = 64 * 1024
# Of encodings that fit equally well charset-normalizer takes the first in the alphabet (cp1250:
# "Genčve" for "Genève"). This one, Latin-1 with typographic quotes, is by far the most frequent.
_WESTERN: Final = "cp1252"
# Code pages of DOS, early Macintosh and mainframes: short Western texts look like them by chance
# ("K÷ln"), news on the web is not in them. A source that is can declare it.
_NEVER_GUESSED: Final = [
    *("cp037", "cp437", "cp500", "cp720", "cp737", "cp775", "cp850", "cp852", "cp855", "cp857"),
    *("cp858", "cp860", "cp861", "cp862", "cp863", "cp864", "cp865", "cp866", "cp869", "cp1026"),
    *("cp1125", "cp1140", "cp273", "cp424", "cp875", "hp_roman8", "mac_cyrillic", "mac_greek"),
    *("mac_iceland", "mac_latin2", "mac_roman", "mac_turkish"),
]
# C0 and C1 controls that printed matter does not contain (tabs, line ends, form feeds and the
# file separators of wires are let through).
_CONTROLS: Final = re.compile(r"[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f]")
_MOST_CONTROLS: Final = 0.01


class UndecodableError(ValueError):
    """Bytes are no text in any encoding that was tried; the message says why."""


def decode_text(data: bytes, encoding: str | None = None) -> tuple[str, str]:
    """Return the text that `data` holds and the name of its encoding.

    Args:
        data: The bytes of one text. A byte order mark is taken off.
        encoding: Encoding that the source declares. A byte order mark overrules it, and where
            it is given nothing else is tried.

    Raises:
        UndecodableError: No encoding gives readable text.
    """
    mark, marked = find_mark(data)
    if marked or encoding:
        name = marked or str(encoding)
        return _decode_strictly(data[len(mark) :], name), name
    try:
        return data.decode("utf-8"), "utf-8"
    except UnicodeDecodeError:
        guessed = _guess_encoding(data)
    text = _decode_strictly(data, guessed)
    if len(_CONTROLS.findall(text)) > _MOST_CONTROLS * len(text):
        raise UndecodableError("the bytes are not text: too many control characters")
    return text, guessed


def find_mark(data: bytes) -> tuple[bytes, str | None]:
    """Return the byte order mark that `data` begins with and its encoding, or `(b"", None)`."""
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return mark, encoding
    return b"", None


def find_unstorable(text: str) -> str | None:
    """Return what makes `text` no Unicode text that tables can hold, in words, or None.

    These are NUL characters (binary data, or UTF-16 read as something else) and lone surrogates
    (half a character: a broken escape in JSON).
    """
    if "\0" in text:
        return f"a NUL character at offset {text.index(chr(0))}"
    try:
        text.encode("utf-8")
    except UnicodeEncodeError as error:
        return f"half a surrogate pair at offset {error.start}"
    return None


def _guess_encoding(data: bytes) -> str:
    # Only lines that are not plain ASCII tell encodings apart.
    telling = b"\n".join(line for line in data.splitlines() if not line.isascii())
    matches = from_bytes(telling[:_SAMPLE_BYTES], cp_exclusion=_NEVER_GUESSED)
    best = matches.best()
    if best is None:
        raise UndecodableError("the bytes are not UTF-8 and no other encoding gives readable text")
    equals = [m for m in matches if (m.chaos, m.coherence) == (best.chaos, best.coherence)]
    if any(_WESTERN in match.could_be_from_charset for match in equals):
        return _WESTERN
    return best.encoding


def _decode_strictly(data: bytes, encoding: str) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        raise UndecodableError(
            f"byte {error.start} is not {encoding}: {error.reason}; "
            "declare the encoding of the source in sources.toml"
        ) from error
