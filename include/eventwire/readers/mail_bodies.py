"""The text of a mail: which of its parts it is, decoded, HTML turned into plain text."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from email.message import Message
from typing import Final

from include.eventwire.markup import text_of_fragment
from include.eventwire.readers.mail_headers import decode_bytes

_ADDRESS: Final = re.compile(r"https?://\S+")
_LINE_END: Final = re.compile(r"\r\n?")
_SIGNATURE: Final = "-- "
# A plain text that has less than this share of the words of its HTML is a stub ("View this
# message in your browser").
_STUB: Final = 0.5


class UndecodablePartError(ValueError):
    """A text part of a mail is no text in any encoding that was tried."""


def body_text(message: Message) -> str:
    """Return the text of a mail, its lines ended by line feeds; empty when it has none.

    Of alternatives the plain text is taken unless it is a stub, else the HTML. Texts that follow
    one another are joined by a blank line. Attachments and attached mails are passed over.

    Raises:
        UndecodablePartError: A part that counts is no text.
    """
    return _text_of(message).strip()


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


def _text_of(message: Message) -> str:
    if message.get_content_maintype() == "multipart" and message.is_multipart():
        parts = [part for part in _parts(message) if not _is_attached(part)]
        match message.get_content_subtype():
            case "alternative":
                return _choose(parts)
            case "related":
                return _text_of(parts[0]) if parts else ""
        texts = (_text_of(part).strip() for part in parts)
        return "\n\n".join(text for text in texts if text)
    if _is_attached(message):
        return ""
    if message.get_content_subtype() == "html":
        return text_of_fragment(_decode(message))
    if message.get_content_subtype() == "plain":
        return _unflow(_LINE_END.sub("\n", _decode(message)), message)
    return ""


def _choose(parts: list[Message]) -> str:
    texts = [(part.get_content_type(), _text_of(part)) for part in parts]
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
        raise UndecodablePartError(
            f"the part {part.get_content_type()} is no text that can be read"
        )
    return text


def _unflow(text: str, part: Message) -> str:
    """Return the text with the lines joined that `format=flowed` has broken (RFC 3676)."""
    if str(part.get_param("format", "")).lower() != "flowed":
        return text
    keeps_space = str(part.get_param("delsp", "no")).lower() != "yes"
    lines: list[str] = []
    is_open = False
    for line in text.split("\n"):
        content = line.removeprefix(" ")
        is_soft = content.endswith(" ") and content != _SIGNATURE and not content.startswith(">")
        kept = content if keeps_space or not is_soft else content[:-1]
        if is_open and content != _SIGNATURE and not content.startswith(">"):
            lines[-1] += kept
        else:
            lines.append(kept)
        is_open = is_soft
    return "\n".join(lines)
