"""Mail: newsletters, agency mails and what web forms send; one article a mail.

Text
    Plain text, unless it is a stub beside HTML, else the HTML as text (`mail_bodies.py`).
    Signatures and lines such as "View in browser" are left alone. Mails that a form has filled in
    are read by their fields (`form_mails.py`). A mail without a text of its own to which one mail
    is attached, as by forwarding, is read as that mail.

Fields
    Subject is the headline, Date the time of publication, Message-ID the source's id without its
    brackets, Archived-At (RFC 5064) the address, Content-Language the language. The publisher is
    the name in From, since a newsletter's sender is who publishes it, unless the source declares
    one. From as written, List-Id, Keywords, Importance, Organization, In-Reply-To, extension
    headers that do not belong to the transport, and the types of the attachments are metadata.
    Those to whom a mail went are not kept.

What is no article
    Calendar invitations, reports of delivery, automatic replies, encrypted mails and digests.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from email import message_from_bytes
from email.message import Message
from typing import Final

from include.eventwire.readers.feed_entry import absolute_link
from include.eventwire.readers.fields import FieldError, name_fields
from include.eventwire.readers.form_mails import other_fields, parts_of_form, read_form
from include.eventwire.readers.mail_bodies import (
    PartError,
    attached_mails,
    body_text,
    count_attachments,
    has_part,
)
from include.eventwire.readers.mail_headers import (
    date_text,
    header_text,
    other_headers,
    sender_name,
)
from include.eventwire.readers.raw import RawArticle, ReadContext
from include.eventwire.readers.whole_files import read_whole_file
from include.eventwire.records import Reject
from include.eventwire.time_limits import TookTooLongError, time_limit

# Headers that become metadata under the name beside them.
_METADATA: Final = {
    "from": "from",
    "list-id": "list_id",
    "keywords": "keywords",
    "importance": "importance",
    "organization": "organization",
    "in-reply-to": "in_reply_to",
}
_REPORTS: Final = ("message/delivery-status", "message/disposition-notification")
_ENCRYPTED: Final = ("multipart/encrypted", "application/pkcs7-mime", "application/x-pkcs7-mime")


def read_email(context: ReadContext) -> Iterator[RawArticle | Reject]:
    """Yield the one article of a file that holds one mail."""
    data = read_whole_file(context)
    yield data if isinstance(data, Reject) else read_message(data, 1, context)


def read_message(data: bytes, record_number: int, context: ReadContext) -> RawArticle | Reject:
    """Return the article of a mail, or why it is none.

    Args:
        data: The mail as it was sent: header lines, a blank line, the body.
        record_number: Its number in the file.
        context: The file.
    """
    try:
        with time_limit(context.settings.max_article_seconds):
            # Some files begin with blank lines, which would end the headers.
            message = message_from_bytes(data.removeprefix(b"\xef\xbb\xbf").lstrip())
            return _read_mail(message, record_number, context)
    except TookTooLongError as error:
        return context.reject(record_number, "took_too_long", str(error))
    except PartError as error:
        stage = "decode" if error.reason == "undecodable_text" else "read"
        return context.reject(record_number, error.reason, str(error), stage=stage)
    except FieldError as error:
        return context.reject(record_number, "broken_record", f"the form in the mail: {error}")
    except RecursionError:
        return context.reject(record_number, "broken_record", "the mail is nested too deeply")
    except Exception as error:  # noqa: BLE001 - Python's parser fails on some broken mails
        detail = f"the mail cannot be read: {type(error).__name__}: {error}"
        return context.reject(record_number, "broken_record", detail)


def _read_mail(message: Message, number: int, context: ReadContext) -> RawArticle | Reject:
    if not message.keys():
        detail = "no mail: it does not begin with header lines (From: ..., Subject: ...)"
        return context.reject(number, "broken_record", detail)
    if kind := _why_no_article(message):
        return context.reject(number, "not_an_article", f"the mail is {kind}")
    text = body_text(message, context.settings)
    if text:
        return _make_article(message, text, number, context)
    attached = attached_mails(message)
    if len(attached) == 1:
        return _read_mail(attached[0], number, context)
    if attached:
        detail = f"the mail is a digest of {len(attached)} mails; save each of them by itself"
        return context.reject(number, "not_an_article", detail)
    names = ", ".join(sorted(count_attachments(message)))
    detail = f"the mail has no text{names and f', only attachments: {names}'}"
    return context.reject(number, "empty_text", detail)


def _why_no_article(message: Message) -> str | None:
    """Return what kind of mail it is, when it is one that holds no story."""
    if message.get_content_type() in _ENCRYPTED:
        return "encrypted; decrypt it before it is landed"
    if any(has_part(message, kind) for kind in _REPORTS):
        return "a report of delivery"
    if (header_text(message, "auto-submitted") or "").lower().startswith("auto-replied"):
        return "an automatic reply"
    sender = (header_text(message, "from") or "").lower()
    if "mailer-daemon@" in sender or "postmaster@" in sender:
        return "a report of delivery"
    if has_part(message, "text/calendar") and "text/calendar" not in count_attachments(message):
        return "a calendar invitation"
    return None


def _make_article(message: Message, text: str, number: int, context: ReadContext) -> RawArticle:
    headers = RawArticle(
        record_number=number,
        text=text,
        source_id=(header_text(message, "message-id") or "").strip("<> ") or None,
        url=absolute_link((header_text(message, "archived-at") or "").strip("<> "), None),
        headline=header_text(message, "subject"),
        publisher=context.profile.publisher or sender_name(message),
        language=header_text(message, "content-language"),
        published_at=date_text(message),
        metadata=_metadata_of(message),
    )
    form = read_form(text, context.profile)
    return headers if form is None else _fill_from_form(headers, form, context)


def _metadata_of(message: Message) -> dict[str, object]:
    found = {ours: header_text(message, theirs) for theirs, ours in _METADATA.items()}
    metadata: dict[str, object] = {name: value for name, value in found.items() if value}
    if keywords := found["keywords"]:
        metadata["keywords"] = [word.strip() for word in keywords.split(",") if word.strip()]
    if attachments := count_attachments(message):
        metadata["attachments"] = sorted(attachments)
        metadata["n_attachments"] = attachments.total()
    return {**dict(other_headers(message)), **metadata}


def _fill_from_form(
    article: RawArticle, form: Mapping[str, object], context: ReadContext
) -> RawArticle:
    """Return `article` with what the form in its body states in place of what the mail does."""
    stated = name_fields(form, article.record_number, context.profile)
    parts = {part: getattr(stated, part) for part in parts_of_form(context.profile)}
    parts = {part: value for part, value in parts.items() if value is not None}
    metadata = {**article.metadata, **other_fields(form, context.profile)}
    return replace(article, **{**parts, "text": stated.text, "metadata": metadata})
