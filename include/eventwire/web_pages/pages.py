"""One web page to the article on it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from include.eventwire.web_pages.addresses import check_url, find_publisher, find_stated_url
from include.eventwire.web_pages.authors import find_authors
from include.eventwire.web_pages.dates import find_published_at
from include.eventwire.web_pages.headlines import find_headline
from include.eventwire.web_pages.page_decoding import decode_page, parse_page
from include.eventwire.web_pages.page_kinds import find_objection, is_free
from include.eventwire.web_pages.page_text import find_text
from include.eventwire.web_pages.statements import Statements, read_statements

_LANGUAGE: Final = re.compile(r"([A-Za-z]{2,3})(?:[-_].*)?")
_SAVED_FROM: Final = re.compile(r"<!--\s*saved from url=\(\d+\)(https?://[^\s<>]+)\s*-->")
_SAVED_WITHIN: Final = 2_000  # browsers write the comment at the top
_MOST_KEYWORDS: Final = 50
# Characters of a field of the metadata: a page may repeat its whole text in its description.
_LONGEST: Final = 2_000


class NotAnArticleError(ValueError):
    """The page holds no article; the message says, for a person, what it is."""


@dataclass(frozen=True, slots=True)
class WebPage:
    """The article on a web page.

    Attributes:
        text: Body, its paragraphs separated by a blank line; empty when there is none.
        url: Address of the article: the one that the page gives as its own, where it lies on the
            same site as the one it was fetched from.
        headline: Headline without the name of the site, or None.
        authors: Names of the authors, without "By" and without the publisher.
        published_at: As the page writes it: a day or a time, ISO 8601 or RFC 2822. None when the
            page states no date that can be believed.
        publisher: Registered domain of the address ("bbc.co.uk"), or None.
        language: Language that the page declares, lower-case ISO 639, or None.
        metadata: What else it states, by the names in `readers.raw.RawArticle`, and "site_name",
            "fetched_from", "original_url" (of the site that it was taken over from), "is_free".
    """

    text: str
    url: str | None
    headline: str | None
    authors: tuple[str, ...]
    published_at: str | None
    publisher: str | None
    language: str | None
    metadata: Mapping[str, object] = field(default_factory=dict)


def read_page(
    data: bytes, *, not_after: datetime, url: str | None = None, charset: str | None = None
) -> WebPage:
    """Return the article on a page.

    Args:
        data: The bytes of the page, decompressed.
        not_after: Latest time of publication that is believed: when the page was fetched.
        url: Address that it was fetched from, if it is known.
        charset: Encoding that the HTTP header or the source declares.

    Raises:
        NotAnArticleError: The page is an index, a wall, an error or the like.
        EmptyPageError: There is no element on the page.
        TooManyElementsError: There are too many.
        UndecodableError: No encoding gives readable text.
    """
    page = decode_page(data, charset)
    tree = parse_page(page)
    statements = read_statements(tree)
    fetched_from = check_url(url) or check_url(_find_saved_from(page))
    stated_url = find_stated_url(statements, fetched_from)
    publisher = find_publisher(fetched_from or stated_url)
    names = _publisher_names(statements, publisher)
    headline = find_headline(tree, statements, names)
    authors = find_authors(tree, statements, names)
    published_at = find_published_at(tree, page, statements, fetched_from or stated_url, not_after)
    # Last, because it changes the tree.
    text = find_text(
        tree,
        stated_body=_stated_body(statements),
        title_lines=[line for line in (headline, *authors, ", ".join(authors)) if line],
        descriptions=_find_descriptions(statements),
    )
    if objection := find_objection(tree, statements, fetched_from or stated_url, text):
        raise NotAnArticleError(objection)
    own_url, other = _choose_url(fetched_from, stated_url, publisher)
    return WebPage(
        text=text,
        url=own_url,
        headline=headline,
        authors=tuple(authors),
        published_at=published_at,
        publisher=publisher,
        language=_find_language(statements),
        metadata=other | _read_metadata(statements),
    )


def _find_saved_from(page: str) -> str | None:
    found = _SAVED_FROM.search(page[:_SAVED_WITHIN])
    return found[1] if found else None


def _publisher_names(statements: Statements, domain: str | None) -> list[str]:
    names = [
        *statements.all("og:site_name", "application-name", "publisher"),
        *statements.linked_data.texts("publisher"),
    ]
    return [*names, domain, domain.split(".")[0]] if domain else names


def _stated_body(statements: Statements) -> str | None:
    # As written: its line ends separate paragraphs.
    body = statements.linked_data.article.get("articleBody")
    return body if isinstance(body, str) else None


def _find_descriptions(statements: Statements) -> list[str]:
    stated = statements.all("og:description", "twitter:description", "description")
    return list(dict.fromkeys((*statements.linked_data.texts("description"), *stated)))


def _choose_url(
    fetched_from: str | None, stated: str | None, publisher: str | None
) -> tuple[str | None, dict[str, object]]:
    """Return the address of the article, and the other one by the name it has in the metadata."""
    if fetched_from is None or stated is None or stated == fetched_from:
        return fetched_from or stated, {}
    if find_publisher(stated) == publisher:
        return stated, {"fetched_from": fetched_from}
    return fetched_from, {"original_url": stated}


def _find_language(statements: Statements) -> str | None:
    stated = (
        statements.language,
        statements.linked_data.text("inLanguage"),
        statements.first("og:locale", "content-language", "language", "dc.language"),
    )
    for written in filter(None, stated):
        if match := _LANGUAGE.fullmatch(written.strip()):
            return match[1].lower()
    return None


def _read_metadata(statements: Statements) -> dict[str, object]:
    data = statements.linked_data
    found: dict[str, object] = {
        "abstract": statements.first("og:description", "description") or data.text("description"),
        "category": data.text("articleSection") or statements.first("article:section", "section"),
        "keywords": _find_keywords(statements),
        "modified_at": data.text("dateModified") or statements.first("article:modified_time"),
        "site_name": statements.first("og:site_name") or data.text("publisher"),
        "is_free": is_free(statements),
    }
    return {name: value for name, value in found.items() if _is_worth_keeping(value)}


def _is_worth_keeping(value: object) -> bool:
    return value not in (None, "", []) and not (isinstance(value, str) and len(value) > _LONGEST)


def _find_keywords(statements: Statements) -> list[str]:
    data = statements.linked_data
    stated = data.texts("keywords") or statements.all("news_keywords", "article:tag", "keywords")
    parts = [part.strip() for text in stated for part in text.split(",")]
    return list(dict.fromkeys(part for part in parts if 0 < len(part) <= 100))[:_MOST_KEYWORDS]
