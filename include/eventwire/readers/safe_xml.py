"""XML from strangers: no entities but those of XML, no network, no deep or endless trees.

What senders often do wrong is repaired where there is one reading of it only: white space before
the prolog, a declared encoding that is not that of the bytes, control characters that XML forbids,
HTML's names of characters (`&nbsp;`), an ampersand that stands alone. Everything else that is not
well-formed is refused: a parser that recovers leaves parts out and does not tell.
"""

from __future__ import annotations

import codecs
import re
from html.entities import html5
from typing import Final

from lxml import etree

from include.eventwire.cleaning.decoding import UndecodableError, decode_text, find_mark

# A document type may name a DTD, which is not read. One that declares entities or attributes is
# refused whatever they are: no news needs them, and bombs are made of both (the value of a default
# attribute is repeated in every element).
_DECLARATIONS: Final = ("<!ENTITY", "<!ATTLIST")
_PROLOG: Final = re.compile(r"\s*<\?xml\b[^>]*\?>")
_DECLARED: Final = re.compile(rb"\s*<\?xml[^>]*?\bencoding\s*=\s*[\"']([\w.:-]+)[\"']")
# Characters that XML 1.0 has no place for, plain or by number.
_FORBIDDEN: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_NUMBER: Final = re.compile(r"&#(?:[xX]([0-9a-fA-F]+)|([0-9]+));")
# In these nothing is markup, and nothing is repaired.
_SECTIONS: Final = {"<![CDATA[": "]]>", "<!--": "-->"}
_SECTION: Final = re.compile(r"<!\[CDATA\[|<!--")
_AMPERSAND: Final = re.compile(r"&(?:(#\d+|#[xX][0-9a-fA-F]+|[A-Za-z][A-Za-z0-9]*);)?")
_OF_XML: Final = frozenset({"amp", "lt", "gt", "quot", "apos"})
_ESCAPES: Final = {"<": "&lt;", ">": "&gt;", "&": "&amp;"}
# Encodings that are declared by habit, and the one that browsers read them as.
_LATIN: Final = frozenset({"iso8859-1", "cp1252", "ascii"})
_WESTERN: Final = "cp1252"
_WIDE: Final = {b"<\0": "utf-16-le", b"\0<": "utf-16-be"}
_WIDE_NAMES: Final = ("utf-16", "utf-32")


class XmlError(ValueError):
    """A document is no XML that can be read.

    Attributes:
        reason: Code of the reject: "broken_record", "unsafe_input", "too_large" or
            "undecodable_text".
    """

    def __init__(self, message: str, reason: str = "broken_record") -> None:
        """Make the error with its message for a person and the code of its reject."""
        super().__init__(message)
        self.reason = reason


def parse_xml(data: bytes) -> etree._Element:
    """Return the root element of the XML document `data`.

    Comments and processing instructions are left out. lxml's own limits hold: 256 levels, 10 MB in
    one text.

    Raises:
        XmlError: The document is broken or no text, declares entities or attributes, or is beyond
            a limit.
    """
    text = _decode(data)
    if prolog := _PROLOG.match(text):
        text = text[prolog.end() :]
    text = text.strip()
    type_at = text.find("<!DOCTYPE")
    if type_at >= 0 and any(text.find(name, type_at) >= 0 for name in _DECLARATIONS):
        raise XmlError(
            "the document declares entities or attributes, as XML bombs do; take its DOCTYPE out "
            "if it is to be trusted",
            "unsafe_input",
        )
    try:
        root = _parse(text)
        if not _has_open_entities(root):
            return root
    except etree.XMLSyntaxError as error:
        _refuse_limits(error)
    try:
        root = _parse(_repair_ampersands(text))
    except etree.XMLSyntaxError as error:
        raise XmlError(f"no well-formed XML: {_first_line(error)}") from error
    if _has_open_entities(root):
        raise XmlError("no well-formed XML: it uses entities that XML and HTML do not know")
    return root


def _decode(data: bytes) -> str:
    """Return the text of an XML document without the characters that XML forbids.

    A byte order mark decides on the encoding, then what the prolog declares if the bytes are in
    it, else UTF-8 or what they look like. Bytes that are UTF-8 are not read as Latin-1 because the
    prolog says so: no text in Latin-1 is UTF-8 by chance.

    Raises:
        XmlError: The bytes are no text.
    """
    try:
        text, _ = decode_text(data, _find_encoding(data))
    except UndecodableError as error:
        raise XmlError(f"no XML that can be read: {error}", "undecodable_text") from error
    return _NUMBER.sub(_keep_allowed, _FORBIDDEN.sub("", text.removeprefix("\ufeff")))


def _find_encoding(data: bytes) -> str | None:
    """Return the encoding to decode `data` in, or None when it has to be found out."""
    if find_mark(data)[1]:
        return None
    head = data.lstrip()[:2]
    if head in _WIDE:
        return _WIDE[head]
    match = _DECLARED.match(data[:1024])
    try:
        declared = codecs.lookup(match[1].decode("ascii")).name if match else "utf-8"
    except LookupError:
        return None
    if declared.startswith(_WIDE_NAMES):  # which the first bytes would have told
        return None
    if declared in _LATIN:
        return None if _decodes(data, "utf-8") or not _decodes(data, _WESTERN) else _WESTERN
    return declared if _decodes(data, declared) else None


def _decodes(data: bytes, encoding: str) -> bool:
    try:
        data.decode(encoding)
    except (UnicodeError, LookupError):  # LookupError: a codec that is no encoding of text
        return False
    return True


def _keep_allowed(match: re.Match[str]) -> str:
    # Longer numbers are none of a character, and Python is slow to read them.
    digits = match[1] or match[2]
    number = int(digits, 16 if match[1] else 10) if len(digits) <= 8 else -1
    allowed = 0 <= number <= 0x10FFFF and not _FORBIDDEN.match(chr(number))
    return match[0] if allowed else ""


def _parse(text: str) -> etree._Element:
    parser = etree.XMLParser(
        encoding="utf-8",
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    return etree.fromstring(text.encode("utf-8"), parser)


def _has_open_entities(root: etree._Element) -> bool:
    """Tell whether the tree holds entities that stand for nothing, as with a DTD not read."""
    return next(root.iter(etree.Entity), None) is not None


def _refuse_limits(error: etree.XMLSyntaxError) -> None:
    """Raise an error of its own for a document that is beyond a limit of the parser."""
    message = _first_line(error)
    if "depth" in message.lower():
        raise XmlError(f"its elements are nested too deeply: {message}", "unsafe_input") from error
    if "too long" in message or "huge" in message.lower():
        raise XmlError(f"one of its texts is too long: {message}", "too_large") from error


def _first_line(error: etree.XMLSyntaxError) -> str:
    """Return the message of `error` without the piece of the document that may follow."""
    return str(error.msg).partition("\n")[0]


def _repair_ampersands(text: str) -> str:
    """Return `text` with HTML's names of characters resolved and lone ampersands escaped."""
    parts, at = [], 0
    while section := _SECTION.search(text, at):
        parts.append(_AMPERSAND.sub(_repair_ampersand, text[at : section.start()]))
        end = text.find(_SECTIONS[section[0]], section.end())
        at = len(text) if end < 0 else end
        parts.append(text[section.start() : at])
    parts.append(_AMPERSAND.sub(_repair_ampersand, text[at:]))
    return "".join(parts)


def _repair_ampersand(match: re.Match[str]) -> str:
    name = match[1]
    if name is None:
        return "&amp;"
    if name in _OF_XML or name.startswith("#"):
        return match[0]
    characters = html5.get(f"{name};")
    if characters is None:
        return f"&amp;{name};" if len(name) == 1 else match[0]  # "AT&T;" and the like
    return "".join(_ESCAPES.get(character, character) for character in characters)
