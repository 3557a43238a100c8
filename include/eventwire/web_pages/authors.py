"""Who wrote the article of a page."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator
from typing import Final

from lxml import html

from include.eventwire.web_pages.statements import Statements
from include.eventwire.web_pages.wording import clean_text, letters

_META_NAMES: Final = (
    *("author", "byl", "article:author", "og:article:author", "parsely-author"),
    *("sailthru.author", "dc.creator", "dcterms.creator", "cxenseparse:author", "rnews:author"),
)
# Markup of author lines, the surest first.
_MARKUP: Final = (
    ".//*[@itemprop='author']//*[@itemprop='name']",
    ".//*[@itemprop='author']",
    ".//a[@rel='author']",
    ".//*[contains(@class, 'author-name') or contains(@class, 'authorName')]",
    ".//*[contains(concat(' ', @class, ' '), ' byline ')]//a",
    ".//*[contains(concat(' ', @class, ' '), ' byline ')]",
)
_OPENING: Final = re.compile(
    r"^(?:(?:written|posted|story|words|reporting|article|text)\s+)?(?:by|von|por|par|di|door|av)\b:?"
    r"\s+|^author:\s*",
    re.IGNORECASE,
)
_CONJUNCTION: Final = re.compile(r"\s*(?:;|\||\band\b|\bund\b|\bet\b|&)\s*|\s*,\s*")
# The agency or broadcaster that the names stand for ("Tom Watkins, CNN").
_AGENCY: Final = re.compile(r"[A-Z]{2,5}")
# Addresses and handles; times and "updated" notes that stand in the same line.
_EXTRA: Final = re.compile(r"\S+@\S+|(?<!\w)@\w+|\([^)]*\)")
_AFTER_NAMES: Final = re.compile(
    r"\s*(?:[|•·]|\s[-–—]\s|\b(?:published|updated|posted|last modified)\b|\d{1,2}:\d\d).*$",
    re.IGNORECASE | re.DOTALL,
)
_NOBODY: Final = frozenset(
    "admin administrator author editor null none undefined unknown anonymous user webmaster".split()
)
_LONGEST_NAME: Final = 80


def find_authors(
    tree: html.HtmlElement, statements: Statements, publishers: Collection[str]
) -> list[str]:
    """Return the names of the authors, each once, in the order of the page.

    JSON-LD comes first, then `<meta>`, then the markup of author lines: the first of them that
    gives a name counts.

    Args:
        tree: The page.
        statements: What the page states.
        publishers: Names and domain of the publisher, which are no authors.
    """
    excluded = {letters(name) for name in publishers} | _NOBODY
    for lines in _sources(tree, statements):
        names = dict.fromkeys(name for line in lines for name in split_authors(line))
        if found := _without_repeats(name for name in names if letters(name) not in excluded):
            return found
    return []


def split_authors(line: str) -> list[str]:
    """Return the names in an author line without "By", addresses and times.

    A line is cut at commas and conjunctions only where every part looks like a full name.
    """
    cleaned = _AFTER_NAMES.sub("", _EXTRA.sub(" ", clean_text(line)))
    cleaned = " ".join(_OPENING.sub("", cleaned, count=1).split()).strip(" ,;-")
    parts = [part for part in _CONJUNCTION.split(cleaned) if part]
    if len(parts) > 1 and _is_full_name(parts[0]) and _AGENCY.fullmatch(parts[-1]):
        cleaned = cleaned[: cleaned.rindex(parts.pop())].rstrip(" ,|&")
    if len(parts) > 1 and all(_is_full_name(part) for part in parts):
        return parts
    return [cleaned] if _is_name(cleaned) else []


def _sources(tree: html.HtmlElement, statements: Statements) -> Iterator[list[str]]:
    yield statements.linked_data.texts("author")
    yield statements.all(*_META_NAMES)
    for path in _MARKUP:
        elements = [element for element in tree.xpath(path) if not _is_comment(element)]
        yield [element.text_content() for element in elements[:5]]


def _is_comment(element: html.HtmlElement) -> bool:
    """Return whether an element stands among what readers wrote."""
    around = element.iterancestors("div", "section", "aside", "ol", "ul", "li")
    names = (f"{node.get('id')} {node.get('class')}".lower() for node in around)
    return any(name.startswith("comment") for line in names for name in line.split())


def _is_name(text: str) -> bool:
    return (
        0 < len(text) <= _LONGEST_NAME
        and "://" not in text
        and "www." not in text
        and any(map(str.isalpha, text))
        and sum(map(str.isdigit, text)) < 3
    )


def _is_full_name(text: str) -> bool:
    return 2 <= len(text.split()) <= 5 and not any(map(str.isdigit, text))


def _without_repeats(names: Iterable[str]) -> list[str]:
    return list({letters(name): name for name in reversed(list(names))}.values())[::-1]
