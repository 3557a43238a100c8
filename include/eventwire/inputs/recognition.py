"""Which format a file is in by its first bytes, for suffixes that several formats share."""

from __future__ import annotations

import re
from functools import cache
from typing import Final

from include.eventwire.cleaning.decoding import find_mark
from include.eventwire.inputs.json_heads import is_json_scalar, recognise_json

# Root elements, whatever their namespace.
_ROOTS: Final = {
    "newsItem": "newsml_g2",
    "packageItem": "newsml_g2",
    "conceptItem": "newsml_g2",
    "knowledgeItem": "newsml_g2",
    "planningItem": "newsml_g2",
    "catalogItem": "newsml_g2",
    "newsMessage": "newsml_g2",
    "NewsML": "newsml_1",
    "nitf": "nitf",
    "rss": "feed",
    "RDF": "feed",
    "feed": "feed",
    "urlset": "sitemap",
    "sitemapindex": "sitemap",
    "html": "html",
}
# Items of these formats come also in envelopes that senders make themselves.
_WITHIN: Final = re.compile(rb"<(?:[\w.-]+:)?(newsItem|packageItem|nitf|NewsML)[\s/>]")
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
# The number of a story and its priority, where SOH was lost but not the start of the text.
_WIRE_HEADER: Final = re.compile(rb"[a-z]{2,6}\d{3,5} \d [a-z]{1,3} \d{1,5} [^\r\n]*[\r\n]+")
# ANPA has synchronising characters, or puts the service and a separator into its first line.
_ANPA: Final = re.compile(rb"\x16+\x01|\x16*\x01[A-Za-z]{1,3}\d{3,5}\x1f")
_MESSAGE: Final = re.compile(rb"\x01[A-Za-z0-9? ]{3}")
_IDLE: Final = b"\r\n\0\x7f \t"


def recognise(head: bytes) -> str | None:
    """Return the format of a file that begins with `head`, or None when it tells none.

    Args:
        head: The first bytes, decompressed; 64 KiB are enough.
    """
    mark, encoding = find_mark(head)
    if encoding:
        head = head[len(mark) :].decode(encoding, "ignore").encode()
    for magic, format_ in _MAGIC:
        if head.startswith(magic):
            return format_
    if head[257:262] == b"ustar":
        return "tar"
    body = _narrow(head).removeprefix(b"\xef\xbb\xbf").lstrip()
    if body.startswith(b"<"):
        return _recognise_xml(body)
    if body.startswith((b"{", b"[")):
        return recognise_json(body)
    if is_json_scalar(body):
        return "json_records"
    return _recognise_wire(head)


def _narrow(head: bytes) -> bytes:
    """Return the ASCII of a head in UTF-16, any other as it is."""
    if head.startswith((b"\xff\xfe", b"\xfe\xff", b"<\0", b"\0<")):
        return head.replace(b"\0", b"").removeprefix(b"\xff\xfe").removeprefix(b"\xfe\xff")
    return head


def _recognise_xml(head: bytes) -> str | None:
    match = _ROOT.match(head)
    if match is None:
        return None
    name = match[1].decode("ascii")
    if name.lower() == "html":
        return "html"
    if found := _ROOTS.get(name):
        return found
    if name in _roots_of_agencies():
        return "agency_xml"
    item = _WITHIN.search(head)
    return _ROOTS[item[1].decode("ascii")] if item else None


@cache
def _roots_of_agencies() -> frozenset[str]:
    # Imported when it is needed: most files, and whoever imports this module, never need it.
    from include.eventwire.inputs.agency_profiles import load_profiles

    return frozenset(root for profile in load_profiles() for root in profile.roots)


def _recognise_wire(head: bytes) -> str | None:
    wire = head.lstrip(_IDLE)
    if _ANPA.match(wire):
        return "anpa"
    if _MESSAGE.match(wire) or (_WIRE_HEADER.match(wire) and b"\x02" in wire):
        return "iptc7901"
    if _MAILBOX.match(head):
        return "mbox"
    return "email" if _is_mail(head) else None


def _is_mail(head: bytes) -> bool:
    names = set()
    for number, line in enumerate(head.lstrip().splitlines()):
        header = _HEADER_NAME.match(line)
        if header is None and (number == 0 or not line.startswith((b" ", b"\t"))):
            break
        if header is not None:
            names.add(header[1].lower())
    return len(names & _MAIL_HEADERS) >= 2
