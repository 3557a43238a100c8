"""The opening of an article that extractors leave out: the standfirst, or a first paragraph.

Both stand between the headline and the rest of the body, often in an element of their own, and
most pages repeat one of them as their description.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from lxml import etree, html

from include.eventwire.web_pages.wording import clean_text, letters

_BLOCKS: Final = (
    *("p", "div", "section", "article", "header", "ul", "ol", "dl", "table", "figure"),
    *("blockquote", "h1", "h2", "h3", "h4", "h5", "h6"),
)
# Where an opening never is: links to other articles, forms, captions.
_ELSEWHERE: Final = frozenset(
    ("a", "nav", "footer", "aside", "figure", "figcaption", "form", "fieldset", "button")
)
_INVISIBLE: Final = frozenset(("script", "style", "template", "noscript", "head"))
# What the makers of pages call a standfirst.
_STANDFIRST: Final = re.compile(
    r"(?:^|[ _-])(?:stand-?first|strap-?line|sub-?(?:title|head(?:line|ing)?)|dek|chapo|chapeau|"
    r"ingress|vorspann|lead|lede|entradilla|bajada|sapo|sottotitolo|ondertitel|perex)"
    r"(?:$|[ _-](?!image|img|media|picture|photo|video|caption|art\b|ad\b|form|gen))",
    re.IGNORECASE,
)
_NO_STANDFIRST: Final = re.compile(
    r"share|social|flyout|newsletter|login|modal|popup|promo|related|teaser|comment|caption|banner",
    re.IGNORECASE,
)
# Letters. Shorter descriptions are names of sections, longer ones whole articles.
_SHORTEST: Final = 30
_LONGEST: Final = 900
# Letters by which the beginnings of texts are compared.
_STEM: Final = 40
# Letters of the first piece of text in an element by which it is chosen for a closer look.
_GLIMPSE: Final = 12
_ELLIPSIS: Final = re.compile(r"\s*(?:…|\.\.\.|\[…\])\s*$")


def find_opening(
    tree: html.HtmlElement, descriptions: Sequence[str], title_lines: Sequence[str], text: str
) -> str | None:
    """Return the opening of the article that `text` lacks, or None when it lacks none.

    It stands between the headline and the first paragraph of `text`, and the page repeats it as
    its description, or says by a class that it is the standfirst.

    Args:
        tree: The page.
        descriptions: What the page states as descriptions of the article.
        title_lines: Headline, authors and the like, which are no opening.
        text: The body that was found.
    """
    body, titles = letters(text), letters("".join(title_lines))
    stems = {letters(_ELLIPSIS.sub("", description)) for description in descriptions}
    stems = {stem for stem in stems if len(stem) >= _SHORTEST and stem[:_STEM] not in body}
    for element in _before_body(tree, body[:_STEM]):
        key = letters(element.text_content())
        if not _SHORTEST <= len(key) <= _LONGEST or key[:_STEM] in body or key in titles:
            continue
        if any(_is_same(key, stem) for stem in stems) or _is_called_standfirst(element):
            return clean_text(element.text_content())
    return None


def _before_body(tree: html.HtmlElement, opening: str) -> list[html.HtmlElement]:
    """Return the innermost blocks between the headline and the body; none where it is not found."""
    found: list[html.HtmlElement] = []
    for element in tree.iter(etree.Element):
        if element.tag == "h1":
            found.clear()
        elif element.tag in _BLOCKS and next(element.iterdescendants(*_BLOCKS), None) is None:
            first = letters(element.text_content()[: 2 * _STEM])[:_STEM]
            if len(first) >= _GLIMPSE and opening.startswith(first):
                return [block for block in found if not _is_elsewhere(block)]
            found.append(element)
    return []


def _is_elsewhere(element: html.HtmlElement) -> bool:
    return any(around.tag in _ELSEWHERE for around in element.iterancestors())


def _is_same(key: str, stem: str) -> bool:
    """Return whether a text is what a description holds, whole or cut."""
    if key.startswith(stem):
        return len(key) <= 4 * len(stem)
    return stem.startswith(key) and 2 * len(key) >= len(stem)


def _is_called_standfirst(element: html.HtmlElement) -> bool:
    around = (element, element.getparent())
    names = [node.get("class") or "" for node in around if node is not None]
    is_called = any(map(_STANDFIRST.search, names))
    return is_called and not any(map(_NO_STANDFIRST.search, names))
