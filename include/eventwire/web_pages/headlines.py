"""The headline of the article of a page."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from typing import Final

from lxml import html

from include.eventwire.web_pages.statements import Statements
from include.eventwire.web_pages.wording import clean_text, letters

_SEPARATOR: Final = re.compile(r"\s+[|\-–—•·»:]{1,2}\s+|\s*[｜：＿]\s*")
_ELLIPSIS: Final = ("…", "...")
# Characters. Longer ones are the text of a page that marks all of it as its heading.
_LONGEST: Final = 500


def find_headline(
    tree: html.HtmlElement, statements: Statements, publishers: Collection[str]
) -> str | None:
    """Return the headline without the name of the site, or None.

    JSON-LD comes first, then the title for social networks, then `<h1>` and `<title>`. Where the
    first is cut short ("…"), one of the others that goes on is taken.
    """
    candidates = _candidates(tree, statements, publishers)
    found = [text for text in candidates if 0 < len(text) <= _LONGEST]
    if not found:
        return None
    for ending in _ELLIPSIS:
        stem = found[0].removesuffix(ending).strip()
        if stem != found[0]:
            return next((text for text in found[1:] if text.startswith(stem)), found[0])
    return found[0]


def _candidates(
    tree: html.HtmlElement, statements: Statements, publishers: Collection[str]
) -> Iterator[str]:
    yield from statements.linked_data.texts("headline")[:1]
    for title in statements.all("og:title", "twitter:title"):
        yield strip_site_name(title, publishers)
    headings = [clean_text(heading.text_content()) for heading in tree.iter("h1")]
    yield from headings
    yield strip_site_name(statements.title, publishers)


def strip_site_name(title: str, publishers: Collection[str]) -> str:
    """Return a title without the name of the site behind or before it."""
    cuts = list(_SEPARATOR.finditer(title))
    names = {letters(name) for name in publishers}
    if cuts and letters(title[cuts[-1].end() :]) in names:
        return title[: cuts[-1].start()].strip()
    if cuts and letters(title[: cuts[0].start()]) in names:
        return title[cuts[0].end() :].strip()
    return title
