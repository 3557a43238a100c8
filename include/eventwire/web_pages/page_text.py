"""The body of the article of a page, by trafilatura, checked against what the page states."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from typing import Final

from lxml import etree, html
from trafilatura import extract

from include.eventwire.markup import text_of_fragment

# Containers of the programs that ask for consent, by what their makers call them. Their words
# ("We value your privacy ...") look like prose to every extractor.
_CONSENT_NAMES: Final = (
    "(?:^|[ _-])(?:onetrust|didomi|cybot|usercentrics|truste|qc-cmp|sp_message|gdpr|fc-consent"
    "|evidon|osano|iubenda|klaro|cmplz|tarteaucitron)"
    "|(?:cookie|consent)s?[_-]?(?:banner|notice|bar|law|policy|popup|modal|wall|message|overlay)"
)
_CONSENT: Final = etree.XPath(
    ".//*[self::div or self::section or self::aside or self::dialog or self::form]"
    "[re:test(concat(@id, ' ', @class), $names, 'i')]",
    namespaces={"re": "http://exslt.org/regular-expressions"},
)
_LIST_MARK: Final = re.compile(r"^[-•*]\s+(?=\S)")
# Lines that pages put between the paragraphs of an article; compared as a whole.
_FURNITURE: Final = re.compile(
    r"(?:advertisement|advertising|story continues below(?: this)? advertisement|"
    r"article continues (?:below|after)(?: this)? (?:advertisement|ad)|read more|read also|"
    r"related(?: articles| stories| content| topics)?|recommended(?: stories)?|"
    r"share(?: this(?: article| story)?)?|follow us(?: on [\w ,]+)?|sign up|subscribe|"
    r"more on this story|comments?|leave a comment|view comments|tags|topics|listen|loading|"
    r"image source|getty images|watch|copy link|print|email|facebook|twitter)[.:…]*",
    re.IGNORECASE,
)
# A body that has less than this share of what the page states as its body was cut.
_LEAST_SHARE: Final = 0.6
_SHORT: Final = 250  # characters, as trafilatura's own MIN_EXTRACTED_SIZE


def find_text(
    tree: html.HtmlElement,
    *,
    stated_body: str | None,
    title_lines: Collection[str],
) -> str:
    """Return the body, its paragraphs separated by a blank line; empty when there is none.

    The cautious settings of trafilatura serve news best. Where they give suspiciously little (less
    than the page states in `articleBody`, or hardly anything), its ordinary settings are tried,
    and at last the stated body itself is taken.

    Args:
        tree: The page. Consent dialogues are taken out of it.
        stated_body: `articleBody` of the page's JSON-LD, if there is one.
        title_lines: Headline, authors and the like, which are no part of the body where they
            stand before it.
    """
    for element in _CONSENT(tree, names=_CONSENT_NAMES):
        if element.getparent() is not None and not _holds_article(element):
            element.drop_tree()
    stated = _read_stated(stated_body)
    wanted = max(_SHORT, int(_LEAST_SHARE * len(stated)))
    text = _extract(tree, title_lines, is_cautious=True)
    if len(text) < wanted:
        other = _extract(tree, title_lines, is_cautious=False)
        # A little more is the furniture that the cautious settings leave out.
        text = other if len(other) > 1.5 * len(text) else text
    return stated if len(text) < _LEAST_SHARE * len(stated) else text


def tidy_paragraphs(lines: Sequence[str], title_lines: Collection[str]) -> list[str]:
    """Return the paragraphs of a body without the lines that pages put around and between them."""
    paragraphs = [_LIST_MARK.sub("", line.strip()) for line in lines]
    kept = [text for text in paragraphs if text and not _FURNITURE.fullmatch(text)]
    known = {_key(line) for line in title_lines} - {""}
    while kept and _key(kept[0]).removeprefix("by") in known:
        kept.pop(0)
    return kept


def _extract(tree: html.HtmlElement, title_lines: Collection[str], *, is_cautious: bool) -> str:
    found = extract(
        tree,
        favor_precision=is_cautious,
        include_comments=False,
        include_tables=True,
        with_metadata=False,
    )
    return "\n\n".join(tidy_paragraphs((found or "").split("\n"), title_lines))


def _read_stated(stated_body: str | None) -> str:
    if not stated_body:
        return ""
    if "<" in stated_body:
        return text_of_fragment(stated_body)
    lines = (" ".join(line.split()) for line in stated_body.splitlines())
    return "\n\n".join(filter(None, lines))


def _holds_article(element: html.HtmlElement) -> bool:
    # Some pages put a class such as "cookie-consent" on the element around everything.
    return next(element.iter("article", "main", "h1"), None) is not None


def _key(text: str) -> str:
    return "".join(filter(str.isalnum, text.casefold()))
