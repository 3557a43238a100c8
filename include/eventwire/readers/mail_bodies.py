"""The text of a mail: which of its parts it is, decoded, HTML turned into plain text."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from email.message import Message
from typing import Final

from lxml import etree

from include.eventwire.cleaning.markup import parse_html, text_of_element
from include.eventwire.readers.html_limits import find_excess
from include.eventwire.readers.mail_headers import decode_bytes
from include.eventwire.settings import Settings

_ADDRESS: Final = re.compile(r"https?://\S+")
_HIDDEN: Final = re.compile(r"display\s*:\s*none|mso-hide\s*:\s*all", re.IGNORECASE)
_LINE_END: Final = re.compile(r"\r\n?")
_SIGNATURE: Final = "-- "
# A plain text that has less than this share of the words of its HTML is a stub ("View this
# message in your browser").
_STUB: Final = 0.5


class PartError(ValueError):
    """A text part of a mail cannot be taken.

    Attributes:
        reason: Code of the reject: "undecodable_text" or "too_large".
    """

    def __init__(self, message: str, reason: str) -> None:
        """Make the error with its message for a person and the code of its reject."""
        super().__init__(message)
        self.reason = reason


def body_text(message: Message, settings: Settings) -> str:
    """Return the text of a mail, its lines ended by line feeds; empty when it has none.

    Of alternatives the plain text is taken unless it is a stub, else the HTML. Texts that follow
    one another are joined by a blank line. Attachments and attached mails are passed over.

    Raises:
        PartError: A part that counts is no text, or has more HTML than an article can have.
    """
    return _text_of(message, settings).strip()


def count_attachments(message: Message) -> Counter[str]:
    """Return how many attachments there are, by their type ("application/pdf")."""
    return Counter(part.get_content_type() for part in _leaves(message) if _is_attached(part))


def attached_mails(message: Message) -> list[Message]:
    """Return the mails that are attached to a mail or forwarded as its parts."""
    return [
        inner
        for part in _leaves(message)
        if part.get_content_type() == "message/rfc822"
        for inner in _parts(part)
    ]


def has_part(message: Message, content_type: str) -> bool:
    """Return whether the mail is, or has among its parts, something of that type."""
    return any(part.get_content_type() == content_type for part in _leaves(message))


def _leaves(message: Message) -> Iterator[Message]:
    """Yield the parts that are not made of others; an attached mail counts as one."""
    if message.get_content_maintype() != "multipart" or not message.is_multipart():
        yield message
        return
    for part in _parts(message):
        yield from _leaves(part)


def _parts(message: Message) -> list[Message]:
    payload = message.get_payload()
    return (
        [part for part in payload if isinstance(part, Message)] if isinstance(payload, list) else []
    )


def _is_attached(part: Message) -> bool:
    if part.get_content_disposition() == "attachment" or part.get_content_maintype() == "message":
        return True
    return part.get_content_maintype() != "text" and not part.is_multipart()


def _text_of(message: Message, settings: Settings) -> str:
    if message.get_content_maintype() == "multipart" and message.is_multipart():
        parts = [part for part in _parts(message) if not _is_attached(part)]
        match message.get_content_subtype():
            case "alternative":
                return _choose(parts, settings)
            case "related":
                return _text_of(parts[0], settings) if parts else ""
        texts = (_text_of(part, settings).strip() for part in parts)
        return "\n\n".join(text for text in texts if text)
    if _is_attached(message):
        return ""
    if message.get_content_subtype() == "html":
        html = _decode(message)
        if excess := find_excess(html, settings):
            raise PartError(f"the HTML of the mail has {excess}", "too_large")
        return _text_of_html(html)
    if message.get_content_subtype() == "plain":
        return _unflow(_LINE_END.sub("\n", _decode(message)), message)
    return ""


def _text_of_html(html: str) -> str:
    """Return the text of HTML without what it hides, as the line that previews a newsletter."""
    root = parse_html(html)
    if root is None:
        return ""
    for element in [found for found in root.iter(etree.Element) if _is_hidden(found)]:
        element.clear(keep_tail=True)
    return text_of_element(root)


def _is_hidden(element: etree._Element) -> bool:
    return "hidden" in element.attrib or _HIDDEN.search(element.get("style", "")) is not None


def _choose(parts: list[Message], settings: Settings) -> str:
    texts = [(part.get_content_type(), _text_of(part, settings)) for part in parts]
    plain = max((text for kind, text in texts if kind == "text/plain"), key=len, default="")
    rich = max((text for kind, text in texts if kind != "text/plain"), key=len, default="")
    return plain if _n_letters(plain) > _STUB * _n_letters(rich) else rich or plain


def _n_letters(text: str) -> int:
    return sum(map(str.isalnum, _ADDRESS.sub("", text)))


def _decode(part: Message) -> str:
    data = part.get_payload(decode=True)
    if not isinstance(data, bytes):
        return ""
    text = decode_bytes(data, part.get_content_charset())
    if text is None:
        detail = f"the part {part.get_content_type()} is no text in any encoding that was tried"
        raise PartError(detail, "undecodable_text")
    return text


def _unflow(text: str, part: Message) -> str:
    """Return the text with the lines joined that `format=flowed` has broken (RFC 3676)."""
    if str(part.get_param("format", "")).lower() != "flowed":
        return text
    keeps_space = str(part.get_param("delsp", "no")).lower() != "yes"
    lines: list[list[str]] = []
    is_open = False
    for line in text.split("\n"):
        content = line.removeprefix(" ")
        is_soft = content.endswith(" ") and content != _SIGNATURE and not content.startswith(">")
        kept = content if keeps_space or not is_soft else content[:-1]
        if is_open and content != _SIGNATURE and not content.startswith(">"):
            lines[-1].append(kept)
        else:
            lines.append([kept])
        is_open = is_soft
    return "\n".join(map("".join, lines))
