"""The body of a story in agency XML: XHTML, NITF, escaped HTML or plain text, to plain text.

What is no sentence of the story is left out of it: pictures and their captions, scripts, and what
the profile of the agency names (notes to editors, contacts).
"""

from __future__ import annotations

import base64
import binascii
import re
from typing import Final

from lxml import etree

from include.eventwire.cleaning.decoding import UndecodableError, decode_text
from include.eventwire.cleaning.markup import (
    parse_html,
    text_of_element,
    text_of_fragment,
    text_of_plain,
)
from include.eventwire.inputs.agency_profiles import AgencyProfile
from include.eventwire.readers.agency_fields import find_elements
from include.eventwire.readers.agency_files import strip_namespaces
from include.eventwire.readers.safe_xml import XmlError, parse_xml

# Pictures and what is said of them, and what stands before and after the story.
_NO_STORY: Final = (
    *("media", "figure", "figcaption", "media-caption", "media-producer"),
    *("body.head", "body.end"),
)
# Where the story stands within a payload, the surest place first; else it is all of it.
_STORY_PLACES: Final = (
    "descendant-or-self::nitf/body/body.content",
    "descendant-or-self::body.content[not(ancestor::note or ancestor::body.content)]",
    "descendant-or-self::body[not(ancestor::body)]",
)
_NITF: Final = re.compile(r"\s*(?:<\?xml[^>]*>\s*)?(?:<!DOCTYPE[^>]*>\s*)?<(?:\w+:)?nitf\b")
_MARKUP: Final = re.compile(
    r"<(?:p|br|div|span|html|body|table|h[1-6]|ul|ol|pre|b|i|em|strong|a)\b[^<>]*>", re.IGNORECASE
)
# A line that is set in begins a paragraph where no line is blank.
_INDENTED: Final = re.compile(r"(?:\r\n?|\n)(?=[ \t]{2,}\S)")


def story_text(payload: etree._Element, profile: AgencyProfile, format_: str) -> str:
    """Return the text of the story in `payload`, an empty one when there is none.

    Args:
        payload: The element that holds the story: as elements, as text with escaped markup or in a
            section without markup, or as plain text.
        profile: How the agency writes.
        format_: Format of the file, for the paths of the profile.
    """
    root = _open(payload)
    if root is None:
        return ""
    if isinstance(root, str):
        return text_of_plain(_INDENTED.sub("\n\n", root), line_ends="source")
    own = profile.paths.get(format_, {})
    for path in own.get("not_text", ()):
        for element in find_elements(root, path):
            element.clear(keep_tail=True)
    for path in (*own.get("text", ()), *_STORY_PLACES):
        texts = (_text(element, profile) for element in find_elements(root, path))
        if text := "\n\n".join(text for text in texts if text):
            return text
    has_body = any(find_elements(root, path) for path in _STORY_PLACES)
    return "" if has_body else _text(root, profile)


def _text(element: etree._Element, profile: AgencyProfile) -> str:
    text = text_of_element(element, without=_NO_STORY, line_ends=profile.line_ends)
    if _MARKUP.search(text):  # escaped, or escaped twice
        text = text_of_fragment(text.replace("\n", "<br>"), line_ends=profile.line_ends)
    return text


def _open(payload: etree._Element) -> etree._Element | str | None:
    """Return what a payload holds: a tree, or a text without markup, or None."""
    if len(payload):
        return payload
    text = payload.text or ""
    if "base64" in _encoding(payload):
        text = _from_base64(text)
    if not text.strip():
        return None
    if _NITF.match(text):
        try:
            return strip_namespaces(parse_xml(text.strip().encode()))
        except XmlError:
            pass  # broken NITF is read as the HTML that it mostly is
    return parse_html(text) if _MARKUP.search(text) else text


def _encoding(payload: etree._Element) -> str:
    """Return how the text of a payload is encoded, as it says (G2) or an element around it."""
    parent = payload.getparent()
    around = parent.get("Notation", "") if parent is not None and parent.tag == "Encoding" else ""
    return str(payload.get("encoding", "") + around).lower()


def _from_base64(text: str) -> str:
    try:
        return decode_text(base64.b64decode(text))[0]
    except (binascii.Error, UndecodableError):
        return ""
