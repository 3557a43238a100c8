"""Addresses of articles in one spelling, so that the same page is recognised."""

from __future__ import annotations

from typing import Final
from urllib.parse import SplitResult, urlsplit

from courlan import normalize_url

# Browsers and servers take no longer ones; what is longer is data and no address.
_LONGEST: Final = 4_096


def make_canonical_url(url: str | None) -> str | None:
    """Return the web address `url` in one spelling, or None when it is none.

    Scheme and host are in small letters; fragment, user name, default port and the parameters that
    only track readers (`utm_source` and its like) are left out; the others are in alphabetical
    order. Nothing is fetched, so that two addresses of one page may remain two.

    Args:
        url: An address as it was received; blanks around and within it are taken out.
    """
    written = "".join((url or "").split()).replace("&amp;", "&")
    if len(written) > _LONGEST:
        return None
    try:
        parts = urlsplit(written)
        if parts.scheme.lower() not in ("http", "https") or not parts.hostname:
            return None
        return _normalize(parts)
    except ValueError:  # brackets that are no IPv6 address, percent signs that are no UTF-8
        return None


def _normalize(parts: SplitResult) -> str:
    host = parts.netloc.rpartition("@")[2]
    address = parts._replace(netloc=host, path=parts.path or "/", fragment="")
    if parts.query and "=" not in parts.query:
        # The library drops parameters without a value, yet "story.asp?4711" is named by its own.
        bare = normalize_url(address._replace(query=""))
        return f"{bare}?{parts.query}"
    return str(normalize_url(address))
