"""Sitemaps and news sitemaps (sitemaps.org 0.9; Google's extension for news): lists of pages.

A sitemap holds addresses, dates and headlines but no texts. It is an input of `fetch_feeds`, which
fetches the pages; landed as a file it makes no articles but one reject that counts what it lists.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from lxml import etree

from include.eventwire.readers.feed_entry import absolute_link
from include.eventwire.readers.raw import RawArticle, ReadContext
from include.eventwire.readers.safe_xml import XmlError, parse_xml
from include.eventwire.readers.whole_files import read_whole_file
from include.eventwire.records import Reject


@dataclass(frozen=True, slots=True)
class SitemapEntry:
    """One page that a sitemap lists; None where it says nothing.

    Attributes:
        loc: Address of the page, absolute (http or https).
        lastmod: Time of its last change, as written.
        title: Headline (`news:title`).
        publication_name: Name of the publication (`news:name`).
        language: Language as written (`news:language`).
        publication_date: Time of publication, as written (`news:publication_date`).
    """

    loc: str
    lastmod: str | None = None
    title: str | None = None
    publication_name: str | None = None
    language: str | None = None
    publication_date: str | None = None


@dataclass(frozen=True, slots=True)
class Sitemap:
    """What a sitemap lists, in its order.

    Attributes:
        entries: Pages.
        sitemaps: Addresses of further sitemaps.
        n_skipped: Entries whose address is missing or leads to no web page.
    """

    entries: tuple[SitemapEntry, ...]
    sitemaps: tuple[str, ...]
    n_skipped: int = 0


def parse_sitemap(data: bytes) -> Sitemap:
    """Return what the sitemap or sitemap index `data` lists.

    Raises:
        XmlError: `data` is no XML, declares entities, or is no sitemap.
    """
    root = parse_xml(data)
    if _name(root) not in ("urlset", "sitemapindex"):
        raise XmlError(f"the root element is {_name(root)!r}; a sitemap has urlset or sitemapindex")
    pages: list[SitemapEntry] = []
    sitemaps: list[str] = []
    n_skipped = 0
    for element in root:
        fields = _fields_of(element)
        loc = absolute_link(fields.get("loc"), None)
        if loc is None:
            n_skipped += 1
        elif _name(element) == "sitemap":
            sitemaps.append(loc)
        else:
            pages.append(_make_entry(loc, fields))
    return Sitemap(tuple(pages), tuple(sitemaps), n_skipped)


def read_sitemap(context: ReadContext) -> Iterator[RawArticle | Reject]:
    """Yield the one reject that says what a landed sitemap lists."""
    data = read_whole_file(context)
    if isinstance(data, Reject):
        yield data
        return
    try:
        sitemap = parse_sitemap(data)
    except XmlError as error:
        yield context.reject(None, error.reason, str(error))
        return
    detail = (
        f"the file is a sitemap: it lists {len(sitemap.entries):,} pages and "
        f"{len(sitemap.sitemaps):,} further sitemaps and holds no texts; declare its address in "
        "sources.toml to have the pages fetched"
    )
    yield context.reject(None, "not_an_article", detail)


def _fields_of(element: etree._Element) -> dict[str, str]:
    """Return the texts of an entry by their names without namespace, the first of each.

    Pictures and videos have a `loc` and a `title` of their own, which are passed over.
    """
    news = [child for child in element if _name(child) == "news"]
    publications = [child for group in news for child in group if _name(child) == "publication"]
    fields: dict[str, str] = {}
    for group in (element, *news, *publications):
        for child in group:
            if text := (child.text or "").strip():
                fields.setdefault(_name(child), text)
    return fields


def _make_entry(loc: str, fields: dict[str, str]) -> SitemapEntry:
    return SitemapEntry(
        loc=loc,
        lastmod=fields.get("lastmod"),
        title=fields.get("title"),
        publication_name=fields.get("name"),
        language=fields.get("language"),
        publication_date=fields.get("publication_date"),
    )


def _name(element: etree._Element) -> str:
    return str(etree.QName(element).localname)
