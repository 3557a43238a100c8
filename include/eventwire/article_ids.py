"""Identifiers of articles: hashes of their content, the same on every machine."""

from __future__ import annotations

import hashlib
import json
from datetime import datetime


def make_article_id(
    *,
    publisher: str | None,
    source_id: str | None,
    url: str | None,
    published_at: datetime | None,
    headline: str | None,
    text: str,
) -> str:
    """Return the id of an article: 32 hexadecimal digits.

    The id is the first half (128 bits: no collision in any archive of news) of the SHA-256 of a
    JSON list of the arguments in their order. JSON keeps None apart from "", and a quote or comma
    within a value apart from the end of the value. Changing this changes every key in every lake.

    Args:
        publisher: Short code of the publisher.
        source_id: The input's own id.
        url: Address of the article.
        published_at: Publication time in UTC; written in ISO 8601.
        headline: Headline.
        text: Body text.
    """
    stamp = None if published_at is None else published_at.isoformat()
    content = json.dumps(
        [publisher, source_id, url, stamp, headline, text],
        ensure_ascii=False,
        separators=(",", ":"),
    )
    return hashlib.sha256(content.encode("utf-8")).hexdigest()[:32]


def hash_text(text: str) -> str:
    """Return the SHA-256 of `text` in UTF-8, as 64 hexadecimal digits."""
    return hashlib.sha256(text.encode("utf-8")).hexdigest()
