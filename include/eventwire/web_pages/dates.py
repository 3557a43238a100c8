"""When the article of a page was published, by what the page states."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Final

from htmldate import find_date
from lxml import html

from include.eventwire.readers.published import read_published_at
from include.eventwire.web_pages.statements import Statements

_META_NAMES: Final = (
    "article:published_time",
    "og:article:published_time",
    "article:published",
    "datepublished",
    "rnews:datepublished",
    "parsely-pub-date",
    "sailthru.date",
    "cxenseparse:recs:publishtime",
    "iso-8601-publish-date",
    "dc.date.issued",
    "dcterms.issued",
    "dc.date.created",
    "dcterms.created",
    "publish-date",
    "publish_date",
    "publishdate",
    "publication_date",
    "pubdate",
    "dc.date",
    "dcterms.date",
    "date",
)
# Elements that say they hold the time of publication; then those at the head of the article.
_MARKED: Final = ".//*[@itemprop='datePublished' or @pubdate]"
_TIMES: Final = ".//article//time[@datetime]|.//main//time[@datetime]|.//header//time[@datetime]"
_EARLIEST: Final = datetime(1900, 1, 1, tzinfo=UTC)
# What programs write that have no date.
_NO_DATE: Final = "1970-01-01"
# Clocks differ, and a page may state local time as if it were UTC.
_TOLERANCE: Final = timedelta(days=1)


def find_published_at(
    tree: html.HtmlElement,
    page: str,
    statements: Statements,
    url: str | None,
    not_after: datetime,
) -> str | None:
    """Return the time of publication as the page writes it, in a form that can be read, or None.

    JSON-LD comes first, then `<meta>`, then elements marked as the date, then `<time>` in the
    article. Where the first of them gives a day alone, another that gives a time of the same day
    is taken. A page that states none of these is searched by htmldate, which gives a day; one
    that states only dates which cannot be right is not, as it would find parts of them.

    Args:
        tree: The page. It is not changed.
        page: The same as text, in which a day that was found must stand.
        statements: What the page states.
        url: Address of the page, which may hold a date.
        not_after: Latest time that is believed: when the page was fetched.
    """
    latest = not_after + _TOLERANCE
    stated = {text: moment for text in _stated(tree, statements) if (moment := _read(text))}
    believed = [text for text, moment in stated.items() if _EARLIEST <= moment <= latest]
    if believed:
        day = believed[0][:10]
        return next((text for text in believed if text[:10] == day and len(text) > 10), believed[0])
    return None if stated else _search(tree, page, url, latest)


def _stated(tree: html.HtmlElement, statements: Statements) -> Iterator[str]:
    data = statements.linked_data
    yield from data.texts("datePublished")
    yield from statements.all(*_META_NAMES)
    yield from data.texts("dateCreated")
    for element in tree.xpath(_MARKED):
        yield element.get("content") or element.get("datetime") or element.text_content()
    for element in tree.xpath(_TIMES)[:1]:
        yield element.get("datetime")


def _read(text: str) -> datetime | None:
    try:
        return None if text.startswith(_NO_DATE) else read_published_at(text, UTC)
    except ValueError:
        return None


def _search(tree: html.HtmlElement, page: str, url: str | None, latest: datetime) -> str | None:
    found: str | None = find_date(
        tree,
        url=url,
        extensive_search=False,
        original_date=True,
        max_date=latest.replace(tzinfo=None),
    )
    # A month alone ("March 2025" in a heading) comes out as its first day.
    if found is not None and found.endswith("-01") and not _names_first_day(found, url, page):
        return None
    return found


def _names_first_day(day: str, url: str | None, page: str) -> bool:
    year, month, _ = day.split("-")
    number = f"0?{int(month)}" if int(month) < 10 else month
    word = r"[^\W\d]{3,12}\.?"
    gap = r"[\s,./-]+(?:de\s+)?"
    first = r"(?<!\d)0?1(?:st|er|\.|º)?"
    forms = (
        rf"{year}[-/._]?{month}[-/._]?01(?!\d)",
        rf"{first}{gap}(?:{number}|{word}){gap}{year}",
        rf"(?:(?<!\d){number}|{word}){gap}0?1(?:st)?{gap}{year}",
    )
    return any(re.search(form, text) for form in forms for text in (url or "", page))
