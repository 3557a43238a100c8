"""One entry of a feed, whatever the format of the feed, and the article that it makes.

Which text counts
    The content of an entry (`content:encoded`, Atom `content`, `content_html`) comes before its
    summary. An entry that has a summary alone is an article, too, since a lead tells who did what;
    but its metadata says `"is_summary": true`, unless the summary reads like a whole body: two
    paragraphs and 600 characters or more, not broken off by "..." or "Read more". Programs that
    fetch the pages that a feed names (`fetch_feeds`) have the whole text from there.

What is no article
    An entry without any text: `not_an_article` when it brings a sound, picture or video, else
    `empty_text`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final
from urllib.parse import urljoin, urlsplit

from include.eventwire.cleaning.markup import text_of_fragment
from include.eventwire.readers.html_limits import find_excess
from include.eventwire.readers.raw import RawArticle, ReadContext
from include.eventwire.records import Reject

_TAG: Final = re.compile(r"</?[A-Za-z][^<>]*>|<!--|&#?\w+;")
_MADE_OF_PARAGRAPHS: Final = re.compile(r"<(?:p|br|div|li)\b", re.IGNORECASE)
_BLANK_LINES: Final = re.compile(r"\n[ \t\r\f\v]*\n\s*")
_SPACES: Final = re.compile(r"\s+")
# How summaries end that are the beginning of something longer.
_BROKEN_OFF: Final = re.compile(
    r"(?:\.\.\.|…|\[(?:\.\.\.|…)\]|(?:read|full|see) (?:the )?(?:more|full|story|article)\b.{0,40}"
    r"|continue reading\b.{0,200}|appeared first on\b.{0,200})\W*\Z",
    re.IGNORECASE | re.DOTALL,
)
_LONGEST_TITLE: Final = 10_000
_WHOLE_BODY_CHARS: Final = 600


@dataclass(frozen=True, slots=True)
class FeedEntry:
    """What a feed says of one article; None or empty where it says nothing.

    Attributes:
        id: Identifier that the feed gives (guid, atom:id).
        link: Address of the page, absolute (http or https).
        title: Headline as plain text.
        author: Names of the authors, joined by ", ".
        published: Time of first publication, as written.
        updated: Time of the last change, as written.
        language: Language of the entry, else of the feed, as written ("en-GB").
        summary_html: Summary as HTML, as received: scripts are still in it.
        content_html: Body as HTML, as received.
        categories: Subjects as `{"code", "name", "scheme"}`, without the parts that are missing.
        publisher: Publisher that the entry names, else the title of the feed.
        rights: Terms of use.
        media: Addresses of enclosed sounds, pictures and videos.
        metadata: What else is stated; see `RawArticle.metadata`.
    """

    id: str | None = None
    link: str | None = None
    title: str | None = None
    author: str | None = None
    published: str | None = None
    updated: str | None = None
    language: str | None = None
    summary_html: str | None = None
    content_html: str | None = None
    categories: tuple[dict[str, str], ...] = ()
    publisher: str | None = None
    rights: str | None = None
    media: tuple[str, ...] = ()
    metadata: tuple[tuple[str, object], ...] = ()


def read_entry(entry: FeedEntry, record_number: int, context: ReadContext) -> RawArticle | Reject:
    """Return the article of `entry`, or why it is none."""
    bodies = f"{entry.content_html or ''}{entry.summary_html or ''}"
    if excess := find_excess(bodies, context.settings):
        return context.reject(record_number, "too_large", f"the entry has {excess}")
    content = text_of_body(entry.content_html)
    summary = text_of_body(entry.summary_html)
    if not content and not summary:
        return _reject_without_text(entry, record_number, context)
    metadata = {
        "abstract": summary if content and summary != content else None,
        "enclosures": list(entry.media),
        "is_summary": not content and is_teaser(summary),
        "modified_at": entry.updated if entry.published else None,
        "subjects": list(entry.categories),
        "usage_terms": entry.rights,
        **dict(entry.metadata),
    }
    return RawArticle(
        record_number=record_number,
        text=content or summary,
        source_id=entry.id,
        url=entry.link,
        headline=entry.title,
        byline=entry.author,
        # The title of a feed is less than what the user declares ("BBC News - World").
        publisher=context.profile.publisher or entry.publisher,
        language=entry.language,
        published_at=entry.published or entry.updated,
        metadata={
            name: value for name, value in metadata.items() if value not in (None, "", [], False)
        },
    )


def is_teaser(summary: str) -> bool:
    """Return whether the text of a summary is less than a whole body."""
    is_long = len(summary) >= _WHOLE_BODY_CHARS and "\n\n" in summary
    return not is_long or _BROKEN_OFF.search(summary) is not None


def text_of_body(fragment: str | None) -> str:
    """Return the text of HTML in a feed; without paragraphs of its own, blank lines part them."""
    if not fragment:
        return ""
    if not _MADE_OF_PARAGRAPHS.search(fragment):
        fragment = _BLANK_LINES.sub("\n<p>", fragment)
    return text_of_fragment(fragment)


def text_of_title(title: str | None) -> str | None:
    """Return a title as one line of plain text, tags and entities of HTML resolved.

    None for one that is empty or too long to be a title.
    """
    if not title or len(title) > _LONGEST_TITLE:
        return None
    text = text_of_fragment(title) if _TAG.search(title) else title
    return _SPACES.sub(" ", text).strip() or None


def absolute_link(link: str | None, base: str | None) -> str | None:
    """Return `link` made absolute by `base`, or None when it leads to no web page."""
    if not link:
        return None
    try:
        address = urljoin(base or "", link.strip())
        parts = urlsplit(address)
    except ValueError:  # half an IPv6 address
        return None
    return address if parts.scheme in ("http", "https") and parts.netloc else None


def _reject_without_text(entry: FeedEntry, number: int, context: ReadContext) -> Reject:
    name = entry.title or entry.link or entry.id or "without title"
    if entry.media:
        detail = f"the entry ({name[:100]}) brings a sound, picture or video and no text"
        return context.reject(number, "not_an_article", detail)
    detail = f"the entry ({name[:100]}) has neither content nor summary; fetch the page it names"
    return context.reject(number, "empty_text", detail)
