"""Web pages as records: what the readers of single pages and of crawls share."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from include.eventwire.cleaning.decoding import UndecodableError
from include.eventwire.readers.raw import RawArticle, ReadContext
from include.eventwire.records import Reject
from include.eventwire.time_limits import TookTooLongError, time_limit
from include.eventwire.web_pages.page_decoding import EmptyPageError, TooManyElementsError
from include.eventwire.web_pages.pages import NotAnArticleError, WebPage, read_page


@dataclass(frozen=True, slots=True)
class PageRecord:
    """A page as it was fetched.

    Attributes:
        number: 1-based number of the record in its file.
        data: The bytes of the page, decompressed.
        url: Address that it was fetched from.
        charset: Encoding that the HTTP header declares.
        fetched_at: When it was fetched.
        metadata: What is known of the fetching, for the metadata of the article.
    """

    number: int
    data: bytes
    url: str | None = None
    charset: str | None = None
    fetched_at: datetime | None = None
    metadata: Mapping[str, object] = field(default_factory=dict)


def read_page_record(
    record: PageRecord, context: ReadContext, stated: Mapping[str, str] | None = None
) -> RawArticle | Reject:
    """Return the article on a page, or a reject that says why there is none.

    Args:
        record: The page.
        context: The file that it stands in.
        stated: What a feed says of the page (see `warc`); it fills what the page leaves open.
    """
    latest = min(filter(None, (record.fetched_at, context.not_after)))
    try:
        with time_limit(context.settings.max_article_seconds):
            page = read_page(
                record.data,
                not_after=latest,
                url=record.url,
                charset=record.charset or context.profile.encoding,
            )
    except NotAnArticleError as error:
        return context.reject(record.number, "not_an_article", f"the page is no article: {error}")
    except EmptyPageError as error:
        return context.reject(record.number, "empty_text", str(error))
    except TooManyElementsError as error:
        return context.reject(record.number, "too_large", str(error))
    except UndecodableError as error:
        return context.reject(record.number, "undecodable_text", str(error), stage="decode")
    except TookTooLongError as error:
        return context.reject(record.number, "took_too_long", str(error))
    except Exception as error:  # noqa: BLE001 - one page must not cost the rest of a crawl
        detail = f"the page cannot be read: {type(error).__name__}: {error}"
        return context.reject(record.number, "unexpected_error", detail)
    if not page.text:
        detail = "no text was found on the page: it may need scripts, or be no article"
        return context.reject(record.number, "empty_text", detail)
    return _as_raw_article(page, record, context, stated or {})


def _as_raw_article(
    page: WebPage, record: PageRecord, context: ReadContext, stated: Mapping[str, str]
) -> RawArticle:
    feed = {"feed": stated["feed"]} if "feed" in stated else {}
    return RawArticle(
        record_number=record.number,
        text=page.text,
        url=page.url,
        headline=page.headline or stated.get("headline"),
        byline=", ".join(page.authors) or stated.get("byline"),
        # The domain is what a page of no declared source is known by.
        publisher=context.profile.publisher or page.publisher,
        language=page.language or stated.get("language"),
        published_at=page.published_at or stated.get("published_at"),
        metadata={**record.metadata, **feed, **page.metadata},
    )
