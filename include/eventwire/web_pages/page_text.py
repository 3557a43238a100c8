"""The body of the article of a page, by trafilatura, checked against what the page states."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from lxml import html
from trafilatura import extract

from include.eventwire.cleaning.markup import text_of_fragment
from include.eventwire.web_pages.page_cleaning import clean_tree
from include.eventwire.web_pages.page_headings import restore_headings
from include.eventwire.web_pages.page_lines import tidy_paragraphs
from include.eventwire.web_pages.page_openings import find_opening
from include.eventwire.web_pages.wording import clean_text, letters

# A body that has less than this share of what the page states as its body was cut.
_LEAST_SHARE: Final = 0.6
# Of which the cautious settings may miss no more.
_GOOD_SHARE: Final = 0.85
# Letters that the cautious settings at least give; as trafilatura's own MIN_EXTRACTED_SIZE.
_SHORT: Final = 250
_WIDE: Final = re.compile("[\u2e80-\ud7ff\uf900-\ufaff]")  # one says as much as three letters


def find_text(
    tree: html.HtmlElement,
    *,
    stated_body: str | None = None,
    title_lines: Sequence[str] = (),
    descriptions: Sequence[str] = (),
) -> str:
    """Return the body, its paragraphs separated by a blank line; empty when there is none.

    The cautious settings of trafilatura serve news best. Where they give suspiciously little (less
    than the page states in `articleBody`, or hardly anything), its ordinary settings are tried,
    and at last the stated body itself is taken. Sub-headings and an opening that stands apart from
    the body are put back; lists of other articles behind it are taken off.

    Args:
        tree: The page. It is changed (see `page_cleaning`).
        stated_body: `articleBody` of the page's JSON-LD, if there is one.
        title_lines: Headline, authors and the like, which are no part of the body where they
            stand before it.
        descriptions: What the page states as descriptions of the article.
    """
    clean_tree(tree)
    stated = _read_stated(stated_body)
    links = link_texts(tree)
    lines = _extract(tree, is_cautious=True)
    if _weigh(lines) < _SHORT or _share_of(stated, lines) < _GOOD_SHARE:
        others = _extract(tree, is_cautious=False)
        lines = others if _is_better(others, lines, stated) else lines
    paragraphs = tidy_paragraphs(lines, title_lines, links, stated)
    text = "\n\n".join(restore_headings(tree, paragraphs, title_lines))
    if len(text) < _LEAST_SHARE * len(stated):
        return stated
    opening = find_opening(tree, descriptions, title_lines, text)
    return f"{opening}\n\n{text}" if opening else text


def link_texts(tree: html.HtmlElement) -> frozenset[str]:
    """Return the texts of the links of a page."""
    return frozenset(clean_text(link.text_content()) for link in tree.iter("a"))


def _extract(tree: html.HtmlElement, *, is_cautious: bool) -> list[str]:
    found = extract(
        tree,
        favor_precision=is_cautious,
        include_comments=False,
        include_tables=True,
        with_metadata=False,
    )
    return (found or "").split("\n")


def _weigh(lines: Sequence[str]) -> int:
    text = "".join(lines)
    return len(text) + 2 * len(_WIDE.findall(text))


def _is_better(others: Sequence[str], lines: Sequence[str], stated: str) -> bool:
    if stated:
        return _share_of(stated, others) > 1.1 * _share_of(stated, lines)
    # A little more is the furniture that the cautious settings leave out.
    return _weigh(others) > 1.5 * _weigh(lines)


def _share_of(stated: str, lines: Sequence[str]) -> float:
    """Return how much of what a page states as its body stands in `lines`; 1 where it is silent."""
    whole = letters(stated)
    found = sum(len(key) for line in lines if (key := letters(line)) in whole)
    return found / len(whole) if whole else 1.0


def _read_stated(stated_body: str | None) -> str:
    if not stated_body:
        return ""
    if "<" in stated_body:
        return text_of_fragment(stated_body)
    lines = (" ".join(line.split()) for line in stated_body.splitlines())
    return "\n\n".join(filter(None, lines))
