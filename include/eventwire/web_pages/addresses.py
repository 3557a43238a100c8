"""The address of a page and of its publisher."""

from __future__ import annotations

from typing import Final
from urllib.parse import SplitResult, urljoin, urlsplit

from courlan import extract_domain

from include.eventwire.web_pages.statements import Statements

_LONGEST: Final = 2_000


def find_stated_url(statements: Statements, url: str | None) -> str | None:
    """Return the address that the page gives as its own, or None.

    Relative ones are resolved against `url`. One that points to the root of a site is a mistake
    of the page, unless the page itself was fetched from there.

    Args:
        statements: What the page states.
        url: Address that the page was fetched from, if it is known.
    """
    stated = (statements.links.get("canonical"), statements.first("og:url", "twitter:url"))
    for written in filter(None, stated):
        address = _resolve(written, url)
        if address and (not is_site_root(address) or (url is not None and is_site_root(url))):
            return address
    return None


def check_url(url: str | None) -> str | None:
    """Return `url` when it is a whole address on the web, else None."""
    parts = _split(url) if url else None
    is_whole = parts is not None and parts.scheme in ("http", "https") and parts.hostname
    return url if url and is_whole and len(url) <= _LONGEST else None


def find_publisher(url: str | None) -> str | None:
    """Return the registered domain of an address ("bbc.co.uk"), or None when it has none."""
    domain: str | None = extract_domain(url) if url else None
    return domain


def is_site_root(url: str) -> bool:
    """Return whether an address is that of a site's front page."""
    parts = _split(url)
    return parts is not None and parts.path.strip("/") == "" and not parts.query


def _resolve(written: str, url: str | None) -> str | None:
    try:
        return check_url(urljoin(url or "", written.strip()))
    except ValueError:  # a broken IPv6 address in brackets
        return None


def _split(url: str) -> SplitResult | None:
    try:
        return urlsplit(url)
    except ValueError:
        return None
