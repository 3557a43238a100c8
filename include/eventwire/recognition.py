"""Which format a file is in by its first bytes, for suffixes that several formats share."""

from __future__ import annotations

import re
from typing import Final

# Root elements, whatever their namespace.
_ROOTS: Final = {
    "newsItem": "newsml_g2",
    "packageItem": "newsml_g2",
    "conceptItem": "newsml_g2",
    "knowledgeItem": "newsml_g2",
    "newsMessage": "newsml_g2",
    "NewsML": "newsml_1",
    "nitf": "nitf",
    "rss": "feed",
    "RDF": "feed",
    "feed": "feed",
    "urlset": "sitemap",
    "sitemapindex": "sitemap",
    "html": "html",
    "RBNews": "agency_xml",
    "XMLNewsQueuedResponse": "agency_xml",
}
_MAGIC: Final = ((b"PK\x03\x04", "zip"), (b"WARC/1.", "warc"))
# Prolog, comments and document type come before the root element. What matched of them is not
# tried in other ways (?>...), of which a row of twenty instructions has a million.
_ROOT: Final = re.compile(
    rb"\s*(?>(?>\s*<\?.*?\?>|\s*<!--.*?-->|\s*<!DOCTYPE[^\[>]*(?:\[.*?\]\s*)?>)*)\s*"
    rb"<(?:[\w.-]+:)?([A-Za-z][\w.-]*)[\s/>]",
    re.DOTALL | re.IGNORECASE,
)
# A mail begins with header lines, of which two are of these; a mailbox with a line before them.
_MAIL_HEADERS: Final = frozenset(
    b"return-path received delivered-to message-id mime-version from to subject date reply-to "
    b"content-type dkim-signature list-id".split()
)
_HEADER_NAME: Final = re.compile(rb"([!-9;-~]+):")
_MAILBOX: Final = re.compile(rb"From [^\r\n]*\d:\d\d[^\r\n]*\r?\n[!-9;-~]+:")
_NINJS_KEYS: Final = re.compile(
    rb'"(?:uri|representationtype|versioncreated|body_html|body_text|bodies|headlines|standard)"\s*:'
)
_RECORD_KEYS: Final = re.compile(rb'"(?:text|body|content)"\s*:', re.IGNORECASE)


def recognise(head: bytes) -> str | None:
    """Return the format of a file that begins with `head`, or None when it tells none.

    Args:
        head: The first bytes, decompressed; 64 KiB are enough.
    """
    for magic, format_ in _MAGIC:
        if head.startswith(magic):
            return format_
    if head[257:262] == b"ustar":
        return "tar"
    body = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    if body.startswith(b"<"):
        return _recognise_xml(body)
    if body.startswith((b"{", b"[")):
        return _recognise_json(body)
    return _recognise_wire(head)


def _recognise_xml(head: bytes) -> str | None:
    match = _ROOT.match(head)
    if match is None:
        return None
    name = match[1].decode("ascii")
    return "html" if name.lower() == "html" else _ROOTS.get(name)


def _recognise_json(head: bytes) -> str:
    first, _, rest = head.partition(b"\n")
    if first.rstrip().endswith(b"}") and rest.lstrip().startswith(b"{"):
        return "jsonl"
    if b"jsonfeed.org/version" in head:
        return "json_feed"
    is_record = _RECORD_KEYS.search(head) and not _NINJS_KEYS.search(head)
    return "json_records" if is_record or head.startswith(b"[") else "ninjs"


def _recognise_wire(head: bytes) -> str | None:
    if head.startswith(b"\x16\x16\x01"):
        return "anpa"
    if head.lstrip(b"\r\n").startswith(b"\x01"):
        return "iptc7901"
    if _MAILBOX.match(head):
        return "mbox"
    return "email" if _is_mail(head) else None


def _is_mail(head: bytes) -> bool:
    names = set()
    for number, line in enumerate(head.removeprefix(b"\xef\xbb\xbf").lstrip().splitlines()):
        header = _HEADER_NAME.match(line)
        if header is None and (number == 0 or not line.startswith((b" ", b"\t"))):
            break
        if header is not None:
            names.add(header[1].lower())
    return len(names & _MAIL_HEADERS) >= 2
