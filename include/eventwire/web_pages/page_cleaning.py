"""A page made ready for extractors: consent dialogues out, no text without an element of its own.

trafilatura drops the text behind empty elements and that between paragraphs, and takes a heading
that holds the target of a link for a link.
"""

from __future__ import annotations

from typing import Final

from lxml import etree, html

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
# Targets of links within the page, and links to them.
_ANCHORS: Final = etree.XPath(
    ".//a[not(@href) and not(normalize-space())]"
    "|.//*[self::h2 or self::h3 or self::h4]//a[starts-with(@href, '#')]"
)
# Empty elements before text: the cautious settings drop the text with them.
_EMPTY: Final = etree.XPath(
    ".//*[not(node()) and following-sibling::node()[1][self::text()][normalize-space()]]"
    "[contains(' b div em h1 h2 h3 h4 h5 h6 i li p section span strong ', "
    "concat(' ', local-name(), ' '))]"
)
_INLINE: Final = frozenset(("b", "em", "i", "span", "strong"))
# Paragraphs that stand among others without an element of their own, which extractors skip.
_LOOSE: Final = etree.XPath(
    ".//*[self::div or self::article or self::section][count(p[normalize-space()]) > 1]"
    "[text()[string-length(normalize-space()) > 60]]"
)
_WITHIN_PARAGRAPH: Final = _INLINE | {"a", "br", "u", "q", "sup", "sub", "small", "font", "cite"}


def clean_tree(tree: html.HtmlElement) -> None:
    """Change a page, in place, so that extractors find all of its article and no more."""
    for element in _CONSENT(tree, names=_CONSENT_NAMES):
        if element.getparent() is not None and not _holds_article(element):
            element.drop_tree()
    for anchor in _ANCHORS(tree):
        anchor.drop_tag()
    for element in _EMPTY(tree):
        if element.tag in _INLINE:
            element.drop_tag()
        else:
            element.tag = "br"
    for box in _LOOSE(tree):
        _wrap_loose_text(box)


def _wrap_loose_text(box: html.HtmlElement) -> None:
    """Put each run of text and inline elements between the blocks of `box` into a `<p>`."""
    paragraph = box.makeelement("p")
    paragraph.text, box.text = box.text, None
    children = list(box)
    box[:] = [paragraph]
    for child in children:
        if child.tag in _WITHIN_PARAGRAPH:
            paragraph.append(child)
        else:
            paragraph = box.makeelement("p")
            paragraph.text, child.tail = child.tail, None
            box.extend((child, paragraph))


def _holds_article(element: html.HtmlElement) -> bool:
    # Some pages put a class such as "cookie-consent" on the element around everything.
    return next(element.iter("article", "main", "h1"), None) is not None
